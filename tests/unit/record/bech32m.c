/* record/bech32m: the test vectors of BIP-350, and payloads of 32 bytes. */
#include "record/bech32m.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static const char *const valid[] = {
    "A1LQFN3A",
    "a1lqfn3a",
    "an83characterlonghumanreadablepartthatcontainsthetheexcludedcharactersbioandnumber11sg7hg6",
    "abcdef1l7aum6echk45nj3s0wdvt2fg8x9yrzpqzd3ryx",
    "11llllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllludsr8",
    "split1checkupstagehandshakeupstreamerranterredcaperredlc445v",
    "?1v759aa",
};

static const char *const invalid[] = {
    "\x20"
    "1xj0phk", /* a prefix outside 33..126 */
    "\x7f"
    "1g6xzxy",
    "\x80"
    "1vctc34",
    "an84characterslonghumanreadablepartthatcontainsthetheexcludedcharactersbioandnumber11d6pts4",
    "qyrz8wqd2c9m",  /* no separator */
    "1qyrz8wqd2c9m", /* no prefix */
    "y1b0jsk6g",     /* "b" is no data character */
    "lt1igcx5c0",    /* nor is "i" */
    "in1muywd",      /* the checksum is too short */
    "mm1crxm3i",     /* no data character in the checksum */
    "au1s5cgom",
    "M1VUXWEZ", /* the checksum was made over an upper-case prefix */
    "16plkw9",  /* no prefix */
    "1p2gdwpf",
    "A1lQFN3A", /* mixed case */
    "A12UEL5L", /* bech32, not bech32m */
    "",
    "1",
};

static void the_valid_vectors_of_bip_350_are_accepted(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof valid / sizeof *valid; i++) {
        struct trust_bech32m parts;
        assert_true(trust_bech32m_split(&parts, trust_bytes_text(valid[i])));
        size_t separator = (size_t)(strrchr(valid[i], '1') - valid[i]);
        assert_int_equal(strlen(parts.prefix), separator);
        assert_int_equal(parts.count, strlen(valid[i]) - separator - 7);
    }
}

static void the_invalid_vectors_of_bip_350_are_refused(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof invalid / sizeof *invalid; i++) {
        struct trust_bech32m parts;
        assert_false(trust_bech32m_split(&parts, trust_bytes_text(invalid[i])));
    }
}

static void the_parts_are_lower_case_and_in_values(void **state)
{
    (void)state;
    struct trust_bech32m parts;
    assert_true(trust_bech32m_split(
        &parts, trust_bytes_text("ABCDEF1L7AUM6ECHK45NJ3S0WDVT2FG8X9YRZPQZD3RYX")));
    assert_string_equal(parts.prefix, "abcdef");
    assert_int_equal(parts.count, 32);
    /* The vector counts from 31 down to 0. */
    for (size_t i = 0; i < 32; i++)
        assert_int_equal(parts.values[i], 31 - i);
}

static void a_payload_comes_back_as_it_went(void **state)
{
    (void)state;
    for (int fill = 0; fill < 256; fill++) {
        uint8_t payload[32];
        for (int i = 0; i < 32; i++)
            payload[i] = (uint8_t)(fill + 7 * i);
        char text[TRUST_BECH32M_SIZE_MAX + 1];
        trust_bech32m_encode(text, "rpt", payload);
        assert_int_equal(strlen(text), 62);
        uint8_t back[32];
        assert_true(trust_bech32m_decode(back, "rpt", trust_bytes_text(text)));
        assert_memory_equal(back, payload, 32);
        assert_false(trust_bech32m_decode(back, "rpn", trust_bytes_text(text)));
        assert_false(trust_bech32m_decode(back, "rp", trust_bytes_text(text)));
    }
}

static void another_size_or_padding_is_no_payload(void **state)
{
    (void)state;
    uint8_t back[32];
    /* Valid checksums over 51, 52 and 53 values: the second has a padding bit set. */
    static const char *const others[] = {
        "rpt1qqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqw28lua",
        "rpt1qqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqpmmwzrq",
        "rpt1qqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqlyke00",
    };
    for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
        struct trust_bech32m parts;
        assert_true(trust_bech32m_split(&parts, trust_bytes_text(others[i])));
        assert_int_equal(parts.count, 51 + i);
        assert_false(trust_bech32m_decode(back, "rpt", trust_bytes_text(others[i])));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_valid_vectors_of_bip_350_are_accepted),
        cmocka_unit_test(the_invalid_vectors_of_bip_350_are_refused),
        cmocka_unit_test(the_parts_are_lower_case_and_in_values),
        cmocka_unit_test(a_payload_comes_back_as_it_went),
        cmocka_unit_test(another_size_or_padding_is_no_payload),
    };
    return cmocka_run_group_tests_name("record/bech32m", tests, NULL, NULL);
}
