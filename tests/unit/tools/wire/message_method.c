/* wire/message_method: each method has one name, and is found by it alone. */
#include "wire/message_method.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

static enum message_method method_of(const char *value)
{
    return message_method_of(trust_bytes_text(value));
}

static void each_method_is_found_by_its_name(void **state)
{
    (void)state;
    for (int i = METHOD_OTHER + 1; i <= METHOD_TASK_STATUS; i++) {
        const char *name = message_method_name((enum message_method)i);
        assert_non_null(name);
        char value[64];
        (void)snprintf(value, sizeof value, "\"%s\"", name);
        assert_int_equal(method_of(value), i);
        (void)snprintf(value, sizeof value, "\"%sx\"", name);
        assert_int_equal(method_of(value), METHOD_OTHER);
        (void)snprintf(value, sizeof value, "\"\\u%04x%s\"", (unsigned)name[0], name + 1);
        assert_int_equal(method_of(value), i);
    }
    assert_null(message_method_name(METHOD_OTHER));
}

static void anything_else_is_another_method(void **state)
{
    (void)state;
    static const char *const values[] = {
        "",     "\"\"",          "\"Tools/call\"", "tools/call",
        "null", "\"tools/call ", "\"vendor/own\"", "\"tools\\u002f\""};
    for (size_t i = 0; i < sizeof values / sizeof *values; i++)
        assert_int_equal(method_of(values[i]), METHOD_OTHER);
    assert_int_equal(method_of("\"tools/call\""), METHOD_TOOLS_CALL);
    assert_int_equal(method_of("\"tools\\/call\""), METHOD_TOOLS_CALL);
    assert_int_equal(method_of("\"server/discover\""), METHOD_DISCOVER);
    assert_int_equal(method_of("\"notifications/cancelled\""), METHOD_CANCELLED);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_method_is_found_by_its_name),
        cmocka_unit_test(anything_else_is_another_method),
    };
    return cmocka_run_group_tests_name("tools/wire/message_method", tests, NULL, NULL);
}
