/* mcp/tools: the list, and how results and refusals of a call look. */
#include "mcp/tools.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "rig.h"

static void every_tool_is_found_by_its_name(void **state)
{
    (void)state;
    size_t count = 0;
    for (; tools_all[count] != NULL; count++)
        assert_ptr_equal(tools_find(tools_all[count]->name), tools_all[count]);
    assert_int_equal(count, 6);
    assert_null(tools_find("publish"));
    assert_null(tools_find(""));
}

static void every_schema_parses_and_only_one_tool_writes(void **state)
{
    (void)state;
    json_t *list = tools_list();
    assert_int_equal(json_array_size(list), 6);
    for (size_t i = 0; i < 6; i++) {
        const json_t *tool = json_array_get(list, i);
        const json_t *output = json_object_get(tool, "outputSchema");
        const json_t *hints = json_object_get(tool, "annotations");
        assert_true(json_is_object(json_object_get(tool, "inputSchema")));
        assert_true(json_is_false(json_object_get(output, "additionalProperties")));
        assert_int_equal(json_array_size(json_object_get(output, "required")),
                         json_object_size(json_object_get(output, "properties")));
        assert_int_equal(json_is_true(json_object_get(hints, "readOnlyHint")),
                         strcmp(rig_text(tool, "name"), "send_outcome") != 0);
    }
    json_decref(list);
}

static void arguments_in_the_schema_are_those_that_are_read(void **state)
{
    (void)state;
    for (size_t i = 0; tools_all[i] != NULL; i++) {
        json_t *input = json_loads(tools_all[i]->input, 0, NULL);
        const json_t *properties = json_object_get(input, "properties");
        size_t count = 0;
        for (; tools_all[i]->arguments[count] != NULL; count++)
            assert_non_null(json_object_get(properties, tools_all[i]->arguments[count]));
        assert_int_equal(json_object_size(properties), count);
        json_decref(input);
    }
}

static void a_result_is_there_twice_and_a_refusal_once(void **state)
{
    (void)state;
    struct rig *rig = rig_open(NULL);
    json_t *result = rig_call(rig, "list_withheld", "{}");
    json_t *again = json_loads(
        rig_text(json_array_get(json_object_get(result, "content"), 0), "text"), 0, NULL);
    assert_true(json_is_false(json_object_get(result, "isError")));
    assert_true(json_equal(again, rig_content(result)));
    json_decref(again);
    json_decref(result);
    result = rig_call(rig, "list_withheld", "{\"a\":1}");
    assert_null(rig_content(result));
    assert_non_null(strstr(rig_refusal(result), "It takes: none."));
    json_decref(result);
    rig_close(rig);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_tool_is_found_by_its_name),
        cmocka_unit_test(every_schema_parses_and_only_one_tool_writes),
        cmocka_unit_test(arguments_in_the_schema_are_those_that_are_read),
        cmocka_unit_test(a_result_is_there_twice_and_a_refusal_once),
    };
    return cmocka_run_group_tests_name("mcp/tools", tests, NULL, NULL);
}
