/* shield/quarantine: the machine's terms, the rules of scanners and suspicion, and the cap. */
#include "shield/quarantine.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#define DAY_MS UINT64_C(86400000)
#define START_MS UINT64_C(1700000000000)

struct world {
    struct trust_quarantine cell;
    struct trust_quarantine_change change;
    struct trust_quarantine_cap cap;
    struct trust_quarantine_bounds bounds;
};

static struct trust_wall at(uint64_t ms)
{
    return (struct trust_wall){.ms = START_MS + ms};
}

static struct world new_world(void)
{
    return (struct world){.cell = trust_quarantine_init(false, at(0)), .bounds = {.servers = 100}};
}

static bool judge(struct world *world, const struct trust_quarantine_evidence *evidence,
                  uint64_t ms)
{
    world->bounds.cap = &world->cap;
    return trust_quarantine_judge(&world->cell, &world->change, evidence, &world->bounds, at(ms));
}

static struct trust_quarantine_flag flag_of(uint32_t scanner, double q,
                                            enum trust_severity severity, enum trust_class class_)
{
    return (struct trust_quarantine_flag){
        .q = q, .time = at(1), .scanner = scanner, .severity = severity, .class_ = class_};
}

static void assert_change(const struct world *world, enum trust_quarantine_state from,
                          enum trust_quarantine_state to, enum trust_quarantine_rule rule,
                          uint64_t ttl_s)
{
    assert_int_equal(world->change.from, from);
    assert_int_equal(world->change.to, to);
    assert_int_equal(world->change.rule, rule);
    assert_int_equal(world->change.ttl_s, ttl_s);
    assert_int_equal(world->cell.state, to);
}

static enum trust_error command(struct world *world, enum trust_quarantine_order order,
                                uint64_t ttl_ms, uint64_t ms)
{
    return trust_quarantine_command(&world->cell, &world->change, order, ttl_ms, at(ms));
}

static void terms_double_up_to_thirty_days_and_end_in_investigation(void **state)
{
    (void)state;
    static const uint64_t days[] = {1, 2, 4, 8, 16, 30, 30};
    struct world world = new_world();
    uint64_t ms = 0;
    for (size_t i = 0; i < sizeof days / sizeof *days; i++) {
        assert_int_equal(command(&world, TRUST_QUARANTINE_ORDER_ADD, 0, ms), TRUST_OK);
        assert_int_equal(world.change.ttl_s, days[i] * 86400);
        uint64_t end_ms = ms + days[i] * DAY_MS;
        assert_true(trust_quarantine_deadline(&world.cell).ms == at(end_ms).ms);
        assert_false(trust_quarantine_expire(&world.cell, &world.change, at(end_ms - 1)));
        /* noticed late, dated when it was due */
        ms = end_ms + 5000;
        assert_true(trust_quarantine_expire(&world.cell, &world.change, at(ms)));
        assert_change(&world, TRUST_QUARANTINE_QUARANTINED, TRUST_QUARANTINE_INVESTIGATING,
                      TRUST_QUARANTINE_RULE_TIME, 0);
        assert_true(world.change.time.ms == at(end_ms).ms);
        assert_false(trust_quarantine_expire(&world.cell, &world.change, at(ms * 9)));
    }
}

static void the_operator_may_do_anything_that_makes_sense(void **state)
{
    (void)state;
    struct world world = new_world();
    assert_int_equal(command(&world, TRUST_QUARANTINE_ORDER_RELEASE, 0, 0), TRUST_NO_CONFLICT);
    assert_int_equal(command(&world, TRUST_QUARANTINE_ORDER_ADD, 31 * DAY_MS, 0), TRUST_NO_RANGE);
    assert_int_equal(world.cell.state, TRUST_QUARANTINE_OK);
    assert_int_equal(command(&world, TRUST_QUARANTINE_ORDER_ADD, 3600000, 0), TRUST_OK);
    assert_change(&world, TRUST_QUARANTINE_OK, TRUST_QUARANTINE_QUARANTINED,
                  TRUST_QUARANTINE_RULE_OPERATOR, 3600);
    assert_int_equal(command(&world, TRUST_QUARANTINE_ORDER_RELEASE, 0, 10), TRUST_OK);
    assert_change(&world, TRUST_QUARANTINE_QUARANTINED, TRUST_QUARANTINE_RELEASED,
                  TRUST_QUARANTINE_RULE_OPERATOR, 86400);
    assert_int_equal(command(&world, TRUST_QUARANTINE_ORDER_RELEASE, 0, 20), TRUST_NO_CONFLICT);
    assert_true(trust_quarantine_expire(&world.cell, &world.change, at(10 + DAY_MS)));
    assert_change(&world, TRUST_QUARANTINE_RELEASED, TRUST_QUARANTINE_OK,
                  TRUST_QUARANTINE_RULE_TIME, 0);
    assert_int_equal(command(&world, TRUST_QUARANTINE_ORDER_BAN, 0, DAY_MS), TRUST_OK);
    assert_change(&world, TRUST_QUARANTINE_OK, TRUST_QUARANTINE_BANNED,
                  TRUST_QUARANTINE_RULE_OPERATOR, 0);
    assert_false(trust_quarantine_expire(&world.cell, &world.change, at(1000 * DAY_MS)));
    assert_int_equal(command(&world, TRUST_QUARANTINE_ORDER_ADD, 0, DAY_MS), TRUST_NO_CONFLICT);
    assert_int_equal(command(&world, TRUST_QUARANTINE_ORDER_BAN, 0, DAY_MS), TRUST_NO_CONFLICT);
    assert_int_equal(command(&world, TRUST_QUARANTINE_ORDER_RELEASE, 0, DAY_MS), TRUST_OK);
    assert_int_equal(world.cell.state, TRUST_QUARANTINE_RELEASED);
}

static void a_term_is_lengthened_by_no_new_quarantine_and_never_shortened(void **state)
{
    (void)state;
    struct world world = new_world();
    assert_int_equal(command(&world, TRUST_QUARANTINE_ORDER_ADD, 2 * DAY_MS, 0), TRUST_OK);
    assert_int_equal(command(&world, TRUST_QUARANTINE_ORDER_ADD, 3600000, 5), TRUST_NO_CONFLICT);
    assert_int_equal(command(&world, TRUST_QUARANTINE_ORDER_ADD, 0, 5), TRUST_NO_CONFLICT);
    assert_true(world.cell.until.ms == at(2 * DAY_MS).ms);
    assert_int_equal(world.cell.times, 1);
    /* The usual term is still that of the first quarantine. */
    uint64_t later_ms = DAY_MS + 1000;
    assert_int_equal(command(&world, TRUST_QUARANTINE_ORDER_ADD, 0, later_ms), TRUST_OK);
    assert_change(&world, TRUST_QUARANTINE_QUARANTINED, TRUST_QUARANTINE_QUARANTINED,
                  TRUST_QUARANTINE_RULE_OPERATOR, 86400);
    assert_true(world.cell.until.ms == at(later_ms + DAY_MS).ms);
    assert_int_equal(world.cell.times, 1);
    assert_true(trust_quarantine_expire(&world.cell, &world.change, at(later_ms + DAY_MS)));
    assert_int_equal(command(&world, TRUST_QUARANTINE_ORDER_ADD, 0, 3 * DAY_MS), TRUST_OK);
    assert_int_equal(world.change.ttl_s, 2 * 86400);
    assert_int_equal(world.cell.times, 2);
}

static void scanners_quarantine_when_their_weight_reaches_one_on_a_compromise(void **state)
{
    (void)state;
    enum trust_severity high = TRUST_SEVERITY_HIGH;
    enum trust_severity critical = TRUST_SEVERITY_CRITICAL;
    struct trust_quarantine_flag thirds[] = {flag_of(1, 1. / 3, high, TRUST_CLASS_MALWARE),
                                             flag_of(2, 1. / 3, high, TRUST_CLASS_INJECTION),
                                             flag_of(3, 1. / 3, critical, TRUST_CLASS_POISONING)};
    struct trust_quarantine_flag alone[] = {flag_of(1, 1, critical, TRUST_CLASS_MALWARE)};
    struct trust_quarantine_flag trusted[] = {flag_of(1, 1, critical, TRUST_CLASS_MALWARE)};
    trusted[0].own_vouch = .9;
    struct trust_quarantine_flag trusted_high[] = {flag_of(1, 1, high, TRUST_CLASS_MALWARE)};
    trusted_high[0].own_vouch = 1;
    struct trust_quarantine_flag less_trusted[] = {flag_of(1, 1, critical, TRUST_CLASS_MALWARE)};
    less_trusted[0].own_vouch = .899;
    struct trust_quarantine_flag tenth[] = {flag_of(1, 1, high, TRUST_CLASS_SHADOWING),
                                            flag_of(2, .1, high, TRUST_CLASS_EXFILTRATION)};
    struct trust_quarantine_flag less[] = {flag_of(1, 1, high, TRUST_CLASS_SHADOWING),
                                           flag_of(2, .0999, high, TRUST_CLASS_IMPERSONATION)};
    struct trust_quarantine_flag medium[] = {
        flag_of(1, .9, high, TRUST_CLASS_MALWARE),
        flag_of(2, .9, TRUST_SEVERITY_MEDIUM, TRUST_CLASS_MALWARE)};
    struct trust_quarantine_flag weakness[] = {flag_of(1, .9, high, TRUST_CLASS_MALWARE),
                                               flag_of(2, .9, critical, TRUST_CLASS_VULNERABILITY)};
    struct trust_quarantine_flag twice[] = {flag_of(1, .6, high, TRUST_CLASS_MALWARE),
                                            flag_of(1, .6, high, TRUST_CLASS_INJECTION)};
    const struct {
        const struct trust_quarantine_flag *flags;
        size_t count;
        bool quarantines;
    } rows[] = {
        {thirds, 3, true},        {alone, 1, false}, {trusted, 1, true}, {trusted_high, 1, false},
        {less_trusted, 1, false}, {tenth, 2, true},  {less, 2, false},   {medium, 2, false},
        {weakness, 2, false},     {twice, 2, false},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct world world = new_world();
        struct trust_quarantine_evidence evidence = {.flags = rows[i].flags,
                                                     .flag_count = rows[i].count};
        assert_true(judge(&world, &evidence, 10));
        if (rows[i].quarantines)
            assert_change(&world, TRUST_QUARANTINE_OK, TRUST_QUARANTINE_QUARANTINED,
                          TRUST_QUARANTINE_RULE_SCANNERS, 86400);
        else
            assert_change(&world, TRUST_QUARANTINE_OK, TRUST_QUARANTINE_SUSPECT,
                          TRUST_QUARANTINE_RULE_FLAG, 86400);
    }
}

static void ten_tenths_are_a_whole(void **state)
{
    (void)state;
    struct trust_quarantine_flag flags[10];
    for (uint32_t i = 0; i < 10; i++)
        flags[i] = flag_of(i, .1, TRUST_SEVERITY_HIGH, TRUST_CLASS_MALWARE);
    struct trust_quarantine_evidence evidence = {.flags = flags, .flag_count = 10};
    struct world world = new_world();
    assert_true(judge(&world, &evidence, 10));
    assert_int_equal(world.cell.state, TRUST_QUARANTINE_QUARANTINED);
    evidence.flag_count = 9;
    world = new_world();
    assert_true(judge(&world, &evidence, 10));
    assert_int_equal(world.cell.state, TRUST_QUARANTINE_SUSPECT);
}

static void what_is_not_grave_does_not_even_make_suspect(void **state)
{
    (void)state;
    struct trust_quarantine_flag flags[] = {
        flag_of(1, .9, TRUST_SEVERITY_MEDIUM, TRUST_CLASS_MALWARE),
        flag_of(2, .9, TRUST_SEVERITY_CRITICAL, TRUST_CLASS_EXPOSURE),
        flag_of(3, .9, TRUST_SEVERITY_CRITICAL, TRUST_CLASS_OTHER),
        flag_of(4, 0, TRUST_SEVERITY_CRITICAL, TRUST_CLASS_MALWARE),
    };
    struct trust_quarantine_evidence evidence = {.flags = flags, .flag_count = 4};
    struct world world = new_world();
    assert_false(judge(&world, &evidence, 10));
    assert_int_equal(world.cell.state, TRUST_QUARANTINE_OK);
}

static void suspicion_ends_after_a_day_and_the_same_evidence_does_not_renew_it(void **state)
{
    (void)state;
    struct trust_quarantine_flag flags[] = {
        flag_of(1, .5, TRUST_SEVERITY_HIGH, TRUST_CLASS_VULNERABILITY)};
    struct trust_quarantine_evidence evidence = {.flags = flags, .flag_count = 1};
    struct world world = new_world();
    assert_true(judge(&world, &evidence, 10));
    assert_false(judge(&world, &evidence, 20));
    assert_true(trust_quarantine_deadline(&world.cell).ms == at(10 + DAY_MS).ms);
    assert_true(trust_quarantine_expire(&world.cell, &world.change, at(10 + DAY_MS)));
    assert_change(&world, TRUST_QUARANTINE_SUSPECT, TRUST_QUARANTINE_OK, TRUST_QUARANTINE_RULE_TIME,
                  0);
    assert_false(judge(&world, &evidence, 10 + DAY_MS));
    evidence.fell = at(20 + DAY_MS);
    assert_true(judge(&world, &evidence, 30 + DAY_MS));
    assert_change(&world, TRUST_QUARANTINE_OK, TRUST_QUARANTINE_SUSPECT, TRUST_QUARANTINE_RULE_FALL,
                  86400);
    /* newer evidence prolongs it, without a transition; what agents tell does not */
    evidence.changed = at(35 + DAY_MS);
    assert_false(judge(&world, &evidence, 35 + DAY_MS));
    assert_true(trust_quarantine_deadline(&world.cell).ms == at(30 + 2 * DAY_MS).ms);
    evidence.fell = at(40 + DAY_MS);
    assert_false(judge(&world, &evidence, 50 + DAY_MS));
    assert_true(trust_quarantine_deadline(&world.cell).ms == at(50 + 2 * DAY_MS).ms);
}

static void a_changed_manifest_alone_is_suspicion(void **state)
{
    (void)state;
    struct world world = new_world();
    struct trust_quarantine_evidence evidence = {.changed = at(5)};
    assert_true(judge(&world, &evidence, 10));
    assert_change(&world, TRUST_QUARANTINE_OK, TRUST_QUARANTINE_SUSPECT,
                  TRUST_QUARANTINE_RULE_MANIFEST, 86400);
}

static void a_change_that_is_held_waits_and_one_on_top_of_another_prolongs(void **state)
{
    (void)state;
    struct world world = new_world();
    struct trust_quarantine_evidence evidence = {.changed = at(5)};
    world.bounds.holds_changes = true;
    assert_false(judge(&world, &evidence, 10));
    assert_int_equal(world.cell.state, TRUST_QUARANTINE_OK);
    world.bounds.holds_changes = false;
    assert_true(judge(&world, &evidence, 20));
    assert_true(trust_quarantine_is_told(&world.cell));
    world.bounds.holds_changes = true;
    assert_false(judge(&world, &evidence, 30));
    assert_true(trust_quarantine_deadline(&world.cell).ms == at(20 + DAY_MS).ms);
    evidence.changed = at(40);
    assert_false(judge(&world, &evidence, 40));
    assert_true(trust_quarantine_deadline(&world.cell).ms == at(40 + DAY_MS).ms);
    /* the same change again is served */
    assert_true(trust_quarantine_expire(&world.cell, &world.change, at(40 + DAY_MS)));
    world.bounds.holds_changes = false;
    assert_false(judge(&world, &evidence, 50 + DAY_MS));
}

static void an_acceptance_ends_what_rests_on_the_change_alone(void **state)
{
    (void)state;
    struct trust_quarantine_flag flags[] = {
        flag_of(1, .5, TRUST_SEVERITY_HIGH, TRUST_CLASS_VULNERABILITY)};
    struct trust_quarantine_evidence evidence = {.changed = at(5)};
    struct world world = new_world();
    assert_false(trust_quarantine_accept(&world.cell, &world.change, at(9)));
    assert_true(judge(&world, &evidence, 10));
    assert_true(trust_quarantine_accept(&world.cell, &world.change, at(20)));
    assert_change(&world, TRUST_QUARANTINE_SUSPECT, TRUST_QUARANTINE_OK,
                  TRUST_QUARANTINE_RULE_OPERATOR, 0);
    assert_false(judge(&world, &evidence, 30));
    evidence.changed = at(40);
    assert_true(judge(&world, &evidence, 40));
    /* a flag on top of it makes it the flag's */
    flags[0].time = at(50);
    evidence.flags = flags;
    evidence.flag_count = 1;
    assert_true(judge(&world, &evidence, 60));
    assert_change(&world, TRUST_QUARANTINE_SUSPECT, TRUST_QUARANTINE_SUSPECT,
                  TRUST_QUARANTINE_RULE_FLAG, 86400);
    assert_false(trust_quarantine_accept(&world.cell, &world.change, at(70)));
    assert_int_equal(world.cell.state, TRUST_QUARANTINE_SUSPECT);
}

static void a_release_excuses_what_was_known_and_nothing_newer(void **state)
{
    (void)state;
    struct trust_quarantine_flag flags[] = {
        flag_of(1, .9, TRUST_SEVERITY_HIGH, TRUST_CLASS_MALWARE),
        flag_of(2, .9, TRUST_SEVERITY_HIGH, TRUST_CLASS_MALWARE)};
    struct trust_quarantine_evidence evidence = {.flags = flags, .flag_count = 2};
    struct world world = new_world();
    assert_true(judge(&world, &evidence, 10));
    assert_int_equal(world.cell.state, TRUST_QUARANTINE_QUARANTINED);
    assert_false(judge(&world, &evidence, 20));
    assert_int_equal(command(&world, TRUST_QUARANTINE_ORDER_RELEASE, 0, 30), TRUST_OK);
    assert_false(judge(&world, &evidence, 40));
    assert_int_equal(world.cell.state, TRUST_QUARANTINE_RELEASED);
    flags[0].time = at(35);
    assert_true(judge(&world, &evidence, 40));
    assert_change(&world, TRUST_QUARANTINE_RELEASED, TRUST_QUARANTINE_SUSPECT,
                  TRUST_QUARANTINE_RULE_FLAG, 86400);
    flags[1].time = at(36);
    assert_true(judge(&world, &evidence, 50));
    assert_change(&world, TRUST_QUARANTINE_SUSPECT, TRUST_QUARANTINE_QUARANTINED,
                  TRUST_QUARANTINE_RULE_SCANNERS, 2 * 86400);
}

static const struct trust_quarantine_evidence *grave_evidence(void)
{
    static struct trust_quarantine_flag flags[2];
    static struct trust_quarantine_evidence evidence = {.flags = flags, .flag_count = 2};
    flags[0] = flag_of(1, .9, TRUST_SEVERITY_HIGH, TRUST_CLASS_MALWARE);
    flags[1] = flag_of(2, .9, TRUST_SEVERITY_HIGH, TRUST_CLASS_MALWARE);
    return &evidence;
}

/* How many of 100 new cells are quarantined at ms, with one cap over all of them. */
static uint32_t quarantined_at(struct trust_quarantine_cap *cap, uint32_t servers, uint64_t ms)
{
    uint32_t count = 0;
    for (uint32_t i = 0; i < 100; i++) {
        struct trust_quarantine cell = trust_quarantine_init(false, at(0));
        struct trust_quarantine_change change;
        struct trust_quarantine_bounds bounds = {.cap = cap, .servers = servers};
        assert_true(trust_quarantine_judge(&cell, &change, grave_evidence(), &bounds, at(ms)));
        count += cell.state == TRUST_QUARANTINE_QUARANTINED;
        if (cell.state != TRUST_QUARANTINE_QUARANTINED) {
            assert_int_equal(cell.state, TRUST_QUARANTINE_SUSPECT);
            assert_int_equal(change.rule, TRUST_QUARANTINE_RULE_HELD_BACK);
        }
    }
    return count;
}

static void the_cap_lets_a_tenth_an_hour_go_and_counts_the_rest(void **state)
{
    (void)state;
    static const struct {
        uint32_t servers;
        uint32_t expected;
    } rows[] = {{0, 1}, {9, 1}, {19, 1}, {20, 2}, {200, 20}, {5000, 100}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct trust_quarantine_cap cap = {0};
        assert_int_equal(quarantined_at(&cap, rows[i].servers, 0), rows[i].expected);
        assert_int_equal(cap.held_back, 100 - rows[i].expected);
        /* within the hour nothing more, after it as much again, and back in time nothing */
        assert_int_equal(quarantined_at(&cap, rows[i].servers, 3500000),
                         rows[i].servers == 5000 ? 100 : 0);
        assert_int_equal(quarantined_at(&cap, rows[i].servers, 2 * 3600000), rows[i].expected);
        assert_int_equal(quarantined_at(&cap, rows[i].servers, 10),
                         rows[i].servers == 5000 ? 100 : 0);
    }
}

static void the_last_provider_of_an_essential_group_is_held_back_while_it_is(void **state)
{
    (void)state;
    struct world world = new_world();
    world.bounds.last_provider = true;
    assert_true(judge(&world, grave_evidence(), 10));
    assert_change(&world, TRUST_QUARANTINE_OK, TRUST_QUARANTINE_SUSPECT,
                  TRUST_QUARANTINE_RULE_HELD_BACK, 86400);
    assert_int_equal(world.cap.held_back, 1);
    /* as long as the scanners agree it stays suspect */
    assert_false(judge(&world, grave_evidence(), 5000));
    assert_true(trust_quarantine_deadline(&world.cell).ms == at(5000 + DAY_MS).ms);
    assert_int_equal(world.cap.held_back, 1);
    world.bounds.last_provider = false;
    assert_true(judge(&world, grave_evidence(), 6000));
    assert_change(&world, TRUST_QUARANTINE_SUSPECT, TRUST_QUARANTINE_QUARANTINED,
                  TRUST_QUARANTINE_RULE_SCANNERS, 86400);
}

static void suspicion_that_the_scanners_confirm_is_told_when_it_is_held_back(void **state)
{
    (void)state;
    struct world world = new_world();
    world.bounds.last_provider = true;
    struct trust_quarantine_evidence evidence = {.changed = at(1)};
    assert_true(judge(&world, &evidence, 10));
    assert_true(judge(&world, grave_evidence(), 20));
    assert_change(&world, TRUST_QUARANTINE_SUSPECT, TRUST_QUARANTINE_SUSPECT,
                  TRUST_QUARANTINE_RULE_HELD_BACK, 86400);
}

static void withheld_states_are_beyond_the_rules(void **state)
{
    (void)state;
    struct world world = new_world();
    assert_int_equal(command(&world, TRUST_QUARANTINE_ORDER_BAN, 0, 0), TRUST_OK);
    assert_false(judge(&world, grave_evidence(), 10));
    assert_int_equal(world.cell.state, TRUST_QUARANTINE_BANNED);
}

static void a_new_manifest_of_a_banned_server_starts_suspect(void **state)
{
    (void)state;
    struct trust_quarantine cell = trust_quarantine_init(true, at(0));
    assert_int_equal(cell.state, TRUST_QUARANTINE_SUSPECT);
    assert_int_equal(cell.rule, TRUST_QUARANTINE_RULE_BANNED_BEFORE);
    assert_true(trust_quarantine_deadline(&cell).ms == at(DAY_MS).ms);
    cell = trust_quarantine_init(false, at(0));
    assert_int_equal(cell.state, TRUST_QUARANTINE_OK);
    assert_int_equal(trust_quarantine_deadline(&cell).ms, 0);
}

static void what_is_regained_is_investigated_until_the_operator_ends_it(void **state)
{
    (void)state;
    struct trust_quarantine cell = {.since = at(1), .until = at(9), .times = 2};
    cell.state = TRUST_QUARANTINE_RELEASED;
    struct trust_quarantine_change change;
    trust_quarantine_regain(&cell, &change, at(5));
    assert_int_equal(cell.state, TRUST_QUARANTINE_INVESTIGATING);
    assert_int_equal(cell.rule, TRUST_QUARANTINE_RULE_FILE);
    assert_int_equal(cell.since.ms, at(5).ms);
    assert_int_equal(trust_quarantine_deadline(&cell).ms, 0);
    assert_int_equal(cell.times, 2);
    assert_int_equal(change.from, TRUST_QUARANTINE_RELEASED);
    assert_int_equal(change.to, TRUST_QUARANTINE_INVESTIGATING);
    assert_int_equal(change.rule, TRUST_QUARANTINE_RULE_FILE);
    assert_int_equal(change.ttl_s, 0);
    assert_int_equal(change.time.ms, at(5).ms);
}

static void rules_have_their_names(void **state)
{
    (void)state;
    static const char *const names[] = {"none", "operator", "scanners", "held_back",
                                        "flag", "fall",     "manifest", "banned_before",
                                        "time", "file",     "?"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        assert_string_equal(trust_quarantine_rule_name((enum trust_quarantine_rule)i), names[i]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_regained_is_investigated_until_the_operator_ends_it),
        cmocka_unit_test(terms_double_up_to_thirty_days_and_end_in_investigation),
        cmocka_unit_test(a_term_is_lengthened_by_no_new_quarantine_and_never_shortened),
        cmocka_unit_test(the_operator_may_do_anything_that_makes_sense),
        cmocka_unit_test(scanners_quarantine_when_their_weight_reaches_one_on_a_compromise),
        cmocka_unit_test(ten_tenths_are_a_whole),
        cmocka_unit_test(what_is_not_grave_does_not_even_make_suspect),
        cmocka_unit_test(suspicion_ends_after_a_day_and_the_same_evidence_does_not_renew_it),
        cmocka_unit_test(a_changed_manifest_alone_is_suspicion),
        cmocka_unit_test(a_change_that_is_held_waits_and_one_on_top_of_another_prolongs),
        cmocka_unit_test(an_acceptance_ends_what_rests_on_the_change_alone),
        cmocka_unit_test(a_release_excuses_what_was_known_and_nothing_newer),
        cmocka_unit_test(the_cap_lets_a_tenth_an_hour_go_and_counts_the_rest),
        cmocka_unit_test(the_last_provider_of_an_essential_group_is_held_back_while_it_is),
        cmocka_unit_test(suspicion_that_the_scanners_confirm_is_told_when_it_is_held_back),
        cmocka_unit_test(withheld_states_are_beyond_the_rules),
        cmocka_unit_test(a_new_manifest_of_a_banned_server_starts_suspect),
        cmocka_unit_test(rules_have_their_names),
    };
    return cmocka_run_group_tests_name("shield/quarantine", tests, NULL, NULL);
}
