/* node/api/doc: what is written is JSON, byte for byte. */
#include "node/api/doc.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void expect(struct api_doc *doc, const char *wanted)
{
    char *text = NULL;
    size_t size = 0;
    assert_int_equal(api_doc_take(doc, &text, &size), TRUST_OK);
    assert_int_equal(size, strlen(wanted));
    assert_memory_equal(text, wanted, size);
    free(text);
}

static void containers_have_commas_between_values_only(void **state)
{
    (void)state;
    struct api_doc doc = api_doc_init();
    api_doc_open_object(&doc, NULL);
    api_doc_open_array(&doc, "empty");
    api_doc_close_array(&doc);
    api_doc_open_array(&doc, "list");
    api_doc_count(&doc, NULL, 1);
    api_doc_open_object(&doc, NULL);
    api_doc_close_object(&doc);
    api_doc_count(&doc, NULL, UINT64_MAX);
    api_doc_close_array(&doc);
    api_doc_flag(&doc, "yes", true);
    api_doc_flag(&doc, "no", false);
    api_doc_null(&doc, "none");
    api_doc_close_object(&doc);
    expect(&doc, "{\"empty\":[],\"list\":[1,{},18446744073709551615],\"yes\":true,\"no\":false,"
                 "\"none\":null}");
}

static void text_is_escaped_and_always_utf_8(void **state)
{
    (void)state;
    struct api_doc doc = api_doc_init();
    api_doc_open_array(&doc, NULL);
    api_doc_text(&doc, NULL, "a\"b\\c\n\x7f\x01");
    api_doc_text(&doc, NULL, "\xc3\xa4 \xe2\x82\xac \xf0\x9f\x98\x80");
    api_doc_text(&doc, NULL, "\xff|\xc0\x80|\xed\xa0\x80|\xf4\x90\x80\x80|\xe2\x82");
    api_doc_text(&doc, NULL, NULL);
    api_doc_bytes(&doc, NULL, (struct trust_bytes){.data = (const uint8_t *)"a\0b", .size = 3});
    api_doc_close_array(&doc);
    expect(&doc, "[\"a\\\"b\\\\c\\u000a\\u007f\\u0001\",\"\xc3\xa4 \xe2\x82\xac \xf0\x9f\x98\x80\","
                 "\"\\ufffd|\\ufffd\\ufffd|\\ufffd\\ufffd\\ufffd|\\ufffd\\ufffd\\ufffd\\ufffd|"
                 "\\ufffd\\ufffd\",null,\"a\\u0000b\"]");
}

static void numbers_take_the_fewest_digits_that_give_them_back(void **state)
{
    (void)state;
    struct api_doc doc = api_doc_init();
    api_doc_open_array(&doc, NULL);
    api_doc_number(&doc, NULL, .1);
    api_doc_number(&doc, NULL, 1.0 / 3);
    api_doc_number(&doc, NULL, 1);
    api_doc_number(&doc, NULL, 1e-9);
    api_doc_number(&doc, NULL, NAN);
    api_doc_number(&doc, NULL, INFINITY);
    api_doc_ratio(&doc, NULL, false, .5);
    api_doc_ratio(&doc, NULL, true, .5);
    api_doc_close_array(&doc);
    expect(&doc, "[0.1,0.3333333333333333,1,1e-09,null,null,null,0.5]");
}

static void times_are_rfc_3339_in_utc(void **state)
{
    (void)state;
    struct api_doc doc = api_doc_init();
    api_doc_open_array(&doc, NULL);
    api_doc_time(&doc, NULL, (struct trust_wall){.ms = UINT64_C(1795132800000)});
    api_doc_time(&doc, NULL, (struct trust_wall){.ms = UINT64_C(1795132800007)});
    api_doc_time(&doc, NULL, (struct trust_wall){.ms = UINT64_C(253402300799999)});
    api_doc_time(&doc, NULL, (struct trust_wall){.ms = UINT64_C(253402300800000)});
    api_doc_time(&doc, NULL, (struct trust_wall){.ms = UINT64_MAX});
    api_doc_time(&doc, NULL, (struct trust_wall){.ms = 0});
    api_doc_close_array(&doc);
    expect(&doc, "[\"2026-11-20T00:00:00Z\",\"2026-11-20T00:00:00.007Z\","
                 "\"9999-12-31T23:59:59.999Z\",null,null,null]");
}

static void keys_and_ids_are_written_in_their_forms(void **state)
{
    (void)state;
    struct api_doc doc = api_doc_init();
    struct trust_id id = {{0xab}};
    struct trust_key key = {{0}};
    char key_text[TRUST_KEY_TEXT_SIZE];
    trust_key_encode(key_text, &key, TRUST_KEY_NODE);
    api_doc_open_array(&doc, NULL);
    api_doc_id(&doc, NULL, &id);
    api_doc_key(&doc, NULL, &key, TRUST_KEY_NODE);
    api_doc_close_array(&doc);
    char wanted[256] = "[\"ab00000000000000000000000000000000000000000000000000000000000000\",\"";
    strcat(wanted, key_text);
    strcat(wanted, "\"]");
    expect(&doc, wanted);
}

static void a_long_document_grows(void **state)
{
    (void)state;
    struct api_doc doc = api_doc_init();
    api_doc_open_array(&doc, NULL);
    for (int i = 0; i < 5000; i++)
        api_doc_text(&doc, NULL, "0123456789");
    api_doc_close_array(&doc);
    char *text = NULL;
    size_t size = 0;
    assert_int_equal(api_doc_take(&doc, &text, &size), TRUST_OK);
    assert_int_equal(size, 5000 * 13 + 1);
    assert_int_equal(text[size - 1], ']');
    free(text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(containers_have_commas_between_values_only),
        cmocka_unit_test(text_is_escaped_and_always_utf_8),
        cmocka_unit_test(numbers_take_the_fewest_digits_that_give_them_back),
        cmocka_unit_test(times_are_rfc_3339_in_utc),
        cmocka_unit_test(keys_and_ids_are_written_in_their_forms),
        cmocka_unit_test(a_long_document_grows),
    };
    return cmocka_run_group_tests_name("node/api/doc", tests, NULL, NULL);
}
