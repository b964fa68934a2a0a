/* node/log: what a line looks like, that text cannot break out of it, and how much a kind may say.
 */
#include "node/log.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

/* What every line begins with, from the time of open_tube. */
#define AT "2026-09-21T14:13:20Z "

struct tube {
    struct log log;
    int read_end;
};

static struct tube open_tube(enum log_level level)
{
    int ends[2];
    assert_int_equal(pipe(ends), 0);
    struct tube tube = {.log = log_init(ends[1], level), .read_end = ends[0]};
    tube.log.now.wall.ms = 1790000000999;
    return tube;
}

/* Closes the log and returns all it wrote. */
static const char *drain(struct tube *tube)
{
    static char text[65536];
    size_t size = 0;
    ssize_t taken = 0;
    assert_int_equal(close(tube->log.fd), 0);
    while ((taken = read(tube->read_end, text + size, sizeof text - 1 - size)) > 0)
        size += (size_t)taken;
    text[size] = '\0';
    assert_int_equal(close(tube->read_end), 0);
    return text;
}

static void a_line_is_date_level_kind_and_fields(void **state)
{
    (void)state;
    static const uint8_t digest[] = {0xab, 0x01};
    struct tube tube = open_tube(LOG_INFO);
    log_write(&tube.log, LOG_INFO, "start", NULL, 0);
    log_write(&tube.log, LOG_WARN, "store",
              LOG_FIELDS(log_number("queued", -5), log_code("error", TRUST_NO_ROOM),
                         log_hex("id", (struct trust_bytes){digest, 2}), log_text("file", "a b"),
                         log_text("name", "plain/x")));
    log_write(&tube.log, LOG_DEBUG, "unseen", NULL, 0);
    assert_string_equal(drain(&tube),
                        AT "info start\n" AT "warn store queued=-5 error=TRUST_NO_ROOM id=ab01 "
                           "file=\"a b\" name=plain/x\n");
}

static void foreign_text_stays_inside_its_value(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        const char *line;
    } rows[] = {
        {"", AT "info x t=\"\"\n"},
        {"a\nerror forged", AT "info x t=\"a\\x0aerror forged\"\n"},
        {"\"q\" \\", AT "info x t=\"\\\"q\\\" \\\\\"\n"},
        {"\x1b[2J", AT "info x t=\"\\x1b[2J\"\n"},
        {"caf\xc3\xa9", AT "info x t=\"caf\\xc3\\xa9\"\n"},
        {"a=b", AT "info x t=\"a=b\"\n"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct tube tube = open_tube(LOG_INFO);
        log_write(&tube.log, LOG_INFO, "x", LOG_FIELDS(log_text("t", rows[i].text)));
        assert_string_equal(drain(&tube), rows[i].line);
    }
}

static void a_line_that_is_too_long_is_cut_and_says_so(void **state)
{
    (void)state;
    char text[2048];
    memset(text, 'a', sizeof text - 1);
    text[sizeof text - 1] = '\0';
    struct tube tube = open_tube(LOG_INFO);
    log_write(&tube.log, LOG_INFO, "x", LOG_FIELDS(log_text("t", text)));
    const char *line = drain(&tube);
    size_t size = strlen(line);
    assert_int_equal(size, TRUST_LOG_LINE_SIZE + 4);
    assert_memory_equal(line, AT "info x t=aaa", strlen(AT) + 12);
    assert_string_equal(line + size - 5, "a...\n");
}

static uint32_t lines_of(const char *text)
{
    uint32_t count = 0;
    for (; *text != '\0'; text++)
        count += *text == '\n';
    return count;
}

static void a_kind_says_ten_lines_a_second_and_then_how_many_it_kept_back(void **state)
{
    (void)state;
    struct tube tube = open_tube(LOG_INFO);
    tube.log.now.mono.ms = 5000;
    for (int i = 0; i < 25; i++)
        log_write(&tube.log, LOG_INFO, "flood", NULL, 0);
    log_write(&tube.log, LOG_INFO, "other", NULL, 0);
    tube.log.now.mono.ms = 5999;
    log_write(&tube.log, LOG_INFO, "flood", NULL, 0);
    tube.log.now.mono.ms = 6000;
    log_write(&tube.log, LOG_INFO, "flood", NULL, 0);
    log_write(&tube.log, LOG_INFO, "flood", NULL, 0);
    const char *text = drain(&tube);
    assert_int_equal(lines_of(text), 13);
    assert_string_equal(text + strlen(AT "info flood\n") * 10,
                        AT "info other\n" AT "info flood dropped=16\n" AT "info flood\n");
}

static void kinds_beyond_the_table_share_one_allowance(void **state)
{
    (void)state;
    static char names[TRUST_LOG_KINDS_MAX + 20][8];
    struct tube tube = open_tube(LOG_INFO);
    for (int i = 0; i < TRUST_LOG_KINDS_MAX + 20; i++) {
        (void)snprintf(names[i], sizeof names[i], "k%d", i);
        log_write(&tube.log, LOG_INFO, names[i], NULL, 0);
    }
    /* The last kind of the table and those behind it write ten together. */
    assert_int_equal(lines_of(drain(&tube)), TRUST_LOG_KINDS_MAX - 1 + TRUST_LOG_LINES_A_SECOND);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_line_is_date_level_kind_and_fields),
        cmocka_unit_test(foreign_text_stays_inside_its_value),
        cmocka_unit_test(a_line_that_is_too_long_is_cut_and_says_so),
        cmocka_unit_test(a_kind_says_ten_lines_a_second_and_then_how_many_it_kept_back),
        cmocka_unit_test(kinds_beyond_the_table_share_one_allowance),
    };
    return cmocka_run_group_tests_name("node/log", tests, NULL, NULL);
}
