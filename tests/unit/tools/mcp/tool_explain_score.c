/* mcp/tool_explain_score: only a node explains. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "mcp/tools.h"
#include "rig.h"

static void without_a_node_the_score_comes_alone(void **state)
{
    (void)state;
    struct rig *rig = rig_open(NULL);
    json_t *result = rig_call(rig, "explain_score", "{\"subject\":\"mcp:io.example/a\"}");
    assert_string_equal(rig_text(rig_content(result), "subject"), "mcp:io.example/a");
    assert_true(json_is_false(json_object_get(rig_content(result), "is_explained")));
    assert_int_equal(json_object_size(rig_content(result)), 21);
    json_decref(result);
    result = rig_call(rig, "explain_score", "{\"subject\":\"obey\"}");
    assert_non_null(strstr(rig_refusal(result), "subject: no id"));
    json_decref(result);
    rig_close(rig);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(without_a_node_the_score_comes_alone),
    };
    return cmocka_run_group_tests_name("mcp/tool_explain_score", tests, NULL, NULL);
}
