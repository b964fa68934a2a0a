/* node/keybook: what is read is written again byte for byte, and what is not right has its line. */
#include "node/keybook.h"

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

static struct keybook open_book(uint32_t limit)
{
    struct keybook book;
    assert_int_equal(keybook_open(&book, TRUST_KEY_OPERATOR, limit), TRUST_OK);
    return book;
}

static struct keybook_entry entry(uint8_t key, const char *word, const char *name)
{
    struct keybook_entry made = {.key = {{key}}};
    (void)snprintf(made.word, sizeof made.word, "%s", word);
    (void)snprintf(made.name, sizeof made.name, "%s", name);
    return made;
}

static void text_of(char out_text[TRUST_KEY_TEXT_SIZE], uint8_t key)
{
    struct trust_key bytes = {{key}};
    trust_key_encode(out_text, &bytes, TRUST_KEY_OPERATOR);
}

static void entries_are_found_in_whatever_order_they_came(void **state)
{
    (void)state;
    struct keybook book = open_book(8);
    static const uint8_t keys[] = {5, 1, 7, 3, 2};
    for (size_t i = 0; i < sizeof keys; i++) {
        struct keybook_entry made = entry(keys[i], "-", keys[i] == 3 ? "three" : "");
        assert_int_equal(keybook_put(&book, &made), TRUST_OK);
    }
    assert_int_equal(book.count, 5);
    for (uint32_t i = 1; i < book.count; i++)
        assert_true(book.entries[i - 1].key.bytes[0] < book.entries[i].key.bytes[0]);
    struct trust_key three = {{3}};
    struct trust_key four = {{4}};
    assert_string_equal(keybook_name(&book, &three), "three");
    assert_null(keybook_find(&book, &four));
    assert_null(keybook_name(&book, &four));
    assert_int_equal(keybook_remove(&book, &four), TRUST_NO_FOUND);
    assert_int_equal(keybook_remove(&book, &three), TRUST_OK);
    assert_null(keybook_find(&book, &three));
    assert_int_equal(book.count, 4);
    keybook_close(&book);
}

static void a_full_book_takes_no_new_key_but_changes_the_old(void **state)
{
    (void)state;
    struct keybook book = open_book(2);
    struct keybook_entry first = entry(1, "-", "");
    struct keybook_entry second = entry(2, "-", "");
    struct keybook_entry third = entry(3, "-", "");
    assert_int_equal(keybook_put(&book, &first), TRUST_OK);
    assert_int_equal(keybook_put(&book, &second), TRUST_OK);
    assert_int_equal(keybook_put(&book, &third), TRUST_NO_ROOM);
    second = entry(2, "muted", "x");
    assert_int_equal(keybook_put(&book, &second), TRUST_OK);
    assert_string_equal(keybook_find(&book, &second.key)->word, "muted");
    keybook_close(&book);
}

static void what_is_written_is_read_again(void **state)
{
    (void)state;
    struct keybook book = open_book(4);
    struct keybook_entry made[] = {entry(1, "-", "Al Ice \xc3\xa4"), entry(2, "muted", ""),
                                   entry(3, "w:7717", "b")};
    for (size_t i = 0; i < 3; i++)
        assert_int_equal(keybook_put(&book, &made[i]), TRUST_OK);
    char *text = NULL;
    size_t size = 0;
    assert_int_equal(keybook_format(&book, &text, &size), TRUST_OK);
    struct keybook again = open_book(4);
    uint32_t line = 0;
    assert_int_equal(
        keybook_parse(&again, &line, (struct trust_bytes){(const uint8_t *)text, size}), TRUST_OK);
    assert_int_equal(again.count, 3);
    assert_memory_equal(again.entries, book.entries, 3 * sizeof *book.entries);
    free(text);
    keybook_close(&again);
    keybook_close(&book);
}

static void a_wrong_line_is_named(void **state)
{
    (void)state;
    char one[TRUST_KEY_TEXT_SIZE];
    char two[TRUST_KEY_TEXT_SIZE];
    text_of(one, 1);
    text_of(two, 2);
    char long_name[KEYBOOK_NAME_SIZE + 1];
    memset(long_name, 'x', KEYBOOK_NAME_SIZE);
    long_name[KEYBOOK_NAME_SIZE] = '\0';
    const struct {
        const char *format;
        const char *word;
        enum trust_error error;
        uint32_t line;
    } rows[] = {
        {"%s - a\n%s %s\n", "- b", TRUST_OK, 0},
        {"%s - a\n%s%s", "", TRUST_NO_SYNTAX, 2},
        {"%s - a\n%s %s\n", "", TRUST_NO_SYNTAX, 2},
        {"%s - a\n\n%s %s\n", "-", TRUST_NO_SYNTAX, 2},
        {"%s - a\n%s  %s\n", "-", TRUST_NO_SYNTAX, 2},
        {"%s - a\nx%s %s\n", "-", TRUST_NO_KEY, 2},
        {"%s - a\n%s - %s\n", "a\tb", TRUST_NO_RANGE, 2},
        {"%s - a\n%s - %s\n", long_name, TRUST_NO_RANGE, 2},
        {"%s - a\n%s w\x01%s\n", "", TRUST_NO_RANGE, 2},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char text[512];
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
        (void)snprintf(text, sizeof text, rows[i].format, one, two, rows[i].word);
#pragma GCC diagnostic pop
        struct keybook book = open_book(4);
        uint32_t line = 0;
        assert_int_equal(keybook_parse(&book, &line, trust_bytes_text(text)), rows[i].error);
        assert_int_equal(line, rows[i].line);
        keybook_close(&book);
    }
}

static void a_key_stands_once_and_only_so_many_fit(void **state)
{
    (void)state;
    char one[TRUST_KEY_TEXT_SIZE];
    char two[TRUST_KEY_TEXT_SIZE];
    text_of(one, 1);
    text_of(two, 2);
    char text[512];
    uint32_t line = 0;
    (void)snprintf(text, sizeof text, "%s -\n%s -\n%s -\n", one, two, one);
    struct keybook book = open_book(4);
    assert_int_equal(keybook_parse(&book, &line, trust_bytes_text(text)), TRUST_NO_CONFLICT);
    assert_int_equal(line, 3);
    keybook_close(&book);
    book = open_book(1);
    assert_int_equal(keybook_parse(&book, &line, trust_bytes_text(text)), TRUST_NO_ROOM);
    assert_int_equal(line, 2);
    keybook_close(&book);
}

static void a_file_that_is_not_there_is_empty(void **state)
{
    (void)state;
    char directory[] = "/tmp/keybook-XXXXXX";
    assert_non_null(mkdtemp(directory));
    char path[64];
    (void)snprintf(path, sizeof path, "%s/names", directory);
    struct keybook book = open_book(4);
    uint32_t line = 9;
    assert_int_equal(keybook_load(&book, &line, path), TRUST_OK);
    assert_int_equal(book.count, 0);
    assert_int_equal(line, 0);
    struct keybook_entry made = entry(1, "muted", "x y");
    assert_int_equal(keybook_put(&book, &made), TRUST_OK);
    assert_int_equal(keybook_save(&book, path), TRUST_OK);
    struct keybook again = open_book(4);
    assert_int_equal(keybook_load(&again, &line, path), TRUST_OK);
    assert_string_equal(keybook_name(&again, &made.key), "x y");
    keybook_close(&again);
    keybook_close(&book);
    assert_int_equal(unlink(path), 0);
    assert_int_equal(rmdir(directory), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(entries_are_found_in_whatever_order_they_came),
        cmocka_unit_test(a_full_book_takes_no_new_key_but_changes_the_old),
        cmocka_unit_test(what_is_written_is_read_again),
        cmocka_unit_test(a_wrong_line_is_named),
        cmocka_unit_test(a_key_stands_once_and_only_so_many_fit),
        cmocka_unit_test(a_file_that_is_not_there_is_empty),
    };
    return cmocka_run_group_tests_name("node/keybook", tests, NULL, NULL);
}
