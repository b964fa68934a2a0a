/* repute/draft: text and record, both ways, and nothing but the canonical text. */
#include "repute/draft.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/bytes.h"

#define HEAD "created 2026-11-20T10:00:00Z\nlife 15552000\n"
#define HEX "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
#define ZEROS "0000000000000000000000000000000000000000000000000000000000000000"

static const char rating[] = "repute-draft 1\nkind rating\n" HEAD
                             "subject mcp:io.example/search\nmanifest -\ncategory performance\n"
                             "value 850\ncalls 40\norigin human\n";
static const char flag[] =
    "repute-draft 1\nkind flag\n" HEAD "subject mcp:io.example/search@1.0\nmanifest " HEX
    "\nseverity high\nclass injection\nrule R-1.x_2\noutput " ZEROS "\n";
static const char alias[] = "repute-draft 1\nkind alias\n" HEAD
                            "first https://x.example/mcp\nsecond mcp:io.example/search\nstate 1\n";
static const char vouch[] = "repute-draft 1\nkind vouch\n" HEAD
                            "key rpt1qyqszqgpqyqszqgpqyqszqgpqyqszqgpqyqszqgpqyqszqgpqyqsu0kp7d\n"
                            "scope rate,introduce\nstrength -250\n";

/* The vouch with the text form of the key 01 01 ... 01. */
static const char *vouch_text(void)
{
    static char text[sizeof vouch];
    struct trust_key key;
    char encoded[TRUST_KEY_TEXT_SIZE];
    memset(&key, 1, sizeof key);
    trust_key_encode(encoded, &key, TRUST_KEY_OPERATOR);
    memcpy(text, vouch, sizeof text);
    memcpy(strstr(text, "rpt1"), encoded, sizeof encoded - 1);
    return text;
}

static struct draft decode(const char *text)
{
    struct draft draft;
    assert_int_equal(draft_decode(&draft, trust_bytes_text(text)), TRUST_OK);
    return draft;
}

static void every_kind_is_written_as_it_was_read(void **state)
{
    (void)state;
    const char *const texts[] = {rating, flag, alias, vouch_text()};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        uint8_t bytes[DRAFT_SIZE_MAX];
        struct draft draft = decode(texts[i]);
        struct trust_writer writer = trust_writer_init(bytes, sizeof bytes);
        draft_encode(&writer, &draft);
        assert_int_equal(writer.size, strlen(texts[i]));
        assert_memory_equal(bytes, texts[i], writer.size);
    }
}

static void the_record_says_what_the_draft_says(void **state)
{
    (void)state;
    static const struct trust_key author = {{9}};
    struct trust_record record;
    struct draft draft = decode(rating);
    draft_record(&record, &draft, &author, 1700000000999);
    assert_int_equal(record.kind, TRUST_KIND_RATING);
    assert_memory_equal(&record.author, &author, sizeof author);
    assert_int_equal(record.seq, 1700000000999);
    assert_int_equal(record.expires, 1700000000 + 15552000);
    assert_true(
        trust_bytes_equal(record.rating.subject, trust_bytes_text("mcp:io.example/search")));
    assert_int_equal(record.rating.manifest.size, 0);
    assert_int_equal(record.rating.category, TRUST_CATEGORY_PERFORMANCE);
    assert_int_equal(record.rating.value, 850);
    assert_int_equal(record.rating.calls, 40);
    assert_int_equal(record.rating.origin, TRUST_ORIGIN_HUMAN);
    draft = decode(flag);
    draft_record(&record, &draft, &author, 1);
    assert_int_equal(record.flag.severity, TRUST_SEVERITY_HIGH);
    assert_int_equal(record.flag.class_, TRUST_CLASS_INJECTION);
    assert_int_equal(record.flag.manifest.size, 32);
    assert_int_equal(record.flag.manifest.data[1], 0x23);
    assert_true(trust_bytes_equal(record.flag.rule, trust_bytes_text("R-1.x_2")));
    draft = decode(alias);
    draft_record(&record, &draft, &author, 1);
    assert_true(trust_bytes_equal(record.alias.first, trust_bytes_text("https://x.example/mcp")));
    assert_int_equal(record.alias.state, 1);
    draft = decode(vouch_text());
    draft_record(&record, &draft, &author, 1);
    assert_int_equal(record.vouch.subject.bytes[31], 1);
    assert_int_equal(record.vouch.scopes, TRUST_SCOPE_RATES | TRUST_SCOPE_INTRODUCES);
    assert_int_equal(record.vouch.strength, -250);
}

static void a_draft_of_a_record_says_the_same(void **state)
{
    (void)state;
    const char *const texts[] = {rating, flag, alias, vouch_text()};
    static const struct trust_key author = {{9}};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        uint8_t bytes[DRAFT_SIZE_MAX];
        struct trust_record record;
        struct draft again;
        struct draft draft = decode(texts[i]);
        draft_record(&record, &draft, &author, 1700000000000);
        draft_from_record(&again, &record);
        again.created_s = draft.created_s;
        again.life_s = draft.life_s;
        struct trust_writer writer = trust_writer_init(bytes, sizeof bytes);
        draft_encode(&writer, &again);
        assert_int_equal(writer.size, strlen(texts[i]));
        assert_memory_equal(bytes, texts[i], writer.size);
    }
}

static void the_id_follows_what_it_is_about(void **state)
{
    (void)state;
    char ids[3][DRAFT_ID_SIZE];
    struct draft first = decode(rating);
    struct draft second = first;
    second.rating.value = 1;
    second.created_s++;
    second.life_s = 60;
    struct draft other = first;
    other.rating.category = TRUST_CATEGORY_OVERALL;
    draft_id(ids[0], &first);
    draft_id(ids[1], &second);
    draft_id(ids[2], &other);
    assert_int_equal(strlen(ids[0]), 8);
    assert_string_equal(ids[0], ids[1]);
    assert_string_not_equal(ids[0], ids[2]);
    assert_true(draft_is_same_place(&first, &second));
    assert_false(draft_is_same_place(&first, &other));
}

/* The rating with one line replaced by another, or by nothing. */
static void change(char *out_text, size_t size, const char *from, const char *to)
{
    const char *at = strstr(rating, from);
    assert_non_null(at);
    (void)snprintf(out_text, size, "%.*s%s%s", (int)(at - rating), rating, to, at + strlen(from));
}

static void only_the_canonical_text_is_a_draft(void **state)
{
    (void)state;
    static const struct {
        const char *from;
        const char *to;
        enum trust_error expected;
    } rows[] = {
        {"repute-draft 1", "repute-draft 2", TRUST_NO_SYNTAX},
        {"repute-draft 1\n", "", TRUST_NO_SYNTAX},
        {"kind rating", "kind revocation", TRUST_NO_SYNTAX},
        {"kind rating", "kind flag", TRUST_NO_SYNTAX},
        {"kind rating", "kind  rating", TRUST_NO_SYNTAX},
        {"kind rating\n", "", TRUST_NO_SYNTAX},
        {"created 2026-11-20T10:00:00Z", "created 2026-11-20", TRUST_NO_SYNTAX},
        {"created 2026-11-20T10:00:00Z", "created 2026-13-20T10:00:00Z", TRUST_NO_SYNTAX},
        {"life 15552000", "life 015552000", TRUST_NO_SYNTAX},
        {"life 15552000", "life 63072001", TRUST_NO_SYNTAX},
        {"life 15552000", "life -1", TRUST_NO_SYNTAX},
        {"life 15552000", "life 0", TRUST_NO_RANGE},
        {"subject mcp:io.example/search", "subject mcp:IO.example/search", TRUST_NO_SUBJECT},
        {"subject mcp:io.example/search", "subject http://127.0.0.1/mcp", TRUST_NO_SUBJECT},
        {"subject mcp:io.example/search", "subject ", TRUST_NO_SYNTAX},
        {"manifest -", "manifest " HEX "0", TRUST_NO_SYNTAX},
        {"manifest -", "manifest 00", TRUST_NO_SYNTAX},
        {"manifest -", "manifest", TRUST_NO_SYNTAX},
        {"category performance", "category speed", TRUST_NO_SYNTAX},
        {"value 850", "value 1002", TRUST_NO_SYNTAX},
        {"value 850", "value 0.85", TRUST_NO_SYNTAX},
        {"value 850", "value 850 ", TRUST_NO_SYNTAX},
        {"calls 40", "calls 1000001", TRUST_NO_SYNTAX},
        {"calls 40", "calls 0", TRUST_NO_RANGE},
        {"origin human\n", "origin human", TRUST_NO_SYNTAX},
        {"origin human\n", "origin human\n\n", TRUST_NO_SYNTAX},
        {"origin human\n", "origin human\nmore 1\n", TRUST_NO_SYNTAX},
        {"origin human\n", "origin human\r\n", TRUST_NO_SYNTAX},
        {"calls 40\n", "calls 40\ncalls 40\n", TRUST_NO_SYNTAX},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char text[DRAFT_SIZE_MAX];
        struct draft draft = {.life_s = 7};
        change(text, sizeof text, rows[i].from, rows[i].to);
        assert_int_equal(draft_decode(&draft, trust_bytes_text(text)), rows[i].expected);
        assert_int_equal(draft.life_s, 7);
    }
}

static void every_prefix_is_refused(void **state)
{
    (void)state;
    struct draft draft;
    for (size_t size = 0; size < sizeof flag - 1; size++) {
        const struct trust_bytes text = {.data = (const uint8_t *)flag, .size = size};
        assert_int_equal(draft_decode(&draft, text), TRUST_NO_SYNTAX);
    }
}

static void a_strength_has_one_spelling(void **state)
{
    (void)state;
    static const struct {
        const char *strength;
        enum trust_error expected;
    } rows[] = {{"0", TRUST_OK},
                {"1000", TRUST_OK},
                {"-1000", TRUST_OK},
                {"-0", TRUST_NO_SYNTAX},
                {"+1", TRUST_NO_SYNTAX},
                {"1001", TRUST_NO_SYNTAX},
                {"-1001", TRUST_NO_SYNTAX},
                {"--1", TRUST_NO_SYNTAX},
                {"-", TRUST_NO_SYNTAX}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char text[DRAFT_SIZE_MAX];
        struct draft draft;
        const char *whole = vouch_text();
        size_t size = (size_t)(strstr(whole, "-250") - whole);
        (void)snprintf(text, sizeof text, "%.*s%s\n", (int)size, whole, rows[i].strength);
        assert_int_equal(draft_decode(&draft, trust_bytes_text(text)), rows[i].expected);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_kind_is_written_as_it_was_read),
        cmocka_unit_test(the_record_says_what_the_draft_says),
        cmocka_unit_test(a_draft_of_a_record_says_the_same),
        cmocka_unit_test(the_id_follows_what_it_is_about),
        cmocka_unit_test(only_the_canonical_text_is_a_draft),
        cmocka_unit_test(every_prefix_is_refused),
        cmocka_unit_test(a_strength_has_one_spelling),
    };
    return cmocka_run_group_tests_name("repute/draft", tests, NULL, NULL);
}
