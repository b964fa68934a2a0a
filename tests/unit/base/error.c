/*
 * base/error: every error has its own name and its own sentence. That the table lists every
 * constant of the header is the tidy test's to say; here each row is held against the others.
 */
#include "trust/error.h"

#include <ctype.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define LEAST (-64)
#define MOST 256

static int is_named(int value)
{
    return strcmp(trust_error_name((enum trust_error)value), "TRUST_UNKNOWN") != 0;
}

static void names_follow_the_sign_of_their_error(void **state)
{
    (void)state;
    int named = 0;
    for (int value = LEAST; value <= MOST; value++) {
        if (!is_named(value))
            continue;
        const char *prefix = value < 0 ? "TRUST_FAIL_" : value > 0 ? "TRUST_NO_" : "TRUST_OK";
        assert_memory_equal(trust_error_name((enum trust_error)value), prefix, strlen(prefix));
        named++;
    }
    assert_true(named >= 40);
}

static void no_two_errors_share_a_name_or_a_sentence(void **state)
{
    (void)state;
    for (int a = LEAST; a <= MOST; a++) {
        for (int b = LEAST; is_named(a) && b < a; b++) {
            if (!is_named(b))
                continue;
            enum trust_error left = (enum trust_error)a;
            enum trust_error right = (enum trust_error)b;
            assert_string_not_equal(trust_error_name(left), trust_error_name(right));
            assert_string_not_equal(trust_error_text(left), trust_error_text(right));
        }
    }
}

static void sentences_fit_behind_a_colon(void **state)
{
    (void)state;
    for (int value = LEAST; value <= MOST; value++) {
        const char *text = trust_error_text((enum trust_error)value);
        size_t size = strlen(text);
        assert_in_range(size, 4, 72);
        assert_true(islower((unsigned char)text[0]));
        assert_int_not_equal(text[size - 1], '.');
    }
}

static void some_names_are_what_the_documentation_promises(void **state)
{
    (void)state;
    assert_string_equal(trust_error_name(TRUST_OK), "TRUST_OK");
    assert_string_equal(trust_error_name(TRUST_FAIL_MEMORY), "TRUST_FAIL_MEMORY");
    assert_string_equal(trust_error_name(TRUST_NO_CANONICAL), "TRUST_NO_CANONICAL");
    assert_string_equal(trust_error_text(TRUST_NO_NODE), "the node is not reachable");
    assert_string_equal(trust_error_text((enum trust_error)MOST), "an error without a name");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_follow_the_sign_of_their_error),
        cmocka_unit_test(no_two_errors_share_a_name_or_a_sentence),
        cmocka_unit_test(sentences_fit_behind_a_colon),
        cmocka_unit_test(some_names_are_what_the_documentation_promises),
    };
    return cmocka_run_group_tests_name("base/error", tests, NULL, NULL);
}
