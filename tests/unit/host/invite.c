/* An invite's line: short, whole, and refused when a part is not what it should be. */
#include "host/invite.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "base/bytes.h"

static struct trust_invite some_invite(const char *endpoint)
{
    struct trust_invite invite = {0};
    strcpy(invite.endpoint, endpoint);
    for (uint8_t i = 0; i < 32; i++)
        invite.key.bytes[i] = i;
    for (uint8_t i = 0; i < TRUST_INVITE_SECRET_SIZE; i++)
        invite.secret[i] = (uint8_t)(255 - 17 * i);
    return invite;
}

static enum trust_error decode(struct trust_invite *out_invite, const char *text)
{
    return trust_invite_decode(out_invite, trust_bytes_text(text));
}

static void an_invite_returns_as_it_was(void **state)
{
    (void)state;
    static const char *const endpoints[] = {"tcp://127.0.0.1:1", "tcp://203.0.113.255:65535",
                                            "tcp://node.example.org:7717", "tcp://[2001:db8::1]:7"};
    for (size_t i = 0; i < sizeof endpoints / sizeof *endpoints; i++) {
        const struct trust_invite invite = some_invite(endpoints[i]);
        char text[TRUST_INVITE_TEXT_SIZE];
        trust_invite_encode(text, &invite);
        struct trust_invite back;
        assert_int_equal(decode(&back, text), TRUST_OK);
        assert_string_equal(back.endpoint, endpoints[i]);
        assert_memory_equal(back.key.bytes, invite.key.bytes, 32);
        assert_memory_equal(back.secret, invite.secret, sizeof back.secret);
    }
}

static void with_the_longest_ipv4_address_it_has_106_bytes(void **state)
{
    (void)state;
    const struct trust_invite invite = some_invite("tcp://203.100.113.255:65535");
    char text[TRUST_INVITE_TEXT_SIZE];
    trust_invite_encode(text, &invite);
    assert_int_equal(strlen(text), 106);
    assert_memory_equal(text, "203.100.113.255:65535/rpn1qqqsyqcyq5rqwzqfpg9scrgwpugpzys", 57);
}

static void upper_case_and_blanks_around_are_read(void **state)
{
    (void)state;
    const struct trust_invite invite = some_invite("tcp://node.example:7717");
    char text[TRUST_INVITE_TEXT_SIZE];
    char upper[TRUST_INVITE_TEXT_SIZE + 4] = " ";
    trust_invite_encode(text, &invite);
    for (size_t i = 0; i <= strlen(text); i++)
        upper[i + 1] = (char)(text[i] >= 'a' && text[i] <= 'z' ? text[i] - 32 : text[i]);
    strcat(upper, "\r\n");
    struct trust_invite back;
    assert_int_equal(decode(&back, upper), TRUST_OK);
    assert_string_equal(back.endpoint, invite.endpoint);
    assert_memory_equal(back.secret, invite.secret, sizeof back.secret);
}

struct bad {
    const char *why;
    const char *from; /* replaced in a good text... */
    const char *to;
    enum trust_error error;
};

static void each_wrong_part_is_refused_by_name(void **state)
{
    (void)state;
    static const struct bad bads[] = {
        {"no port", ":7717", "", TRUST_NO_SYNTAX},
        {"port 0", ":7717", ":0", TRUST_NO_RANGE},
        {"port too great", ":7717", ":65536", TRUST_NO_RANGE},
        {"a scheme", "node", "tcp://node", TRUST_NO_SYNTAX},
        {"no host", "node.example", "", TRUST_NO_SYNTAX},
        {"an operator's key", "/rpn1", "/rpt1", TRUST_NO_KEY},
        {"a typing error", "/rpn1qqqs", "/rpn1qqqq", TRUST_NO_KEY},
        {"no secret", "/llhdm", "", TRUST_NO_SYNTAX},
        {"a fourth part", "/llhdm", "/x/llhdm", TRUST_NO_SYNTAX},
        {"a character that is none", "/llhdm", "/blhdm", TRUST_NO_SYNTAX},
        {"a secret too long", "/llhdm", "/lllhdm", TRUST_NO_SYNTAX},
        {"a secret too short", "/llhdm", "/lhdm", TRUST_NO_SYNTAX},
    };
    const struct trust_invite invite = some_invite("tcp://node.example:7717");
    char good[TRUST_INVITE_TEXT_SIZE];
    trust_invite_encode(good, &invite);
    for (size_t i = 0; i < sizeof bads / sizeof *bads; i++) {
        char text[TRUST_INVITE_TEXT_SIZE + 16] = "";
        const char *at = strstr(good, bads[i].from);
        if (at == NULL)
            fail_msg("%s: \"%s\" is not in %s", bads[i].why, bads[i].from, good);
        strncat(text, good, (size_t)(at - good));
        strcat(text, bads[i].to);
        strcat(text, at + strlen(bads[i].from));
        struct trust_invite back = {.endpoint = "as before"};
        enum trust_error error = decode(&back, text);
        if (error != bads[i].error)
            fail_msg("%s: %s", bads[i].why, trust_error_name(error));
        assert_string_equal(back.endpoint, "as before");
    }
}

static void the_spare_bit_of_the_secret_is_zero(void **state)
{
    (void)state;
    const struct trust_invite invite = some_invite("tcp://node.example:7717");
    char text[TRUST_INVITE_TEXT_SIZE];
    trust_invite_encode(text, &invite);
    struct trust_invite back;
    static const char alphabet[] = "qpzry9x8gf2tvdw0s3jn54khce6mua7l";
    char *last = &text[strlen(text) - 1];
    size_t value = (size_t)(strchr(alphabet, *last) - alphabet);
    assert_int_equal(value % 2, 0);
    *last = alphabet[value + 1];
    assert_int_equal(decode(&back, text), TRUST_NO_SYNTAX);
}

static void a_text_that_is_too_long_is_refused_unread(void **state)
{
    (void)state;
    static char text[TRUST_INVITE_TEXT_SIZE + 1];
    memset(text, 'a', TRUST_INVITE_TEXT_SIZE);
    struct trust_invite back;
    assert_int_equal(decode(&back, text), TRUST_NO_SIZE);
    assert_int_equal(decode(&back, ""), TRUST_NO_SYNTAX);
    assert_int_equal(trust_invite_decode(&back, (struct trust_bytes){(const uint8_t *)"a/\0/b", 5}),
                     TRUST_NO_SYNTAX);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_invite_returns_as_it_was),
        cmocka_unit_test(with_the_longest_ipv4_address_it_has_106_bytes),
        cmocka_unit_test(upper_case_and_blanks_around_are_read),
        cmocka_unit_test(each_wrong_part_is_refused_by_name),
        cmocka_unit_test(the_spare_bit_of_the_secret_is_zero),
        cmocka_unit_test(a_text_that_is_too_long_is_refused_unread),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
