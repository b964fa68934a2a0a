/* See interest.h. An entry that nobody asks for and nobody was told of is all zeros and free. */
#include "gossip/interest.h"

#include "base/assert.h"
#include "base/random.h"

/* Shares of the table, as divisors: what all peers together may fill, evenly divided or not. */
#define SHARED_PART 4
#define OWN_WANTS (TRUST_WANT_WEIGHT | TRUST_WANT_NAMED)
#define ADDED_SIZE 33
#define KEY_SIZE 32

static uint8_t distance_at(const struct trust_distances *distances, uint32_t peer)
{
    return (uint8_t)(distances->pairs[peer / 2] >> (peer % 2 * 4) & 15);
}

static void set_distance(struct trust_distances *distances, uint32_t peer, uint8_t distance)
{
    uint8_t *pair = &distances->pairs[peer / 2];
    *pair = (uint8_t)((*pair & (peer % 2 == 0 ? 0xf0 : 0x0f)) | distance << (peer % 2 * 4));
}

static bool has_any_distance(const struct trust_distances *distances)
{
    static const struct trust_distances none = {{0}};
    return memcmp(distances, &none, sizeof none) != 0;
}

static struct trust_bytes key_bytes(const struct trust_key *key)
{
    return (struct trust_bytes){.data = key->bytes, .size = sizeof key->bytes};
}

static uint32_t tag_of(const struct trust_interest *interest, const struct trust_key *key)
{
    return trust_table_tag(trust_siphash(&interest->seed, key_bytes(key)));
}

static bool has_key(const void *context, uint32_t index, const void *key)
{
    const struct trust_interest_entry *entries = context;
    return memcmp(entries[index].key.bytes, key, KEY_SIZE) == 0;
}

static bool is_peers_only(const struct trust_interest_entry *entry)
{
    return entry->wants == 0;
}

static bool is_live(const struct trust_interest_entry *entry)
{
    return entry->wants != 0 || has_any_distance(&entry->asked) || has_any_distance(&entry->told);
}

/* protocol: the sum, in each of two lanes of 64 bits, of the SipHash-2-4 of the 33 bytes key and
 * distance under the keys (0, 0) and (0, 1) */
static void sum_up(struct trust_interest_sum *sum, const struct trust_key *key, uint8_t distance,
                   bool adds)
{
    uint8_t bytes[ADDED_SIZE];
    memcpy(bytes, key->bytes, KEY_SIZE);
    bytes[KEY_SIZE] = (uint8_t)(distance - 1);
    for (uint64_t lane = 0; lane < 2; lane++) {
        struct trust_siphash_key public_key = {.low = 0, .high = lane};
        uint64_t hash =
            trust_siphash(&public_key, (struct trust_bytes){.data = bytes, .size = sizeof bytes});
        sum->digest[lane] += adds ? hash : 0 - hash;
    }
    sum->count += adds ? 1 : UINT32_MAX;
}

/* Changes what a set says of a key; 0 is "not in it". */
static void change(struct trust_distances *distances, struct trust_interest_sum *sum,
                   const struct trust_key *key, uint32_t peer, uint8_t distance)
{
    uint8_t before = distance_at(distances, peer);
    if (before != 0)
        sum_up(sum, key, before, false);
    if (distance != 0)
        sum_up(sum, key, distance, true);
    set_distance(distances, peer, distance);
}

static uint32_t hold_entry(struct trust_interest *interest, const struct trust_key *key)
{
    uint32_t index;
    bool taken = trust_pool_take(&interest->pool, &index);
    assert(taken);
    interest->entries[index] = (struct trust_interest_entry){.key = *key};
    trust_table_add(&interest->table, tag_of(interest, key), index);
    interest->peers_count++;
    return index;
}

static void release_if_dead(struct trust_interest *interest, uint32_t index)
{
    struct trust_interest_entry *entry = &interest->entries[index];
    if (is_live(entry))
        return;
    trust_table_remove(&interest->table, tag_of(interest, &entry->key), index);
    *entry = (struct trust_interest_entry){0};
    trust_pool_give(&interest->pool, index);
    interest->peers_count--;
}

void trust_interest_init(struct trust_interest *interest, struct trust_arena *arena,
                         uint32_t capacity, struct trust_siphash_key seed, bool relays)
{
    assert(capacity >= 2 * SHARED_PART * TRUST_PEERS_MAX);
    assert(capacity <= TRUST_INTEREST_KEYS_MAX);
    *interest = (struct trust_interest){.seed = seed, .relays = relays};
    interest->entries = trust_arena_cut(arena, capacity, sizeof *interest->entries);
    trust_pool_init(&interest->pool, arena, capacity);
    trust_table_init(&interest->table, arena, capacity, has_key);
}

bool trust_interest_find(const struct trust_interest *interest, uint32_t *out_entry,
                         const struct trust_key *key)
{
    return trust_table_find(&interest->table, out_entry, tag_of(interest, key), interest->entries,
                            key->bytes);
}

enum trust_error trust_interest_want(struct trust_interest *interest, const struct trust_key *key,
                                     uint8_t wants)
{
    uint32_t index;
    if (!trust_interest_find(interest, &index, key)) {
        if (wants == 0)
            return TRUST_OK;
        if (trust_table_is_full(&interest->table))
            return TRUST_NO_ROOM;
        index = hold_entry(interest, key);
    }
    struct trust_interest_entry *entry = &interest->entries[index];
    if (entry->wants == wants)
        return TRUST_OK;
    if (((entry->wants ^ wants) & OWN_WANTS) != 0)
        interest->stale |= interest->known;
    interest->peers_count += (wants == 0 ? 1 : 0);
    interest->peers_count -= is_peers_only(entry) ? 1 : 0;
    entry->wants = wants;
    release_if_dead(interest, index);
    return TRUST_OK;
}

uint64_t trust_interest_askers(const struct trust_interest *interest, uint32_t entry)
{
    const struct trust_distances *asked = &interest->entries[entry].asked;
    uint64_t askers = 0;
    for (uint32_t peer = 0; peer < TRUST_PEERS_MAX; peer++)
        askers |= (uint64_t)(distance_at(asked, peer) != 0) << peer;
    return askers;
}

uint64_t trust_interest_relayed_for(const struct trust_interest *interest, uint32_t entry)
{
    if (!interest->relays || (interest->entries[entry].wants & OWN_WANTS) != 0)
        return 0;
    return trust_interest_askers(interest, entry) & interest->configured;
}

bool trust_interest_is_wanted(const struct trust_interest *interest, uint32_t entry,
                              enum trust_kind kind)
{
    uint8_t wants = interest->entries[entry].wants;
    if ((wants & OWN_WANTS) != 0)
        return true;
    if ((wants & TRUST_WANT_REVOKED) != 0 && kind == TRUST_KIND_REVOCATION)
        return true;
    return trust_interest_relayed_for(interest, entry) != 0;
}

uint8_t trust_interest_asked(const struct trust_interest *interest, uint32_t entry, uint32_t peer)
{
    return distance_at(&interest->entries[entry].asked, peer);
}

uint8_t trust_interest_told(const struct trust_interest *interest, uint32_t entry, uint32_t peer)
{
    return distance_at(&interest->entries[entry].told, peer);
}

bool trust_interest_is_day_used_up(const struct trust_interest *interest, uint32_t entry,
                                   uint16_t day)
{
    const struct trust_interest_entry *at = &interest->entries[entry];
    return at->day == day && at->day_count >= TRUST_AUTHOR_DAY_MAX;
}

bool trust_interest_take_day(struct trust_interest *interest, uint32_t entry, uint16_t day)
{
    struct trust_interest_entry *at = &interest->entries[entry];
    if (trust_interest_is_day_used_up(interest, entry, day))
        return false;
    at->day_count = (uint16_t)(at->day == day ? at->day_count + 1 : 1);
    at->day = day;
    return true;
}

void trust_interest_give_day(struct trust_interest *interest, uint32_t entry)
{
    struct trust_interest_entry *at = &interest->entries[entry];
    at->day_count = (uint16_t)(at->day_count > 0 ? at->day_count - 1 : 0);
}

bool trust_interest_next_asked(const struct trust_interest *interest, uint32_t *out_entry,
                               uint32_t *cursor, uint32_t peer)
{
    for (; *cursor < interest->pool.fresh; ++*cursor) {
        if (distance_at(&interest->entries[*cursor].asked, peer) != 0) {
            *out_entry = (*cursor)++;
            return true;
        }
    }
    return false;
}

/* ---- peers ---- */

void trust_interest_add_peer(struct trust_interest *interest, uint32_t peer, bool is_configured)
{
    assert(peer < TRUST_PEERS_MAX);
    uint64_t bit = UINT64_C(1) << peer;
    assert((interest->known & bit) == 0);
    interest->known |= bit;
    interest->peers[peer] = (struct trust_interest_peer){.told_max = TRUST_INTEREST_PEER_MAX};
    /* Epochs differ from those before a restart, since the seed does. */
    interest->peers[peer].told.epoch = trust_random_mix(interest->seed.low + peer);
    trust_interest_configure_peer(interest, peer, is_configured);
}

void trust_interest_configure_peer(struct trust_interest *interest, uint32_t peer,
                                   bool is_configured)
{
    uint64_t bit = UINT64_C(1) << peer;
    assert((interest->known & bit) != 0);
    if (((interest->configured & bit) != 0) == is_configured)
        return;
    interest->configured ^= bit;
    if (interest->relays)
        interest->stale |= interest->known & ~bit;
}

static void forget_asked(struct trust_interest *interest, uint32_t peer)
{
    for (uint32_t i = 0; i < interest->pool.fresh; i++) {
        struct trust_interest_entry *entry = &interest->entries[i];
        if (distance_at(&entry->asked, peer) == 0)
            continue;
        set_distance(&entry->asked, peer, 0);
        release_if_dead(interest, i);
    }
    interest->peers[peer].asked = (struct trust_interest_sum){0};
    interest->peers[peer].is_cut = false;
}

static void forget_told(struct trust_interest *interest, uint32_t peer)
{
    for (uint32_t i = 0; i < interest->pool.fresh; i++) {
        struct trust_interest_entry *entry = &interest->entries[i];
        if (distance_at(&entry->told, peer) == 0)
            continue;
        set_distance(&entry->told, peer, 0);
        release_if_dead(interest, i);
    }
    uint64_t epoch = interest->peers[peer].told.epoch;
    interest->peers[peer].told = (struct trust_interest_sum){.epoch = epoch + 1};
    interest->peers[peer].scan = 0;
}

void trust_interest_remove_peer(struct trust_interest *interest, uint32_t peer)
{
    uint64_t bit = UINT64_C(1) << peer;
    assert((interest->known & bit) != 0);
    forget_asked(interest, peer);
    forget_told(interest, peer);
    trust_interest_configure_peer(interest, peer, false);
    interest->known &= ~bit;
    interest->stale &= ~bit;
}

/* ---- hearing ---- */

/* protocol: half of the table is its owner's, a quarter is free for all peers, and a quarter is
 * divided among them evenly */
static bool has_room(const struct trust_interest *interest, uint32_t peer)
{
    const struct trust_interest_sum *asked = &interest->peers[peer].asked;
    uint32_t shared = interest->pool.capacity / SHARED_PART;
    if (trust_table_is_full(&interest->table) || asked->count >= TRUST_INTEREST_PEER_MAX)
        return false;
    return interest->peers_count < shared || asked->count < shared / TRUST_PEERS_MAX;
}

static void hear_added(struct trust_interest *interest, uint32_t peer, const uint8_t *item)
{
    struct trust_interest_peer *from = &interest->peers[peer];
    struct trust_key key;
    memcpy(key.bytes, item, KEY_SIZE);
    uint32_t index;
    bool found = trust_interest_find(interest, &index, &key);
    if (!found || distance_at(&interest->entries[index].asked, peer) == 0) {
        if (!has_room(interest, peer)) {
            from->is_cut = true;
            return;
        }
        if (!found)
            index = hold_entry(interest, &key);
    }
    change(&interest->entries[index].asked, &from->asked, &key, peer,
           (uint8_t)(item[KEY_SIZE] + 1));
}

static void hear_removed(struct trust_interest *interest, uint32_t peer, const uint8_t *item)
{
    struct trust_key key;
    memcpy(key.bytes, item, KEY_SIZE);
    uint32_t index;
    if (!trust_interest_find(interest, &index, &key))
        return;
    change(&interest->entries[index].asked, &interest->peers[peer].asked, &key, peer, 0);
    release_if_dead(interest, index);
}

static void digest_bytes(uint8_t out_digest[TRUST_INTEREST_DIGEST_SIZE],
                         const struct trust_interest_sum *sum)
{
    struct trust_writer writer = trust_writer_init(out_digest, TRUST_INTEREST_DIGEST_SIZE);
    trust_writer_put_be(&writer, sum->digest[0], 8);
    trust_writer_put_be(&writer, sum->digest[1], 8);
}

uint32_t trust_interest_hear_cost(const struct trust_interest *interest, uint32_t peer,
                                  const struct trust_interest_delta *delta)
{
    size_t keys = delta->added.size / ADDED_SIZE + delta->removed.size / KEY_SIZE;
    bool clears = delta->epoch != interest->peers[peer].asked.epoch;
    /* Sixteen entries are passed over in the time of one look-up. */
    return (uint32_t)keys + (clears ? interest->pool.fresh / 16 : 0);
}

enum trust_error trust_interest_hear(struct trust_interest *interest, uint32_t peer,
                                     const struct trust_interest_delta *delta)
{
    struct trust_interest_peer *from = &interest->peers[peer];
    uint64_t bit = UINT64_C(1) << peer;
    assert((interest->known & bit) != 0);
    bool clears = delta->epoch != from->asked.epoch;
    if (clears)
        forget_asked(interest, peer);
    from->asked.epoch = delta->epoch;
    for (size_t at = 0; at < delta->removed.size; at += KEY_SIZE)
        hear_removed(interest, peer, delta->removed.data + at);
    for (size_t at = 0; at < delta->added.size; at += ADDED_SIZE)
        hear_added(interest, peer, delta->added.data + at);
    bool changed = clears || delta->removed.size > 0 || delta->added.size > 0;
    if (changed && interest->relays && (interest->configured & bit) != 0)
        interest->stale |= interest->known & ~bit;
    if (from->is_cut)
        return TRUST_NO_ROOM;
    uint8_t digest[TRUST_INTEREST_DIGEST_SIZE];
    digest_bytes(digest, &from->asked);
    bool same =
        from->asked.count == delta->count && memcmp(digest, delta->digest, sizeof digest) == 0;
    return same ? TRUST_OK : TRUST_NO_CONFLICT;
}

/* ---- telling ---- */

/* What to ask of a peer: our own wishes at distance 0, those of the other configured peers one
 * further; never back to the peer that they came from. As in struct trust_distances. */
static uint8_t distance_for(const struct trust_interest *interest,
                            const struct trust_interest_entry *entry, uint32_t peer)
{
    if ((entry->wants & OWN_WANTS) != 0)
        return 1;
    if (!interest->relays || !has_any_distance(&entry->asked))
        return 0;
    uint8_t least = TRUST_RELAY_HOPS_MAX + 1;
    uint64_t others = interest->configured & ~(UINT64_C(1) << peer);
    for (uint32_t other = 0; other < TRUST_PEERS_MAX; other++) {
        uint8_t distance = distance_at(&entry->asked, other);
        if ((others >> other & 1) != 0 && distance != 0 && distance < least)
            least = distance;
    }
    return least <= TRUST_RELAY_HOPS_MAX ? (uint8_t)(least + 1) : 0;
}

uint64_t trust_interest_stale(const struct trust_interest *interest)
{
    return interest->stale;
}

void trust_interest_touch(struct trust_interest *interest, uint32_t peer)
{
    assert((interest->known >> peer & 1) != 0);
    interest->stale |= UINT64_C(1) << peer;
}

bool trust_interest_has_more(const struct trust_interest *interest, uint32_t peer)
{
    return interest->peers[peer].scan > 0 || (interest->stale >> peer & 1) != 0;
}

void trust_interest_limit(struct trust_interest *interest, uint32_t peer, uint32_t told_max)
{
    interest->peers[peer].told_max =
        told_max < TRUST_INTEREST_PEER_MAX ? told_max : TRUST_INTEREST_PEER_MAX;
}

void trust_interest_retell(struct trust_interest *interest, uint32_t peer)
{
    forget_told(interest, peer);
    trust_interest_touch(interest, peer);
}

/* Tells of one entry; false: no room is left in the buffer. Removed keys are written from its end
 * backwards. */
static bool tell_entry(struct trust_interest *interest, uint32_t index, uint32_t peer,
                       struct trust_writer *buffer)
{
    struct trust_interest_entry *entry = &interest->entries[index];
    struct trust_interest_peer *to = &interest->peers[peer];
    uint8_t before = distance_at(&entry->told, peer);
    uint8_t after = distance_for(interest, entry, peer);
    /* Wishes of others leave half of what the peer keeps to our own. */
    uint32_t room = after > 1 ? to->told_max / 2 : to->told_max;
    if (before == 0 && to->told.count >= room)
        after = 0;
    if (before == after)
        return true;
    if (buffer->capacity - buffer->size < ADDED_SIZE)
        return false;
    change(&entry->told, &to->told, &entry->key, peer, after);
    if (after == 0) {
        buffer->capacity -= KEY_SIZE;
        memcpy(buffer->data + buffer->capacity, entry->key.bytes, KEY_SIZE);
        release_if_dead(interest, index);
        return true;
    }
    trust_writer_put(buffer, key_bytes(&entry->key));
    trust_writer_put_be(buffer, (uint64_t)(after - 1), 1);
    return true;
}

bool trust_interest_tell(struct trust_interest *interest, struct trust_interest_delta *out_delta,
                         uint32_t peer, struct trust_writer *buffer)
{
    struct trust_interest_peer *to = &interest->peers[peer];
    uint64_t bit = UINT64_C(1) << peer;
    assert((interest->known & bit) != 0);
    assert(buffer->size == 0);
    assert(buffer->capacity >= ADDED_SIZE);
    size_t end = buffer->capacity;
    if (to->scan == 0 && (interest->stale & bit) == 0)
        return false;
    /* What changes from here on behind the scan makes it stale again. */
    if (to->scan == 0)
        interest->stale &= ~bit;
    while (to->scan < interest->pool.fresh && tell_entry(interest, to->scan, peer, buffer))
        to->scan++;
    bool is_over = to->scan >= interest->pool.fresh;
    if (is_over)
        to->scan = 0;
    *out_delta = (struct trust_interest_delta){
        .epoch = to->told.epoch,
        .count = to->told.count,
        .added = trust_writer_bytes(buffer),
        .removed = {.data = buffer->data + buffer->capacity, .size = end - buffer->capacity}};
    digest_bytes(out_delta->digest, &to->told);
    return true;
}
