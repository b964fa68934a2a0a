/* mcp/tool_compare_servers: each server once, none preferred without reason. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "mcp/tools.h"
#include "rig.h"

static void a_server_in_two_spellings_counts_once(void **state)
{
    (void)state;
    struct rig *rig = rig_open(NULL);
    json_t *result =
        rig_call(rig, "compare_servers",
                 "{\"subjects\":[\"mcp:io.example/b\",\"https://x.example\",\"mcp:io.example/a\","
                 "\"HTTPS://X.example/\"]}");
    const json_t *servers = json_object_get(rig_content(result), "servers");
    assert_int_equal(json_array_size(servers), 3);
    assert_string_equal(rig_text(json_array_get(servers, 0), "subject"), "https://x.example");
    assert_string_equal(rig_text(json_array_get(servers, 1), "subject"), "mcp:io.example/a");
    assert_string_equal(rig_text(json_array_get(servers, 2), "subject"), "mcp:io.example/b");
    assert_true(json_is_null(json_object_get(rig_content(result), "best")));
    json_decref(result);
    rig_close(rig);
}

static void one_server_is_nothing_to_compare(void **state)
{
    (void)state;
    struct rig *rig = rig_open(NULL);
    json_t *result = rig_call(rig, "compare_servers", "{\"subjects\":[\"mcp:io.example/b\"]}");
    assert_string_equal(rig_refusal(result), "subjects: not a list of 2 to 64 ids.");
    json_decref(result);
    rig_close(rig);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_server_in_two_spellings_counts_once),
        cmocka_unit_test(one_server_is_nothing_to_compare),
    };
    return cmocka_run_group_tests_name("mcp/tool_compare_servers", tests, NULL, NULL);
}
