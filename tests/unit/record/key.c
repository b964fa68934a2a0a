/* record/key: the text of a key, and that no slip of the hand makes another key of it. */
#include "trust/key.h"

#include <ctype.h>
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#include "base/bytes.h"
#include "base/random.h"

static const char operator_text[] =
    "rpt1qqqsyqcyq5rqwzqfpg9scrgwpugpzysnzs23v9ccrydpk8qarc0s0e347t";
static const char node_text[] = "rpn1qqqsyqcyq5rqwzqfpg9scrgwpugpzysnzs23v9ccrydpk8qarc0s230ux5";

/* The bytes 0, 1, .. 31, of which both texts are. */
static struct trust_key counting_key(void)
{
    struct trust_key key;
    for (size_t i = 0; i < sizeof key.bytes; i++)
        key.bytes[i] = (uint8_t)i;
    return key;
}

static enum trust_error decode(struct trust_key *out_key, const char *text)
{
    return trust_key_decode(out_key, trust_bytes_text(text), TRUST_KEY_OPERATOR);
}

static void a_known_key_has_the_known_text_of_each_use(void **state)
{
    (void)state;
    struct trust_key key = counting_key();
    char text[TRUST_KEY_TEXT_SIZE];
    trust_key_encode(text, &key, TRUST_KEY_OPERATOR);
    assert_string_equal(text, operator_text);
    trust_key_encode(text, &key, TRUST_KEY_NODE);
    assert_string_equal(text, node_text);
    struct trust_key back;
    assert_int_equal(trust_key_decode(&back, trust_bytes_text(node_text), TRUST_KEY_NODE),
                     TRUST_OK);
    assert_memory_equal(back.bytes, key.bytes, sizeof key.bytes);
}

static void upper_case_is_the_same_key_and_mixed_case_is_none(void **state)
{
    (void)state;
    struct trust_key key = counting_key();
    struct trust_key back;
    char text[TRUST_KEY_TEXT_SIZE];
    for (size_t i = 0; i < sizeof text; i++)
        text[i] = (char)toupper(operator_text[i]);
    assert_int_equal(decode(&back, text), TRUST_OK);
    assert_memory_equal(back.bytes, key.bytes, sizeof key.bytes);
    text[0] = 'r';
    assert_int_equal(decode(&back, text), TRUST_NO_KEY);
}

static void every_single_wrong_character_is_refused(void **state)
{
    (void)state;
    struct trust_key back = {{0}};
    for (size_t at = 0; at < sizeof operator_text - 1; at++) {
        char text[sizeof operator_text];
        memcpy(text, operator_text, sizeof text);
        for (int c = 1; c < 256; c++) {
            text[at] = (char)c;
            if (text[at] != operator_text[at])
                assert_int_equal(decode(&back, text), TRUST_NO_KEY);
        }
    }
    assert_memory_equal(back.bytes, &(struct trust_key){{0}}, sizeof back.bytes);
}

static void every_swap_of_neighbours_is_refused(void **state)
{
    (void)state;
    struct trust_random random = trust_random_init(1);
    for (int round = 0; round < 100; round++) {
        struct trust_key key;
        for (size_t i = 0; i < sizeof key.bytes; i++)
            key.bytes[i] = (uint8_t)trust_random_next(&random);
        char text[TRUST_KEY_TEXT_SIZE];
        trust_key_encode(text, &key, TRUST_KEY_OPERATOR);
        struct trust_key back;
        assert_int_equal(decode(&back, text), TRUST_OK);
        assert_memory_equal(back.bytes, key.bytes, sizeof key.bytes);
        for (size_t at = 0; at + 1 < sizeof text - 1; at++) {
            char swapped[TRUST_KEY_TEXT_SIZE];
            memcpy(swapped, text, sizeof text);
            swapped[at] = text[at + 1];
            swapped[at + 1] = text[at];
            if (swapped[at] != text[at])
                assert_int_equal(decode(&back, swapped), TRUST_NO_KEY);
        }
    }
}

static void every_missing_or_added_character_is_refused(void **state)
{
    (void)state;
    struct trust_key back;
    for (size_t at = 0; at < sizeof operator_text - 1; at++) {
        char text[sizeof operator_text + 1];
        memcpy(text, operator_text, at);
        memcpy(text + at, operator_text + at + 1, sizeof operator_text - at - 1);
        assert_int_equal(decode(&back, text), TRUST_NO_KEY);
        memcpy(text, operator_text, at + 1);
        memcpy(text + at + 1, operator_text + at, sizeof operator_text - at);
        assert_int_equal(decode(&back, text), TRUST_NO_KEY);
    }
    assert_int_equal(trust_key_decode(&back, (struct trust_bytes){0}, TRUST_KEY_OPERATOR),
                     TRUST_NO_KEY);
}

static void a_key_of_another_use_or_of_bech32_is_refused(void **state)
{
    (void)state;
    struct trust_key back;
    assert_int_equal(decode(&back, node_text), TRUST_NO_KEY);
    assert_int_equal(trust_key_decode(&back, trust_bytes_text(operator_text), TRUST_KEY_NODE),
                     TRUST_NO_KEY);
    /* The same payload with the checksum constant of BIP-173. */
    assert_int_equal(
        decode(&back, "rpt1qqqsyqcyq5rqwzqfpg9scrgwpugpzysnzs23v9ccrydpk8qarc0s69pemf"),
        TRUST_NO_KEY);
}

static void the_short_id_is_the_start_of_the_text(void **state)
{
    (void)state;
    struct trust_key key = counting_key();
    char text[TRUST_KEY_SHORT_SIZE];
    trust_key_short(text, &key);
    assert_string_equal(text, "qqqsyqc");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_known_key_has_the_known_text_of_each_use),
        cmocka_unit_test(upper_case_is_the_same_key_and_mixed_case_is_none),
        cmocka_unit_test(every_single_wrong_character_is_refused),
        cmocka_unit_test(every_swap_of_neighbours_is_refused),
        cmocka_unit_test(every_missing_or_added_character_is_refused),
        cmocka_unit_test(a_key_of_another_use_or_of_bech32_is_refused),
        cmocka_unit_test(the_short_id_is_the_start_of_the_text),
    };
    return cmocka_run_group_tests_name("record/key", tests, NULL, NULL);
}
