/* guard/options. */
#include "guard/options.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#define WORDS_MAX 8

struct row {
    const char *words[WORDS_MAX];
    enum trust_error error;
    struct options options;
    const char *said; /* of the first line on err */
};

static const struct row rows[] = {
    {{"--group", "search"}, TRUST_OK, {.work = OPTIONS_SERVE, .group = "search"}, ""},
    {{"--home", "/h", "--group=a"},
     TRUST_OK,
     {.work = OPTIONS_SERVE, .group = "a", .home = "/h"},
     ""},
    {{"--version"}, TRUST_OK, {.work = OPTIONS_VERSION}, ""},
    {{"--help"}, TRUST_OK, {.work = OPTIONS_HELP}, ""},
    {{NULL}, TRUST_NO_OPTION, {0}, "say which group: --group NAME"},
    {{"--group", ""}, TRUST_NO_OPTION, {0}, "say which group: --group NAME"},
    {{"--group"}, TRUST_NO_OPTION, {0}, "unknown or incomplete option \"--group\""},
    {{"--grope", "x"}, TRUST_NO_OPTION, {0}, "unknown or incomplete option \"--grope\""},
    {{"--group", "x", "y"}, TRUST_NO_OPTION, {0}, "unexpected \"y\""},
    {{"--group", "a", "--http", "[::1]:80", "--origin", "http://localhost:6274"},
     TRUST_OK,
     {.work = OPTIONS_SERVE,
      .group = "a",
      .is_http = true,
      .address = {.host = "::1", .is_v6 = true, .port = 80},
      .origins = {"http://localhost:6274"},
      .origin_count = 1},
     ""},
    {{"--http", "127.0.0.1:0"}, TRUST_NO_OPTION, {0}, "say which group: --group NAME"},
    {{"--group", "a", "--http", "0.0.0.0:80"},
     TRUST_NO_OPTION,
     {0},
     "clients are let in without a password, so --http takes an address of the loopback alone, "
     "127.0.0.1 or [::1], not \"0.0.0.0:80\""},
    {{"--group", "a", "--http", "127.0.0.1"},
     TRUST_NO_OPTION,
     {0},
     "--http wants an address and a port, like 127.0.0.1:8080, not \"127.0.0.1\""},
    {{"--group", "a", "--http", "127.0.0.1:x"},
     TRUST_NO_OPTION,
     {0},
     "--http wants a port from 0 to 65535 behind the last colon, not \"127.0.0.1:x\""},
    {{"--group", "a", "--origin", "http://x"}, TRUST_NO_OPTION, {0}, "--origin is for --http"},
    {{"--group", "a", "--http", "127.0.0.1:0", "--origin", "null"},
     TRUST_NO_OPTION,
     {0},
     "--origin wants one like http://localhost:6274, not \"null\""},
};

static void check(const struct row *row)
{
    char copies[WORDS_MAX][32];
    char name[] = "repute-guard";
    char *words[WORDS_MAX + 1] = {name};
    int count = 1;
    for (size_t i = 0; i < WORDS_MAX && row->words[i] != NULL; i++) {
        (void)snprintf(copies[i], sizeof copies[i], "%s", row->words[i]);
        words[count++] = copies[i];
    }
    char said[2048] = "";
    FILE *err = fmemopen(said, sizeof said, "w");
    assert_non_null(err);
    struct options options = {0};
    assert_int_equal(options_read(&options, count, words, err), row->error);
    (void)fclose(err);
    assert_int_equal(options.work, row->options.work);
    const char *const texts[2][2] = {{options.group, row->options.group},
                                     {options.home, row->options.home}};
    for (size_t i = 0; i < 2; i++) {
        assert_int_equal(texts[i][0] == NULL, texts[i][1] == NULL);
        if (texts[i][0] != NULL)
            assert_string_equal(texts[i][0], texts[i][1]);
    }
    assert_int_equal(options.is_http, row->options.is_http);
    assert_memory_equal(&options.address, &row->options.address, sizeof options.address);
    assert_int_equal(options.origin_count, row->options.origin_count);
    for (uint32_t i = 0; i < options.origin_count; i++)
        assert_string_equal(options.origins[i], row->options.origins[i]);
    if (row->said[0] == '\0') {
        assert_string_equal(said, "");
        return;
    }
    char expected[2048];
    (void)snprintf(expected, sizeof expected, "repute-guard: %s\n%s", row->said, options_usage);
    assert_string_equal(said, expected);
}

static void words_are_read_or_refused_with_how_it_is_used(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        check(&rows[i]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(words_are_read_or_refused_with_how_it_is_used),
    };
    return cmocka_run_group_tests_name("guard/options", tests, NULL, NULL);
}
