/* score/holding: what each kind of record becomes, that it is undone whole, and that no index is
 * given away while something here still means it. */
#include "score/holding.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/bytes.h"
#include "world.h"

#define A "mcp:io.example/a"
#define B "mcp:io.example/b"

static struct trust_record revocation(enum trust_revocation_reason reason)
{
    struct trust_record record = {.kind = TRUST_KIND_REVOCATION};
    record.revocation.reason = reason;
    return record;
}

static void a_compromised_key_is_cut_and_a_retired_one_is_not(void **state)
{
    (void)state;
    struct world world;
    world_open(&world, 16);
    world_vouch(&world, WORLD_ME, "a", 1000, TRUST_SCOPE_ALL);
    world_vouch(&world, "a", "b", 1000, TRUST_SCOPE_ALL);
    struct trust_score_state *scorer = &world.scorer.state;
    uint32_t a = world_key(&world, "a");
    struct trust_record retired = revocation(TRUST_REVOKED_RETIRED);
    assert_int_equal(trust_holding_set(scorer, 100, &retired, a, TRUST_SCORER_NONE), TRUST_OK);
    world_tick(&world);
    assert_true(world_weight(&world, "b").t > 0);
    struct trust_record compromised = revocation(TRUST_REVOKED_COMPROMISED);
    assert_int_equal(trust_holding_set(scorer, 100, &compromised, a, TRUST_SCORER_NONE), TRUST_OK);
    world_tick(&world);
    assert_true(world_weight(&world, "a").t == 0);
    assert_true(world_weight(&world, "a").is_cut);
    assert_true(world_weight(&world, "b").t == 0);
    trust_holding_drop(scorer, 100);
    world_tick(&world);
    assert_true(world_weight(&world, "b").t > 0);
    world_close(&world);
}

static void a_slot_takes_what_it_is_given_last_of_whatever_kind(void **state)
{
    (void)state;
    struct world world;
    world_open(&world, 16);
    struct trust_score_state *scorer = &world.scorer.state;
    uint32_t me = world_key(&world, WORLD_ME);
    uint32_t a = world_key(&world, "a");
    struct trust_record vouch = {.kind = TRUST_KIND_VOUCH, .expires = WORLD_NOW_S + 9};
    vouch.vouch = (struct trust_vouch){.scopes = 7, .strength = 500};
    struct trust_record rating = {.kind = TRUST_KIND_RATING, .expires = WORLD_NOW_S + 9};
    rating.rating = (struct trust_rating){
        .subject = trust_bytes_text(A), .category = TRUST_CATEGORY_OVERALL, .value = 500};
    struct trust_record alias = {.kind = TRUST_KIND_ALIAS, .expires = WORLD_NOW_S + 9};
    alias.alias = (struct trust_alias){
        .first = trust_bytes_text(A), .second = trust_bytes_text(B), .state = 1};
    const struct trust_record *records[] = {&vouch, &rating, &alias, &vouch, &alias, &rating};
    for (size_t i = 0; i < sizeof records / sizeof *records; i++)
        assert_int_equal(trust_holding_set(scorer, 5, records[i], me, a), TRUST_OK);
    assert_int_equal(scorer->graph.count, 0);
    assert_int_equal(scorer->facts.rating_count, 1);
    assert_int_equal(scorer->aliases.pool.count, 0);
    trust_holding_drop(scorer, 5);
    trust_holding_drop(scorer, 5);
    assert_int_equal(scorer->facts.rating_count, 0);
    assert_int_equal(scorer->servers.server_pool.count, 0);
    world_close(&world);
}

static void withdrawn_vouches_and_aliases_leave_the_slot_empty(void **state)
{
    (void)state;
    struct world world;
    world_open(&world, 16);
    struct trust_score_state *scorer = &world.scorer.state;
    uint32_t me = world_key(&world, WORLD_ME);
    uint32_t slot = world_vouch(&world, WORLD_ME, "a", 1000, TRUST_SCOPE_ALL);
    struct trust_record withdrawn = {.kind = TRUST_KIND_VOUCH, .expires = WORLD_NOW_S + 9};
    withdrawn.vouch.scopes = 7;
    assert_int_equal(trust_holding_set(scorer, slot, &withdrawn, me, world_key(&world, "a")),
                     TRUST_OK);
    assert_int_equal(scorer->graph.count, 0);
    struct trust_record alias = {.kind = TRUST_KIND_ALIAS, .expires = WORLD_NOW_S + 9};
    alias.alias = (struct trust_alias){.first = trust_bytes_text(A), .second = trust_bytes_text(B)};
    assert_int_equal(trust_holding_set(scorer, slot, &alias, me, TRUST_SCORER_NONE), TRUST_OK);
    assert_int_equal(scorer->aliases.pool.count, 0);
    world_close(&world);
}

static void silence_drops_a_vouch_and_keeps_a_rating_in_its_place(void **state)
{
    (void)state;
    struct world world;
    world_open(&world, 16);
    struct trust_score_state *scorer = &world.scorer.state;
    uint32_t vouch = world_vouch(&world, WORLD_ME, "a", 1000, TRUST_SCOPE_ALL);
    uint32_t rating = world_praise(&world, WORLD_ME, A, 900);
    trust_holding_silence(scorer, vouch, TRUST_SILENCE_VOID);
    trust_holding_silence(scorer, rating, TRUST_SILENCE_VOID);
    trust_holding_silence(scorer, 77, TRUST_SILENCE_VOID);
    world_tick(&world);
    assert_true(world_weight(&world, "a").t == 0);
    assert_true(world_score(&world, A, NULL).evidence == 0);
    assert_int_equal(scorer->facts.rating_count, 1);
    world_close(&world);
}

static void a_slot_is_live_while_its_record_says_something(void **state)
{
    (void)state;
    struct world world;
    world_open(&world, 16);
    struct trust_score_state *scorer = &world.scorer.state;
    uint32_t me = world_key(&world, WORLD_ME);
    uint32_t a = world_key(&world, "a");
    struct trust_record vouch = {.kind = TRUST_KIND_VOUCH, .expires = WORLD_NOW_S + 9};
    vouch.vouch = (struct trust_vouch){.scopes = 7, .strength = -1};
    struct trust_record rating = {.kind = TRUST_KIND_RATING, .expires = WORLD_NOW_S + 9};
    rating.rating = (struct trust_rating){
        .subject = trust_bytes_text(A), .category = TRUST_CATEGORY_OVERALL, .value = 0};
    struct trust_record flag = {.kind = TRUST_KIND_FLAG, .expires = WORLD_NOW_S + 9};
    flag.flag = (struct trust_flag){.subject = trust_bytes_text(A),
                                    .severity = TRUST_SEVERITY_LOW,
                                    .class_ = TRUST_CLASS_OTHER,
                                    .rule = trust_bytes_text("R")};
    struct trust_record alias = {.kind = TRUST_KIND_ALIAS, .expires = WORLD_NOW_S + 9};
    alias.alias = (struct trust_alias){
        .first = trust_bytes_text(A), .second = trust_bytes_text(B), .state = 1};
    const struct trust_record *records[] = {&vouch, &rating, &flag, &alias};
    for (size_t i = 0; i < sizeof records / sizeof *records; i++) {
        assert_int_equal(trust_holding_set(scorer, 5, records[i], me, a), TRUST_OK);
        assert_true(trust_holding_is_live(scorer, 5, WORLD_NOW_S + 8));
        assert_false(trust_holding_is_live(scorer, 5, WORLD_NOW_S + 9));
        trust_holding_silence(scorer, 5, TRUST_SILENCE_VOID);
        assert_false(trust_holding_is_live(scorer, 5, WORLD_NOW_S));
    }
    vouch.vouch.strength = 0;
    rating.rating.value = TRUST_RATING_WITHDRAWN;
    flag.flag.severity = TRUST_SEVERITY_CLEARED;
    alias.alias.state = 0;
    for (size_t i = 0; i < sizeof records / sizeof *records; i++) {
        assert_int_equal(trust_holding_set(scorer, 5, records[i], me, a), TRUST_OK);
        assert_false(trust_holding_is_live(scorer, 5, WORLD_NOW_S));
    }
    struct trust_record compromised = revocation(TRUST_REVOKED_COMPROMISED);
    assert_int_equal(trust_holding_set(scorer, 5, &compromised, a, TRUST_SCORER_NONE), TRUST_OK);
    assert_true(trust_holding_is_live(scorer, 5, WORLD_NOW_S));
    world_close(&world);
}

static void an_ignored_flag_stays_ignored_when_its_register_is_set_again(void **state)
{
    (void)state;
    struct world world;
    world_open(&world, 16);
    struct trust_score_state *scorer = &world.scorer.state;
    uint32_t me = world_key(&world, WORLD_ME);
    uint32_t slot = world_flag(&world, &(struct world_opinion){.author = WORLD_ME,
                                                               .subject = A,
                                                               .value = TRUST_SEVERITY_LOW,
                                                               .calls = TRUST_CLASS_MALWARE});
    trust_scorer_ignore_flag(&world.scorer, slot, true);
    struct trust_record record = {
        .kind = TRUST_KIND_FLAG, .seq = world.now.wall.ms, .expires = WORLD_NOW_S + 99};
    record.flag = (struct trust_flag){
        .subject = trust_bytes_text(A),
        .severity = TRUST_SEVERITY_CRITICAL,
        .class_ = TRUST_CLASS_MALWARE,
        .rule = trust_bytes_text("rule.one"),
    };
    assert_int_equal(trust_holding_set(scorer, slot, &record, me, TRUST_SCORER_NONE), TRUST_OK);
    world_tick(&world);
    assert_true(world_score(&world, A, NULL).factor == 1);
    trust_holding_drop(scorer, slot);
    assert_int_equal(trust_holding_set(scorer, slot, &record, me, TRUST_SCORER_NONE), TRUST_OK);
    assert_true(world_score(&world, A, NULL).factor == 0);
    world_close(&world);
}

/* Lets go of the world's own reference, as the engine does after a hold. */
static void release(struct world *world, const char *name)
{
    trust_keys_release(&world->keys, world_key(world, name));
}

static void a_key_is_held_until_its_last_weight_is_gone(void **state)
{
    (void)state;
    struct world world;
    world_open(&world, 16);
    uint32_t first = world_vouch(&world, WORLD_ME, "a", 1000, TRUST_SCOPE_ALL);
    uint32_t rating = world_praise(&world, "a", A, 900);
    uint32_t second = world_vouch(&world, "a", "b", 1000, TRUST_SCOPE_ALL);
    release(&world, "a");
    release(&world, "b");
    world_tick(&world);
    assert_int_equal(trust_keys_count(&world.keys), 3);
    trust_scorer_drop(&world.scorer, first);
    trust_scorer_drop(&world.scorer, second);
    trust_scorer_drop(&world.scorer, rating);
    /* The weights are those of the last tick: until the next both keys must stay what they are. */
    assert_int_equal(trust_keys_count(&world.keys), 3);
    world_tick(&world);
    assert_int_equal(trust_keys_count(&world.keys), 1);
    uint32_t a = world_key(&world, "new");
    assert_false(trust_scorer_is_kept(&world.scorer, a));
    assert_true(world_weight(&world, "new").t == 0);
    world_close(&world);
}

static void a_muted_key_is_held_until_it_is_unmuted(void **state)
{
    (void)state;
    struct world world;
    world_open(&world, 16);
    uint32_t a = world_key(&world, "a");
    trust_scorer_mute(&world.scorer, a, true);
    trust_scorer_mute(&world.scorer, a, true);
    release(&world, "a");
    assert_int_equal(trust_keys_count(&world.keys), 2);
    trust_scorer_mute(&world.scorer, a, false);
    assert_int_equal(trust_keys_count(&world.keys), 1);
    world_close(&world);
}

static void a_full_graph_refuses_a_vouch_and_holds_no_key_for_it(void **state)
{
    (void)state;
    struct world world;
    world_open(&world, 1);
    struct trust_record record = {.kind = TRUST_KIND_VOUCH, .expires = WORLD_NOW_S + 9};
    record.vouch = (struct trust_vouch){.scopes = 7, .strength = 500};
    uint32_t me = world_key(&world, WORLD_ME);
    for (uint32_t slot = 0; slot < 10; slot++) {
        enum trust_error error = trust_holding_set(&world.scorer.state, slot % 9, &record, me, me);
        assert_int_equal(error, TRUST_OK);
    }
    world.scorer.state.graph.capacity = world.scorer.state.graph.fresh;
    uint32_t holds = world.keys.holds[me];
    assert_int_equal(trust_holding_set(&world.scorer.state, 9, &record, me, me), TRUST_NO_ROOM);
    assert_int_equal(world.keys.holds[me], holds);
    world_close(&world);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_compromised_key_is_cut_and_a_retired_one_is_not),
        cmocka_unit_test(a_slot_takes_what_it_is_given_last_of_whatever_kind),
        cmocka_unit_test(withdrawn_vouches_and_aliases_leave_the_slot_empty),
        cmocka_unit_test(silence_drops_a_vouch_and_keeps_a_rating_in_its_place),
        cmocka_unit_test(a_slot_is_live_while_its_record_says_something),
        cmocka_unit_test(an_ignored_flag_stays_ignored_when_its_register_is_set_again),
        cmocka_unit_test(a_key_is_held_until_its_last_weight_is_gone),
        cmocka_unit_test(a_muted_key_is_held_until_it_is_unmuted),
        cmocka_unit_test(a_full_graph_refuses_a_vouch_and_holds_no_key_for_it),
    };
    return cmocka_run_group_tests_name("score/holding", tests, NULL, NULL);
}
