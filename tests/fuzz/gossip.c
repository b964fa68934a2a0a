/*
 * A whole gossip machine between two peers, driven by the input: frames of either, links going up
 * and down, verdicts, answers of the store, time. Its asserts stay on in release, so none of them
 * may depend on what a peer says; and sync frames out keep their bound whatever comes in.
 *
 * The input is a sequence of operations, each one byte and what it takes.
 */
#include "gossip/gossip.h"

#include <stdlib.h>
#include <string.h>

#include "base/assert.h"
#include "base/limits.h"
#include "base/reader.h"
#include "fuzz.h"
#include "record/sodium.h"

#define PEERS 2u
#define PENDING 64u

enum operation {
    OPERATION_FRAME, /* u16 size, the frame */
    OPERATION_TIME,  /* u16, in units of 16 ms */
    OPERATION_UP,
    OPERATION_DOWN,
    OPERATION_GOOD,   /* the oldest verification ends well */
    OPERATION_FORGED, /* or badly */
    OPERATION_LOADED, /* u8: so many records, cut if odd */
    OPERATION_WANT,   /* u8 author, u8 wants */
    OPERATIONS,
};

/* What the machine asked for and was not answered yet. */
struct pending {
    uint32_t peer;
    uint8_t bytes[TRUST_RECORD_SIZE_MAX];
    size_t size;
};

struct harness {
    struct trust_keys keys;
    struct trust_ledger ledger;
    struct trust_gossip *gossip;
    struct trust_now now;
    uint32_t peers[PEERS];
    struct pending pending[PENDING];
    uint32_t pending_count;
    bool has_read;
    struct trust_gossip_read read;
    size_t sync_in;
    size_t sync_out;
    size_t sync_count;
};

static struct trust_key filled_key(uint8_t byte)
{
    struct trust_key key;
    memset(key.bytes, byte, sizeof key.bytes);
    return key;
}

static void cut(struct harness *harness, struct trust_arena *arena)
{
    struct trust_siphash_key seed = {.low = 1, .high = 2};
    struct trust_ledger_limits limits = {
        .authors = 16, .registers = 64, .author_vouches = 16, .author_others = 16};
    struct trust_gossip_config config = {.ledger = &harness->ledger,
                                         .network = {{1, 2, 3, 4, 5, 6, 7, 8}},
                                         .key = filled_key(5),
                                         .seed = 3,
                                         .relays = true,
                                         .interest_max = 2048};
    trust_keys_init(&harness->keys, arena, 64, seed);
    trust_ledger_init(&harness->ledger, arena, &harness->keys, &limits, seed);
    harness->gossip = trust_gossip_init(arena, &config, harness->now);
}

static bool is_sync(struct trust_bytes bytes)
{
    struct trust_frame frame;
    return trust_frame_decode(&frame, bytes) == TRUST_OK && frame.type == TRUST_FRAME_SYNC;
}

static void drain(struct harness *harness)
{
    struct trust_gossip_action action;
    while (trust_gossip_poll(harness->gossip, &action)) {
        if (action.kind == TRUST_GOSSIP_SEND && is_sync(action.bytes)) {
            harness->sync_out += action.bytes.size;
            harness->sync_count++;
        }
        if (action.kind == TRUST_GOSSIP_READ) {
            harness->has_read = true;
            harness->read = action.read;
        }
        if (action.kind != TRUST_GOSSIP_VERIFY || harness->pending_count == PENDING)
            continue;
        struct pending *pending = &harness->pending[harness->pending_count++];
        pending->peer = action.peer;
        pending->size = action.bytes.size;
        memcpy(pending->bytes, action.bytes.data, action.bytes.size);
    }
    assert(harness->sync_out <=
           TRUST_SYNC_FACTOR * harness->sync_in + TRUST_SYNC_BASE_SIZE * harness->sync_count);
}

static void give_verdict(struct harness *harness, enum trust_error verdict)
{
    if (harness->pending_count == 0)
        return;
    struct pending pending = harness->pending[0];
    harness->pending[0] = harness->pending[--harness->pending_count];
    struct trust_bytes bytes = {.data = pending.bytes, .size = pending.size};
    trust_gossip_handle_verdict(harness->gossip, pending.peer, bytes, verdict, harness->now);
}

static void answer_read(struct harness *harness, uint8_t count)
{
    static uint8_t records[256 * 67];
    if (!harness->has_read)
        return;
    harness->has_read = false;
    struct trust_writer writer = trust_writer_init(records, sizeof records);
    static const uint8_t record[TRUST_RECORD_SIZE_MIN];
    for (uint8_t i = 0; i < count && writer.size + 67 <= harness->read.size_max; i++) {
        trust_writer_put_be(&writer, sizeof record, 2);
        trust_writer_put(&writer, (struct trust_bytes){record, sizeof record});
    }
    struct trust_loaded loaded = {.ticket = harness->read.ticket,
                                  .records = trust_writer_bytes(&writer),
                                  .more = writer.size > 0 && count % 2 == 1};
    trust_gossip_handle_loaded(harness->gossip, &loaded, harness->now);
}

static void take_frame(struct harness *harness, uint32_t peer, struct trust_reader *input)
{
    struct trust_bytes bytes = trust_reader_take(input, (size_t)trust_reader_take_be(input, 2));
    if (is_sync(bytes))
        harness->sync_in += bytes.size;
    trust_gossip_handle_bytes(harness->gossip, peer, bytes, harness->now);
}

static void pass(struct harness *harness, uint64_t ms)
{
    harness->now.wall.ms += ms;
    harness->now.mono.ms += ms;
    /* Work that finds no room in one event goes on in the next, but not for ever. */
    for (uint32_t i = 0; trust_gossip_deadline(harness->gossip).ms <= harness->now.mono.ms; i++) {
        assert(i < 100);
        trust_gossip_handle_time(harness->gossip, harness->now);
        drain(harness);
    }
}

static void operate(struct harness *harness, struct trust_reader *input)
{
    uint8_t byte = (uint8_t)trust_reader_take_be(input, 1);
    uint32_t peer = harness->peers[byte >> 7];
    switch ((enum operation)(byte % OPERATIONS)) {
    case OPERATION_FRAME:
        take_frame(harness, peer, input);
        break;
    case OPERATION_TIME:
        pass(harness, trust_reader_take_be(input, 2) * 16);
        break;
    case OPERATION_UP:
        trust_gossip_handle_up(harness->gossip, peer, true, harness->now);
        break;
    case OPERATION_DOWN:
        trust_gossip_handle_down(harness->gossip, peer);
        break;
    case OPERATION_GOOD:
        give_verdict(harness, TRUST_OK);
        break;
    case OPERATION_FORGED:
        give_verdict(harness, TRUST_NO_SIGNATURE);
        break;
    case OPERATION_LOADED:
        answer_read(harness, (uint8_t)trust_reader_take_be(input, 1));
        break;
    case OPERATION_WANT: {
        struct trust_key author = filled_key((uint8_t)trust_reader_take_be(input, 1));
        uint8_t wants = (uint8_t)trust_reader_take_be(input, 1) % 8;
        enum trust_error error = trust_gossip_want(harness->gossip, &author, wants, harness->now);
        assert(error == TRUST_OK || error == TRUST_NO_ROOM);
        break;
    }
    case OPERATIONS:
        break;
    }
    drain(harness);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct harness harness;
    if (trust_sodium_start() != TRUST_OK)
        abort();
    memset(&harness, 0, sizeof harness);
    harness.now = (struct trust_now){.wall = {UINT64_C(1790000000000)}, .mono = {1000}};
    struct trust_arena arena = {0};
    cut(&harness, &arena);
    uint8_t *memory = calloc(1, arena.size);
    assert(memory != NULL);
    arena = (struct trust_arena){.memory = memory, .capacity = arena.size};
    cut(&harness, &arena);
    for (uint8_t i = 0; i < PEERS; i++) {
        struct trust_key key = filled_key((uint8_t)(1 + 8 * i));
        enum trust_error error = trust_gossip_add_peer(
            harness.gossip, &harness.peers[i], &key,
            i == 0 ? TRUST_PEER_CONFIGURED : TRUST_PEER_NEWCOMER, harness.now);
        assert(error == TRUST_OK);
    }
    struct trust_reader input = trust_reader_init((struct trust_bytes){.data = data, .size = size});
    while (trust_reader_left(&input) > 0)
        operate(&harness, &input);
    free(memory);
    return 0;
}
