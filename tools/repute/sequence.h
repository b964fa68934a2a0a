/*
 * The seq of the operator's next record: strictly increasing over all records that the key signs,
 * whatever the clock does. The last one used stands beside the key and is on disk before a record
 * with it is signed: a crash may waste numbers, never give one twice.
 */
#ifndef REPUTE_SEQUENCE_H
#define REPUTE_SEQUENCE_H

#include <stdint.h>

#include "repute/context.h"

/* The first of the next seqs, all above last: max(now, last + 1). */
uint64_t sequence_next(uint64_t last, uint64_t now_ms);

/*
 * Compares this clock with the node's. TRUST_NO_TIME: they differ by more than nodes bear, so that
 * what is numbered now would be refused, or accepted and then block the key's later records. To be
 * asked before seqs are taken.
 */
TRUST_MUST_USE enum trust_error sequence_check_clock(struct context *context, uint64_t node_s);

/*
 * Takes count seqs, from *out_first on, under a lock that other publishing programs of this home
 * respect. TRUST_NO_TIME: the last one is so far ahead of the clock that nodes would refuse what is
 * signed now. TRUST_NO_SYNTAX: the file is not one number.
 */
TRUST_MUST_USE enum trust_error sequence_take(struct context *context, uint64_t *out_first,
                                              uint64_t count);

/* The last seq that was taken; 0: none. */
TRUST_MUST_USE enum trust_error sequence_last(struct context *context, uint64_t *out_last);

#endif
