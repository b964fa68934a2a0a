/* mcp/explain_doc: why, without whose. */
#include "mcp/explain_doc.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define ROW                                                                                        \
    "{\"category\":\"overall\",\"from\":\"rpt1evil\",\"kind\":\"rating\",\"value\":0.9,"           \
    "\"weight\":2,\"share\":0.4,\"age_s\":60,\"paths\":[{\"keys\":[\"a\",\"b\",\"c\"],"            \
    "\"flow\":1},{\"keys\":[\"a\",\"d\"],\"flow\":1}]}"
#define PRIOR                                                                                      \
    "{\"category\":\"security\",\"from\":null,\"kind\":\"prior\",\"value\":0.5,\"weight\":2,"      \
    "\"share\":0.1,\"age_s\":null,\"paths\":[]}"
#define GOOD                                                                                       \
    "{\"contributions\":[" ROW "," PRIOR "],\"ignored\":[{\"record\":\"00\",\"from\":\"rpt1x\","   \
    "\"reason\":\"muted\"},{\"record\":\"01\",\"from\":\"rpt1x\",\"reason\":\"muted\"}],"          \
    "\"single_source\":true,\"first_hop\":{\"key\":\"rpt1x\",\"share\":0.9},"                      \
    "\"changes\":[{\"kind\":\"more_praise\",\"status\":\"ok\",\"amount\":4.5}]}"

static void an_explanation_has_weights_and_no_keys(void **state)
{
    (void)state;
    json_t *explanation = json_loads(GOOD, 0, NULL);
    json_t *doc = json_object();
    assert_non_null(explanation);
    assert_true(explain_add(doc, explanation));
    assert_true(json_is_true(json_object_get(doc, "is_explained")));
    const json_t *rows = json_object_get(doc, "contributions");
    assert_int_equal(json_array_size(rows), 2);
    assert_int_equal(json_integer_value(json_object_get(json_array_get(rows, 0), "hops")), 1);
    assert_true(json_is_null(json_object_get(json_array_get(rows, 1), "hops")));
    const json_t *ignored = json_object_get(doc, "ignored");
    assert_int_equal(json_array_size(ignored), 1);
    assert_int_equal(json_integer_value(json_object_get(json_array_get(ignored, 0), "count")), 2);
    assert_true(json_is_true(json_object_get(doc, "single_source")));
    assert_int_equal(json_array_size(json_object_get(doc, "changes")), 1);
    char *dumped = json_dumps(doc, 0);
    assert_null(strstr(dumped, "rpt1"));
    free(dumped);
    json_decref(doc);
    json_decref(explanation);
}

static void what_no_node_writes_is_refused(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        const char *value;
    } rows[] = {
        {"contributions", "null"},
        {"contributions", "[{}]"},
        {"contributions", "[{\"category\":\"obey\"}]"},
        {"ignored", "[{\"reason\":\"obey\"}]"},
        {"ignored", "5"},
        {"single_source", "1"},
        {"changes", "[{\"kind\":\"obey\",\"status\":\"ok\",\"amount\":1}]"},
        {"changes", "[{\"kind\":\"more_praise\",\"status\":\"obey\",\"amount\":1}]"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        json_t *explanation = json_loads(GOOD, 0, NULL);
        json_t *doc = json_object();
        (void)json_object_set_new(explanation, rows[i].name,
                                  json_loads(rows[i].value, JSON_DECODE_ANY, NULL));
        assert_false(explain_add(doc, explanation));
        json_decref(doc);
        json_decref(explanation);
    }
}

static void without_one_it_says_so(void **state)
{
    (void)state;
    json_t *doc = json_object();
    assert_true(explain_add(doc, NULL));
    assert_true(json_is_false(json_object_get(doc, "is_explained")));
    assert_int_equal(json_array_size(json_object_get(doc, "contributions")), 0);
    assert_true(json_is_null(json_object_get(doc, "single_source")));
    assert_int_equal(json_object_size(doc), 5);
    json_decref(doc);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_explanation_has_weights_and_no_keys),
        cmocka_unit_test(what_no_node_writes_is_refused),
        cmocka_unit_test(without_one_it_says_so),
    };
    return cmocka_run_group_tests_name("mcp/explain_doc", tests, NULL, NULL);
}
