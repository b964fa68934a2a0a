/* See pulls.h. */
#include "gossip/pulls.h"

#include "base/assert.h"
#include "base/limits.h"
#include "record/key.h"

static struct trust_pull_task *task_at(const struct trust_pulls *pulls, uint32_t offset)
{
    return &pulls->tasks[(pulls->first + offset) % TRUST_SESSION_PULLS_MAX];
}

void trust_pulls_init(struct trust_pulls *pulls, struct trust_arena *arena)
{
    *pulls = (struct trust_pulls){0};
    pulls->tasks = trust_arena_cut(arena, TRUST_SESSION_PULLS_MAX, sizeof *pulls->tasks);
}

void trust_pulls_start(struct trust_pulls *pulls)
{
    pulls->first = 0;
    pulls->count = 0;
    pulls->asked = 0;
}

bool trust_pulls_is_full(const struct trust_pulls *pulls)
{
    return pulls->count == TRUST_SESSION_PULLS_MAX;
}

bool trust_pulls_has(const struct trust_pulls *pulls, const struct trust_key *author)
{
    for (uint32_t i = 0; i < pulls->count; i++)
        if (trust_key_is_same(&task_at(pulls, i)->range.author, author))
            return true;
    return false;
}

void trust_pulls_add(struct trust_pulls *pulls, const struct trust_pull_task *task)
{
    assert(!trust_pulls_is_full(pulls));
    *task_at(pulls, pulls->count++) = *task;
}

void trust_pulls_ask(struct trust_pulls *pulls, struct trust_list *out_ranges,
                     struct trust_writer *buffer)
{
    assert(pulls->count > 0);
    if (pulls->asked == 0)
        pulls->asked = pulls->count < TRUST_PULL_RANGES_MAX ? pulls->count : TRUST_PULL_RANGES_MAX;
    for (uint32_t i = 0; i < pulls->asked; i++)
        trust_list_put_range(buffer, &task_at(pulls, i)->range);
    assert(!trust_writer_has_overflowed(buffer));
    *out_ranges = (struct trust_list){.packed = trust_writer_bytes(buffer), .count = pulls->asked};
}

struct trust_pull_task *trust_pulls_find_asked(const struct trust_pulls *pulls, uint32_t *out_at,
                                               const struct trust_key *author)
{
    for (uint32_t i = 0; i < pulls->asked; i++) {
        if (trust_key_is_same(&task_at(pulls, i)->range.author, author)) {
            *out_at = i;
            return task_at(pulls, i);
        }
    }
    return NULL;
}

struct trust_pull_task trust_pulls_pop(struct trust_pulls *pulls)
{
    assert(pulls->asked > 0);
    struct trust_pull_task task = *task_at(pulls, 0);
    pulls->first = (pulls->first + 1) % TRUST_SESSION_PULLS_MAX;
    pulls->count--;
    pulls->asked--;
    return task;
}

bool trust_pulls_resume(struct trust_pulls *pulls, uint64_t seq, const struct trust_id *id)
{
    assert(pulls->asked > 0);
    struct trust_pull_range *range = &task_at(pulls, 0)->range;
    pulls->asked = 0;
    if (seq < range->from_seq || seq > range->to_seq)
        return false;
    if (seq == range->from_seq && range->has_after &&
        memcmp(id->bytes, range->after.bytes, sizeof id->bytes) <= 0)
        return false;
    range->from_seq = seq;
    range->has_after = true;
    range->after = *id;
    return true;
}
