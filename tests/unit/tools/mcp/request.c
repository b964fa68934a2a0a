/* mcp/request: what results of each era have. */
#include "mcp/request.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "rig.h"

static json_t *answered(bool is_modern, bool is_kept)
{
    struct rig *rig = rig_open(NULL);
    struct message message = {.id = trust_bytes_text("1")};
    const struct request request = {
        .server = &rig->server, .message = &message, .is_modern = is_modern};
    if (is_kept)
        request_answer_kept(&request, json_object(), 5);
    else
        request_answer(&request, json_object());
    json_t *answer = json_loads(rig_heard(rig), 0, NULL);
    json_t *result = json_incref(json_object_get(answer, "result"));
    json_decref(answer);
    rig_close(rig);
    return result;
}

static void only_modern_results_have_more(void **state)
{
    (void)state;
    for (int is_kept = 0; is_kept < 2; is_kept++) {
        json_t *legacy = answered(false, is_kept != 0);
        json_t *modern = answered(true, is_kept != 0);
        assert_int_equal(json_object_size(legacy), 0);
        assert_string_equal(rig_text(modern, "resultType"), "complete");
        assert_string_equal(rig_text(json_object_get(json_object_get(modern, "_meta"),
                                                     "io.modelcontextprotocol/serverInfo"),
                                     "name"),
                            "repute");
        assert_int_equal(json_object_size(modern), is_kept ? 4 : 2);
        if (is_kept) {
            assert_int_equal(json_integer_value(json_object_get(modern, "ttlMs")), 5);
            assert_string_equal(rig_text(modern, "cacheScope"), "private");
        }
        json_decref(legacy);
        json_decref(modern);
    }
}

static void parts_are_read_with_numbers_of_any_size(void **state)
{
    (void)state;
    json_t *value =
        request_read(trust_bytes_text("{\"a\":123456789012345678901234567890,\"b\":\"x\"}"));
    assert_string_equal(rig_text(value, "b"), "x");
    json_decref(value);
    assert_null(request_read((struct trust_bytes){0}));
    assert_null(request_read(trust_bytes_text("{\"a\":1,\"a\":2}")));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(only_modern_results_have_more),
        cmocka_unit_test(parts_are_read_with_numbers_of_any_size),
    };
    return cmocka_run_group_tests_name("mcp/request", tests, NULL, NULL);
}
