/*
 * What one reconciliation still has to pull: ranges of records by author, asked for in small
 * groups, one group at a time. An answer that was cut goes on behind its last record, so a lost or
 * broken exchange costs at most one answer.
 */
#ifndef TRUST_GOSSIP_PULLS_H
#define TRUST_GOSSIP_PULLS_H

#include <stdbool.h>

#include "base/arena.h"
#include "gossip/frame.h"

struct trust_pull_task {
    struct trust_pull_range range;
    uint64_t name;  /* of the pair of heads that differ, for the memory of futile pulls */
    bool is_whole;  /* from seq 0 on */
    bool has_news;  /* brought a record that was worth a verification, or may be soon */
    bool has_early; /* brought a record that this clock allows before long */
};

struct trust_pulls {
    struct trust_pull_task *tasks; /* a ring of TRUST_SESSION_PULLS_MAX */
    uint32_t first;
    uint32_t count;
    uint32_t asked; /* the first so many are asked for and not yet answered */
};

void trust_pulls_init(struct trust_pulls *pulls, struct trust_arena *arena);
void trust_pulls_start(struct trust_pulls *pulls);

bool trust_pulls_is_full(const struct trust_pulls *pulls);
bool trust_pulls_has(const struct trust_pulls *pulls, const struct trust_key *author);

/* The author must not be in it, nor may it be full. */
void trust_pulls_add(struct trust_pulls *pulls, const struct trust_pull_task *task);

/* Fills in the ranges of the next pull, packed into buffer; while one is unanswered, the same ones
 * again. Not when empty. */
void trust_pulls_ask(struct trust_pulls *pulls, struct trust_list *out_ranges,
                     struct trust_writer *buffer);

/* Writes which of the asked tasks is this author's and returns it, or returns NULL: none. */
struct trust_pull_task *trust_pulls_find_asked(const struct trust_pulls *pulls, uint32_t *out_at,
                                               const struct trust_key *author);

/* Removes the first task, which must have been asked for. */
struct trust_pull_task trust_pulls_pop(struct trust_pulls *pulls);

/* The answer was cut behind this record of the first task: that task goes on there. False: that is
 * no progress. Nothing counts as asked for afterwards. */
bool trust_pulls_resume(struct trust_pulls *pulls, uint64_t seq, const struct trust_id *id);

#endif
