/* node/line_file: whole lines, in order, to the first that is refused. */
#include "node/line_file.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/bytes.h"

struct taken {
    char text[64]; /* the lines, each in brackets */
};

static enum trust_error take(void *context, struct trust_bytes line)
{
    struct taken *taken = context;
    size_t used = strlen(taken->text);
    (void)snprintf(taken->text + used, sizeof taken->text - used, "[%.*s]", (int)line.size,
                   (const char *)line.data);
    return line.size == 3 && memcmp(line.data, "bad", 3) == 0 ? TRUST_NO_RANGE : TRUST_OK;
}

struct row {
    const char *text;
    const char *taken;
    enum trust_error error;
    uint32_t line; /* 99: as it was */
};

static const struct row rows[] = {
    {"", "", TRUST_OK, 99},
    {"a\n", "[a]", TRUST_OK, 99},
    {"a\n\nb c\n", "[a][][b c]", TRUST_OK, 99},
    {"a\nb", "[a]", TRUST_NO_SYNTAX, 2},
    {"a\nbad\nc\n", "[a][bad]", TRUST_NO_RANGE, 2},
    {"bad\n", "[bad]", TRUST_NO_RANGE, 1},
};

static void lines_are_given_up_to_the_first_refusal(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct taken taken = {""};
        uint32_t line = 99;
        assert_int_equal(line_file_parse(&line, trust_bytes_text(rows[i].text), take, &taken),
                         rows[i].error);
        assert_string_equal(taken.text, rows[i].taken);
        assert_int_equal(line, rows[i].line);
    }
}

static void a_file_is_read_whole_or_not_there(void **state)
{
    (void)state;
    char path[] = "/tmp/repute-line-file-XXXXXX";
    int fd = mkstemp(path);
    assert_true(fd >= 0);
    assert_int_equal(write(fd, "a\nbad\n", 6), 6);
    (void)close(fd);
    struct taken taken = {""};
    uint32_t line = 99;
    assert_int_equal(line_file_load(&line, path, 64, take, &taken), TRUST_NO_RANGE);
    assert_string_equal(taken.text, "[a][bad]");
    assert_int_equal(line, 2);
    assert_int_equal(line_file_load(&line, path, 4, take, &taken), TRUST_NO_SIZE);
    assert_int_equal(line, 0);
    assert_int_equal(unlink(path), 0);
    line = 99;
    assert_int_equal(line_file_load(&line, path, 64, take, &taken), TRUST_OK);
    assert_int_equal(line, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lines_are_given_up_to_the_first_refusal),
        cmocka_unit_test(a_file_is_read_whole_or_not_there),
    };
    return cmocka_run_group_tests_name("node/line_file", tests, NULL, NULL);
}
