/* What is wrong, and what the operator can do, when a part of the node does not open. */
#ifndef ADVICE_H
#define ADVICE_H

#include "trust/error.h"

/* part: as core.c and start.c name it. Static, one sentence without a full stop. */
const char *advice_for(const char *part, enum trust_error error);

/* What is wrong, where the error's own sentence says too little about this part. */
const char *advice_reason(const char *part, enum trust_error error);

#endif
