/*
 * One real machine and peers that the test speaks for: it says frames, hears what is said back, and
 * sees what the machine wants done. Nothing is verified or read but by the test.
 */
#ifndef FAKE_H
#define FAKE_H

#include "node.h"

#define FRAME_TYPES 16u

struct fake {
    struct node node;
    uint64_t now_ms;
    uint32_t said[FRAME_TYPES]; /* frames to any peer, by type */
    struct trust_frame last[FRAME_TYPES];
    uint8_t bytes[FRAME_TYPES][TRUST_FRAME_SIZE_MAX];
    uint32_t verify_count;
    struct trust_gossip_action verify; /* the last one */
    struct statement verify_bytes;
    uint32_t read_count;
    struct trust_gossip_read read;
    uint32_t drop_count;
    struct trust_gossip_drop drop;
    uint32_t named_count;
    struct trust_key named;
};

static inline struct trust_now fake_now(const struct fake *fake)
{
    return (struct trust_now){.wall = {.ms = START_WALL_MS + fake->now_ms},
                              .mono = {.ms = 1000 + fake->now_ms}};
}

static inline void hear(struct fake *fake, struct trust_bytes bytes)
{
    struct trust_frame frame;
    assert_int_equal(trust_frame_decode(&frame, bytes), TRUST_OK);
    memcpy(fake->bytes[frame.type], bytes.data, bytes.size);
    struct trust_bytes kept = {.data = fake->bytes[frame.type], .size = bytes.size};
    assert_int_equal(trust_frame_decode(&fake->last[frame.type], kept), TRUST_OK);
    fake->said[frame.type]++;
}

static inline void see(struct fake *fake)
{
    struct trust_gossip_action action;
    while (trust_gossip_poll(fake->node.gossip, &action)) {
        switch (action.kind) {
        case TRUST_GOSSIP_SEND:
            hear(fake, action.bytes);
            break;
        case TRUST_GOSSIP_VERIFY:
            fake->verify_count++;
            fake->verify = action;
            fake->verify_bytes = (struct statement){.size = action.bytes.size};
            memcpy(fake->verify_bytes.data, action.bytes.data, action.bytes.size);
            break;
        case TRUST_GOSSIP_READ:
            fake->read_count++;
            fake->read = action.read;
            break;
        case TRUST_GOSSIP_DROP:
            fake->drop_count++;
            fake->drop = action.drop;
            break;
        case TRUST_GOSSIP_NAMED:
            fake->named_count++;
            fake->named = action.key;
            break;
        }
    }
}

static inline struct fake *open_fake(bool relays)
{
    struct fake *fake = calloc(1, sizeof *fake);
    assert_non_null(fake);
    open_node(&fake->node, 0, 1, relays, fake_now(fake));
    return fake;
}

static inline void close_fake(struct fake *fake)
{
    close_node(&fake->node);
    free(fake);
}

static inline void say_bytes(struct fake *fake, uint32_t peer, const void *data, size_t size)
{
    struct trust_bytes bytes = {.data = data, .size = size};
    trust_gossip_handle_bytes(fake->node.gossip, peer, bytes, fake_now(fake));
    see(fake);
}

static inline void say(struct fake *fake, uint32_t peer, const struct trust_frame *frame)
{
    static uint8_t data[TRUST_FRAME_SIZE_MAX];
    struct trust_writer writer = trust_writer_init(data, sizeof data);
    trust_frame_encode(&writer, frame);
    assert_false(trust_writer_has_overflowed(&writer));
    say_bytes(fake, peer, data, writer.size);
}

static inline uint32_t add_peer(struct fake *fake, uint64_t number, enum trust_peer_origin origin)
{
    struct trust_key key = key_of(number);
    uint32_t peer;
    assert_int_equal(trust_gossip_add_peer(fake->node.gossip, &peer, &key, origin, fake_now(fake)),
                     TRUST_OK);
    return peer;
}

static inline struct trust_frame hello_of(const struct fake *fake, uint64_t number)
{
    struct trust_frame frame = {.type = TRUST_FRAME_HELLO};
    frame.hello = (struct trust_hello){.version_min = 1,
                                       .version_max = 1,
                                       .network = fake->node.network,
                                       .frame_size_max = TRUST_FRAME_SIZE_MAX,
                                       .interest_max = TRUST_INTEREST_PEER_MAX,
                                       .clock = fake_now(fake).wall,
                                       .key = key_of(number)};
    return frame;
}

/* A link to a known peer comes up and says hello. */
static inline void link_up(struct fake *fake, uint32_t peer, uint64_t number)
{
    trust_gossip_handle_up(fake->node.gossip, peer, false, fake_now(fake));
    see(fake);
    struct trust_frame frame = hello_of(fake, number);
    say(fake, peer, &frame);
}

/* Lets time pass, with every deadline kept. */
static inline void pass(struct fake *fake, uint64_t ms)
{
    uint64_t end_ms = fake->now_ms + ms;
    uint32_t standstill = 0;
    for (;;) {
        uint64_t due_ms = trust_gossip_deadline(fake->node.gossip).ms;
        due_ms = due_ms < 1000 ? 0 : due_ms - 1000;
        if (due_ms > end_ms)
            break;
        standstill = due_ms <= fake->now_ms ? standstill + 1 : 0;
        assert_true(standstill < 100);
        fake->now_ms = due_ms > fake->now_ms ? due_ms : fake->now_ms;
        trust_gossip_handle_time(fake->node.gossip, fake_now(fake));
        see(fake);
    }
    fake->now_ms = end_ms;
}

static inline void wish(struct fake *fake, uint64_t author, uint8_t wants)
{
    struct trust_key key = key_of(author);
    assert_int_equal(trust_gossip_want(fake->node.gossip, &key, wants, fake_now(fake)), TRUST_OK);
}

static inline const struct trust_peer *peer_at(const struct fake *fake, uint32_t peer)
{
    return trust_gossip_peer(fake->node.gossip, peer);
}

/* Pushes one record. */
static inline void push_one(struct fake *fake, uint32_t peer, const struct statement *statement)
{
    uint8_t packed[TRUST_RECORD_SIZE_MAX + 3];
    struct trust_writer writer = trust_writer_init(packed, sizeof packed);
    trust_list_put_record(&writer, bytes_of(statement));
    struct trust_frame frame = {.type = TRUST_FRAME_PUSH,
                                .push = {.packed = trust_writer_bytes(&writer), .count = 1}};
    say(fake, peer, &frame);
}

static inline void settle(struct fake *fake, uint32_t peer, enum trust_error verdict)
{
    trust_gossip_handle_verdict(fake->node.gossip, peer, bytes_of(&fake->verify_bytes), verdict,
                                fake_now(fake));
    see(fake);
}

/* Takes a record into ledger and store, as if it had always been there. */
static inline void hold(struct fake *fake, struct statement statement)
{
    struct trust_record record;
    struct trust_claim claim;
    struct trust_id id;
    struct trust_accepted accepted;
    assert_int_equal(trust_record_decode(&record, bytes_of(&statement)), TRUST_OK);
    trust_record_id(&id, bytes_of(&statement), &fake->node.network);
    trust_claim_init(&claim, &record, &id, trust_record_signature(bytes_of(&statement)));
    assert_int_equal(apply(&fake->node, &accepted, &claim, &statement), TRUST_OK);
}

#endif
