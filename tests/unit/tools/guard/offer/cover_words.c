/* guard/cover_words: what is known of a keyword. */
#include "guard/offer/cover_words.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "guard/offer/cover_facts.h"

static void keywords_are_told_apart(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        enum cover_word word;
        unsigned types;
    } rows[] = {
        {"title", COVER_WORD_NOTE, COVER_ALL},
        {"type", COVER_WORD_COMPARED, COVER_ALL},
        {"maximum", COVER_WORD_COMPARED, COVER_NUMBER},
        {"pattern", COVER_WORD_SAME, COVER_STRING},
        {"unevaluatedProperties", COVER_WORD_NARROWS, COVER_OBJECT},
        {"nullable", COVER_WORD_UNKNOWN, COVER_ALL},
        {"Title", COVER_WORD_UNKNOWN, COVER_ALL},
        {"titles", COVER_WORD_UNKNOWN, COVER_ALL},
        {"", COVER_WORD_UNKNOWN, COVER_ALL},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const struct cover_word_row *row = cover_word_find(trust_bytes_text(rows[i].name));
        assert_int_equal(row->word, rows[i].word);
        assert_int_equal(row->types, rows[i].types);
    }
}

static void a_schema_is_read_in_one_pass(void **state)
{
    (void)state;
    struct cover_schema schema;
    cover_schema_read(&schema, trust_bytes_text("{\"$id\":\"a\",\"maximum\":7,\"x\":1,\"y\":2}"));
    assert_true(trust_bytes_equal(cover_schema_word(&schema, "maximum"), trust_bytes_text("7")));
    assert_int_equal(cover_schema_word(&schema, "minimum").size, 0);
    assert_true(trust_bytes_equal(schema.id, trust_bytes_text("\"a\"")));
    assert_true(trust_bytes_equal(schema.unknown, trust_bytes_text("x")));
    cover_schema_read(&schema, trust_bytes_text("{}"));
    assert_null(schema.unknown.data);
    assert_int_equal(cover_schema_word(&schema, "maximum").size, 0);
    assert_string_equal(cover_word_at(0)->name, "$anchor");
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(keywords_are_told_apart),
        cmocka_unit_test(a_schema_is_read_in_one_pass),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
