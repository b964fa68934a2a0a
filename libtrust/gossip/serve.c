/* See serve.h. */
#include "gossip/serve.h"

#include "base/assert.h"
#include "base/limits.h"

/* A record in a frame is a bin: 2 or 3 bytes before it, where the store's answer has 2. */
#define BIN_HEADER_SIZE 3
#define RECORD_ROOM (TRUST_RECORD_SIZE_MAX + BIN_HEADER_SIZE)
/* What goes first takes a third of an answer at most: the rest keeps its order and its progress. */
#define FIRSTS_PART 3

static void add_first(struct trust_serve *serve, uint32_t range, uint64_t seq)
{
    assert(serve->first_count < TRUST_SERVE_FIRSTS_MAX);
    serve->firsts[serve->first_count++] = (struct trust_serve_first){.range = range, .seq = seq};
}

static void add_revocation(struct trust_serve *serve, const struct trust_ledger *ledger,
                           uint32_t range)
{
    uint32_t author;
    struct trust_ledger_revocation revocation;
    if (trust_keys_find(ledger->keys, &author, &serve->ranges[range].author) &&
        trust_ledger_find_revocation(ledger, &revocation, author))
        add_first(serve, range, trust_ledger_view(ledger, revocation.slot).seq);
}

static void add_voids(struct trust_serve *serve, const struct trust_ledger *ledger, uint32_t range)
{
    const struct trust_pull_range *asked = &serve->ranges[range];
    uint32_t author;
    if (!trust_keys_find(ledger->keys, &author, &asked->author))
        return;
    struct trust_ledger_walk walk = trust_ledger_walk_init(author, 0, asked->to_seq);
    uint32_t slot;
    uint32_t count = 0;
    while (count < TRUST_SERVE_VOIDS_MAX && trust_ledger_next_slot(ledger, &walk, &slot)) {
        struct trust_ledger_view view = trust_ledger_view(ledger, slot);
        if (!view.is_void)
            continue;
        add_first(serve, range, view.seq);
        count++;
    }
}

void trust_serve_init(struct trust_serve *serve, struct trust_arena *arena)
{
    *serve = (struct trust_serve){.bytes = trust_arena_cut(arena, TRUST_PULL_SIZE_MAX, 1)};
}

void trust_serve_start(struct trust_serve *serve, const struct trust_ledger *ledger,
                       const struct trust_pull *pull, size_t size_max)
{
    assert(size_max <= TRUST_PULL_SIZE_MAX);
    assert(size_max / FIRSTS_PART >= RECORD_ROOM);
    uint8_t *bytes = serve->bytes;
    *serve = (struct trust_serve){.bytes = bytes, .packed = trust_writer_init(bytes, size_max)};
    struct trust_reader reader = trust_reader_init(pull->ranges.packed);
    while (trust_list_next_range(&serve->ranges[serve->range_count], &reader))
        if (++serve->range_count == TRUST_PULL_RANGES_MAX)
            break;
    /* protocol: the revocations of the asked authors first, then their void pairs, unless the pull
     * goes on where an answer was cut */
    for (uint32_t i = 0; i < serve->range_count; i++)
        if (!serve->ranges[i].has_after)
            add_revocation(serve, ledger, i);
    for (uint32_t i = 0; i < serve->range_count; i++)
        if (!serve->ranges[i].has_after && serve->ranges[i].from_seq == 0)
            add_voids(serve, ledger, i);
}

static size_t room(const struct trust_serve *serve)
{
    return serve->packed.capacity - serve->packed.size;
}

bool trust_serve_next(struct trust_serve *serve, struct trust_pull_range *out_range,
                      uint32_t *out_size_max)
{
    assert(serve->state == TRUST_SERVE_IDLE);
    size_t firsts_size = serve->packed.capacity / FIRSTS_PART;
    if (serve->at < serve->first_count && firsts_size < serve->packed.size + RECORD_ROOM)
        serve->at = serve->first_count;
    if (serve->at < serve->first_count) {
        const struct trust_serve_first *first = &serve->firsts[serve->at];
        *out_range = (struct trust_pull_range){.author = serve->ranges[first->range].author,
                                               .from_seq = first->seq,
                                               .to_seq = first->seq};
        *out_size_max = (uint32_t)(firsts_size - serve->packed.size);
        serve->state = TRUST_SERVE_READING;
        return true;
    }
    uint32_t range = serve->at - serve->first_count;
    bool is_over = range == serve->range_count || serve->more;
    if (!is_over && room(serve) < RECORD_ROOM) {
        serve->more = true;
        is_over = true;
    }
    serve->state = is_over ? TRUST_SERVE_READY : TRUST_SERVE_READING;
    if (is_over)
        return false;
    *out_range = serve->ranges[range];
    *out_size_max = (uint32_t)room(serve);
    return true;
}

/* Takes as many records as fit; false: some did not. */
static bool take_records(struct trust_serve *serve, struct trust_bytes records, size_t size_max)
{
    struct trust_reader reader = trust_reader_init(records);
    while (trust_reader_left(&reader) > 0) {
        size_t size = (size_t)trust_reader_take_be(&reader, 2);
        struct trust_bytes record = trust_reader_take(&reader, size);
        assert(!reader.failed);
        if (serve->packed.size + record.size + BIN_HEADER_SIZE > size_max)
            return false;
        trust_list_put_record(&serve->packed, record);
        serve->count++;
    }
    return true;
}

void trust_serve_take(struct trust_serve *serve, struct trust_bytes records, bool more)
{
    assert(serve->state == TRUST_SERVE_READING);
    serve->state = TRUST_SERVE_IDLE;
    bool is_first = serve->at < serve->first_count;
    size_t size_max = serve->packed.capacity / (is_first ? FIRSTS_PART : 1);
    bool is_whole = take_records(serve, records, size_max);
    if (!is_first && (more || !is_whole))
        serve->more = true;
    serve->at++;
}
