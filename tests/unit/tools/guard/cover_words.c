/* guard/cover_words: what is known of a keyword. */
#include "guard/cover_words.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "guard/cover_facts.h"

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

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(keywords_are_told_apart),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
