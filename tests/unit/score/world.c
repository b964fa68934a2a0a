/* See world.h. */
#include "world.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/bytes.h"

#define LIFE_S (UINT64_C(700) * WORLD_DAY_S)

static void init(struct world *world, struct trust_arena *arena, uint32_t count)
{
    struct trust_siphash_key seed = {.low = 7, .high = 8};
    const struct trust_scorer_limits limits = {
        .keys = count,
        .slots = count * 10,
        .vouches = count * 10,
        .ratings = count * 10,
        .flags = count,
        .aliases = count,
        .servers = count,
        .targets = count * 2,
        .called = count,
    };
    trust_keys_init(&world->keys, arena, count, seed);
    trust_scorer_init(&world->scorer, arena, &limits, &world->keys, &seed);
}

void world_open(struct world *world, uint32_t count)
{
    struct trust_arena arena = {0};
    memset(world, 0, sizeof *world);
    init(world, &arena, count);
    arena = (struct trust_arena){.memory = calloc(1, arena.size), .capacity = arena.size};
    assert_non_null(arena.memory);
    world->memory = arena.memory;
    init(world, &arena, count);
    world->now.wall.ms = WORLD_NOW_S * 1000;
    world->now.mono.ms = 1000;
    trust_scorer_set_operator(&world->scorer, world_key(world, WORLD_ME));
}

void world_close(struct world *world)
{
    free(world->memory);
}

static struct trust_key key_of(const char *name)
{
    struct trust_key key = {{0}};
    assert_true(strlen(name) < sizeof key.bytes);
    memcpy(key.bytes, name, strlen(name));
    return key;
}

uint32_t world_key(struct world *world, const char *name)
{
    struct trust_key key = key_of(name);
    uint32_t index = UINT32_MAX;
    if (!trust_keys_find(&world->keys, &index, &key))
        assert_int_equal(trust_keys_hold(&world->keys, &index, &key), TRUST_OK);
    return index;
}

static uint32_t hold(struct world *world, struct trust_record *record, const char *author,
                     const char *target, uint64_t age_s)
{
    uint32_t slot = world->next_slot++;
    record->author = key_of(author);
    record->seq = world->now.wall.ms - age_s * 1000;
    record->expires = record->seq / 1000 + LIFE_S;
    uint32_t other = target == NULL ? TRUST_SCORER_NONE : world_key(world, target);
    assert_int_equal(
        trust_scorer_hold(&world->scorer, slot, record, world_key(world, author), other), TRUST_OK);
    return slot;
}

uint32_t world_vouch(struct world *world, const char *from, const char *to, int permille,
                     uint8_t scopes)
{
    struct trust_record record = {.kind = TRUST_KIND_VOUCH};
    record.vouch = (struct trust_vouch){
        .subject = key_of(to), .scopes = scopes, .strength = (int16_t)permille};
    return hold(world, &record, from, to, 0);
}

static struct trust_bytes manifest_of(const struct world_opinion *opinion)
{
    return (struct trust_bytes){.data = opinion->manifest,
                                .size = opinion->manifest == NULL ? 0 : 32};
}

uint32_t world_rate(struct world *world, const struct world_opinion *opinion)
{
    struct trust_record record = {.kind = TRUST_KIND_RATING};
    record.rating = (struct trust_rating){
        .subject = trust_bytes_text(opinion->subject),
        .manifest = manifest_of(opinion),
        .category = opinion->category,
        .value = (uint16_t)opinion->value,
        .calls = opinion->calls,
        .origin = TRUST_ORIGIN_HUMAN,
    };
    return hold(world, &record, opinion->author, NULL, opinion->age_s);
}

uint32_t world_flag(struct world *world, const struct world_opinion *opinion)
{
    struct trust_record record = {.kind = TRUST_KIND_FLAG};
    record.flag = (struct trust_flag){
        .subject = trust_bytes_text(opinion->subject),
        .manifest = manifest_of(opinion),
        .severity = (enum trust_severity)opinion->value,
        .class_ = (enum trust_class)opinion->calls,
        .rule = trust_bytes_text("rule.one"),
    };
    return hold(world, &record, opinion->author, NULL, opinion->age_s);
}

uint32_t world_praise(struct world *world, const char *author, const char *subject,
                      uint32_t permille)
{
    return world_rate(world, &(struct world_opinion){.author = author,
                                                     .subject = subject,
                                                     .category = TRUST_CATEGORY_OVERALL,
                                                     .value = permille});
}

void world_call(struct world *world, const char *subject, uint32_t good, uint32_t bad)
{
    uint32_t server = 0;
    assert_int_equal(trust_scorer_watch(&world->scorer, &server, trust_bytes_text(subject)),
                     TRUST_OK);
    for (uint32_t i = 0; i < good + bad; i++) {
        enum trust_own_result result = i < good ? TRUST_OWN_GOOD : TRUST_OWN_BAD;
        assert_int_equal(trust_scorer_outcome(&world->scorer, server, result, 100, world->now),
                         TRUST_OK);
    }
}

void world_wait(struct world *world, uint64_t seconds)
{
    world->now.wall.ms += seconds * 1000;
    world->now.mono.ms += seconds * 1000;
}

void world_tick(struct world *world)
{
    trust_scorer_tick(&world->scorer, world->now);
}

struct trust_weight world_weight(struct world *world, const char *name)
{
    return trust_scorer_weight(&world->scorer, world_key(world, name));
}

struct trust_score world_score(struct world *world, const char *subject, const uint8_t *manifest)
{
    struct trust_score score;
    struct trust_question question = {
        .subject = trust_bytes_text(subject),
        .manifest = {.data = manifest, .size = manifest == NULL ? 0 : 32},
    };
    assert_int_equal(trust_scorer_score(&world->scorer, &score, &question, world->now.wall),
                     TRUST_OK);
    return score;
}
