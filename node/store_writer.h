/*
 * The store's writer thread: takes changes from the ring and commits them in groups.
 *
 * A change leaves the ring only when it is durable, so a commit that failed for want of room is
 * simply made again. While room is wanting, authors that are to be erased go first.
 */
#ifndef STORE_WRITER_H
#define STORE_WRITER_H

#include "node/store_core.h"

/* TRUST_FAIL_MEMORY, TRUST_FAIL_SYSTEM. */
TRUST_MUST_USE enum trust_error store_writer_start(struct store_writer **out_writer,
                                                   struct store *store, const char *directory);

/* Commits what the ring holds, unless there is a fault, and joins the thread. */
void store_writer_stop(struct store_writer *writer);

#endif
