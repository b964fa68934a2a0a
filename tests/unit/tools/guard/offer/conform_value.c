/* guard/conform_value: what one value says by itself; conform.c has the table of all keywords. */
#include "guard/offer/conform_value.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static bool is_possible(const char *schema, const char *value)
{
    struct conform *conform = NULL;
    assert_int_equal(conform_new(&conform, trust_bytes_text(schema)), TRUST_OK);
    bool is = conform_value_is_possible(&conform->nodes[0], trust_bytes_text(value));
    conform_free(conform);
    return is;
}

static void what_lies_in_a_value_is_not_looked_at(void **state)
{
    (void)state;
    static const char schema[] = "{\"type\":\"array\",\"items\":false,\"maxItems\":0}";
    assert_true(is_possible(schema, "[1]"));
    assert_false(is_possible(schema, "{}"));
}

static void names_are_compared_by_what_they_mean(void **state)
{
    (void)state;
    assert_true(conform_value_is_key(trust_bytes_text("a/b"), trust_bytes_text("a\\/b")));
    assert_true(conform_value_is_key(trust_bytes_text("\\n"), trust_bytes_text("\\u000a")));
    assert_false(conform_value_is_key(trust_bytes_text("a"), trust_bytes_text("\\u0061b")));
    assert_false(conform_value_is_key(trust_bytes_text("ab"), trust_bytes_text("a")));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_lies_in_a_value_is_not_looked_at),
        cmocka_unit_test(names_are_compared_by_what_they_mean),
    };
    return cmocka_run_group_tests_name("guard/conform_value", tests, NULL, NULL);
}
