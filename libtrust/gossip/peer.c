/* See peer.h. */
#include "gossip/peer.h"

#include "base/assert.h"

#define POINT 1000
#define STANDING_MOST (100 * POINT)
#define STANDING_LEAST (-1000 * POINT)
#define STANDING_THROTTLED (-200 * POINT)
#define STANDING_GONE (-500 * POINT)
/* Two points a second: the worst standing is forgiven in 500 s. */
#define DECAY_PER_MS 2
#define THROTTLED_FACTOR 4

static const int32_t manner_points[TRUST_MANNERS] = {
    [TRUST_MANNER_FIRST] = 1 * POINT,       [TRUST_MANNER_DUPLICATES] = -20 * POINT,
    [TRUST_MANNER_QUOTA] = -20 * POINT,     [TRUST_MANNER_RECORD] = -50 * POINT,
    [TRUST_MANNER_IDLE_SYNC] = -30 * POINT,
};

void trust_peer_init(struct trust_peer *peer, const struct trust_key *key,
                     enum trust_peer_origin origin, struct trust_mono now)
{
    *peer = (struct trust_peer){.state = TRUST_PEER_CONNECTING, .origin = origin, .key = *key};
    peer->standing_ms = now.ms;
    peer->buckets = (struct trust_peer_buckets){
        .bytes = trust_bucket_init(TRUST_PEER_BYTES_RATE, TRUST_PEER_BYTES_BURST, now),
        .records = trust_bucket_init(TRUST_PEER_RECORDS_RATE, TRUST_PEER_RECORDS_BURST, now),
        .checks = trust_bucket_init(TRUST_PEER_CHECKS_RATE, TRUST_PEER_CHECKS_BURST, now),
        .sync = trust_bucket_init(TRUST_PEER_SYNC_RATE, TRUST_PEER_SYNC_BURST, now),
        .duplicates =
            trust_bucket_init(TRUST_PEER_DUPLICATES_RATE, TRUST_PEER_DUPLICATES_BURST, now),
        .served = trust_bucket_init(TRUST_PEER_BYTES_RATE, TRUST_PEER_BYTES_BURST, now),
    };
}

void trust_peer_connect(struct trust_peer *peer, bool dialled, struct trust_mono now)
{
    assert(peer->state == TRUST_PEER_CONNECTING);
    peer->state = TRUST_PEER_HELLO;
    peer->version = 0;
    peer->link = (struct trust_peer_link){.up_ms = now.ms,
                                          .heard_ms = now.ms,
                                          .tell_ms = TRUST_NEVER_MS,
                                          .retell_ms = TRUST_NEVER_MS,
                                          .sync_ms = TRUST_NEVER_MS,
                                          .dialled = dialled};
}

bool trust_peer_is_up(const struct trust_peer *peer)
{
    return peer->state == TRUST_PEER_UP || peer->state == TRUST_PEER_THROTTLED;
}

bool trust_peer_is_linked(const struct trust_peer *peer)
{
    return peer->state == TRUST_PEER_HELLO || trust_peer_is_up(peer);
}

bool trust_peer_take(const struct trust_peer *peer, struct trust_bucket *bucket, uint32_t amount,
                     struct trust_mono now)
{
    uint32_t factor = peer->state == TRUST_PEER_THROTTLED ? THROTTLED_FACTOR : 1;
    return trust_bucket_take(bucket, amount * factor, now);
}

/* Points x 1000 at now: towards 0 from either side. */
static int32_t decayed(const struct trust_peer *peer, struct trust_mono now)
{
    uint64_t elapsed_ms = now.ms > peer->standing_ms ? now.ms - peer->standing_ms : 0;
    int64_t decay = elapsed_ms > INT32_MAX ? INT32_MAX : (int64_t)elapsed_ms * DECAY_PER_MS;
    int64_t standing = peer->standing;
    if (standing < 0)
        standing = standing + decay > 0 ? 0 : standing + decay;
    else
        standing = standing - decay < 0 ? 0 : standing - decay;
    return (int32_t)standing;
}

int32_t trust_peer_standing(const struct trust_peer *peer, struct trust_mono now)
{
    return decayed(peer, now) / POINT;
}

void trust_peer_settle(struct trust_peer *peer, struct trust_mono now)
{
    peer->standing = decayed(peer, now);
    peer->standing_ms = now.ms;
    if (!trust_peer_is_up(peer))
        return;
    bool is_throttled = peer->standing <= STANDING_THROTTLED;
    peer->state = is_throttled ? TRUST_PEER_THROTTLED : TRUST_PEER_UP;
}

bool trust_peer_note(struct trust_peer *peer, enum trust_manner manner, struct trust_mono now)
{
    assert((unsigned)manner < TRUST_MANNERS);
    int32_t standing = decayed(peer, now) + manner_points[manner];
    if (standing > STANDING_MOST)
        standing = STANDING_MOST;
    if (standing < STANDING_LEAST)
        standing = STANDING_LEAST;
    peer->standing = standing;
    peer->standing_ms = now.ms;
    trust_peer_settle(peer, now);
    return peer->origin != TRUST_PEER_CONFIGURED && standing <= STANDING_GONE;
}

bool trust_peer_note_signature(struct trust_peer *peer, struct trust_mono now)
{
    uint32_t recent = 1;
    for (int i = 0; i < TRUST_BAN_SIGNATURES - 1; i++)
        if (peer->signature_ms[i] != 0 && now.ms - peer->signature_ms[i] < TRUST_BAN_MS)
            recent++;
    for (int i = TRUST_BAN_SIGNATURES - 2; i > 0; i--)
        peer->signature_ms[i] = peer->signature_ms[i - 1];
    peer->signature_ms[0] = now.ms == 0 ? 1 : now.ms;
    return recent >= TRUST_BAN_SIGNATURES;
}

uint64_t trust_peer_send_away(struct trust_peer *peer, bool bans, struct trust_mono now)
{
    if (bans) {
        peer->state = TRUST_PEER_BANNED;
        peer->until_ms = now.ms + TRUST_BAN_MS;
        return TRUST_BAN_MS;
    }
    /* A connection that lasted was a good one: the count starts again. */
    if (trust_peer_is_linked(peer) && now.ms - peer->link.up_ms > TRUST_RETRY_MS_MAX)
        peer->sent_away = 0;
    uint64_t wait_ms = TRUST_RETRY_MS;
    for (uint32_t i = 0; i < peer->sent_away && wait_ms < TRUST_RETRY_MS_MAX; i++)
        wait_ms *= 2;
    if (wait_ms > TRUST_RETRY_MS_MAX)
        wait_ms = TRUST_RETRY_MS_MAX;
    peer->sent_away++;
    peer->state = TRUST_PEER_WAITING;
    peer->until_ms = now.ms + wait_ms;
    return wait_ms;
}

bool trust_peer_may_connect(struct trust_peer *peer, struct trust_mono now)
{
    bool is_away = peer->state == TRUST_PEER_WAITING || peer->state == TRUST_PEER_BANNED;
    if (is_away && now.ms >= peer->until_ms)
        peer->state = TRUST_PEER_CONNECTING;
    return peer->state == TRUST_PEER_CONNECTING;
}

const char *trust_peer_state_name(enum trust_peer_state state)
{
    switch (state) {
    case TRUST_PEER_FREE:
        return "free";
    case TRUST_PEER_CONNECTING:
        return "connecting";
    case TRUST_PEER_HELLO:
        return "hello";
    case TRUST_PEER_UP:
        return "up";
    case TRUST_PEER_THROTTLED:
        return "throttled";
    case TRUST_PEER_WAITING:
        return "waiting";
    case TRUST_PEER_BANNED:
        return "banned";
    }
    return "unknown";
}
