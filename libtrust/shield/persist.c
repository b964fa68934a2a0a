/* See persist.h. Layout: version 1, state 1, reason 1, k 1, generation 4, note 4, zero 4, denied 8,
 * time in the state 8, remaining 8 (all ones: no end). */
#include "shield/persist.h"

#include "base/assert.h"
#include "base/limits.h"
#include "base/reader.h"
#include "base/writer.h"
#include "shield/transition.h"

#define VERSION 1u

static uint64_t remaining_ms(const struct trust_breaker *cell, uint64_t now_ms)
{
    if (cell->until_ms == TRUST_MONO_NEVER)
        return TRUST_MONO_NEVER;
    return cell->until_ms > now_ms ? cell->until_ms - now_ms : 0;
}

void trust_breaker_save(const struct trust_breaker *breaker,
                        uint8_t out_bytes[TRUST_BREAKER_SNAPSHOT_SIZE],
                        const struct trust_breaker_context *context)
{
    struct trust_breaker cell = *breaker;
    struct trust_breaker_context silent = {.policy = context->policy, .now = context->now};
    trust_breaker_advance(&cell, &silent);
    uint64_t now_ms = context->now.ms;
    if (cell.state == TRUST_BREAKER_HALF_OPEN) {
        cell.state = TRUST_BREAKER_OPEN;
        cell.until_ms = now_ms;
    }
    struct trust_writer writer = trust_writer_init(out_bytes, TRUST_BREAKER_SNAPSHOT_SIZE);
    trust_writer_put_be(&writer, VERSION, 1);
    trust_writer_put_be(&writer, cell.state, 1);
    trust_writer_put_be(&writer, cell.reason, 1);
    trust_writer_put_be(&writer, cell.k, 1);
    trust_writer_put_be(&writer, cell.generation, 4);
    trust_writer_put_be(&writer, cell.note, 4);
    trust_writer_put_be(&writer, 0, 4);
    trust_writer_put_be(&writer, cell.denied, 8);
    trust_writer_put_be(&writer, now_ms > cell.since_ms ? now_ms - cell.since_ms : 0, 8);
    trust_writer_put_be(&writer, remaining_ms(&cell, now_ms), 8);
    assert(!trust_writer_has_overflowed(&writer));
    assert(writer.size == TRUST_BREAKER_SNAPSHOT_SIZE);
}

/* What the bytes say, before any of it is believed. */
struct snapshot {
    uint64_t state;
    uint64_t reason;
    uint64_t k;
    uint64_t generation;
    uint64_t note;
    uint64_t zero;
    uint64_t denied;
    uint64_t spent_ms;
    uint64_t remaining_ms;
};

static bool is_end_of_state(const struct snapshot *snapshot)
{
    uint64_t left_ms = snapshot->remaining_ms;
    switch ((enum trust_breaker_state)snapshot->state) {
    case TRUST_BREAKER_CLOSED:
        return left_ms == TRUST_MONO_NEVER;
    case TRUST_BREAKER_OPEN:
        return left_ms <= TRUST_BREAKER_OPEN_MS_MAX;
    case TRUST_BREAKER_HALF_OPEN:
        return false;
    case TRUST_BREAKER_FORCED_OPEN:
    case TRUST_BREAKER_FORCED_CLOSED:
    case TRUST_BREAKER_METRICS_ONLY:
        return left_ms == TRUST_MONO_NEVER || left_ms <= TRUST_BREAKER_TIME_MS_MAX;
    }
    return false;
}

static bool is_possible(const struct snapshot *snapshot)
{
    return snapshot->state <= TRUST_BREAKER_METRICS_ONLY &&
           snapshot->reason <= TRUST_BREAKER_BY_POLICY && snapshot->zero == 0 &&
           snapshot->spent_ms <= TRUST_BREAKER_TIME_MS_MAX && is_end_of_state(snapshot);
}

/* The monotonic clock may have begun after the state did: what then does not fit before now has
 * already lowered k, as far as whole windows go. */
static void place_start(struct trust_breaker *cell, const struct snapshot *snapshot,
                        const struct trust_breaker_context *context)
{
    uint64_t now_ms = context->now.ms;
    if (snapshot->spent_ms <= now_ms) {
        cell->since_ms = now_ms - snapshot->spent_ms;
        return;
    }
    uint64_t window_ms = context->policy->window_ms;
    uint64_t before = (snapshot->spent_ms - now_ms + window_ms - 1) / window_ms;
    uint64_t rest_ms =
        before * window_ms < snapshot->spent_ms ? snapshot->spent_ms - before * window_ms : 0;
    cell->since_ms = now_ms - rest_ms;
    if (cell->state == TRUST_BREAKER_CLOSED) {
        uint64_t whole = rest_ms > 0 ? before : snapshot->spent_ms / window_ms;
        cell->k = (uint8_t)(whole < cell->k ? cell->k - whole : 0);
    }
}

static enum trust_error read_snapshot(struct snapshot *out_snapshot, struct trust_bytes bytes)
{
    struct trust_reader reader = trust_reader_init(bytes);
    if (bytes.size != TRUST_BREAKER_SNAPSHOT_SIZE)
        return TRUST_NO_SIZE;
    if (trust_reader_take_be(&reader, 1) != VERSION)
        return TRUST_NO_VERSION;
    struct snapshot snapshot = {0};
    snapshot.state = trust_reader_take_be(&reader, 1);
    snapshot.reason = trust_reader_take_be(&reader, 1);
    snapshot.k = trust_reader_take_be(&reader, 1);
    snapshot.generation = trust_reader_take_be(&reader, 4);
    snapshot.note = trust_reader_take_be(&reader, 4);
    snapshot.zero = trust_reader_take_be(&reader, 4);
    snapshot.denied = trust_reader_take_be(&reader, 8);
    snapshot.spent_ms = trust_reader_take_be(&reader, 8);
    snapshot.remaining_ms = trust_reader_take_be(&reader, 8);
    assert(trust_reader_is_done(&reader));
    if (!is_possible(&snapshot))
        return TRUST_NO_RANGE;
    *out_snapshot = snapshot;
    return TRUST_OK;
}

enum trust_error trust_breaker_load(struct trust_breaker *out_breaker, struct trust_bytes bytes,
                                    uint64_t seed, const struct trust_breaker_context *context)
{
    struct snapshot snapshot;
    enum trust_error error = read_snapshot(&snapshot, bytes);
    if (error != TRUST_OK)
        return error;
    struct trust_breaker cell;
    trust_breaker_init(&cell, seed, context->now);
    cell.state = (uint8_t)snapshot.state;
    cell.k = (uint8_t)snapshot.k;
    cell.generation = (uint32_t)snapshot.generation;
    cell.denied = snapshot.denied;
    struct trust_breaker_step step = {.to = (enum trust_breaker_state)snapshot.state,
                                      .reason = TRUST_BREAKER_BY_RESTART,
                                      .at_ms = context->now.ms,
                                      .until_ms = TRUST_MONO_NEVER,
                                      .note = (uint32_t)snapshot.note};
    if (snapshot.remaining_ms != TRUST_MONO_NEVER)
        step.until_ms = context->now.ms + snapshot.remaining_ms;
    trust_breaker_move(&cell, &step, context);
    cell.reason = (uint8_t)snapshot.reason;
    place_start(&cell, &snapshot, context);
    *out_breaker = cell;
    return TRUST_OK;
}
