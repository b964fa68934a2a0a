/* engine/wants: a vouch makes interest, its end ends it, and the unwanted leave the disk. */
#include "records.h"

static void a_vouch_makes_interest_and_its_withdrawal_ends_it(void **state)
{
    (void)state;
    struct trust_secret *me = rig_secret(1);
    struct trust_secret *friend = rig_secret(2);
    struct trust_secret *far = rig_secret(3);
    struct trust_key key;
    struct trust_key far_key;
    trust_secret_key(&key, me);
    trust_secret_key(&far_key, far);
    struct rig *rig = rig_open(&key, 1);
    struct trust_signed rating =
        rig_sign(rig, far, rig_rating("mcp:io.example/a", 900, RIG_START_MS));
    assert_int_equal(rig_publish(rig, &rating), TRUST_NO_INTEREST);
    struct trust_signed first = rig_sign(rig, me, rig_vouch(friend, 1000, RIG_START_MS));
    assert_int_equal(rig_publish(rig, &first), TRUST_OK);
    rig_pass(rig, 1000);
    struct trust_signed second = rig_sign(rig, friend, rig_vouch(far, 1000, RIG_START_MS));
    assert_int_equal(rig_publish(rig, &second), TRUST_OK);
    rig_pass(rig, 1000);
    assert_int_equal(rig_publish(rig, &rating), TRUST_OK);
    assert_int_equal(rig->count, 3);
    struct trust_signed withdrawn = rig_sign(rig, me, rig_vouch(friend, 0, RIG_START_MS + 9));
    assert_int_equal(rig_publish(rig, &withdrawn), TRUST_OK);
    rig_pass(rig, 1000);
    assert_false(trust_gossip_is_wanted(trust_engine_gossip(rig->engine), &far_key));
    assert_int_equal(rig->count, 3);
    rig_pass(rig, 60000);
    rig_pass(rig, 60000);
    rig_pass(rig, 60000);
    assert_int_equal(rig->count, 1);
    rig_close(rig);
    trust_secret_close(me);
    trust_secret_close(friend);
    trust_secret_close(far);
}

static void a_named_key_is_wanted_without_any_weight(void **state)
{
    (void)state;
    struct trust_secret *me = rig_secret(1);
    struct trust_secret *named = rig_secret(2);
    struct trust_key key;
    struct trust_key named_key;
    trust_secret_key(&key, me);
    trust_secret_key(&named_key, named);
    struct rig *rig = rig_open(&key, 1);
    assert_int_equal(trust_engine_name(rig->engine, &named_key, true, rig->now), TRUST_OK);
    struct trust_signed rating =
        rig_sign(rig, named, rig_rating("mcp:io.example/a", 900, RIG_START_MS));
    assert_int_equal(rig_publish(rig, &rating), TRUST_OK);
    rig_pass(rig, 60000);
    rig_pass(rig, 60000);
    rig_pass(rig, 60000);
    assert_int_equal(rig->count, 1);
    assert_int_equal(trust_engine_name(rig->engine, &named_key, false, rig->now), TRUST_OK);
    rig_pass(rig, 60000);
    rig_pass(rig, 60000);
    rig_pass(rig, 60000);
    assert_int_equal(rig->count, 0);
    rig_close(rig);
    trust_secret_close(me);
    trust_secret_close(named);
}

static void a_muted_key_keeps_its_place_and_loses_its_weight(void **state)
{
    (void)state;
    struct trust_secret *me = rig_secret(1);
    struct trust_secret *friend = rig_secret(2);
    struct trust_key key;
    struct trust_key friend_key;
    trust_secret_key(&key, me);
    trust_secret_key(&friend_key, friend);
    struct rig *rig = rig_open(&key, 1);
    struct trust_signed vouch = rig_sign(rig, me, rig_vouch(friend, 1000, RIG_START_MS));
    assert_int_equal(rig_publish(rig, &vouch), TRUST_OK);
    uint32_t index = 0;
    assert_true(trust_keys_find(trust_engine_keys(rig->engine), &index, &friend_key));
    struct trust_scorer *scorer = trust_engine_scorer(rig->engine, rig->now);
    assert_true(trust_scorer_weight(scorer, index).t > .69);
    assert_int_equal(trust_engine_mute(rig->engine, &friend_key, true), TRUST_OK);
    scorer = trust_engine_scorer(rig->engine, rig->now);
    assert_true(trust_scorer_weight(scorer, index).t < 1e-9);
    assert_true(trust_scorer_weight(scorer, index).is_cut);
    assert_int_equal(trust_engine_mute(rig->engine, &friend_key, false), TRUST_OK);
    scorer = trust_engine_scorer(rig->engine, rig->now);
    assert_true(trust_scorer_weight(scorer, index).t > .69);
    rig_close(rig);
    trust_secret_close(me);
    trust_secret_close(friend);
}

static void former_operators_are_kept_and_everybody_with_them(void **state)
{
    (void)state;
    struct trust_secret *me = rig_secret(1);
    struct trust_secret *friend = rig_secret(2);
    struct trust_key key;
    trust_secret_key(&key, me);
    for (int kept = 0; kept < 2; kept++) {
        struct rig *rig = rig_open(&key, 1);
        struct trust_signed vouch = rig_sign(rig, me, rig_vouch(friend, 1000, RIG_START_MS));
        assert_int_equal(rig_publish(rig, &vouch), TRUST_OK);
        rig_pass(rig, 1000);
        struct trust_signed rating =
            rig_sign(rig, friend, rig_rating("mcp:io.example/a", 900, RIG_START_MS));
        assert_int_equal(rig_publish(rig, &rating), TRUST_OK);
        assert_int_equal(trust_engine_set_operator(rig->engine, NULL, rig->now), TRUST_OK);
        if (kept == 1)
            assert_int_equal(trust_engine_keep(rig->engine, &key), TRUST_OK);
        for (int i = 0; i < 4; i++)
            rig_pass(rig, 60000);
        assert_int_equal(rig->count, kept == 1 ? 2 : 0);
        rig_close(rig);
    }
    trust_secret_close(me);
    trust_secret_close(friend);
}

static void a_sweep_says_what_it_drops_and_is_held_while_the_clock_is_in_doubt(void **state)
{
    (void)state;
    static const uint64_t year_ms = UINT64_C(31536000000);
    struct trust_secret *me = rig_secret(1);
    struct trust_key key;
    trust_secret_key(&key, me);
    struct rig *rig = rig_open(&key, 1);
    struct trust_signed rating =
        rig_sign(rig, me, rig_rating("mcp:io.example/a", 900, RIG_START_MS));
    assert_int_equal(rig_publish(rig, &rating), TRUST_OK);
    struct trust_engine_stats stats;
    trust_engine_hold_sweeps(rig->engine, true);
    rig->now.wall.ms += 3 * year_ms;
    for (int i = 0; i < 4; i++)
        rig_pass(rig, 60000);
    trust_engine_stats(rig->engine, &stats);
    assert_int_equal(rig->count, 1);
    assert_int_equal(stats.swept, 0);
    trust_engine_hold_sweeps(rig->engine, false);
    rig_pass(rig, 60000);
    trust_engine_stats(rig->engine, &stats);
    assert_int_equal(rig->count, 0);
    assert_int_equal(stats.swept, 1);
    assert_int_equal(stats.unwanted, 0);
    rig_close(rig);
    trust_secret_close(me);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_vouch_makes_interest_and_its_withdrawal_ends_it),
        cmocka_unit_test(a_named_key_is_wanted_without_any_weight),
        cmocka_unit_test(a_muted_key_keeps_its_place_and_loses_its_weight),
        cmocka_unit_test(former_operators_are_kept_and_everybody_with_them),
        cmocka_unit_test(a_sweep_says_what_it_drops_and_is_held_while_the_clock_is_in_doubt),
    };
    return cmocka_run_group_tests_name("engine/wants", tests, NULL, NULL);
}
