/* mcp/tool_send_outcome: once, and only where it may count. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "mcp/tools.h"
#include "rig.h"

#define TOLD(class, id)                                                                            \
    "{\"subject\":\"mcp:io.example/a\",\"class\":\"" class "\",\"outcome_id\":\"" id "\"}"

static bool is_counted(struct rig *rig, const char *arguments)
{
    json_t *result = rig_call(rig, "send_outcome", arguments);
    bool is_true = json_is_true(json_object_get(rig_content(result), "is_counted"));
    json_decref(result);
    return is_true;
}

static void an_id_counts_once_whatever_it_says(void **state)
{
    (void)state;
    struct rig *rig = rig_open(NULL);
    assert_true(is_counted(rig, TOLD("ok", "1")));
    assert_false(is_counted(rig, TOLD("ok", "1")));
    assert_false(is_counted(rig, TOLD("refused", "1")));
    assert_true(is_counted(rig, TOLD("ok", "2")));
    rig_close(rig);
}

static void five_failures_open_the_breaker_and_the_sixth_counts_no_more(void **state)
{
    (void)state;
    static const char *const five[] = {TOLD("refused", "1"), TOLD("timeout", "2"),
                                       TOLD("http5xx", "3"), TOLD("refused", "4"),
                                       TOLD("garbage", "5")};
    struct rig *rig = rig_open(NULL);
    for (size_t i = 0; i < 5; i++)
        assert_true(is_counted(rig, five[i]));
    json_t *result = rig_call(rig, "send_outcome", TOLD("ok", "6"));
    assert_true(json_is_false(json_object_get(rig_content(result), "is_counted")));
    assert_true(json_is_false(json_object_get(rig_content(result), "is_duplicate")));
    assert_string_equal(rig_text(rig_content(result), "why"), "own_breaker");
    json_decref(result);
    rig_close(rig);
}

static void what_is_refused_uses_no_id_up(void **state)
{
    (void)state;
    struct rig *rig = rig_open(NULL);
    json_t *result = rig_call(rig, "send_outcome", TOLD("splendid", "1"));
    assert_non_null(strstr(rig_refusal(result), "class: none of ok"));
    assert_null(strstr(rig_refusal(result), "splendid"));
    json_decref(result);
    assert_true(is_counted(rig, TOLD("ok", "1")));
    rig_close(rig);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_id_counts_once_whatever_it_says),
        cmocka_unit_test(five_failures_open_the_breaker_and_the_sixth_counts_no_more),
        cmocka_unit_test(what_is_refused_uses_no_id_up),
    };
    return cmocka_run_group_tests_name("mcp/tool_send_outcome", tests, NULL, NULL);
}
