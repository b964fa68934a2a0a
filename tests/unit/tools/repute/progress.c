/* repute/progress: a bar on a terminal, silence elsewhere. */
#include "repute/progress.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "capture.h"

#define TEN "##########"
#define DOTS ".........."

static void the_bar_is_drawn_once_a_percent(void **state)
{
    (void)state;
    struct capture capture;
    capture_begin(&capture, OUTPUT_TEXT);
    capture.context.output.shows_progress = true;
    struct progress progress = progress_begin(&capture.context.output, "import", 1000);
    progress_set(&progress, 0);
    progress_set(&progress, 9);
    progress_set(&progress, 250);
    progress_set(&progress, 1000);
    progress_set(&progress, 2000);
    assert_string_equal(capture_text(&capture), "\rimport [" DOTS DOTS DOTS DOTS "]   0%"
                                                "\rimport [" TEN DOTS DOTS DOTS "]  25%"
                                                "\rimport [" TEN TEN TEN TEN "] 100%");
    progress_end(&progress);
    const char *text = capture_text(&capture);
    assert_int_equal(text[strlen(text) - 1], '\r');
    capture_end(&capture);
}

static void nothing_is_drawn_where_no_terminal_is(void **state)
{
    (void)state;
    struct capture capture;
    capture_begin(&capture, OUTPUT_TEXT);
    struct progress progress = progress_begin(&capture.context.output, "import", 1000);
    progress_set(&progress, 500);
    progress_end(&progress);
    assert_string_equal(capture_text(&capture), "");
    capture_end(&capture);
}

static void an_empty_file_has_no_bar(void **state)
{
    (void)state;
    struct capture capture;
    capture_begin(&capture, OUTPUT_TEXT);
    capture.context.output.shows_progress = true;
    struct progress progress = progress_begin(&capture.context.output, "import", 0);
    progress_set(&progress, 0);
    progress_end(&progress);
    assert_string_equal(capture_text(&capture), "");
    capture_end(&capture);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_bar_is_drawn_once_a_percent),
        cmocka_unit_test(nothing_is_drawn_where_no_terminal_is),
        cmocka_unit_test(an_empty_file_has_no_bar),
    };
    return cmocka_run_group_tests_name("tools/repute/progress", tests, NULL, NULL);
}
