/* node/flagbook: what is written is read again, what is not right has its line. */
#include "node/flagbook.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/bytes.h"

static struct flagbook open_book(uint32_t limit)
{
    struct flagbook book;
    assert_int_equal(flagbook_open(&book, limit), TRUST_OK);
    return book;
}

static struct flagbook_entry entry_of(uint8_t author, const char *subject, const char *rule)
{
    const struct trust_record flag = {.kind = TRUST_KIND_FLAG,
                                      .author = {{author}},
                                      .flag = {.subject = trust_bytes_text(subject),
                                               .class_ = TRUST_CLASS_MALWARE,
                                               .rule = trust_bytes_text(rule)}};
    return flagbook_entry_of(&flag);
}

static void text_of(char out_text[TRUST_KEY_TEXT_SIZE], uint8_t key)
{
    struct trust_key bytes = {{key}};
    trust_key_encode(out_text, &bytes, TRUST_KEY_OPERATOR);
}

static void an_entry_is_the_register_of_its_flag(void **state)
{
    (void)state;
    const struct trust_record flag = {
        .kind = TRUST_KIND_FLAG,
        .author = {{1}},
        .seq = 7,
        .expires = 8,
        .flag = {.subject = trust_bytes_text("mcp:io.example/a"),
                 .severity = TRUST_SEVERITY_CRITICAL,
                 .class_ = TRUST_CLASS_MALWARE,
                 .rule = trust_bytes_text("r")},
    };
    struct trust_register place;
    trust_register_init(&place, &flag);
    struct flagbook_entry entry = flagbook_entry_of(&flag);
    assert_int_equal(trust_register_compare(&entry.place, &place), 0);
    assert_string_equal(entry.subject, "mcp:io.example/a");
    assert_string_equal(entry.rule, "r");
    assert_int_equal(entry.class_, TRUST_CLASS_MALWARE);
    assert_false(entry.has_manifest);
    /* Neither severity nor time belong to it. */
    struct flagbook_entry other = entry_of(1, "mcp:io.example/a", "r");
    assert_int_equal(trust_register_compare(&entry.place, &other.place), 0);
    other = entry_of(2, "mcp:io.example/a", "r");
    assert_int_not_equal(trust_register_compare(&entry.place, &other.place), 0);
}

static void entries_are_found_in_whatever_order_they_came(void **state)
{
    (void)state;
    struct flagbook book = open_book(8);
    static const char *const rules[] = {"e", "a", "g", "c", "b"};
    for (size_t i = 0; i < 5; i++) {
        struct flagbook_entry made = entry_of(1, "mcp:io.example/a", rules[i]);
        assert_null(flagbook_find(&book, &made.place));
        assert_int_equal(flagbook_add(&book, &made), TRUST_OK);
        assert_int_equal(flagbook_add(&book, &made), TRUST_NO_CONFLICT);
    }
    assert_int_equal(book.count, 5);
    for (uint32_t i = 1; i < book.count; i++)
        assert_true(trust_register_compare(&book.entries[i - 1].place, &book.entries[i].place) < 0);
    for (size_t i = 0; i < 5; i++) {
        struct flagbook_entry made = entry_of(1, "mcp:io.example/a", rules[i]);
        assert_string_equal(flagbook_find(&book, &made.place)->rule, rules[i]);
        assert_int_equal(flagbook_remove(&book, &made.place), TRUST_OK);
        assert_int_equal(flagbook_remove(&book, &made.place), TRUST_NO_FOUND);
    }
    assert_int_equal(book.count, 0);
    flagbook_close(&book);
}

static void a_full_book_takes_no_more(void **state)
{
    (void)state;
    struct flagbook book = open_book(1);
    struct flagbook_entry first = entry_of(1, "mcp:io.example/a", "a");
    struct flagbook_entry second = entry_of(1, "mcp:io.example/a", "b");
    assert_int_equal(flagbook_add(&book, &first), TRUST_OK);
    assert_int_equal(flagbook_add(&book, &second), TRUST_NO_ROOM);
    assert_int_equal(flagbook_remove(&book, &first.place), TRUST_OK);
    assert_int_equal(flagbook_add(&book, &second), TRUST_OK);
    flagbook_close(&book);
}

static void the_longest_line_is_written_and_read_again(void **state)
{
    (void)state;
    char subject[TRUST_SUBJECT_SIZE_MAX + 1] = "mcp:io.example/";
    memset(subject + strlen(subject), 'a', TRUST_SUBJECT_SIZE_MAX - strlen(subject));
    char rule[TRUST_RULE_SIZE_MAX + 1] = {0};
    memset(rule, 'r', TRUST_RULE_SIZE_MAX);
    uint8_t manifest[32];
    memset(manifest, 0xa5, sizeof manifest);
    const struct trust_record flag = {
        .kind = TRUST_KIND_FLAG,
        .author = {{3}},
        .flag = {.subject = trust_bytes_text(subject),
                 .manifest = {.data = manifest, .size = sizeof manifest},
                 .class_ = TRUST_CLASS_MANIFEST_CHANGED,
                 .rule = trust_bytes_text(rule)},
    };
    struct flagbook_entry made = flagbook_entry_of(&flag);
    struct flagbook book = open_book(1);
    assert_int_equal(flagbook_add(&book, &made), TRUST_OK);
    char path[] = "/tmp/flagbook.XXXXXX";
    int fd = mkstemp(path);
    assert_true(fd >= 0);
    assert_int_equal(close(fd), 0);
    assert_int_equal(flagbook_save(&book, path), TRUST_OK);
    struct flagbook again = open_book(1);
    uint32_t line = 9;
    assert_int_equal(flagbook_load(&again, &line, path), TRUST_OK);
    assert_int_equal(line, 0);
    assert_int_equal(again.count, 1);
    assert_int_equal(trust_register_compare(&again.entries[0].place, &made.place), 0);
    assert_string_equal(again.entries[0].subject, subject);
    assert_string_equal(again.entries[0].rule, rule);
    assert_memory_equal(again.entries[0].manifest, manifest, sizeof manifest);
    assert_int_equal(unlink(path), 0);
    flagbook_close(&again);
    flagbook_close(&book);
}

static void the_text_is_one_line_a_flag(void **state)
{
    (void)state;
    char key[TRUST_KEY_TEXT_SIZE];
    char wanted[256];
    text_of(key, 1);
    (void)snprintf(wanted, sizeof wanted, "%s malware TP.1 - mcp:io.example/a@1.0\n", key);
    struct flagbook book = open_book(1);
    struct flagbook_entry made = entry_of(1, "mcp:io.example/a@1.0", "TP.1");
    assert_int_equal(flagbook_add(&book, &made), TRUST_OK);
    char *text = NULL;
    size_t size = 0;
    assert_int_equal(flagbook_format(&book, &text, &size), TRUST_OK);
    assert_int_equal(size, strlen(wanted));
    assert_memory_equal(text, wanted, size);
    free(text);
    flagbook_close(&book);
}

static void a_file_that_is_not_there_is_empty(void **state)
{
    (void)state;
    struct flagbook book = open_book(1);
    uint32_t line = 9;
    assert_int_equal(flagbook_load(&book, &line, "/tmp/no/such/file"), TRUST_OK);
    assert_int_equal(line, 0);
    assert_int_equal(book.count, 0);
    flagbook_close(&book);
}

#define GOOD " malware r - mcp:io.example/a\n"
#define HEX8 "0123456789abcdef"

static void a_wrong_line_is_named(void **state)
{
    (void)state;
    char key[TRUST_KEY_TEXT_SIZE];
    text_of(key, 1);
    const struct {
        const char *second; /* behind the key */
        enum trust_error error;
        uint32_t line;
    } rows[] = {
        {" malware s - mcp:io.example/a\n", TRUST_OK, 0},
        {" malware r " HEX8 HEX8 HEX8 HEX8 " mcp:io.example/a\n", TRUST_OK, 0},
        {" poisoning r - mcp:io.example/a\n", TRUST_OK, 0},
        {" malware r - https://example.org/mcp\n", TRUST_OK, 0},
        {GOOD, TRUST_NO_CONFLICT, 2},
        {" malware s - mcp:io.example/a", TRUST_NO_SYNTAX, 2},
        {" malware s - mcp:io.example/a \n", TRUST_NO_SYNTAX, 2},
        {" malware s - mcp:io.example/a x\n", TRUST_NO_SYNTAX, 2},
        {" malware s  - mcp:io.example/a\n", TRUST_NO_SYNTAX, 2},
        {" malware s mcp:io.example/a\n", TRUST_NO_SYNTAX, 2},
        {"\n", TRUST_NO_SYNTAX, 2},
        {"x malware s - mcp:io.example/a\n", TRUST_NO_KEY, 2},
        {" Malware s - mcp:io.example/a\n", TRUST_NO_RANGE, 2},
        {" malwaremalwaremalware s - mcp:io.example/a\n", TRUST_NO_RANGE, 2},
        {" malware s/ - mcp:io.example/a\n", TRUST_NO_RANGE, 2},
        {" malware s " HEX8 " mcp:io.example/a\n", TRUST_NO_RANGE, 2},
        {" malware s " HEX8 HEX8 HEX8 "0123456789ABCDEF mcp:io.example/a\n", TRUST_NO_RANGE, 2},
        {" malware s - MCP:io.example/a\n", TRUST_NO_SUBJECT, 2},
        {" malware s - a\n", TRUST_NO_SUBJECT, 2},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char text[512];
        (void)snprintf(text, sizeof text, "%s%s%s%s", key, GOOD, key, rows[i].second);
        struct flagbook book = open_book(4);
        uint32_t line = 0;
        assert_int_equal(flagbook_parse(&book, &line, trust_bytes_text(text)), rows[i].error);
        assert_int_equal(line, rows[i].line);
        assert_int_equal(book.count, rows[i].error == TRUST_OK ? 2 : 1);
        flagbook_close(&book);
    }
}

static void more_lines_than_fit_are_refused(void **state)
{
    (void)state;
    char key[TRUST_KEY_TEXT_SIZE];
    char text[512];
    text_of(key, 1);
    (void)snprintf(text, sizeof text, "%s%s%s malware s - mcp:io.example/a\n", key, GOOD, key);
    struct flagbook book = open_book(1);
    uint32_t line = 0;
    assert_int_equal(flagbook_parse(&book, &line, trust_bytes_text(text)), TRUST_NO_ROOM);
    assert_int_equal(line, 2);
    flagbook_close(&book);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_entry_is_the_register_of_its_flag),
        cmocka_unit_test(entries_are_found_in_whatever_order_they_came),
        cmocka_unit_test(a_full_book_takes_no_more),
        cmocka_unit_test(the_longest_line_is_written_and_read_again),
        cmocka_unit_test(the_text_is_one_line_a_flag),
        cmocka_unit_test(a_file_that_is_not_there_is_empty),
        cmocka_unit_test(a_wrong_line_is_named),
        cmocka_unit_test(more_lines_than_fit_are_refused),
    };
    return cmocka_run_group_tests_name("node/flagbook", tests, NULL, NULL);
}
