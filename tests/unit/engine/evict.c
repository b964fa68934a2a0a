/* engine/evict: when there is no room the author of least weight goes, never the operator's own. */
#include "records.h"

struct people {
    struct trust_secret *me, *strong, *weak;
    struct rig *rig;
};

/* I vouch for both; each has one rating on the disk beside my two vouches. */
static struct people people_open(void)
{
    struct people people = {.me = rig_secret(1), .strong = rig_secret(2), .weak = rig_secret(3)};
    struct trust_key key;
    trust_secret_key(&key, people.me);
    people.rig = rig_open(&key, 1);
    struct trust_signed records[4] = {
        rig_sign(people.rig, people.me, rig_vouch(people.strong, 900, RIG_START_MS)),
        rig_sign(people.rig, people.me, rig_vouch(people.weak, 100, RIG_START_MS + 1)),
    };
    assert_int_equal(rig_publish(people.rig, &records[0]), TRUST_OK);
    assert_int_equal(rig_publish(people.rig, &records[1]), TRUST_OK);
    rig_pass(people.rig, 1000);
    records[2] =
        rig_sign(people.rig, people.strong, rig_rating("mcp:io.example/a", 900, RIG_START_MS));
    records[3] =
        rig_sign(people.rig, people.weak, rig_rating("mcp:io.example/a", 100, RIG_START_MS));
    assert_int_equal(rig_publish(people.rig, &records[2]), TRUST_OK);
    assert_int_equal(rig_publish(people.rig, &records[3]), TRUST_OK);
    assert_int_equal(people.rig->count, 4);
    return people;
}

static void people_close(const struct people *people)
{
    rig_close(people->rig);
    trust_secret_close(people->me);
    trust_secret_close(people->strong);
    trust_secret_close(people->weak);
}

static bool has_author(const struct rig *rig, const struct trust_secret *secret)
{
    struct trust_key key;
    trust_secret_key(&key, secret);
    for (size_t i = 0; i < rig->count; i++) {
        if (memcmp(rig->records[i].author.bytes, key.bytes, sizeof key.bytes) == 0)
            return true;
    }
    return false;
}

static void the_least_goes_first_and_the_operator_never(void **state)
{
    (void)state;
    struct people people = people_open();
    trust_engine_handle_store_tight(people.rig->engine, true, people.rig->now);
    rig_run(people.rig);
    assert_int_equal(people.rig->count, 3);
    assert_false(has_author(people.rig, people.weak));
    trust_engine_handle_store_tight(people.rig->engine, true, people.rig->now);
    rig_run(people.rig);
    assert_false(has_author(people.rig, people.strong));
    trust_engine_handle_store_tight(people.rig->engine, true, people.rig->now);
    rig_run(people.rig);
    assert_int_equal(people.rig->count, 2);
    assert_true(has_author(people.rig, people.me));
    struct trust_engine_stats stats;
    trust_engine_stats(people.rig->engine, &stats);
    assert_int_equal(stats.evicted, 2);
    people_close(&people);
}

static void a_named_author_stays(void **state)
{
    (void)state;
    struct people people = people_open();
    struct trust_key key;
    trust_secret_key(&key, people.weak);
    assert_int_equal(trust_engine_name(people.rig->engine, &key, true, people.rig->now), TRUST_OK);
    trust_engine_handle_store_tight(people.rig->engine, true, people.rig->now);
    rig_run(people.rig);
    assert_true(has_author(people.rig, people.weak));
    assert_false(has_author(people.rig, people.strong));
    people_close(&people);
}

static void a_tight_store_still_takes_the_operators_own_records(void **state)
{
    (void)state;
    struct people people = people_open();
    trust_engine_handle_store_tight(people.rig->engine, true, people.rig->now);
    rig_run(people.rig);
    struct trust_signed own =
        rig_sign(people.rig, people.me, rig_rating("mcp:io.example/b", 900, RIG_START_MS + 2));
    assert_int_equal(rig_publish(people.rig, &own), TRUST_OK);
    assert_int_equal(people.rig->count, 4);
    people_close(&people);
}

static void a_former_operator_stays(void **state)
{
    (void)state;
    struct people people = people_open();
    struct trust_key key;
    trust_secret_key(&key, people.me);
    assert_int_equal(trust_engine_set_operator(people.rig->engine, NULL, people.rig->now),
                     TRUST_OK);
    assert_int_equal(trust_engine_keep(people.rig->engine, &key), TRUST_OK);
    for (int i = 0; i < 4; i++) {
        trust_engine_handle_store_tight(people.rig->engine, true, people.rig->now);
        rig_run(people.rig);
    }
    assert_int_equal(people.rig->count, 2);
    assert_true(has_author(people.rig, people.me));
    people_close(&people);
}

/* A slow disk reports the same tightness again and again. */
static void one_leaves_at_a_time(void **state)
{
    (void)state;
    struct people people = people_open();
    struct trust_engine_stats stats;
    people.rig->holds_commits = true;
    for (int i = 0; i < 3; i++) {
        trust_engine_handle_store_tight(people.rig->engine, true, people.rig->now);
        rig_run(people.rig);
    }
    trust_engine_stats(people.rig->engine, &stats);
    assert_int_equal(stats.evicted, 1);
    people.rig->holds_commits = false;
    rig_run(people.rig);
    trust_engine_handle_store_tight(people.rig->engine, true, people.rig->now);
    rig_run(people.rig);
    trust_engine_stats(people.rig->engine, &stats);
    assert_int_equal(stats.evicted, 2);
    people_close(&people);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_least_goes_first_and_the_operator_never),
        cmocka_unit_test(one_leaves_at_a_time),
        cmocka_unit_test(a_named_author_stays),
        cmocka_unit_test(a_tight_store_still_takes_the_operators_own_records),
        cmocka_unit_test(a_former_operator_stays),
    };
    return cmocka_run_group_tests_name("engine/evict", tests, NULL, NULL);
}
