/* repute/unified: the diff of a patch has the lines that change, and shows only what may be shown.
 */
#include "repute/unified.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/bytes.h"

struct edit {
    size_t at;
    size_t cut;
    const char *put;
};

/* The diff of these edits; hidden: a letter that is shown as a star. */
static void expect(const char *text, const struct edit *edits, size_t count, size_t context,
                   const char *wanted)
{
    struct patch patch = {0};
    uint8_t *after = NULL;
    size_t after_size = 0;
    for (size_t i = 0; i < count; i++)
        assert_int_equal(
            patch_add(&patch, edits[i].at, edits[i].cut, trust_bytes_text(edits[i].put)), TRUST_OK);
    enum trust_error error = patch_apply(&patch, &after, &after_size, trust_bytes_text(text));
    assert_int_equal(error, TRUST_OK);
    char *shown_before = strdup(text);
    char *shown_after = strdup((char *)after);
    assert_non_null(shown_before);
    assert_non_null(shown_after);
    for (char *at = shown_before; *at != '\0'; at++)
        *at = *at == 's' || *at == 't' ? '*' : *at;
    for (char *at = shown_after; *at != '\0'; at++)
        *at = *at == 's' || *at == 't' ? '*' : *at;
    const struct unified unified = {
        .path = "f",
        .patch = &patch,
        .before = {.text = trust_bytes_text(text), .shown = trust_bytes_text(shown_before)},
        .after = {.text = {.data = after, .size = after_size},
                  .shown = trust_bytes_text(shown_after)},
        .context = context,
    };
    char *diff = NULL;
    size_t size = 0;
    FILE *file = open_memstream(&diff, &size);
    assert_non_null(file);
    assert_int_equal(unified_write(file, &unified), TRUST_OK);
    assert_int_equal(fclose(file), 0);
    assert_string_equal(diff, wanted);
    free(diff);
    free(shown_before);
    free(shown_after);
    free(after);
    patch_close(&patch);
}

#define HEAD "--- f\n+++ f\n"

static void lines_are_added_replaced_and_taken_out(void **state)
{
    (void)state;
    const char *text = "a\nb\nc\nd\ne\nf\ng\nh\ni\n";
    expect(text, (struct edit[]){{2, 0, "x\n"}}, 1, 1, HEAD "@@ -1,2 +1,3 @@\n a\n+x\n b\n");
    expect(text, (struct edit[]){{2, 1, "x"}}, 1, 1, HEAD "@@ -1,3 +1,3 @@\n a\n-b\n+x\n c\n");
    expect(text, (struct edit[]){{2, 2, ""}}, 1, 1, HEAD "@@ -1,3 +1,2 @@\n a\n-b\n c\n");
    expect(text, (struct edit[]){{2, 0, "x\n"}}, 1, 0, HEAD "@@ -1,0 +2,1 @@\n+x\n");
    expect(text, (struct edit[]){{18, 0, "x\n"}}, 1, 1, HEAD "@@ -9,1 +9,2 @@\n i\n+x\n");
    expect("", (struct edit[]){{0, 0, "x\n"}}, 1, 3, HEAD "@@ -0,0 +1,1 @@\n+x\n");
}

static void changes_far_from_each_other_are_apart(void **state)
{
    (void)state;
    const char *text = "a\nb\nc\nd\ne\nf\ng\nh\ni\n";
    expect(text, (struct edit[]){{0, 1, "x"}, {16, 1, "y"}}, 2, 1,
           HEAD "@@ -1,2 +1,2 @@\n-a\n+x\n b\n@@ -8,2 +8,2 @@\n h\n-i\n+y\n");
    expect(text, (struct edit[]){{0, 1, "x"}, {6, 1, "y"}}, 2, 1,
           HEAD "@@ -1,5 +1,5 @@\n-a\n+x\n b\n c\n-d\n+y\n e\n");
    /* Two in one line are one change. */
    expect("abc\nd\n", (struct edit[]){{0, 1, "x"}, {2, 1, "y"}}, 2, 0,
           HEAD "@@ -1,1 +1,1 @@\n-abc\n+xby\n");
}

static void a_last_line_without_an_end_is_told(void **state)
{
    (void)state;
    expect("a\nb", (struct edit[]){{3, 0, "\nc"}}, 1, 1,
           HEAD "@@ -1,2 +1,3 @@\n a\n-b\n\\ No newline at end of file\n+b\n+c\n"
                "\\ No newline at end of file\n");
}

static void nothing_is_said_of_nothing(void **state)
{
    (void)state;
    expect("a\n", NULL, 0, 3, "");
    expect("a\n", (struct edit[]){{0, 1, "a"}}, 1, 3, "");
}

static void a_change_of_what_is_hidden_is_a_change(void **state)
{
    (void)state;
    expect("s\n", (struct edit[]){{0, 1, "t"}}, 1, 3, HEAD "@@ -1,1 +1,1 @@\n-*\n+*\n");
}

static void control_characters_do_not_reach_a_terminal(void **state)
{
    (void)state;
    expect("a\033[2J\tb\r\n", (struct edit[]){{0, 1, "\xc2\x9b"}}, 1, 3,
           HEAD "@@ -1,1 +1,1 @@\n-a?[2J\tb\n+??[2J\tb\n");
}

static void a_line_is_shown_in_the_order_in_which_it_is_read(void **state)
{
    (void)state;
    expect("a\xe2\x80\xae"
           "b\xe2\x81\xa6"
           "\u00e9\n",
           (struct edit[]){{0, 1, "\xe2\x80\x8f"}}, 1, 3,
           HEAD "@@ -1,1 +1,1 @@\n-a?b?\u00e9\n+??b?\u00e9\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lines_are_added_replaced_and_taken_out),
        cmocka_unit_test(changes_far_from_each_other_are_apart),
        cmocka_unit_test(a_last_line_without_an_end_is_told),
        cmocka_unit_test(nothing_is_said_of_nothing),
        cmocka_unit_test(a_change_of_what_is_hidden_is_a_change),
        cmocka_unit_test(control_characters_do_not_reach_a_terminal),
        cmocka_unit_test(a_line_is_shown_in_the_order_in_which_it_is_read),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
