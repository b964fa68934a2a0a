/* client/group_doc: a group out of the node's answer to a selection. */
#include "client/group_doc.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static enum trust_error read_text(struct trust_client_group *out_group, const char *text)
{
    json_t *doc = json_loads(text, 0, NULL);
    assert_non_null(doc);
    enum trust_error error = trust_group_doc_read(out_group, "search", doc);
    json_decref(doc);
    return error;
}

static void a_group_of_the_default_rules_is_its_servers(void **state)
{
    (void)state;
    struct trust_client_group group;
    assert_int_equal(read_text(&group, "{\"policy\":{\"servers\":[\"mcp:a/b\"],"
                                       "\"strategy\":\"primary_first\",\"risk\":\"low\","
                                       "\"min_score\":0.5,\"vetted_only\":false,"
                                       "\"when_all_open\":\"unavailable\"}}"),
                     TRUST_OK);
    assert_string_equal(group.name, "search");
    assert_int_equal(group.count, 1);
    assert_int_equal(group.min_score_ppm, 500000);
    assert_int_equal(group.risk, TRUST_RISK_LOW);
    assert_int_equal(group.strategy, TRUST_STRATEGY_PRIMARY_FIRST);
    assert_int_equal(group.when_all_open, TRUST_WHEN_ALL_OPEN_UNAVAILABLE);
    assert_false(group.vetted_only);
}

static void its_rules_and_order_are_those_of_the_policy(void **state)
{
    (void)state;
    struct trust_client_group group;
    assert_int_equal(
        read_text(&group,
                  "{\"candidates\":[{\"subject\":\"mcp:c/d\",\"why\":\"cost\"}],\"refused\":[],"
                  "\"policy\":{\"servers\":[\"mcp:a/b\",\"mcp:c/d\"],\"min_score\":0.75,"
                  "\"strategy\":\"best\",\"risk\":\"high\",\"vetted_only\":true,"
                  "\"when_all_open\":\"try_least_bad\"}}"),
        TRUST_OK);
    assert_int_equal(group.count, 2);
    assert_string_equal(group.members[0].target.subject, "mcp:a/b");
    assert_true(group.members[0].is_primary);
    assert_false(group.members[1].is_primary);
    assert_int_equal(group.min_score_ppm, 750000);
    assert_int_equal(group.risk, TRUST_RISK_HIGH);
    assert_int_equal(group.strategy, TRUST_STRATEGY_BEST);
    assert_int_equal(group.when_all_open, TRUST_WHEN_ALL_OPEN_TRY_LEAST_BAD);
    assert_true(group.vetted_only);
}

static void what_no_node_writes_is_refused(void **state)
{
    (void)state;
    static const char *const texts[] = {
        "[]",
        "{}",
        "{\"candidates\":[],\"refused\":[]}",
        "{\"policy\":null}",
        "{\"policy\":{}}",
        "{\"policy\":{\"servers\":{}}}",
        "{\"policy\":{\"servers\":[\"nonsense\"]}}",
        "{\"policy\":{\"servers\":[3]}}",
    };
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        struct trust_client_group group = {.count = 77};
        assert_int_equal(read_text(&group, texts[i]), TRUST_NO_TYPE);
        assert_int_equal(group.count, 77);
    }
    json_t *servers = json_array();
    for (int i = 0; i < 17; i++)
        assert_int_equal(json_array_append_new(servers, json_string("mcp:a/b")), 0);
    json_t *doc = json_pack("{s:{s:o}}", "policy", "servers", servers);
    struct trust_client_group group;
    assert_int_equal(trust_group_doc_read(&group, "search", doc), TRUST_NO_SIZE);
    json_decref(doc);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_group_of_the_default_rules_is_its_servers),
        cmocka_unit_test(its_rules_and_order_are_those_of_the_policy),
        cmocka_unit_test(what_no_node_writes_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
