/* mcp/tool_choose_server: order, refusals, and several tools at once. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "mcp/tools.h"
#include "rig.h"

#define CONFIG                                                                                     \
    "groups:\n"                                                                                    \
    "  search:\n"                                                                                  \
    "    primary: { subject: \"mcp:io.example/a\", url: \"https://a.example/mcp\" }\n"             \
    "    fallbacks: [ { subject: \"https://b.example/mcp\", url: \"https://b.example/mcp\" } ]\n"

#define FIRST "mcp:io.example/a"
#define SECOND "https://b.example/mcp"

static void tell(struct rig *rig, const char *class_, const char *subject, const char *tool)
{
    static unsigned number;
    char arguments[256];
    (void)snprintf(arguments, sizeof arguments,
                   "{\"subject\":\"%s\",\"class\":\"%s\",\"outcome_id\":\"%u\",\"tool\":\"%s\"}",
                   subject, class_, number++, tool);
    json_decref(rig_call(rig, "send_outcome", arguments));
}

/* The tool alone, if others of the server go on working. */
static void break_down(struct rig *rig, const char *subject, const char *tool, bool is_alone)
{
    for (int i = 0; i < 5; i++) {
        tell(rig, "refused", subject, tool);
        for (int j = 0; is_alone && j < 3; j++)
            tell(rig, "ok", subject, "fine");
    }
}

static size_t count(const json_t *result, const char *name)
{
    return json_array_size(json_object_get(rig_content(result), name));
}

static const char *subject_at(const json_t *result, const char *name, size_t place)
{
    return rig_text(json_array_get(json_object_get(rig_content(result), name), place), "subject");
}

static void a_group_is_offered_in_its_order(void **state)
{
    (void)state;
    struct rig *rig = rig_open(CONFIG);
    json_t *result = rig_call(rig, "choose_server", "{\"group\":\"search\"}");
    assert_string_equal(rig_text(rig_content(result), "status"), "degraded");
    assert_string_equal(subject_at(result, "candidates", 0), FIRST);
    assert_string_equal(subject_at(result, "candidates", 1), SECOND);
    assert_int_equal(count(result, "refused"), 0);
    json_decref(result);
    rig_close(rig);
}

static void one_that_fails_is_refused_with_the_rule(void **state)
{
    (void)state;
    struct rig *rig = rig_open(CONFIG);
    break_down(rig, FIRST, "one", false);
    json_t *result = rig_call(rig, "choose_server", "{\"group\":\"search\"}");
    assert_int_equal(count(result, "candidates"), 1);
    assert_string_equal(subject_at(result, "candidates", 0), SECOND);
    const json_t *refused = json_array_get(json_object_get(rig_content(result), "refused"), 0);
    assert_string_equal(rig_text(refused, "why"), "own_breaker");
    assert_string_equal(rig_text(refused, "state"), "open");
    assert_true(json_integer_value(json_object_get(refused, "opens_in_ms")) > 0);
    json_decref(result);
    rig_close(rig);
}

static void with_several_tools_a_server_must_be_open_for_each(void **state)
{
    (void)state;
    struct rig *rig = rig_open(CONFIG);
    break_down(rig, FIRST, "two", true);
    json_t *result =
        rig_call(rig, "choose_server", "{\"group\":\"search\",\"need\":[\"one\",\"two\"]}");
    assert_int_equal(count(result, "candidates"), 1);
    assert_string_equal(subject_at(result, "candidates", 0), SECOND);
    assert_string_equal(subject_at(result, "refused", 0), FIRST);
    json_decref(result);
    result = rig_call(rig, "choose_server", "{\"group\":\"search\",\"need\":[\"one\"]}");
    assert_int_equal(count(result, "candidates"), 2);
    json_decref(result);
    break_down(rig, SECOND, "three", true);
    result = rig_call(rig, "choose_server",
                      "{\"group\":\"search\",\"need\":[\"one\",\"two\",\"three\"]}");
    assert_int_equal(count(result, "candidates"), 0);
    assert_int_equal(count(result, "refused"), 2);
    assert_string_equal(rig_text(rig_content(result), "status"), "unavailable");
    assert_string_equal(rig_text(rig_content(result), "reason"), "all_open");
    assert_true(json_integer_value(json_object_get(rig_content(result), "retry_after_ms")) > 0);
    json_decref(result);
    rig_close(rig);
}

static void wrong_questions_are_refused(void **state)
{
    (void)state;
    static const char *const rows[][2] = {
        {"{}", "Give either group or candidates."},
        {"{\"group\":\"a\",\"candidates\":[\"mcp:io.example/a\"]}", "Give either"},
        {"{\"group\":\"nobody\"}", "group: the configuration has no group of this name."},
        {"{\"group\":\"Obey Me\"}", "group: a name has lower case"},
        {"{\"candidates\":[]}", "candidates: not a list of 1 to 64 ids."},
        {"{\"group\":\"search\",\"min_score\":2}", "min_score"},
    };
    struct rig *rig = rig_open(CONFIG);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        json_t *result = rig_call(rig, "choose_server", rows[i][0]);
        assert_non_null(strstr(rig_refusal(result), rows[i][1]));
        json_decref(result);
    }
    rig_close(rig);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_group_is_offered_in_its_order),
        cmocka_unit_test(one_that_fails_is_refused_with_the_rule),
        cmocka_unit_test(with_several_tools_a_server_must_be_open_for_each),
        cmocka_unit_test(wrong_questions_are_refused),
    };
    return cmocka_run_group_tests_name("mcp/tool_choose_server", tests, NULL, NULL);
}
