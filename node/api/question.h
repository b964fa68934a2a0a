/* The question of a GET about one server: the id in the path, and maybe a manifest. */
#ifndef API_QUESTION_H
#define API_QUESTION_H

#include "node/api/call.h"
#include "score/scorer.h"

struct question {
    struct trust_question asked; /* borrows the request and manifest */
    uint8_t manifest[32];
};

/* Reads segment 2 and the parameter manifest. False: the call was refused. */
bool question_read(struct api_call *call, struct question *out_question);

#endif
