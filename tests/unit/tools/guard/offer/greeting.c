/* guard/greeting: a server is introduced in the words of the other era. */
#include "guard/offer/greeting.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static void check(void (*write)(struct trust_writer *, struct trust_bytes), const char *greeting,
                  const char *expected)
{
    char text[1024];
    struct trust_writer writer = trust_writer_init(text, sizeof text - 1);
    write(&writer, trust_bytes_text(greeting));
    assert_false(trust_writer_has_overflowed(&writer));
    assert_in_range(writer.size, 1, strlen(greeting) + GREETING_EXTRA);
    text[writer.size] = '\0';
    assert_string_equal(text, expected);
}

#define MODERN                                                                                     \
    "{\"resultType\":\"complete\",\"supportedVersions\":[\"2026-07-28\"],\"capabilities\":{"       \
    "\"tools\":{}},\"instructions\":\"i\",\"ttlMs\":0,\"cacheScope\":\"private\",\"_meta\":{\"io." \
    "modelcontextprotocol/serverInfo\":{\"name\":\"s\",\"version\":\"1\"}}}"
#define LEGACY                                                                                     \
    "{\"protocolVersion\":\"2025-11-25\",\"capabilities\":{\"tools\":{}},\"serverInfo\":{"         \
    "\"name\":\"s\",\"version\":\"1\"},\"instructions\":\"i\"}"

static void a_modern_server_is_introduced_to_a_legacy_client(void **state)
{
    (void)state;
    assert_false(greeting_is_legacy(trust_bytes_text(MODERN)));
    check(greeting_write_legacy, MODERN, LEGACY);
    check(
        greeting_write_legacy, "{\"serverInfo\":{\"name\":\"t\"},\"capabilities\":[]}",
        "{\"protocolVersion\":\"2025-11-25\",\"capabilities\":{},\"serverInfo\":{\"name\":\"t\"}}");
    check(greeting_write_legacy, "{\"instructions\":7}",
          "{\"protocolVersion\":\"2025-11-25\",\"capabilities\":{},\"serverInfo\":{\"name\":"
          "\"unnamed\",\"version\":\"0\"}}");
}

static void a_legacy_server_is_introduced_to_a_modern_client(void **state)
{
    (void)state;
    assert_true(greeting_is_legacy(trust_bytes_text(LEGACY)));
    check(greeting_write_modern, LEGACY, MODERN);
    check(greeting_write_modern, "{\"protocolVersion\":\"2024-11-05\"}",
          "{\"resultType\":\"complete\",\"supportedVersions\":[\"2026-07-28\"],\"capabilities\":{},"
          "\"ttlMs\":0,\"cacheScope\":\"private\"}");
}

static void a_server_does_not_speak_for_the_guard(void **state)
{
    (void)state;
    static const struct {
        const char *greeting, *expected;
    } rows[] = {
        {"{\"_meta\":{\"io.repute/guard\":{\"reason\":1},\"a\":2}}",
         "{\"_meta\":{\"io.repute/guard\":null,\"a\":2}}"},
        {"{\"_meta\":{\"io.repute\\/gu\\u0061rd\":1}}",
         "{\"_meta\":{\"io.repute\\/gu\\u0061rd\":null}}"},
        {"{\"_meta\":{\"io.repute/guard\":1,\"io.repute/guard\":2},\"b\":3}",
         "{\"_meta\":{},\"b\":3}"},
        {"{\"_meta\":7}", "{\"_meta\":7}"},
        {"{}", "{}"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char text[256];
        struct splice splice;
        struct trust_writer writer = trust_writer_init(text, sizeof text - 1);
        splice_init(&splice, trust_bytes_text(rows[i].greeting));
        greeting_take_out_own(&splice, trust_bytes_text(rows[i].greeting));
        splice_write(&splice, &writer);
        text[writer.size] = '\0';
        assert_string_equal(text, rows[i].expected);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_modern_server_is_introduced_to_a_legacy_client),
        cmocka_unit_test(a_legacy_server_is_introduced_to_a_modern_client),
        cmocka_unit_test(a_server_does_not_speak_for_the_guard),
    };
    return cmocka_run_group_tests_name("tools/guard/greeting", tests, NULL, NULL);
}
