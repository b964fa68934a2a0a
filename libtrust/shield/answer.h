/* How the reason of an unavailable answer is chosen: docs/reference/selection.md. */
#ifndef TRUST_SHIELD_ANSWER_H
#define TRUST_SHIELD_ANSWER_H

#include "trust/answer.h"

/* Of two reasons whose candidates can be asked again at the same time, the lesser rank is told. */
uint32_t trust_reason_rank(enum trust_reason reason);

/* The fixed sentence for an answer. Static. */
const char *trust_answer_message(enum trust_answer_status status, enum trust_reason reason);

#endif
