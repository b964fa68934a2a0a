/* guard/text: it grows, and strings come out as JSON. */
#include "guard/router/text.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void pieces_come_out_in_their_order(void **state)
{
    (void)state;
    struct text text = {0};
    text_put(&text, "{\"n\":");
    text_put_number(&text, UINT64_MAX);
    text_put(&text, ",\"s\":");
    text_put_string(&text, trust_bytes_text("a\"\\\n\x1f\xc3\xa9"));
    text_put_bytes(&text, (struct trust_bytes){0});
    text_put(&text, "}");
    static const char expected[] =
        "{\"n\":18446744073709551615,\"s\":\"a\\\"\\\\\\n\\u001f\xc3\xa9\"}";
    assert_int_equal(text.size, sizeof expected - 1);
    assert_memory_equal(text.data, expected, text.size);
    free(text.data);
}

static void it_grows_as_far_as_it_must(void **state)
{
    (void)state;
    struct text text = {0};
    for (int i = 0; i < 1000; i++)
        text_put(&text, "0123456789");
    assert_int_equal(text.size, 10000);
    for (size_t i = 0; i < text.size; i++)
        assert_int_equal(text.data[i], '0' + (int)(i % 10));
    free(text.data);
}

static void a_copy_ends_with_a_nul(void **state)
{
    (void)state;
    char *copy = text_copy((struct trust_bytes){.data = (const uint8_t *)"abc", .size = 2});
    assert_string_equal(copy, "ab");
    free(copy);
    copy = text_copy((struct trust_bytes){0});
    assert_string_equal(copy, "");
    free(copy);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(pieces_come_out_in_their_order),
        cmocka_unit_test(it_grows_as_far_as_it_must),
        cmocka_unit_test(a_copy_ends_with_a_nul),
    };
    return cmocka_run_group_tests_name("tools/guard/text", tests, NULL, NULL);
}
