/* score/facts: what a slot remembers of a record, and what it costs. */
#include "score/facts.h"

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

static void a_rating_comes_back_as_it_was_held(void **state)
{
    (void)state;
    struct world world;
    world_open(&world, 16);
    static const struct {
        uint32_t value;
        uint32_t calls;
        enum trust_category category;
        uint32_t kept_calls;
    } rows[] = {
        {0, 0, TRUST_CATEGORY_OVERALL, 0},
        {1000, 19, TRUST_CATEGORY_PERFORMANCE, 19},
        {1001, 1000000, TRUST_CATEGORY_SECURITY, 20},
        {512, 20, TRUST_CATEGORY_PERFORMANCE, 20},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        uint32_t slot = world_rate(&world, &(struct world_opinion){.author = "rater",
                                                                   .subject = A,
                                                                   .category = rows[i].category,
                                                                   .value = rows[i].value,
                                                                   .calls = rows[i].calls,
                                                                   .age_s = i});
        struct trust_rating_view view = trust_facts_rating(&world.scorer.state.facts, slot);
        assert_int_equal(view.author, world_key(&world, "rater"));
        assert_int_equal(view.value, rows[i].value);
        assert_int_equal(view.calls, rows[i].kept_calls);
        assert_int_equal(view.category, rows[i].category);
        assert_int_equal(view.seq, world.now.wall.ms - i * 1000);
        assert_int_equal(view.silence, TRUST_SILENCE_NONE);
        trust_facts_silence(&world.scorer.state.facts, slot, TRUST_SILENCE_REVOKED);
        view = trust_facts_rating(&world.scorer.state.facts, slot);
        assert_int_equal(view.silence, TRUST_SILENCE_REVOKED);
        assert_int_equal(view.value, rows[i].value);
    }
    world_close(&world);
}

static void removing_any_of_a_servers_facts_keeps_the_others_linked(void **state)
{
    (void)state;
    for (uint32_t removed = 0; removed < 4; removed++) {
        struct world world;
        world_open(&world, 16);
        uint32_t slots[4];
        const char *authors[] = {"a", "b", "c", "d"};
        for (int i = 0; i < 4; i++)
            slots[i] = world_praise(&world, authors[i], A, 500);
        trust_scorer_drop(&world.scorer, slots[removed]);
        struct trust_score_state *scorer = &world.scorer.state;
        uint32_t server = 0;
        assert_true(trust_servers_find(&scorer->servers, &server, trust_bytes_text(A)));
        uint32_t seen = 0;
        uint32_t next = scorer->servers.servers[server].first_rating;
        for (; next != 0; next = trust_facts_next_rating(&scorer->facts, next - 1)) {
            assert_int_not_equal(next - 1, slots[removed]);
            seen++;
        }
        assert_int_equal(seen, 3);
        for (int i = 0; i < 4; i++)
            trust_scorer_drop(&world.scorer, slots[i]);
        assert_false(trust_servers_find(&scorer->servers, &server, trust_bytes_text(A)));
        assert_int_equal(scorer->facts.rating_count, 0);
        assert_int_equal(scorer->servers.texts.count, 0);
        world_close(&world);
    }
}

static void flags_keep_their_rule_and_lists_of_their_own(void **state)
{
    (void)state;
    struct world world;
    world_open(&world, 16);
    uint32_t slots[3];
    for (int i = 0; i < 3; i++)
        slots[i] = world_flag(&world, &(struct world_opinion){.author = "scanner",
                                                              .subject = A,
                                                              .value = TRUST_SEVERITY_HIGH,
                                                              .calls = TRUST_CLASS_MALWARE});
    struct trust_score_state *scorer = &world.scorer.state;
    const struct trust_flag_fact *flag = trust_facts_flag(&scorer->facts, slots[1]);
    uint8_t rule[8];
    assert_int_equal(flag->rule_size, 8);
    trust_texts_read(&scorer->servers.texts, rule, flag->rule, flag->rule_size);
    assert_memory_equal(rule, "rule.one", 8);
    trust_scorer_drop(&world.scorer, slots[1]);
    assert_int_equal(trust_facts_next_flag(&scorer->facts, slots[2]), slots[0] + 1);
    trust_scorer_drop(&world.scorer, slots[2]);
    trust_scorer_drop(&world.scorer, slots[0]);
    assert_int_equal(scorer->servers.texts.count, 0);
    assert_int_equal(scorer->facts.flag_pool.count, 0);
    world_close(&world);
}

static void a_full_pool_refuses_and_leaves_nothing_behind(void **state)
{
    (void)state;
    struct world world;
    world_open(&world, 4);
    for (int i = 0; i < 4; i++)
        world_flag(&world, &(struct world_opinion){.author = "scanner",
                                                   .subject = A,
                                                   .value = TRUST_SEVERITY_HIGH,
                                                   .calls = TRUST_CLASS_MALWARE});
    struct trust_record record = {.kind = TRUST_KIND_FLAG, .seq = 1, .expires = 9};
    record.flag = (struct trust_flag){
        .subject = trust_bytes_text(A),
        .severity = TRUST_SEVERITY_LOW,
        .class_ = TRUST_CLASS_OTHER,
        .rule = trust_bytes_text("x"),
    };
    uint32_t texts = world.scorer.state.servers.texts.count;
    assert_int_equal(trust_scorer_hold(&world.scorer, 39, &record, world_key(&world, "scanner"),
                                       TRUST_SCORER_NONE),
                     TRUST_NO_ROOM);
    assert_int_equal(world.scorer.state.servers.texts.count, texts);
    assert_int_equal(trust_fact_kind(&world.scorer.state.facts, 39), TRUST_FACT_NONE);
    world_close(&world);
}

static void a_rating_costs_thirty_two_bytes_with_its_slot(void **state)
{
    (void)state;
    assert_int_equal(sizeof(struct trust_rating_fact) + sizeof(uint32_t), 32);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_rating_comes_back_as_it_was_held),
        cmocka_unit_test(removing_any_of_a_servers_facts_keeps_the_others_linked),
        cmocka_unit_test(flags_keep_their_rule_and_lists_of_their_own),
        cmocka_unit_test(a_full_pool_refuses_and_leaves_nothing_behind),
        cmocka_unit_test(a_rating_costs_thirty_two_bytes_with_its_slot),
    };
    return cmocka_run_group_tests_name("score/facts", tests, NULL, NULL);
}
