/* One pair of functions a frame type, for frame.c alone. A decoder starts behind [type; what it
 * leaves unread or reads beyond the end is found by the caller. */
#ifndef TRUST_GOSSIP_FRAME_KIND_H
#define TRUST_GOSSIP_FRAME_KIND_H

#include "gossip/frame.h"

/* Items of each array, the type among them. */
#define TRUST_FRAME_HELLO_ITEMS 7
#define TRUST_FRAME_PUSH_ITEMS 2
#define TRUST_FRAME_INTEREST_ITEMS 6
#define TRUST_FRAME_INTEREST_RESET_ITEMS 1
#define TRUST_FRAME_SYNC_ITEMS 4
#define TRUST_FRAME_PULL_ITEMS 3
#define TRUST_FRAME_RECORDS_ITEMS 4
#define TRUST_FRAME_PROOF_ITEMS 3
#define TRUST_FRAME_PING_ITEMS 2
#define TRUST_FRAME_BYE_ITEMS 3

enum trust_error trust_frame_take_hello(struct trust_hello *out_hello, struct trust_reader *reader);
void trust_frame_put_hello(struct trust_writer *writer, const struct trust_hello *hello);

enum trust_error trust_frame_take_push(struct trust_list *out_records, struct trust_reader *reader);
void trust_frame_put_push(struct trust_writer *writer, const struct trust_list *records);

enum trust_error trust_frame_take_interest(struct trust_interest_delta *out_delta,
                                           struct trust_reader *reader);
void trust_frame_put_interest(struct trust_writer *writer,
                              const struct trust_interest_delta *delta);

enum trust_error trust_frame_take_sync(struct trust_sync *out_sync, struct trust_reader *reader);
void trust_frame_put_sync(struct trust_writer *writer, const struct trust_sync *sync);

enum trust_error trust_frame_take_pull(struct trust_pull *out_pull, struct trust_reader *reader);
void trust_frame_put_pull(struct trust_writer *writer, const struct trust_pull *pull);

enum trust_error trust_frame_take_records(struct trust_records *out_records,
                                          struct trust_reader *reader);
void trust_frame_put_records(struct trust_writer *writer, const struct trust_records *records);

enum trust_error trust_frame_take_proof(struct trust_bytes out_proof[2],
                                        struct trust_reader *reader);
void trust_frame_put_proof(struct trust_writer *writer, const struct trust_bytes proof[2]);

enum trust_error trust_frame_take_bye(struct trust_bye *out_bye, struct trust_reader *reader);
void trust_frame_put_bye(struct trust_writer *writer, const struct trust_bye *bye);

/* Shared by the types that carry records: an array of bins of 65..512 bytes. */
enum trust_error trust_frame_take_records_list(struct trust_list *out_list,
                                               struct trust_reader *reader);
void trust_frame_put_list(struct trust_writer *writer, const struct trust_list *list);

/* A bin of exactly size bytes copied to out_bytes; anything else sets the reader's failed. */
void trust_frame_take_fixed(uint8_t *out_bytes, struct trust_reader *reader, size_t size);

/* A number of at most max; *in_range is cleared otherwise. */
uint32_t trust_frame_take_small(struct trust_reader *reader, uint32_t max, bool *in_range);

/* The verdict of a decoder that has read all its fields. */
static inline enum trust_error trust_frame_verdict(const struct trust_reader *reader, bool in_range)
{
    if (reader->failed)
        return TRUST_NO_CANONICAL;
    return in_range ? TRUST_OK : TRUST_NO_RANGE;
}

#endif
