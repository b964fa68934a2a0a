/* See own.h. */
#include "score/own.h"

#include <math.h>

#include "base/assert.h"

#define HALF_LIFE_CALLS_MS (7.0 * 86400e3)
/* Below, a cell that nobody watches is given back. */
#define EVIDENCE_MIN 0.05
/* Cells looked at for that in one tick: the whole pool in minutes, each tick in microseconds. */
#define SWEEP_COUNT 64u
/* Cells looked at for one that may be taken: the next call goes on behind them. */
#define TAKE_COUNT 1024u

void trust_own_init(struct trust_own *own, struct trust_arena *arena, uint32_t cells)
{
    *own = (struct trust_own){0};
    own->cells = trust_arena_cut(arena, cells, sizeof *own->cells);
    trust_pool_init(&own->pool, arena, cells);
    own->members = trust_arena_cut(arena, TRUST_OWN_MEMBERS_MAX, sizeof *own->members);
    own->medians = trust_arena_cut(arena, TRUST_OWN_MEMBERS_MAX, sizeof *own->medians);
}

static double decay(const struct trust_own_cell *cell, struct trust_wall now, double half_life_ms)
{
    if (now.ms <= cell->decayed_ms)
        return 1;
    return exp2(-(double)(now.ms - cell->decayed_ms) / half_life_ms);
}

/* Brings the counters to now, so that a call can be added at full weight. */
static void decay_cell(struct trust_own_cell *cell, struct trust_wall now)
{
    if (now.ms <= cell->decayed_ms)
        return;
    double left = decay(cell, now, HALF_LIFE_CALLS_MS);
    cell->good *= left;
    cell->bad *= left;
    cell->garbage *= decay(cell, now, TRUST_OWN_GARBAGE_HALF_LIFE_MS);
    for (uint32_t i = 0; i < TRUST_OWN_LATENCY_BUCKETS; i++)
        cell->latencies[i] *= (float)left;
    cell->decayed_ms = now.ms;
}

/* A cell whose server nobody watches. One of this window stays in its list: the next server was
 * called in it too. */
static bool take_unwatched(struct trust_own *own, struct trust_servers *servers,
                           uint32_t *out_index)
{
    for (uint32_t i = 0; i < TAKE_COUNT && i < own->pool.fresh; i++) {
        uint32_t index = own->next_taken < own->pool.fresh ? own->next_taken : 0;
        own->next_taken = index + 1;
        uint32_t server = own->cells[index].server;
        if (!own->cells[index].is_used || servers->servers[server].watches > 0)
            continue;
        servers->servers[server].cell = 0;
        trust_servers_release(servers, server);
        *out_index = index;
        return true;
    }
    return false;
}

static enum trust_error cell_of(struct trust_own *own, struct trust_servers *servers,
                                struct trust_own_cell **out_cell, uint32_t server,
                                struct trust_wall now)
{
    uint32_t index = 0;
    if (servers->servers[server].cell != 0) {
        *out_cell = &own->cells[servers->servers[server].cell - 1];
        return TRUST_OK;
    }
    struct trust_own_cell fresh = {
        .server = server, .decayed_ms = now.ms, .factor = 1, .is_used = true};
    if (!trust_pool_take(&own->pool, &index)) {
        if (!take_unwatched(own, servers, &index))
            return TRUST_NO_ROOM;
        fresh.is_pending = own->cells[index].is_pending;
        fresh.next_pending = own->cells[index].next_pending;
    }
    servers->servers[server].references++;
    servers->servers[server].cell = index + 1;
    own->cells[index] = fresh;
    *out_cell = &own->cells[index];
    return TRUST_OK;
}

static uint32_t bucket_of(uint32_t latency_ms)
{
    if (latency_ms <= 1)
        return 0;
    uint32_t bucket = (uint32_t)(4 * log2(latency_ms));
    return bucket < TRUST_OWN_LATENCY_BUCKETS ? bucket : TRUST_OWN_LATENCY_BUCKETS - 1;
}

/* The latency that 95 % of good calls stay under, interpolated within its bucket; 0: none known. */
static double p95_of(const float *latencies)
{
    double sum = 0;
    for (uint32_t i = 0; i < TRUST_OWN_LATENCY_BUCKETS; i++)
        sum += (double)latencies[i];
    double wanted = .95 * sum;
    if (sum <= 0)
        return 0;
    for (uint32_t i = 0; i < TRUST_OWN_LATENCY_BUCKETS; i++) {
        double count = (double)latencies[i];
        if (count > 0 && wanted <= count)
            return exp2((i + wanted / count) / 4);
        wanted -= count;
    }
    return exp2(TRUST_OWN_LATENCY_BUCKETS / 4.0);
}

static double bounded(double garbage)
{
    return garbage < TRUST_OWN_GARBAGE_MAX ? garbage : TRUST_OWN_GARBAGE_MAX;
}

static void fail(struct trust_own_cell *cell, enum trust_own_result result)
{
    cell->has_failed = true;
    switch (result) {
    case TRUST_OWN_GOOD:
        break;
    case TRUST_OWN_BAD:
        cell->pending_half_bad += 2;
        break;
    case TRUST_OWN_HALF_BAD:
        cell->pending_half_bad += 1;
        break;
    case TRUST_OWN_GARBAGE:
        cell->pending_half_bad += 2;
        cell->pending_garbage += 1;
        break;
    }
}

enum trust_error trust_own_add(struct trust_own *own, struct trust_servers *servers,
                               uint32_t server, const struct trust_own_call *call,
                               struct trust_now now)
{
    struct trust_own_cell *cell = NULL;
    enum trust_error error = cell_of(own, servers, &cell, server, now.wall);
    if (error != TRUST_OK)
        return error;
    if (own->window_ends_ms == 0)
        own->window_ends_ms = now.mono.ms + TRUST_UPLINK_WINDOW_MS;
    if (!cell->is_pending) {
        cell->is_pending = true;
        cell->next_pending = own->first_pending;
        own->first_pending = (uint32_t)(cell - own->cells) + 1;
    }
    if (call->result == TRUST_OWN_GOOD) {
        decay_cell(cell, now.wall);
        cell->has_failed = false;
        cell->good += 1;
        cell->latencies[bucket_of(call->latency_ms)] += 1;
    } else {
        fail(cell, call->result);
    }
    own->is_changed = true;
    return TRUST_OK;
}

enum trust_error trust_own_restore(struct trust_own *own, struct trust_servers *servers,
                                   uint32_t server, const struct trust_own_calls *calls,
                                   struct trust_wall now)
{
    struct trust_own_cell *cell = NULL;
    enum trust_error error = cell_of(own, servers, &cell, server, now);
    if (error != TRUST_OK)
        return error;
    cell->good = calls->good;
    cell->bad = calls->bad;
    cell->garbage = bounded(calls->garbage);
    memcpy(cell->latencies, calls->latencies, sizeof cell->latencies);
    own->is_changed = true;
    return TRUST_OK;
}

void trust_own_forgive(struct trust_own *own, uint32_t index)
{
    own->cells[index].garbage = 0;
    own->cells[index].pending_garbage = 0;
    own->is_changed = true;
}

struct trust_own_calls trust_own_read(const struct trust_own *own, uint32_t index,
                                      struct trust_wall now)
{
    const struct trust_own_cell *cell = &own->cells[index];
    double left = decay(cell, now, HALF_LIFE_CALLS_MS);
    struct trust_own_calls calls = {
        .good = cell->good * left,
        .bad = cell->bad * left,
        .garbage = cell->garbage * decay(cell, now, TRUST_OWN_GARBAGE_HALF_LIFE_MS),
        .p95_ms = (uint32_t)lround(p95_of(cell->latencies)),
    };
    for (uint32_t i = 0; i < TRUST_OWN_LATENCY_BUCKETS; i++)
        calls.latencies[i] = cell->latencies[i] * (float)left;
    if (!own->is_uplink_down) {
        calls.bad += cell->pending_half_bad / 2.0;
        calls.garbage = bounded(calls.garbage + cell->pending_garbage);
    }
    return calls;
}

enum trust_error trust_own_group(struct trust_own *own, struct trust_servers *servers,
                                 uint32_t server, uint32_t group, bool joined)
{
    if (group >= TRUST_OWN_GROUPS_MAX)
        return TRUST_NO_RANGE;
    uint32_t at = 0;
    while (at < own->member_count && own->members[at].group < group)
        at++;
    uint32_t found = at;
    while (found < own->member_count && own->members[found].group == group &&
           own->members[found].server != server)
        found++;
    bool is_in = found < own->member_count && own->members[found].group == group;
    struct trust_own_member *members = own->members;
    own->is_changed = true;
    if (joined && !is_in) {
        if (own->member_count == TRUST_OWN_MEMBERS_MAX)
            return TRUST_NO_ROOM;
        memmove(members + at + 1, members + at, (own->member_count - at) * sizeof *members);
        members[at] = (struct trust_own_member){.group = group, .server = server};
        own->member_count++;
        servers->servers[server].references++;
    } else if (!joined && is_in) {
        own->member_count--;
        memmove(members + found, members + found + 1,
                (own->member_count - found) * sizeof *members);
        trust_servers_release(servers, server);
    }
    return joined || is_in ? TRUST_OK : TRUST_NO_FOUND;
}

/* ---- The uplink ---- */

struct kin {
    uint64_t hash;
    bool has_good;
};

/* Counts kin that were called in this window, and those of them of which all members failed. */
static bool judge_uplink(const struct trust_own *own, const struct trust_servers *servers)
{
    struct kin kin[TRUST_UPLINK_KIN_MAX];
    uint32_t count = 0;
    uint32_t next = own->first_pending;
    while (next != 0 && count < TRUST_UPLINK_KIN_MAX) {
        const struct trust_own_cell *cell = &own->cells[next - 1];
        next = cell->next_pending;
        const struct trust_server *server = &servers->servers[cell->server];
        uint8_t text[TRUST_SUBJECT_TEXT_SIZE];
        trust_texts_read(&servers->texts, text, server->text, server->text_size);
        struct trust_bytes shared =
            trust_uplink_kin((struct trust_bytes){.data = text, .size = server->text_size});
        if (shared.size == 0)
            continue;
        uint64_t hash = trust_siphash(&servers->seed, shared);
        uint32_t at = 0;
        while (at < count && kin[at].hash != hash)
            at++;
        if (at == count)
            kin[count++] = (struct kin){.hash = hash};
        kin[at].has_good |= !cell->has_failed;
    }
    uint32_t failing = 0;
    for (uint32_t i = 0; i < count; i++)
        failing += !kin[i].has_good;
    return trust_uplink_is_down(failing, count);
}

static void end_window(struct trust_own *own, struct trust_servers *servers, struct trust_now now)
{
    while (own->first_pending != 0) {
        struct trust_own_cell *cell = &own->cells[own->first_pending - 1];
        own->first_pending = cell->next_pending;
        if (!own->is_uplink_down) {
            decay_cell(cell, now.wall);
            cell->bad += cell->pending_half_bad / 2.0;
            cell->garbage = bounded(cell->garbage + cell->pending_garbage);
        }
        cell->pending_half_bad = 0;
        cell->pending_garbage = 0;
        cell->is_pending = false;
        cell->has_failed = false;
        trust_servers_change(servers, cell->server);
    }
    own->window_ends_ms = 0;
    own->judged_until_ms = now.mono.ms + TRUST_UPLINK_WINDOW_MS;
    own->is_changed = true;
}

/* ---- Latency ---- */

static double calls_of(const struct trust_own *own, uint32_t cell, struct trust_wall now)
{
    struct trust_own_calls calls = trust_own_read(own, cell, now);
    return calls.good + calls.bad;
}

static double median(double *values, uint32_t count)
{
    for (uint32_t i = 1; i < count; i++) {
        double value = values[i];
        uint32_t at = i;
        for (; at > 0 && values[at - 1] > value; at--)
            values[at] = values[at - 1];
        values[at] = value;
    }
    uint32_t middle = count / 2;
    return count % 2 == 1 ? values[middle] : (values[middle - 1] + values[middle]) / 2;
}

/* The median p95 of the members from begin to end; 0 if fewer than two have a say. */
static double group_median(struct trust_own *own, const struct trust_servers *servers,
                           uint32_t begin, uint32_t end, struct trust_wall now)
{
    uint32_t count = 0;
    for (uint32_t i = begin; i < end; i++) {
        uint32_t cell = servers->servers[own->members[i].server].cell;
        if (cell == 0 || calls_of(own, cell - 1, now) < TRUST_OWN_CALLS_MIN)
            continue;
        double p95 = p95_of(own->cells[cell - 1].latencies);
        if (p95 > 0)
            own->medians[count++] = p95;
    }
    return count < 2 ? 0 : median(own->medians, count);
}

static float latency_factor(double p95, double median_ms)
{
    double factor = exp2(-log2(p95 / median_ms) / 3);
    return (float)(factor < .5 ? .5 : factor > 1 ? 1 : factor);
}

/* A server in several groups is judged by the one it stands best in. */
static void renew_factors(struct trust_own *own, struct trust_servers *servers,
                          struct trust_wall now)
{
    for (uint32_t i = 0; i < own->member_count; i++) {
        uint32_t cell = servers->servers[own->members[i].server].cell;
        if (cell != 0)
            own->cells[cell - 1].factor = 0;
    }
    uint32_t end = 0;
    for (uint32_t begin = 0; begin < own->member_count; begin = end) {
        while (end < own->member_count && own->members[end].group == own->members[begin].group)
            end++;
        double median_ms = group_median(own, servers, begin, end, now);
        for (uint32_t i = begin; i < end; i++) {
            uint32_t index = servers->servers[own->members[i].server].cell;
            if (index == 0)
                continue;
            struct trust_own_cell *cell = &own->cells[index - 1];
            double p95 = p95_of(cell->latencies);
            float factor = median_ms > 0 && p95 > 0 ? latency_factor(p95, median_ms) : 1;
            cell->factor = factor > cell->factor ? factor : cell->factor;
        }
    }
    own->is_changed = false;
}

/* ---- Time ---- */

static void sweep_cells(struct trust_own *own, struct trust_servers *servers, struct trust_wall now)
{
    for (uint32_t i = 0; i < SWEEP_COUNT && i < own->pool.fresh; i++) {
        uint32_t index = own->next_swept < own->pool.fresh ? own->next_swept : 0;
        own->next_swept = index + 1;
        struct trust_own_cell *cell = &own->cells[index];
        if (!cell->is_used || cell->is_pending || servers->servers[cell->server].watches > 0)
            continue;
        struct trust_own_calls calls = trust_own_read(own, index, now);
        if (calls.good + calls.bad + calls.garbage >= EVIDENCE_MIN)
            continue;
        cell->is_used = false;
        servers->servers[cell->server].cell = 0;
        trust_servers_release(servers, cell->server);
        trust_pool_give(&own->pool, index);
    }
}

bool trust_own_tick(struct trust_own *own, struct trust_servers *servers, struct trust_now now)
{
    if (own->window_ends_ms != 0)
        own->is_uplink_down = judge_uplink(own, servers);
    else if (now.mono.ms >= own->judged_until_ms)
        own->is_uplink_down = false;
    if (own->window_ends_ms != 0 && now.mono.ms >= own->window_ends_ms)
        end_window(own, servers, now);
    bool is_changed = own->is_changed;
    if (is_changed)
        renew_factors(own, servers, now.wall);
    sweep_cells(own, servers, now.wall);
    return is_changed;
}
