/*
 * A batch: the records of one file, joined as if all had come at once.
 *
 * Whose records are of interest is settled over the live vouches of what is kept and of the file
 * together, so one pass is not enough: revocations first, then vouches, again and again until a
 * round brings no author more, then everything else. Meanwhile the interest stands still but where
 * the batch settles it, so that a verdict depends on the records alone and never on timing. At the
 * end every record is judged against what the whole has become.
 *
 * The bytes are the shell's (a mapped file); the engine's one door takes each record, and what it
 * accepts is told when it is joined, not when it is durable: the batch waits for the disk once.
 * One batch at a time. docs/explanation/import.md tells the rule and its reasons.
 */
#ifndef TRUST_ENGINE_BATCH_H
#define TRUST_ENGINE_BATCH_H

#include "engine/engine.h"

enum trust_batch_phase {
    TRUST_BATCH_SORTING,     /* each record's kind is noted */
    TRUST_BATCH_REVOCATIONS, /* of authors of interest */
    TRUST_BATCH_VOUCHES,     /* of authors of interest */
    TRUST_BATCH_OTHERS,      /* once nobody new became of interest */
    TRUST_BATCH_STORING,     /* the disk is waited for */
    TRUST_BATCH_JUDGING,     /* results are read */
};

enum trust_batch_state {
    TRUST_BATCH_RUNS,  /* call again soon */
    TRUST_BATCH_WAITS, /* for verdicts, places or the disk: call again after an event */
    TRUST_BATCH_READY, /* results can be read */
};

struct trust_batch {
    struct trust_engine *engine;
    struct trust_bytes records; /* each as u16 big-endian size and bytes */
    uint8_t *marks;             /* by record: where it stands */
    uint32_t count;
    uint64_t tickets; /* of record 0, and so on upwards */
    enum trust_batch_phase phase;
    uint32_t round;
    uint32_t index; /* of the walk that goes on */
    size_t offset;
    uint32_t in_flight; /* at the workers */
    uint32_t tried;     /* in this round */
    uint32_t joined;    /* since interest was settled */
    uint64_t accepted;  /* joined in all */
    uint64_t durable;   /* the last store change to wait for */
};

/*
 * Begins a batch of count records that fill bytes exactly (see trust_batch_counter); marks has
 * count bytes. bytes and marks stay the caller's and stand until trust_batch_end.
 */
void trust_batch_begin(struct trust_batch *out_batch, struct trust_engine *engine,
                       struct trust_bytes records, uint8_t *marks, uint32_t count);

/* Goes on, looking at up to budget records. Its actions are to be carried out afterwards. Verdicts
 * of tickets from batch->tickets on go to trust_batch_hear. */
enum trust_batch_state trust_batch_step(struct trust_batch *batch, uint32_t budget,
                                        struct trust_now now);
void trust_batch_hear(struct trust_batch *batch, uint32_t index, enum trust_error error);

/* One record's result: TRUST_OK accepted, TRUST_NO_DUPLICATE held before or a copy, else why it is
 * refused. */
struct trust_batch_result {
    uint32_t index;
    struct trust_bytes bytes;
    enum trust_error verdict;
};

/* The next result once the batch is ready, in the order of the file; false: that was all. */
bool trust_batch_next_result(struct trust_batch *batch, struct trust_batch_result *out_result,
                             struct trust_now now);

/* Lets interest follow again and tells the peers' sessions. Also ends a batch that was not ready,
 * once nothing of it is in flight. */
void trust_batch_end(struct trust_batch *batch, struct trust_now now);

/* ---- the framing, as the bytes come ---- */

/* Counts records without keeping them. Zeros: the beginning of the first one. */
struct trust_batch_counter {
    uint32_t count;     /* of whole records */
    uint32_t left;      /* bytes of the record that has begun */
    uint8_t size_high;  /* first byte of a size... */
    bool has_size_high; /* ...that was read */
    bool is_over;       /* more records than can be counted */
};

void trust_batch_counter_take(struct trust_batch_counter *counter, struct trust_bytes bytes);

/* True at the end of a record. */
bool trust_batch_counter_is_whole(const struct trust_batch_counter *counter);

#endif
