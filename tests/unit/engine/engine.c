/* engine/engine: memory is reserved once and used as records come; deadlines are kept. */
#include <stdio.h>

#include "records.h"

/* Resident kilobytes of this process. */
static long resident_kib(void)
{
    long pages = 0;
    FILE *file = fopen("/proc/self/statm", "r");
    assert_non_null(file);
    assert_int_equal(fscanf(file, "%*d %ld", &pages), 1);
    (void)fclose(file);
    return pages * 4;
}

static void an_idle_engine_of_full_size_costs_addresses_and_hardly_memory(void **state)
{
    (void)state;
    struct trust_engine_config config = {.limits = trust_engine_limits_default()};
    long before = resident_kib();
    struct trust_engine *engine = NULL;
    const struct trust_now now = {.wall = {RIG_START_MS}, .mono = {1000}};
    assert_int_equal(trust_engine_new(&engine, &config, now), TRUST_OK);
    trust_engine_handle_time(engine, now);
    struct trust_action action;
    assert_false(trust_engine_poll_action(engine, &action, true, now));
    assert_true(trust_engine_size(&config) > (size_t)1 << 30);
    assert_true(resident_kib() - before < 4096);
    trust_engine_free(engine);
    trust_engine_free(NULL);
}

static void the_next_deadline_is_ahead_after_each_turn(void **state)
{
    (void)state;
    struct rig *rig = rig_open(NULL, 1);
    for (int i = 0; i < 1000; i++) {
        rig->now.mono.ms = trust_engine_next_deadline(rig->engine).ms;
        trust_engine_handle_time(rig->engine, rig->now);
        rig_run(rig);
        assert_true(trust_engine_next_deadline(rig->engine).ms > rig->now.mono.ms);
    }
    rig_close(rig);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_idle_engine_of_full_size_costs_addresses_and_hardly_memory),
        cmocka_unit_test(the_next_deadline_is_ahead_after_each_turn),
    };
    return cmocka_run_group_tests_name("engine/engine", tests, NULL, NULL);
}
