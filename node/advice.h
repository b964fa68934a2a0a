/* What the operator can do when a part of the node does not open. */
#ifndef ADVICE_H
#define ADVICE_H

#include "trust/error.h"

/* part: as core.c and start.c name it. Static, one sentence without a full stop. */
const char *advice_for(const char *part, enum trust_error error);

#endif
