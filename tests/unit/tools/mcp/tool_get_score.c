/* mcp/tool_get_score: one server, in any spelling. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "mcp/tools.h"
#include "rig.h"

static void a_server_is_told_of_by_its_canonical_id(void **state)
{
    (void)state;
    struct rig *rig = rig_open(NULL);
    json_t *result = rig_call(rig, "get_score", "{\"subject\":\"HTTPS://X.example/\"}");
    assert_string_equal(rig_text(rig_content(result), "subject"), "https://x.example");
    assert_string_equal(rig_text(rig_content(result), "status"), "unknown");
    json_decref(result);
    rig_close(rig);
}

static void without_a_server_it_is_refused(void **state)
{
    (void)state;
    struct rig *rig = rig_open(NULL);
    json_t *result = rig_call(rig, "get_score", "{}");
    assert_string_equal(rig_refusal(result), "subject: it is not there.");
    json_decref(result);
    rig_close(rig);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_server_is_told_of_by_its_canonical_id),
        cmocka_unit_test(without_a_server_it_is_refused),
    };
    return cmocka_run_group_tests_name("mcp/tool_get_score", tests, NULL, NULL);
}
