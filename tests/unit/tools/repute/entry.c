/* repute/entry: an entry comes out as its place wants it, with every text as JSON. */
#include "repute/entry.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/bytes.h"

static void fill(struct entry *entry)
{
    static const struct trust_group_pair pairs[] = {{"A", "\"x\""}, {"B\n", ""}};
    static const char *const words[] = {"-y", "\\"};
    entry_add_text(entry, "command", "a \xc3\xa9\t");
    entry_add_words(entry, "args", words, 2);
    entry_add_pairs(entry, "env", &(struct trust_group_pairs){.pairs = pairs, .count = 2});
    entry_add_raw(entry, trust_bytes_text("n\\u0065w"), trust_bytes_text("[1, // one\n 2]"));
}

static void it_looks_like_its_neighbours(void **state)
{
    (void)state;
    char *text = NULL;
    struct entry entry = {0};
    fill(&entry);
    struct jsonc_style style = {.newline = "\r\n", .unit = "\t", .indent = "  "};
    assert_int_equal(entry_write(&entry, &text, &style), TRUST_OK);
    assert_string_equal(text, "{\r\n  \t\"command\": \"a \xc3\xa9\\t\",\r\n"
                              "  \t\"args\": [\"-y\", \"\\\\\"],\r\n"
                              "  \t\"env\": { \"A\": \"\\\"x\\\"\", \"B\\n\": \"\" },\r\n"
                              "  \t\"n\\u0065w\": [1, // one\n 2]\r\n  }");
    free(text);
    style.is_inline = true;
    struct entry small = {0};
    entry_add_text(&small, "a", "b");
    entry_add_words(&small, "c", NULL, 0);
    assert_int_equal(entry_write(&small, &text, &style), TRUST_OK);
    assert_string_equal(text, "{ \"a\": \"b\", \"c\": [] }");
    free(text);
    entry_close(&small);
    entry_close(&entry);
}

static void a_member_too_many_is_no_entry(void **state)
{
    (void)state;
    char *text = NULL;
    struct entry entry = {0};
    const struct jsonc_style style = {.newline = "\n"};
    for (int i = 0; i <= ENTRY_MEMBERS_MAX; i++)
        entry_add_text(&entry, "a", "b");
    assert_int_equal(entry_write(&entry, &text, &style), TRUST_FAIL_MEMORY);
    entry_close(&entry);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_looks_like_its_neighbours),
        cmocka_unit_test(a_member_too_many_is_no_entry),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
