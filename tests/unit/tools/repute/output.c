/* repute/output: one document in three forms. */
#include "repute/output.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static const struct output_field columns[] = {
    {"NAME", "name", OUTPUT_AS_IT_IS},
    {"SCORE", "score", OUTPUT_RATIO},
    {"STATE", "peer.state", OUTPUT_AS_IT_IS},
    {0},
};

struct page {
    struct output output;
    char *text;
    size_t size;
};

static struct page open_page(enum output_form form)
{
    struct page page = {.output = {.form = form}};
    return page;
}

static void print_list(struct page *page, const char *document, const char *expected)
{
    json_t *array = json_loads(document, 0, NULL);
    page->output.out = open_memstream(&page->text, &page->size);
    assert_int_equal(output_list(&page->output, array, columns, "No peers."), TRUST_OK);
    assert_int_equal(fclose(page->output.out), 0);
    assert_string_equal(page->text, expected);
    free(page->text);
    json_decref(array);
}

#define TWO                                                                                        \
    "[{\"name\":\"alice\",\"score\":0.66819,\"peer\":{\"state\":\"up\"}},"                         \
    "{\"name\":\"b\\u00fccherei\",\"score\":null,\"peer\":{\"state\":\"down\"}}]"

static void a_list_is_columns_tabs_or_the_document(void **state)
{
    (void)state;
    struct page page = open_page(OUTPUT_TEXT);
    print_list(&page, TWO,
               "NAME      SCORE  STATE\n"
               "alice     0.668  up\n"
               "b\303\274cherei  -      down\n");
    page = open_page(OUTPUT_PLAIN);
    print_list(&page, TWO, "alice\t0.66819\tup\nb\303\274cherei\t-\tdown\n");
    page = open_page(OUTPUT_JSON);
    print_list(&page, TWO,
               "[{\"name\":\"alice\",\"score\":0.66819,\"peer\":{\"state\":\"up\"}},"
               "{\"name\":\"b\303\274cherei\",\"score\":null,\"peer\":{\"state\":\"down\"}}]\n");
}

static void an_empty_list_is_a_sentence_nothing_or_an_empty_array(void **state)
{
    (void)state;
    struct page page = open_page(OUTPUT_TEXT);
    print_list(&page, "[]", "No peers.\n");
    page = open_page(OUTPUT_PLAIN);
    print_list(&page, "[]", "");
    page = open_page(OUTPUT_JSON);
    print_list(&page, "[]", "[]\n");
}

static void only_a_terminal_gets_escape_bytes(void **state)
{
    (void)state;
    struct page page = open_page(OUTPUT_TEXT);
    page.output.is_coloured = true;
    print_list(&page, "[{\"name\":\"a\",\"score\":1,\"peer\":{\"state\":\"up\"}}]",
               "\033[1mNAME  SCORE  STATE\033[0m\na     1.000  up\n");
}

static void an_object_is_lines_with_their_titles(void **state)
{
    (void)state;
    static const struct {
        enum output_form form;
        const char *expected;
    } rows[] = {
        {OUTPUT_TEXT, "NAME   a\\x1b[31m\nSCORE  0.500\nSTATE  -\n"},
        {OUTPUT_PLAIN, "name\ta\\x1b[31m\nscore\t0.5\npeer.state\t-\n"},
        {OUTPUT_JSON, "{\"name\":\"a\\u001B[31m\",\"score\":0.5}\n"},
    };
    json_t *object = json_pack("{s:s,s:f}", "name", "a\033[31m", "score", 0.5);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct page page = open_page(rows[i].form);
        page.output.out = open_memstream(&page.text, &page.size);
        assert_int_equal(output_object(&page.output, object, columns), TRUST_OK);
        assert_int_equal(fclose(page.output.out), 0);
        assert_string_equal(page.text, rows[i].expected);
        free(page.text);
    }
    json_decref(object);
}

static void decimals_are_written_as_they_were_meant(void **state)
{
    (void)state;
    struct page page = open_page(OUTPUT_JSON);
    print_list(&page, "[0.6,0.57,0.001,1.0]", "[0.6,0.57,0.001,1.0]\n");
}

static void sentences_are_for_people_only(void **state)
{
    (void)state;
    for (int form = OUTPUT_TEXT; form <= OUTPUT_JSON; form++) {
        struct page page = open_page((enum output_form)form);
        page.output.out = open_memstream(&page.text, &page.size);
        output_say(&page.output, "%d drafts\n", 3);
        assert_int_equal(fclose(page.output.out), 0);
        assert_string_equal(page.text, form == OUTPUT_TEXT ? "3 drafts\n" : "");
        free(page.text);
    }
}

static void a_full_disk_is_noticed(void **state)
{
    (void)state;
    struct output output = {.form = OUTPUT_JSON, .out = fopen("/dev/full", "w")};
    assert_non_null(output.out);
    json_t *document = json_pack("{s:i}", "a", 1);
    assert_int_equal(output_json(&output, document), TRUST_FAIL_IO);
    json_decref(document);
    (void)fclose(output.out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_list_is_columns_tabs_or_the_document),
        cmocka_unit_test(an_empty_list_is_a_sentence_nothing_or_an_empty_array),
        cmocka_unit_test(only_a_terminal_gets_escape_bytes),
        cmocka_unit_test(an_object_is_lines_with_their_titles),
        cmocka_unit_test(decimals_are_written_as_they_were_meant),
        cmocka_unit_test(sentences_are_for_people_only),
        cmocka_unit_test(a_full_disk_is_noticed),
    };
    return cmocka_run_group_tests_name("repute/output", tests, NULL, NULL);
}
