/* A refusal of the node as it says it: application/problem+json (RFC 9457). */
#ifndef TRUST_CLIENT_PROBLEM_H
#define TRUST_CLIENT_PROBLEM_H

#include "client/request.h"

/* The error of this name; TRUST_FAIL_LIBRARY if there is none. */
enum trust_error trust_problem_error(const char *code);

/*
 * Fills out_problem from the body of an answer of this status and returns its error, never
 * TRUST_OK. A body that is no problem document gives the error that the status suggests.
 */
enum trust_error trust_problem_read(struct trust_problem *out_problem, int status,
                                    struct trust_bytes body);

#endif
