/* How a visit is answered: what a session has found, or why it was refused. */
#ifndef GUARD_HALL_ANSWER_H
#define GUARD_HALL_ANSWER_H

#include "guard/hall/hall_visit.h"

/* In the form that the request has found by now. */
enum MHD_Result hall_answer(struct hall_visit *visit);

/* As its verdict says. */
enum MHD_Result hall_answer_refuse(struct hall_visit *visit);

enum MHD_Result hall_answer_empty(struct hall_visit *visit, unsigned status);

/* To a browser that asks for a listed origin. */
enum MHD_Result hall_answer_preflight(struct hall_visit *visit);

/* The body of a stream, piece by piece (hall_visit.c). */
ssize_t hall_visit_produce(void *context, uint64_t position, char *buffer, size_t size);

#endif
