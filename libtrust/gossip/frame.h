/*
 * Frames: what two nodes say to each other, each one canonical msgpack array [type, ...] of at most
 * 64 KiB.
 *
 * A decoded frame borrows the bytes it came from: lists stay packed as they stood on the wire and
 * are walked with the next_* functions, which cannot fail because decoding has walked them once.
 * Encoding takes the same struct, so that decode and encode are each other's inverse. Numbers of
 * types, of reasons and of range modes are never reused; 2 and 3 are reserved for announcing
 * records by id.
 */
#ifndef TRUST_GOSSIP_FRAME_H
#define TRUST_GOSSIP_FRAME_H

#include <stdbool.h>

#include "trust/error.h"
#include "trust/record.h"
#include "trust/time.h"

#include "base/reader.h"
#include "base/writer.h"
#include "record/head.h"

#define TRUST_GOSSIP_VERSION 1
#define TRUST_INTEREST_DIGEST_SIZE 16

enum trust_frame_type {
    TRUST_FRAME_HELLO = 0,
    TRUST_FRAME_PUSH = 1,
    TRUST_FRAME_INTEREST = 4,
    TRUST_FRAME_INTEREST_RESET = 5,
    TRUST_FRAME_SYNC = 6,
    TRUST_FRAME_PULL = 7,
    TRUST_FRAME_RECORDS = 8,
    TRUST_FRAME_PROOF = 9,
    TRUST_FRAME_PING = 12,
    TRUST_FRAME_PONG = 13,
    TRUST_FRAME_BYE = 15,
};

/* Why a peer ends the connection; numbers of the wire. */
enum trust_bye_reason {
    TRUST_BYE_SHUTDOWN = 0,
    TRUST_BYE_NETWORK = 1,   /* another network */
    TRUST_BYE_VERSION = 2,   /* no version in common */
    TRUST_BYE_MALFORMED = 3, /* a frame that is none, or out of turn */
    TRUST_BYE_KEY = 4,       /* hello names another key than the link proved */
    TRUST_BYE_SIGNATURE = 5, /* a record with a bad signature */
    TRUST_BYE_FLOOD = 6,     /* too much, for too long */
    TRUST_BYE_SILENT = 7,    /* no answer in time */
    TRUST_BYE_BANNED = 8,
};
#define TRUST_BYE_REASON_MAX 8 /* the greatest of them */

/* Items as they stand on the wire, one after another. */
struct trust_list {
    struct trust_bytes packed;
    uint32_t count;
};

struct trust_hello {
    uint32_t version_min;
    uint32_t version_max;
    uint64_t features; /* bits; none are defined in version 1 */
    struct trust_network network;
    uint32_t frame_size_max; /* bytes, 4096..65536: what the sender is ready to take */
    uint32_t interest_max;   /* authors that the sender keeps of a peer's interest */
    struct trust_wall clock;
    struct trust_key key; /* the sender's own transport key */
};

/* A change of what the sender asks for. A new epoch starts from nothing; removed is applied first.
 * count and digest are of the whole set afterwards. */
struct trust_interest_delta {
    uint64_t epoch;
    uint32_t count;
    uint8_t digest[TRUST_INTEREST_DIGEST_SIZE];
    struct trust_bytes added;   /* 33 bytes each: key, distance 0..TRUST_RELAY_HOPS_MAX */
    struct trust_bytes removed; /* 32 bytes each: key */
};

/* What a node holds of one author. */
struct trust_wire_head {
    struct trust_key author;
    struct trust_head head; /* count is at least 1 */
};

/* The heads of the range of authors that begins behind the range before it (or at the least key)
 * and ends with upto, ascending. An ended session has no range. */
struct trust_sync {
    uint32_t session;
    uint32_t round; /* 0, 1, 2...: even ones come from the side that opened the session */
    bool has_range;
    bool has_from;
    bool has_upto;
    struct trust_key from;
    struct trust_key upto;
    struct trust_list heads;
};

/* Asks for the records of author with from_seq <= seq <= to_seq, ordered by (seq, id); with
 * has_after only those greater than (from_seq, after). */
struct trust_pull_range {
    struct trust_key author;
    uint64_t from_seq;
    uint64_t to_seq;
    bool has_after;
    struct trust_id after;
};

struct trust_pull {
    uint32_t session;
    struct trust_list ranges; /* 1..TRUST_PULL_RANGES_MAX */
};

/* Answers one pull. With more, the last record says where the answer was cut. */
struct trust_records {
    uint32_t session;
    struct trust_list records;
    bool more;
};

struct trust_bye {
    enum trust_bye_reason reason;
    uint32_t retry_after_s;
};

struct trust_frame {
    enum trust_frame_type type;
    union {
        struct trust_hello hello;
        struct trust_list push; /* records, at least one */
        struct trust_interest_delta interest;
        struct trust_sync sync;
        struct trust_pull pull;
        struct trust_records records;
        struct trust_bytes proof[2]; /* two records of one register and seq */
        uint64_t nonce;              /* ping and the pong that answers it */
        struct trust_bye bye;
    };
};

/*
 * Decodes a whole frame. out_frame borrows bytes.
 * TRUST_NO_SIZE: over 64 KiB or empty. TRUST_NO_VERSION: a type this version does not know.
 * TRUST_NO_CANONICAL: not the canonical form of its type. TRUST_NO_RANGE: a field out of range, or
 * heads out of order. Records inside a frame are only measured (65..512 bytes).
 */
TRUST_MUST_USE enum trust_error trust_frame_decode(struct trust_frame *out_frame,
                                                   struct trust_bytes bytes);

/* Appends the frame; the writer says whether it fitted. The struct holds what decode would accept:
 * anything else is the caller's bug. */
void trust_frame_encode(struct trust_writer *writer, const struct trust_frame *frame);

/* Walk a decoded list: start with trust_reader_init(list.packed); false at its end. The record and
 * the heads borrow the frame's bytes. */
bool trust_list_next_record(struct trust_bytes *out_record, struct trust_reader *reader);
bool trust_list_next_head(struct trust_wire_head *out_head, struct trust_reader *reader);
bool trust_list_next_range(struct trust_pull_range *out_range, struct trust_reader *reader);

/* Append one packed item to a list under construction. */
void trust_list_put_record(struct trust_writer *writer, struct trust_bytes record);
void trust_list_put_head(struct trust_writer *writer, const struct trust_wire_head *head);
void trust_list_put_range(struct trust_writer *writer, const struct trust_pull_range *range);

#endif
