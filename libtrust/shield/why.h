/* What the rules of a selection are called, and which reason each gives for an unavailable answer.
 */
#ifndef TRUST_SHIELD_WHY_H
#define TRUST_SHIELD_WHY_H

#include "trust/select.h"

enum trust_reason trust_why_reason(enum trust_why why);

#endif
