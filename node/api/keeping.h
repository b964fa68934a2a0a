/*
 * Orders are answered when they outlive a kill of the node: the answer is written at once, and
 * given when the disk has the order.
 */
#ifndef API_KEEPING_H
#define API_KEEPING_H

#include "node/api/call.h"

struct api;
struct kept;

/* Orders that wait for the disk. Zeros: none. */
struct keeping {
    struct kept *first;
};

/* To be called before an order is carried out. False: too many wait, and the call was refused. */
bool keeping_begin(struct api_call *call);

/* To be called after it: saves the server and answers with the document, which is taken, now or
 * later. */
void keeping_answer(struct api_call *call, uint32_t server, struct api_doc *doc);

/* Answers those whose orders are on the disk, or cannot get there. */
void keeping_turn(struct api *api);

#endif
