/* guard/cover_pointer: a $ref leads into its own schema, or nowhere. */
#include "guard/offer/cover_pointer.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static const char root[] = "{\"$defs\":{\"a\":{\"x\":1},\"a b\":true},\"list\":[1]}";

static void a_pointer_leads_to_its_schema(void **state)
{
    (void)state;
    static const char *const rows[][2] = {
        {"#", root},
        {"#/$defs/a", "{\"x\":1}"},
        {"#/$defs/a/x", "1"},
        {"#/$defs/a b", "true"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct trust_bytes found = {0};
        assert_true(
            cover_pointer_follow(&found, trust_bytes_text(root), trust_bytes_text(rows[i][0])));
        assert_true(trust_bytes_equal(found, trust_bytes_text(rows[i][1])));
    }
}

static void every_other_leads_nowhere(void **state)
{
    (void)state;
    static const char *const rows[] = {"",
                                       "/$defs/a",
                                       "#$defs",
                                       "#/",
                                       "#/$defs/",
                                       "#/$defs/b",
                                       "#/list/0",
                                       "#/$defs/a~0",
                                       "#/%24defs/a",
                                       "#a",
                                       "https://x.example/#/$defs/a",
                                       "#/$defs//a"};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct trust_bytes found = {0};
        assert_false(
            cover_pointer_follow(&found, trust_bytes_text(root), trust_bytes_text(rows[i])));
    }
}

static void a_keyword_that_leads_elsewhere_is_found(void **state)
{
    (void)state;
    assert_true(cover_pointer_is_in(trust_bytes_text("{\"a\":[{\"$ref\":\"#\"}]}")));
    assert_true(cover_pointer_is_in(trust_bytes_text("{\"$dynamicRef\":\"#a\"}")));
    assert_true(cover_pointer_is_in(trust_bytes_text("{\"$recursiveRef\":\"#\"}")));
    assert_false(cover_pointer_is_in(trust_bytes_text("{\"ref\":\"$refs\"}")));
    assert_false(cover_pointer_is_in((struct trust_bytes){0}));
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_pointer_leads_to_its_schema),
        cmocka_unit_test(every_other_leads_nowhere),
        cmocka_unit_test(a_keyword_that_leads_elsewhere_is_found),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
