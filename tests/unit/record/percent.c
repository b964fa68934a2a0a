/* record/percent: one text for one name. */
#include "record/percent.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>

#include "record/charset.h"

#define BARE TRUST_CHARSET_UNRESERVED

/* Normalises into out_text; false if there is no normal form. */
static bool normalise(char out_text[16], const char *segment)
{
    struct trust_writer writer = trust_writer_init(out_text, 15);
    if (!trust_percent_normalise(&writer, trust_bytes_text(segment), BARE))
        return false;
    out_text[writer.size] = '\0';
    return true;
}

static void each_byte_has_one_text_or_none(void **state)
{
    (void)state;
    for (unsigned byte = 0; byte < 256; byte++) {
        char encoded[4];
        char lower[4];
        char text[16];
        snprintf(encoded, sizeof encoded, "%%%02X", byte);
        snprintf(lower, sizeof lower, "%%%02x", byte);
        bool is_nameable = byte > 0x20 && byte < 0x7f && byte != '/' && byte != '\\';
        bool is_bare = trust_charset_has(BARE, (uint8_t)byte);
        char bare[2] = {(char)byte, '\0'};
        assert_int_equal(normalise(text, encoded), is_nameable);
        if (is_nameable)
            assert_string_equal(text, is_bare ? bare : encoded);
        assert_int_equal(normalise(text, lower), is_nameable);
        if (is_nameable)
            assert_string_equal(text, is_bare ? bare : encoded);
        assert_int_equal(trust_percent_is_normal(trust_bytes_text(encoded), BARE),
                         is_nameable && !is_bare);
        struct trust_bytes one = {.data = (const uint8_t *)bare, .size = 1};
        assert_int_equal(trust_percent_is_normal(one, BARE), is_bare);
        bool is_lower_normal = strcmp(encoded, lower) == 0 && is_nameable && !is_bare;
        assert_int_equal(trust_percent_is_normal(trust_bytes_text(lower), BARE), is_lower_normal);
    }
}

static void what_ends_a_name_is_no_part_of_it(void **state)
{
    (void)state;
    char text[16];
    assert_false(normalise(text, "a?b"));
    assert_false(normalise(text, "a#b"));
    assert_true(normalise(text, "a%3fb"));
    assert_string_equal(text, "a%3Fb");
}

static void a_broken_escape_is_refused(void **state)
{
    (void)state;
    static const char *const segments[] = {"%", "%4", "a%", "a%4", "%4g", "%g4", "%%41", "%-1"};
    char text[16];
    for (size_t i = 0; i < sizeof segments / sizeof *segments; i++) {
        assert_false(normalise(text, segments[i]));
        assert_false(trust_percent_is_normal(trust_bytes_text(segments[i]), BARE));
    }
}

static void a_normal_form_is_its_own(void **state)
{
    (void)state;
    char once[16];
    char twice[16];
    assert_true(normalise(once, "%61+%2525"));
    assert_string_equal(once, "a%2B%2525");
    assert_true(normalise(twice, once));
    assert_string_equal(twice, once);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_byte_has_one_text_or_none),
        cmocka_unit_test(what_ends_a_name_is_no_part_of_it),
        cmocka_unit_test(a_broken_escape_is_refused),
        cmocka_unit_test(a_normal_form_is_its_own),
    };
    return cmocka_run_group_tests_name("record/percent", tests, NULL, NULL);
}
