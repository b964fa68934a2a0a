/* node/operators: a key that is missing or another one at one start costs its owner nothing, until
 * a start says that it is meant. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <unistd.h>

#include <cmocka.h>

#include "host/files.h"
#include "node_rig.h"

#define SWEEP_MS 61000

static void set_operator(const struct node_rig *rig, uint32_t author)
{
    char text[TRUST_KEY_TEXT_SIZE];
    trust_key_encode(text, &rig->fixture->keys[author], TRUST_KEY_OPERATOR);
    must(trust_file_write(node_rig_path(rig, TRUST_HOME_OPERATOR_PUB), trust_bytes_text(text),
                          0600));
}

/* A home whose operator is author 0, with a record of it and one of author 1, whom nobody wants
 * once it is named no longer. */
static struct node_rig *make_home(void)
{
    struct node_rig *rig = node_rig_make("");
    const struct trust_home_inputs inputs = {.option = rig->fixture->directory};
    must(trust_home_find(&rig->core.home, &inputs));
    must(trust_home_make(&rig->core.home));
    set_operator(rig, 0);
    node_rig_start(rig);
    for (uint32_t author = 0; author < 2; author++) {
        struct fixture_record record = fixture_rate(rig->fixture, author, author, author);
        assert_int_equal(node_rig_publish(rig, &record), TRUST_OK);
    }
    node_rig_stop(rig);
    return rig;
}

/* What is stored four minutes after a start. */
static uint64_t count_after_sweeps(struct node_rig *rig)
{
    node_rig_start(rig);
    struct trust_now now = rig->core.now;
    for (uint32_t i = 0; i < FIXTURE_AUTHORS; i++)
        must(trust_engine_name(rig->core.engine, &rig->fixture->keys[i], false, now));
    for (int i = 0; i < 4; i++) {
        now.mono.ms += SWEEP_MS;
        now.wall.ms += SWEEP_MS;
        trust_engine_handle_time(rig->core.engine, now);
        pump_run(&rig->core);
    }
    struct trust_engine_stats stats;
    trust_engine_stats(rig->core.engine, &stats);
    node_rig_stop(rig);
    return stats.registers;
}

static void a_missing_key_costs_nothing(void **state)
{
    (void)state;
    struct node_rig *rig = make_home();
    assert_int_equal(unlink(node_rig_path(rig, TRUST_HOME_OPERATOR_PUB)), 0);
    assert_int_equal(count_after_sweeps(rig), 2);
    assert_int_equal(rig->core.former_operators, 1);
    assert_non_null(strstr(node_rig_log(rig), "missing"));
    set_operator(rig, 0);
    assert_int_equal(count_after_sweeps(rig), 1);
    assert_int_equal(rig->core.former_operators, 0);
    node_rig_close(rig);
}

static void another_key_costs_nothing_until_it_is_said_to_be_meant(void **state)
{
    (void)state;
    struct node_rig *rig = make_home();
    set_operator(rig, 2);
    assert_int_equal(count_after_sweeps(rig), 2);
    assert_int_equal(rig->core.former_operators, 1);
    assert_non_null(strstr(node_rig_log(rig), "changed"));
    /* Both have been operators here. */
    set_operator(rig, 0);
    assert_int_equal(count_after_sweeps(rig), 2);
    assert_int_equal(rig->core.former_operators, 1);
    rig->is_new_operator = true;
    set_operator(rig, 2);
    assert_int_equal(count_after_sweeps(rig), 0);
    assert_int_equal(rig->core.former_operators, 0);
    rig->is_new_operator = false;
    assert_int_equal(count_after_sweeps(rig), 0);
    assert_int_equal(rig->core.former_operators, 0);
    node_rig_close(rig);
}

static void no_operator_is_none_to_be_the_only_one(void **state)
{
    (void)state;
    struct node_rig *rig = make_home();
    assert_int_equal(unlink(node_rig_path(rig, TRUST_HOME_OPERATOR_PUB)), 0);
    rig->is_new_operator = true;
    assert_int_equal(node_rig_try(rig), TRUST_NO_CONFLICT);
    assert_non_null(strstr(node_rig_log(rig), "name the new one first"));
    rig->is_new_operator = false;
    assert_int_equal(count_after_sweeps(rig), 2);
    node_rig_close(rig);
}

static void put_row(struct node_rig *rig, struct trust_bytes row)
{
    node_rig_start(rig);
    const struct store_change change = {
        .kind = STORE_STATE_PUT, .state_key = trust_bytes_text("operators"), .bytes = row};
    must(store_submit(rig->core.store, &change));
    node_rig_stop(rig);
}

static void a_list_that_is_full_or_does_not_read_ends_the_start(void **state)
{
    (void)state;
    uint8_t row[1 + TRUST_OPERATORS_MAX * 32] = {1};
    for (uint32_t i = 0; i < TRUST_OPERATORS_MAX; i++)
        row[1 + i * 32] = (uint8_t)(i + 1);
    struct node_rig *rig = make_home();
    put_row(rig, (struct trust_bytes){row, sizeof row});
    assert_int_equal(node_rig_try(rig), TRUST_NO_ROOM);
    assert_non_null(strstr(node_rig_log(rig), "--new-operator"));
    rig->is_new_operator = true;
    assert_int_equal(count_after_sweeps(rig), 1);
    rig->is_new_operator = false;
    put_row(rig, (struct trust_bytes){row, sizeof row - 1});
    assert_int_equal(node_rig_try(rig), TRUST_FAIL_CORRUPT);
    node_rig_close(rig);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_missing_key_costs_nothing),
        cmocka_unit_test(another_key_costs_nothing_until_it_is_said_to_be_meant),
        cmocka_unit_test(no_operator_is_none_to_be_the_only_one),
        cmocka_unit_test(a_list_that_is_full_or_does_not_read_ends_the_start),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
