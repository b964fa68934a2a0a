/* score/ignored: every record that counts for nothing is listed with its reason. */
#include "score/ignored.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/bytes.h"
#include "world.h"

#define A "mcp:io.example/a"

static struct trust_explanation *explain(struct world *world)
{
    static struct trust_explanation explanation;
    const struct trust_question question = {.subject = trust_bytes_text(A)};
    world_tick(world);
    assert_int_equal(trust_scorer_explain(&world->scorer, &explanation, &question, world->now.wall),
                     TRUST_OK);
    return &explanation;
}

static const struct trust_ignored *find(const struct trust_explanation *explanation, uint32_t slot)
{
    for (uint32_t i = 0; i < explanation->ignored_shown; i++) {
        if (explanation->ignored[i].slot == slot)
            return &explanation->ignored[i];
    }
    return NULL;
}

static void each_reason_is_given_to_the_record_it_fits(void **state)
{
    (void)state;
    struct world world;
    world_open(&world, 32);
    world_vouch(&world, WORLD_ME, "a", 1000, TRUST_SCOPE_ALL);
    world_vouch(&world, WORLD_ME, "cut", -1000, TRUST_SCOPE_ALL);
    struct world_opinion withdrawn = {.author = "a",
                                      .subject = A "@2.0",
                                      .category = TRUST_CATEGORY_OVERALL,
                                      .value = TRUST_RATING_WITHDRAWN};
    struct world_opinion expired = withdrawn;
    expired.subject = A "@3.0";
    expired.value = 1;
    expired.age_s = 701 * WORLD_DAY_S;
    uint32_t counted = world_praise(&world, "a", A "@1.0", 900);
    const struct {
        uint32_t slot;
        enum trust_ignored_reason reason;
    } rows[] = {
        {world_praise(&world, "a", A, 900), TRUST_IGNORED_LEVEL},
        {world_praise(&world, "stranger", A, 900), TRUST_IGNORED_NO_WEIGHT},
        {world_praise(&world, "cut", A, 900), TRUST_IGNORED_MUTED},
        {world_rate(&world, &withdrawn), TRUST_IGNORED_WITHDRAWN},
        {world_rate(&world, &expired), TRUST_IGNORED_EXPIRED},
        {world_praise(&world, "void", A, 900), TRUST_IGNORED_VOID},
        {world_praise(&world, "gone", A, 900), TRUST_IGNORED_REVOKED},
        {world_flag(&world, &(struct world_opinion){.author = "stranger",
                                                    .subject = A,
                                                    .value = TRUST_SEVERITY_LOW,
                                                    .calls = TRUST_CLASS_OTHER}),
         TRUST_IGNORED_NO_WEIGHT},
    };
    trust_scorer_silence(&world.scorer, rows[5].slot, TRUST_IGNORED_VOID);
    trust_scorer_silence(&world.scorer, rows[6].slot, TRUST_IGNORED_REVOKED);
    const struct trust_explanation *explanation = explain(&world);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const struct trust_ignored *row = find(explanation, rows[i].slot);
        assert_true(row != NULL && row->reason == rows[i].reason);
    }
    assert_null(find(explanation, counted));
    assert_int_equal(explanation->ignored_count, 8);
    const struct trust_ignored *stranger = find(explanation, rows[1].slot);
    assert_string_equal(stranger == NULL ? "" : (const char *)stranger->from.bytes, "stranger");
    world_close(&world);
}

static void what_does_not_fit_the_list_is_still_counted(void **state)
{
    (void)state;
    struct world world;
    world_open(&world, 128);
    for (int i = 0; i < 100; i++) {
        char name[16];
        snprintf(name, sizeof name, "s%d", i);
        world_praise(&world, name, A, 500);
    }
    const struct trust_explanation *explanation = explain(&world);
    assert_int_equal(explanation->ignored_count, 100);
    assert_int_equal(explanation->ignored_shown, TRUST_EXPLAIN_IGNORED_MAX);
    world_close(&world);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_reason_is_given_to_the_record_it_fits),
        cmocka_unit_test(what_does_not_fit_the_list_is_still_counted),
    };
    return cmocka_run_group_tests_name("score/ignored", tests, NULL, NULL);
}
