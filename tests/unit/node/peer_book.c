/* The file of peers and invites: read as it was written, and refused whole when a line is none. */
#include "node/peer_book.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/bytes.h"

#define HEX "0101010101010101010101010101010101010101010101010101010101010101"

static struct trust_key key_of(uint8_t number)
{
    struct trust_key key;
    memset(key.bytes, number, sizeof key.bytes);
    return key;
}

static char key_text[TRUST_KEY_TEXT_SIZE];

static const char *text_of(uint8_t number)
{
    struct trust_key key = key_of(number);
    trust_key_encode(key_text, &key, TRUST_KEY_NODE);
    return key_text;
}

static int open_book(void **state)
{
    *state = calloc(1, sizeof(struct peer_book));
    return *state == NULL;
}

static int close_book(void **state)
{
    free(*state);
    return 0;
}

static void put(struct peer_book *book, uint8_t number, const char *endpoint, const char *name)
{
    struct peer_entry entry = {.key = key_of(number)};
    strcpy(entry.endpoint, endpoint);
    strcpy(entry.name, name);
    assert_int_equal(peer_book_put(book, &entry), TRUST_OK);
}

static void add(struct peer_book *book, uint8_t number, uint64_t expires_s, uint32_t uses)
{
    const struct peer_invite invite = {.key = key_of(number), .expires_s = expires_s, .uses = uses};
    assert_int_equal(peer_book_add_invite(book, &invite), TRUST_OK);
}

static void a_book_is_written_and_read_again(void **state)
{
    struct peer_book *book = *state;
    put(book, 1, "tcp://127.0.0.1:7717", "The Node of Ann");
    put(book, 2, "", "");
    put(book, 3, "", "J\xc3\xb6rg");
    add(book, 1, 1700000000, 3);
    static uint8_t text[PEER_BOOK_SIZE_MAX];
    size_t size = peer_book_encode(text, book);
    char expected[1024];
    int length = snprintf(expected, sizeof expected, "repute-peers 1\npeer %s ", text_of(1));
    length += snprintf(expected + length, sizeof expected - (size_t)length,
                       "tcp://127.0.0.1:7717 The Node of Ann\npeer %s -\n", text_of(2));
    length += snprintf(expected + length, sizeof expected - (size_t)length,
                       "peer %s - J\xc3\xb6rg\ninvite " HEX " 1700000000 3\n", text_of(3));
    assert_int_equal(size, length);
    assert_memory_equal(text, expected, size);
    static struct peer_book back;
    uint32_t line = 0;
    assert_int_equal(peer_book_decode(&back, &line, (struct trust_bytes){text, size}), TRUST_OK);
    assert_int_equal(back.peer_count, 3);
    assert_string_equal(back.peers[0].name, "The Node of Ann");
    assert_string_equal(back.peers[1].endpoint, "");
    assert_int_equal(back.invite_count, 1);
    assert_int_equal(back.invites[0].uses, 3);
}

static void a_full_book_fits_its_bound(void **state)
{
    struct peer_book *book = *state;
    char endpoint[TRUST_ENDPOINT_SIZE_MAX + 1] = "tcp://";
    while (strlen(endpoint) < 6 + 250)
        strcat(endpoint, "aaaaaaaaa.");
    strcat(endpoint, "aaa:65535");
    assert_true(strlen(endpoint) <= TRUST_ENDPOINT_SIZE_MAX);
    char name[TRUST_PETNAME_SIZE_MAX + 1] = "";
    memset(name, 'n', TRUST_PETNAME_SIZE_MAX);
    for (uint8_t i = 0; i < TRUST_CONFIG_PEERS_MAX; i++) {
        put(book, i, endpoint, name);
        add(book, i, UINT64_MAX, UINT32_MAX);
    }
    const struct peer_entry more = {.key = key_of(200)};
    const struct peer_invite invite = {.key = key_of(200), .uses = 1};
    assert_int_equal(peer_book_put(book, &more), TRUST_NO_ROOM);
    assert_int_equal(peer_book_add_invite(book, &invite), TRUST_NO_ROOM);
    static uint8_t text[PEER_BOOK_SIZE_MAX];
    size_t size = peer_book_encode(text, book);
    uint32_t line = 0;
    assert_int_equal(peer_book_decode(book, &line, (struct trust_bytes){text, size}), TRUST_OK);
    assert_int_equal(book->peer_count, TRUST_CONFIG_PEERS_MAX);
}

static void bad_lines_are_refused(void **state)
{
    struct peer_book *book = *state;
    static const struct {
        const char *format; /* %s: a good key */
        enum trust_error error;
    } bads[] = {
        {"", TRUST_NO_VERSION},
        {"repute-peers 1", TRUST_NO_VERSION},
        {"repute-peers 2\n", TRUST_NO_VERSION},
        {"repute-peers 1\npeer %s -", TRUST_NO_SYNTAX},
        {"repute-peers 1\n\n", TRUST_NO_SYNTAX},
        {"repute-peers 1\nfriend %s -\n", TRUST_NO_SYNTAX},
        {"repute-peers 1\npeer %s\n", TRUST_NO_SYNTAX},
        {"repute-peers 1\npeer %sq -\n", TRUST_NO_SYNTAX},
        {"repute-peers 1\npeer  %s -\n", TRUST_NO_SYNTAX},
        {"repute-peers 1\npeer %s tcp://a\n", TRUST_NO_SYNTAX},
        {"repute-peers 1\npeer %s udp://a:1\n", TRUST_NO_SYNTAX},
        {"repute-peers 1\npeer %s - \n", TRUST_NO_SYNTAX},
        {"repute-peers 1\npeer %s -  n\n", TRUST_NO_SYNTAX},
        {"repute-peers 1\npeer %s - a\x1b[2J\n", TRUST_NO_SYNTAX},
        {"repute-peers 1\npeer %s - a\xff\n", TRUST_NO_SYNTAX},
        {"repute-peers 1\ninvite 01 1 1\n", TRUST_NO_SYNTAX},
        {"repute-peers 1\ninvite " HEX " 1 0\n", TRUST_NO_SYNTAX},
        {"repute-peers 1\ninvite " HEX " 1 4294967296\n", TRUST_NO_SYNTAX},
        {"repute-peers 1\ninvite " HEX " 01 1\n", TRUST_NO_SYNTAX},
        {"repute-peers 1\ninvite " HEX " 1 1 1\n", TRUST_NO_SYNTAX},
        {"repute-peers 1\ninvite " HEX " 1 1\ninvite " HEX " 2 2\n", TRUST_NO_SYNTAX},
        {"repute-peers 1\ninvite " HEX " 1 1\npeer %s -\n", TRUST_NO_SYNTAX},
    };
    for (size_t i = 0; i < sizeof bads / sizeof *bads; i++) {
        char text[1024];
        const char *at = strstr(bads[i].format, "%s");
        size_t head = at == NULL ? strlen(bads[i].format) : (size_t)(at - bads[i].format);
        (void)snprintf(text, sizeof text, "%.*s%s%s", (int)head, bads[i].format,
                       at == NULL ? "" : text_of(1), at == NULL ? "" : at + 2);
        book->peer_count = 77;
        uint32_t line = 0;
        enum trust_error error = peer_book_decode(book, &line, trust_bytes_text(text));
        if (error != bads[i].error)
            fail_msg("%s: %s", text, trust_error_name(error));
        assert_int_equal(book->peer_count, 77);
        /* The last one: of those in front of it each has its end. */
        uint32_t ends = 0;
        for (const char *end = text; *end != '\0'; end++)
            ends += *end == '\n' && end[1] != '\0';
        assert_int_equal(line, ends + 1);
    }
}

static void a_key_twice_is_refused_and_one_in_upper_case_too(void **state)
{
    struct peer_book *book = *state;
    char text[512];
    uint32_t line = 0;
    (void)snprintf(text, sizeof text, "repute-peers 1\npeer %s -\npeer %s -\n", text_of(1),
                   text_of(1));
    assert_int_equal(peer_book_decode(book, &line, trust_bytes_text(text)), TRUST_NO_SYNTAX);
    assert_int_equal(line, 3);
    (void)snprintf(text, sizeof text, "repute-peers 1\npeer %s -\n", text_of(1));
    for (char *at = text + 20; *at != ' '; at++)
        *at = (char)(*at >= 'a' && *at <= 'z' ? *at - 32 : *at);
    assert_int_equal(peer_book_decode(book, &line, trust_bytes_text(text)), TRUST_NO_SYNTAX);
}

static void a_peer_is_replaced_and_removed(void **state)
{
    struct peer_book *book = *state;
    put(book, 1, "", "one");
    put(book, 2, "", "two");
    put(book, 1, "tcp://a:1", "again");
    struct trust_key first = key_of(1);
    struct trust_key second = key_of(2);
    assert_int_equal(book->peer_count, 2);
    assert_string_equal(peer_book_find(book, &first)->name, "again");
    assert_true(peer_book_remove(book, &first));
    assert_false(peer_book_remove(book, &first));
    assert_null(peer_book_find(book, &first));
    assert_string_equal(peer_book_find(book, &second)->name, "two");
}

static void an_invite_goes_with_its_last_use(void **state)
{
    struct peer_book *book = *state;
    struct trust_key key = key_of(1);
    add(book, 1, 100, 2);
    add(book, 2, 100, 1);
    assert_false(peer_book_use_invite(book, &key));
    assert_int_equal(peer_book_find_invite(book, &key)->uses, 1);
    assert_true(peer_book_use_invite(book, &key));
    assert_null(peer_book_find_invite(book, &key));
    assert_false(peer_book_use_invite(book, &key));
    assert_int_equal(book->invite_count, 1);
}

static void invites_expire_one_by_one(void **state)
{
    struct peer_book *book = *state;
    add(book, 1, 100, 1);
    add(book, 2, 200, 1);
    add(book, 3, 100, 1);
    struct trust_key key;
    assert_false(peer_book_expire_invite(book, &key, 99));
    assert_true(peer_book_expire_invite(book, &key, 100));
    assert_int_equal(key.bytes[0], 1);
    assert_true(peer_book_expire_invite(book, &key, 100));
    assert_int_equal(key.bytes[0], 3);
    assert_false(peer_book_expire_invite(book, &key, 199));
    assert_int_equal(book->invite_count, 1);
}

static void names_are_text_that_a_terminal_can_bear(void **state)
{
    (void)state;
    static const char *const good[] = {"a", "Ann's node", "J\xc3\xb6rg", "\xf0\x9f\x90\x8d"};
    static const char *const bad[] = {
        "",         " a",       "a ",           "a\tb",     "a\x7f",
        "\xc0\xaf", "\xc2\x85", "\xed\xa0\x80", "\xe2\x82", "\xf4\x90\x80\x80"};
    for (size_t i = 0; i < sizeof good / sizeof *good; i++)
        assert_true(peer_book_is_name(trust_bytes_text(good[i])));
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        assert_false(peer_book_is_name(trust_bytes_text(bad[i])));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#define BOOK_TEST(name) cmocka_unit_test_setup_teardown(name, open_book, close_book)
        BOOK_TEST(a_book_is_written_and_read_again),
        BOOK_TEST(a_full_book_fits_its_bound),
        BOOK_TEST(bad_lines_are_refused),
        BOOK_TEST(a_key_twice_is_refused_and_one_in_upper_case_too),
        BOOK_TEST(a_peer_is_replaced_and_removed),
        BOOK_TEST(an_invite_goes_with_its_last_use),
        BOOK_TEST(invites_expire_one_by_one),
        BOOK_TEST(names_are_text_that_a_terminal_can_bear),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
