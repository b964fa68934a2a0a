/* engine/ignoring: a flag that the operator ignores counts for nothing, whoever signs it anew. */
#include "engine/ignoring.h"

#include "engine/servers.h"
#include "records.h"

#define SERVER "mcp:io.example/a"

struct scene {
    struct rig *rig;
    struct trust_secret *me;
    struct trust_signed flag;
    struct trust_register place;
};

static struct trust_record flag_of(const char *rule, uint64_t seq)
{
    return (struct trust_record){.kind = TRUST_KIND_FLAG,
                                 .seq = seq,
                                 .flag = {.subject = trust_bytes_text(SERVER),
                                          .severity = TRUST_SEVERITY_CRITICAL,
                                          .class_ = TRUST_CLASS_MALWARE,
                                          .rule = trust_bytes_text(rule)}};
}

static struct trust_register place_of(const struct trust_signed *record)
{
    struct trust_record decoded;
    struct trust_register place;
    assert_int_equal(trust_record_decode(&decoded, rig_bytes(record)), TRUST_OK);
    trust_register_init(&place, &decoded);
    return place;
}

static struct trust_id id_of(const struct rig *rig, const struct trust_signed *record)
{
    struct trust_id id;
    trust_record_id(&id, rig_bytes(record), &rig->network);
    return id;
}

/* My rating of the server and my critical flag, which is not published yet. */
static struct scene open_scene(void)
{
    struct scene scene = {.me = rig_secret(1)};
    struct trust_key key;
    trust_secret_key(&key, scene.me);
    scene.rig = rig_open(&key, 1);
    struct trust_signed rating =
        rig_sign(scene.rig, scene.me, rig_rating(SERVER, 1000, RIG_START_MS));
    assert_int_equal(rig_publish(scene.rig, &rating), TRUST_OK);
    scene.flag = rig_sign(scene.rig, scene.me, flag_of("rule", RIG_START_MS));
    scene.place = place_of(&scene.flag);
    return scene;
}

static void close_scene(struct scene *scene)
{
    rig_close(scene->rig);
    trust_secret_close(scene->me);
}

static double factor(struct rig *rig)
{
    struct trust_score score;
    const struct trust_question question = {.subject = trust_bytes_text(SERVER)};
    assert_int_equal(trust_scorer_score(trust_engine_scorer(rig->engine, rig->now), &score,
                                        &question, rig->now.wall),
                     TRUST_OK);
    return score.factor;
}

static void ignore(struct scene *scene, bool ignored)
{
    assert_int_equal(trust_engine_ignore_flag(scene->rig->engine, &scene->place, ignored),
                     TRUST_OK);
}

static void an_ignored_flag_counts_for_nothing_until_it_is_heard_again(void **state)
{
    (void)state;
    struct scene scene = open_scene();
    assert_int_equal(rig_publish(scene.rig, &scene.flag), TRUST_OK);
    assert_true(factor(scene.rig) == 0);
    ignore(&scene, true);
    assert_true(factor(scene.rig) == 1);
    ignore(&scene, true);
    assert_true(factor(scene.rig) == 1);
    ignore(&scene, false);
    assert_true(factor(scene.rig) == 0);
    ignore(&scene, false);
    assert_true(factor(scene.rig) == 0);
    close_scene(&scene);
}

static void another_rule_of_the_same_scanner_still_counts(void **state)
{
    (void)state;
    struct scene scene = open_scene();
    struct trust_signed other = rig_sign(scene.rig, scene.me, flag_of("other", RIG_START_MS + 1));
    assert_int_equal(rig_publish(scene.rig, &scene.flag), TRUST_OK);
    assert_int_equal(rig_publish(scene.rig, &other), TRUST_OK);
    ignore(&scene, true);
    assert_true(factor(scene.rig) == 0);
    close_scene(&scene);
}

static void a_flag_signed_anew_stays_ignored(void **state)
{
    (void)state;
    struct scene scene = open_scene();
    assert_int_equal(rig_publish(scene.rig, &scene.flag), TRUST_OK);
    ignore(&scene, true);
    struct trust_signed again = rig_sign(scene.rig, scene.me, flag_of("rule", RIG_START_MS + 1));
    assert_int_equal(rig_publish(scene.rig, &again), TRUST_OK);
    assert_true(factor(scene.rig) == 1);
    ignore(&scene, false);
    assert_true(factor(scene.rig) == 0);
    close_scene(&scene);
}

static void a_flag_that_is_ignored_before_it_comes_never_counts(void **state)
{
    (void)state;
    struct scene scene = open_scene();
    ignore(&scene, true);
    assert_int_equal(trust_engine_load(scene.rig->engine, rig_bytes(&scene.flag)), TRUST_OK);
    rig_run(scene.rig);
    assert_true(factor(scene.rig) == 1);
    close_scene(&scene);
}

static void a_flag_that_left_is_ignored_when_it_comes_back(void **state)
{
    (void)state;
    struct scene scene = open_scene();
    struct trust_key key;
    trust_secret_key(&key, scene.me);
    assert_int_equal(rig_publish(scene.rig, &scene.flag), TRUST_OK);
    ignore(&scene, true);
    trust_engine_handle_damaged(scene.rig->engine, &key, RIG_START_MS);
    rig_run(scene.rig);
    struct trust_id id = id_of(scene.rig, &scene.flag);
    uint32_t slot = 0;
    assert_int_equal(trust_engine_find_flag(scene.rig->engine, &slot, &id, 64), TRUST_NO_FOUND);
    assert_int_equal(rig_publish(scene.rig, &scene.flag), TRUST_OK);
    assert_int_equal(trust_engine_find_flag(scene.rig->engine, &slot, &id, 64), TRUST_OK);
    assert_true(factor(scene.rig) == 1);
    close_scene(&scene);
}

static void an_ignored_flag_is_no_evidence_for_a_quarantine(void **state)
{
    (void)state;
    struct scene scene = open_scene();
    struct rig *rig = scene.rig;
    uint32_t server = 0;
    assert_int_equal(trust_engine_watch(rig->engine, &server, trust_bytes_text(SERVER),
                                        TRUST_CELL_NAMED, rig->now),
                     TRUST_OK);
    ignore(&scene, true);
    assert_int_equal(rig_publish(rig, &scene.flag), TRUST_OK);
    rig_pass(rig, 1000);
    assert_int_equal(trust_engine_quarantine(rig->engine, server)->state, TRUST_QUARANTINE_OK);
    assert_int_equal(rig->quarantines, 0);
    /* Heard again, it is: the rules look without being asked. */
    ignore(&scene, false);
    rig_pass(rig, 1000);
    assert_int_equal(trust_engine_quarantine(rig->engine, server)->state,
                     TRUST_QUARANTINE_QUARANTINED);
    assert_int_equal(rig->last_quarantine.rule, TRUST_QUARANTINE_RULE_SCANNERS);
    close_scene(&scene);
}

static void so_many_are_ignored_and_no_more(void **state)
{
    (void)state;
    struct scene scene = open_scene();
    struct trust_engine *engine = scene.rig->engine;
    struct trust_register place = {{0}};
    for (uint32_t i = 0; i < TRUST_IGNORED_FLAGS_MAX; i++) {
        /* In no order: 389 has no factor in common with the number of places. */
        uint32_t number = i * 389 % TRUST_IGNORED_FLAGS_MAX;
        place.digest[14] = (uint8_t)(number >> 8);
        place.digest[15] = (uint8_t)number;
        assert_int_equal(trust_engine_ignore_flag(engine, &place, true), TRUST_OK);
    }
    assert_int_equal(trust_engine_ignore_flag(engine, &scene.place, true), TRUST_NO_ROOM);
    assert_int_equal(trust_engine_ignore_flag(engine, &place, true), TRUST_OK);
    assert_int_equal(trust_engine_ignore_flag(engine, &scene.place, false), TRUST_OK);
    assert_int_equal(trust_engine_ignore_flag(engine, &place, false), TRUST_OK);
    assert_int_equal(trust_engine_ignore_flag(engine, &scene.place, true), TRUST_OK);
    assert_int_equal(rig_publish(scene.rig, &scene.flag), TRUST_OK);
    assert_true(factor(scene.rig) == 1);
    close_scene(&scene);
}

static void a_flag_is_found_by_as_much_of_its_id_as_no_other_has(void **state)
{
    (void)state;
    struct scene scene = open_scene();
    struct trust_signed other = rig_sign(scene.rig, scene.me, flag_of("other", RIG_START_MS + 1));
    assert_int_equal(rig_publish(scene.rig, &scene.flag), TRUST_OK);
    assert_int_equal(rig_publish(scene.rig, &other), TRUST_OK);
    const struct trust_engine *engine = scene.rig->engine;
    struct trust_id id = id_of(scene.rig, &scene.flag);
    uint32_t slot = 0;
    assert_int_equal(trust_engine_find_flag(engine, &slot, &id, 0), TRUST_NO_CONFLICT);
    for (uint32_t digits = 8; digits <= 64; digits++) {
        struct trust_register place = {{0}};
        assert_int_equal(trust_engine_find_flag(engine, &slot, &id, digits), TRUST_OK);
        place = trust_ledger_view(trust_engine_ledger(engine), slot).place;
        assert_int_equal(trust_register_compare(&place, &scene.place), 0);
    }
    /* Of an odd number of digits the lower half of the last byte is not looked at. */
    id.bytes[4] ^= 0x01;
    assert_int_equal(trust_engine_find_flag(engine, &slot, &id, 9), TRUST_OK);
    assert_int_equal(trust_engine_find_flag(engine, &slot, &id, 10), TRUST_NO_FOUND);
    id.bytes[4] ^= 0x11;
    assert_int_equal(trust_engine_find_flag(engine, &slot, &id, 8), TRUST_OK);
    assert_int_equal(trust_engine_find_flag(engine, &slot, &id, 9), TRUST_NO_FOUND);
    close_scene(&scene);
}

static void the_record_of_a_rating_is_no_flag(void **state)
{
    (void)state;
    struct scene scene = open_scene();
    struct trust_signed rating =
        rig_sign(scene.rig, scene.me, rig_rating(SERVER, 1000, RIG_START_MS));
    struct trust_id id = id_of(scene.rig, &rating);
    uint32_t slot = 0;
    assert_int_equal(trust_engine_find_flag(scene.rig->engine, &slot, &id, 64), TRUST_NO_FOUND);
    close_scene(&scene);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_ignored_flag_counts_for_nothing_until_it_is_heard_again),
        cmocka_unit_test(another_rule_of_the_same_scanner_still_counts),
        cmocka_unit_test(a_flag_signed_anew_stays_ignored),
        cmocka_unit_test(a_flag_that_is_ignored_before_it_comes_never_counts),
        cmocka_unit_test(a_flag_that_left_is_ignored_when_it_comes_back),
        cmocka_unit_test(an_ignored_flag_is_no_evidence_for_a_quarantine),
        cmocka_unit_test(so_many_are_ignored_and_no_more),
        cmocka_unit_test(a_flag_is_found_by_as_much_of_its_id_as_no_other_has),
        cmocka_unit_test(the_record_of_a_rating_is_no_flag),
    };
    return cmocka_run_group_tests_name("engine/ignoring", tests, NULL, NULL);
}
