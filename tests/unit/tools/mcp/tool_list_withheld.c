/* mcp/tool_list_withheld: what is withheld, and whether it is all. */
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

static void nothing_withheld_is_a_whole_list(void **state)
{
    (void)state;
    struct rig *rig = rig_open(CONFIG);
    json_t *result = rig_call(rig, "list_withheld", "{}");
    const json_t *content = rig_content(result);
    assert_int_equal(json_array_size(json_object_get(content, "servers")), 0);
    assert_true(json_is_true(json_object_get(content, "is_whole")));
    assert_string_equal(rig_text(content, "message"),
                        "No server of the configuration is withheld.");
    json_decref(result);
    rig_close(rig);
}

static void a_list_that_may_lack_servers_says_so(void **state)
{
    (void)state;
    struct rig *rig = rig_open(NULL);
    json_t *result = rig_call(rig, "list_withheld", "{}");
    assert_true(json_is_false(json_object_get(rig_content(result), "is_whole")));
    assert_non_null(strstr(rig_text(rig_content(result), "message"), "may lack servers"));
    json_decref(result);
    rig_close(rig);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nothing_withheld_is_a_whole_list),
        cmocka_unit_test(a_list_that_may_lack_servers_says_so),
    };
    return cmocka_run_group_tests_name("mcp/tool_list_withheld", tests, NULL, NULL);
}
