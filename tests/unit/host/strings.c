/* host/strings: copies stay apart and the bound holds. */
#include "host/strings.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static void copies_keep_their_text_while_the_heap_grows(void **state)
{
    (void)state;
    struct trust_strings strings = {0};
    const char *copies[2000];
    for (int i = 0; i < 2000; i++) {
        char text[32];
        (void)snprintf(text, sizeof text, "text number %d", i);
        copies[i] = trust_strings_copy(&strings, text);
        assert_non_null(copies[i]);
    }
    assert_string_equal(copies[0], "text number 0");
    assert_string_equal(copies[1023], "text number 1023");
    assert_string_equal(copies[1999], "text number 1999");
    trust_strings_close(&strings);
    assert_null(strings.blocks);
}

static void what_would_pass_the_bound_is_refused(void **state)
{
    (void)state;
    struct trust_strings strings = {0};
    unsigned char *large = trust_strings_take(&strings, TRUST_STRINGS_SIZE_MAX - 8);
    assert_non_null(large);
    assert_int_equal(large[TRUST_STRINGS_SIZE_MAX - 9], 0);
    assert_null(trust_strings_take(&strings, 9));
    assert_non_null(trust_strings_take(&strings, 8));
    assert_null(trust_strings_copy(&strings, ""));
    trust_strings_close(&strings);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(copies_keep_their_text_while_the_heap_grows),
        cmocka_unit_test(what_would_pass_the_bound_is_refused),
    };
    return cmocka_run_group_tests_name("host/strings", tests, NULL, NULL);
}
