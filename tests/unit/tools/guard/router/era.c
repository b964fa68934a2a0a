/* guard/era: versions, and which one is spoken. */
#include "guard/router/era.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static void versions_have_their_era(void **state)
{
    (void)state;
    static const struct {
        const char *version;
        enum era era;
    } rows[] = {
        {"\"2024-11-05\"", ERA_LEGACY},
        {"\"2025-03-26\"", ERA_LEGACY},
        {"\"2025-06-18\"", ERA_LEGACY},
        {"\"2025-11-25\"", ERA_LEGACY},
        {"\"2026-07-28\"", ERA_MODERN},
        {"\"2099-01-01\"", ERA_NONE},
        {"2025", ERA_NONE},
        {"", ERA_NONE},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        assert_int_equal(era_of_version(trust_bytes_text(rows[i].version)), rows[i].era);
}

static void the_lesser_version_is_spoken(void **state)
{
    (void)state;
    static const char *const rows[][3] = {
        {"\"2025-06-18\"", "\"2025-06-18\"", "\"2025-06-18\""},
        {"\"2025-11-25\"", "\"2024-11-05\"", "\"2024-11-05\""},
        {"\"2025-03-26\"", "\"2025-11-25\"", "\"2025-03-26\""},
        {"\"2099-01-01\"", "\"2025-06-18\"", "\"2025-06-18\""},
        {"\"2025-06-18\"", "\"1.0\"", "\"2025-06-18\""},
        {"\"2026-07-28\"", "", "\"2025-11-25\""},
        {"7", "7", "\"2025-11-25\""},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct trust_bytes version =
            era_negotiate(trust_bytes_text(rows[i][0]), trust_bytes_text(rows[i][1]));
        assert_int_equal(version.size, strlen(rows[i][2]));
        assert_memory_equal(version.data, rows[i][2], version.size);
    }
}

static void the_first_request_tells_the_era(void **state)
{
    (void)state;
    static const struct {
        const char *line;
        enum era era;
    } rows[] = {
        {"{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"initialize\",\"params\":{}}", ERA_LEGACY},
        {"{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"server/discover\"}", ERA_MODERN},
        {"{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tools/list\",\"params\":{\"_meta\":{"
         "\"io.modelcontextprotocol/protocolVersion\":\"2026-07-28\"}}}",
         ERA_MODERN},
        {"{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tools/list\"}", ERA_NONE},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct message message;
        assert_int_equal(message_read(&message, trust_bytes_text(rows[i].line)), TRUST_OK);
        assert_int_equal(era_of_request(&message), rows[i].era);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(versions_have_their_era),
        cmocka_unit_test(the_lesser_version_is_spoken),
        cmocka_unit_test(the_first_request_tells_the_era),
    };
    return cmocka_run_group_tests_name("tools/guard/era", tests, NULL, NULL);
}
