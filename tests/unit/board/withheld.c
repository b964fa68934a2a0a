/* board/withheld: a line both ways, what is no line, and what a term that ended means. */
#include "board/withheld.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/limits.h"

#define HEX "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"

static void lines_come_back_with_their_line_feed(void **state)
{
    (void)state;
    static const struct {
        const char *line;
        enum trust_quarantine_state state;
        bool has_manifest;
        uint64_t until_ms;
    } rows[] = {
        {"mcp:io.example/x@1.0 " HEX " quarantined 2026-11-20T09:42:12Z",
         TRUST_QUARANTINE_QUARANTINED, true, UINT64_C(1795167732000)},
        {"https://x.example/mcp - investigating -", TRUST_QUARANTINE_INVESTIGATING, false, 0},
        {"s - banned -", TRUST_QUARANTINE_BANNED, false, 0},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct trust_withheld withheld;
        assert_int_equal(trust_withheld_decode(&withheld, trust_bytes_text(rows[i].line)),
                         TRUST_OK);
        assert_int_equal(withheld.state, rows[i].state);
        assert_int_equal(withheld.has_manifest, rows[i].has_manifest);
        assert_true(withheld.until.ms == rows[i].until_ms);
        uint8_t buffer[TRUST_WITHHELD_LINE_SIZE_MAX];
        struct trust_writer writer = trust_writer_init(buffer, sizeof buffer);
        trust_withheld_encode(&writer, &withheld);
        struct trust_bytes written = trust_writer_bytes(&writer);
        assert_int_equal(written.data[written.size - 1], '\n');
        written.size--;
        assert_true(trust_bytes_equal(written, trust_bytes_text(rows[i].line)));
    }
}

static void the_longest_line_fits(void **state)
{
    (void)state;
    char subject[TRUST_SUBJECT_SIZE_MAX];
    memset(subject, 's', sizeof subject);
    struct trust_withheld withheld = {
        .subject = {.data = (const uint8_t *)subject, .size = sizeof subject},
        .has_manifest = true,
        .state = TRUST_QUARANTINE_INVESTIGATING,
        .until.ms = 1000,
    };
    uint8_t buffer[TRUST_WITHHELD_LINE_SIZE_MAX];
    struct trust_writer writer = trust_writer_init(buffer, sizeof buffer);
    trust_withheld_encode(&writer, &withheld);
    assert_false(trust_writer_has_overflowed(&writer));
}

static void what_is_no_line_is_refused(void **state)
{
    (void)state;
    static char longest[TRUST_SUBJECT_SIZE_MAX + 16];
    memset(longest, 's', TRUST_SUBJECT_SIZE_MAX + 1);
    strcpy(longest + TRUST_SUBJECT_SIZE_MAX + 1, " - banned -");
    const char *const bad[] = {
        "",
        "s - banned",
        "s - banned - ",
        "s - banned - x",
        "s  - banned -",
        " s - banned -",
        "s\t - banned -",
        "s - ok -",
        "s - suspect -",
        "s - released -",
        "s - gone -",
        "s " HEX "0 banned -",
        "s - quarantined 2026-11-20",
        "s - quarantined 1970-01-01T00:00:00Z",
        longest,
    };
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        struct trust_withheld withheld = {.until.ms = 5};
        assert_int_equal(trust_withheld_decode(&withheld, trust_bytes_text(bad[i])),
                         TRUST_NO_SYNTAX);
        assert_int_equal(withheld.until.ms, 5);
    }
}

static void a_quarantine_whose_term_is_over_is_still_withheld(void **state)
{
    (void)state;
    struct trust_withheld withheld = {.state = TRUST_QUARANTINE_QUARANTINED, .until.ms = 5000};
    assert_int_equal(trust_withheld_state(&withheld, (struct trust_wall){.ms = 4999}),
                     TRUST_QUARANTINE_QUARANTINED);
    assert_int_equal(trust_withheld_state(&withheld, (struct trust_wall){.ms = 5000}),
                     TRUST_QUARANTINE_INVESTIGATING);
    withheld.until.ms = 0;
    assert_int_equal(trust_withheld_state(&withheld, (struct trust_wall){.ms = 5000}),
                     TRUST_QUARANTINE_QUARANTINED);
    withheld.state = TRUST_QUARANTINE_BANNED;
    withheld.until.ms = 1;
    assert_int_equal(trust_withheld_state(&withheld, (struct trust_wall){.ms = 5000}),
                     TRUST_QUARANTINE_BANNED);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lines_come_back_with_their_line_feed),
        cmocka_unit_test(the_longest_line_fits),
        cmocka_unit_test(what_is_no_line_is_refused),
        cmocka_unit_test(a_quarantine_whose_term_is_over_is_still_withheld),
    };
    return cmocka_run_group_tests_name("board/withheld", tests, NULL, NULL);
}
