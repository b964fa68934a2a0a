/* repute/input: files that a command line names. */
#include "repute/input.h"

#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "capture.h"

static void a_file_that_is_not_there_is_not_found(void **state)
{
    (void)state;
    struct capture capture;
    FILE *file = NULL;
    uint64_t size = 0;
    capture_begin(&capture, OUTPUT_TEXT);
    assert_int_equal(input_open(&capture.context, &file, "/nonexistent/x"), TRUST_NO_FOUND);
    assert_int_equal(capture.context.failure.exit, FAILURE_EXIT_NO);
    assert_string_equal(capture.context.failure.message,
                        "/nonexistent/x: No such file or directory");
    assert_int_equal(input_open_regular(&capture.context, &file, &size, "/nonexistent/x"),
                     TRUST_NO_FOUND);
    assert_null(file);
    capture_end(&capture);
}

static void a_hyphen_is_standard_input(void **state)
{
    (void)state;
    struct capture capture;
    FILE *file = NULL;
    capture_begin(&capture, OUTPUT_TEXT);
    assert_int_equal(input_open(&capture.context, &file, "-"), TRUST_OK);
    assert_ptr_equal(file, stdin);
    input_close(file);
    assert_int_equal(fcntl(STDIN_FILENO, F_GETFD) >= 0, 1);
    capture_end(&capture);
}

static void what_is_no_regular_file_is_refused(void **state)
{
    (void)state;
    struct capture capture;
    FILE *file = NULL;
    uint64_t size = 0;
    capture_begin(&capture, OUTPUT_TEXT);
    assert_int_equal(input_open_regular(&capture.context, &file, &size, "/dev/null"),
                     TRUST_NO_FILE);
    assert_null(file);
    capture_end(&capture);
}

static void a_regular_file_has_its_size(void **state)
{
    (void)state;
    struct capture capture;
    char path[] = "/tmp/repute-input-XXXXXX";
    int fd = mkstemp(path);
    assert_true(fd >= 0);
    assert_int_equal(write(fd, "seven b", 7), 7);
    assert_int_equal(close(fd), 0);
    FILE *file = NULL;
    uint64_t size = 0;
    capture_begin(&capture, OUTPUT_TEXT);
    assert_int_equal(input_open_regular(&capture.context, &file, &size, path), TRUST_OK);
    assert_int_equal(size, 7);
    input_close(file);
    input_close(NULL);
    capture_end(&capture);
    assert_int_equal(unlink(path), 0);
}

static void an_error_of_the_system_has_its_name(void **state)
{
    (void)state;
    static const struct {
        int code;
        enum trust_error error;
    } cases[] = {{ENOENT, TRUST_NO_FOUND},
                 {EACCES, TRUST_NO_PERMISSION},
                 {ENOSPC, TRUST_NO_ROOM},
                 {EIO, TRUST_FAIL_IO}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct capture capture;
        capture_begin(&capture, OUTPUT_TEXT);
        assert_int_equal(input_refuse(&capture.context, "x", cases[i].code), cases[i].error);
        capture_end(&capture);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_file_that_is_not_there_is_not_found),
        cmocka_unit_test(a_hyphen_is_standard_input),
        cmocka_unit_test(what_is_no_regular_file_is_refused),
        cmocka_unit_test(a_regular_file_has_its_size),
        cmocka_unit_test(an_error_of_the_system_has_its_name),
    };
    return cmocka_run_group_tests_name("tools/repute/input", tests, NULL, NULL);
}
