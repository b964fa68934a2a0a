/* shield/audit: lines as they stand in a file, both ways, and what is no such line. */
#include "shield/audit.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/limits.h"

#define HEX_A "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
#define HEX_B "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb"

static const char full_line[] = "1 17 1700000000123 ok quarantined scanners 86400 dry done failed "
                                "rule mcp:io.example/x@1.0 " HEX_A " " HEX_A "," HEX_B;
static const char short_line[] = "1 0 0 banned released operator 86400 live none none rpt1abc "
                                 "https://x.example/mcp - -";
static const char reason_line[] = "2 3 0 ok quarantined operator 86400 dry none none rpt1abc "
                                  "https://x.example/mcp - - a%20report:%2050%25";
static const char cell_line[] =
    "1 mcp:io.example/x " HEX_B " quarantined operator 1700000000000 1700086400000 5 6 3";

static struct trust_audit_entry decoded(const char *line)
{
    struct trust_audit_entry entry;
    assert_int_equal(trust_audit_decode(&entry, trust_bytes_text(line)), TRUST_OK);
    return entry;
}

static void assert_encodes(const struct trust_audit_entry *entry, const char *line)
{
    uint8_t buffer[TRUST_AUDIT_LINE_SIZE_MAX];
    struct trust_writer writer = trust_writer_init(buffer, sizeof buffer);
    trust_audit_encode(&writer, entry);
    assert_false(trust_writer_has_overflowed(&writer));
    assert_true(trust_bytes_equal(trust_writer_bytes(&writer), trust_bytes_text(line)));
}

static void an_entry_with_everything_comes_back(void **state)
{
    (void)state;
    struct trust_audit_entry entry = decoded(full_line);
    assert_int_equal(entry.seq, 17);
    assert_true(entry.change.time.ms == UINT64_C(1700000000123));
    assert_int_equal(entry.change.from, TRUST_QUARANTINE_OK);
    assert_int_equal(entry.change.to, TRUST_QUARANTINE_QUARANTINED);
    assert_int_equal(entry.change.rule, TRUST_QUARANTINE_RULE_SCANNERS);
    assert_int_equal(entry.change.ttl_s, 86400);
    assert_true(entry.dry);
    assert_int_equal(entry.nft, TRUST_HOOK_DONE);
    assert_int_equal(entry.exec, TRUST_HOOK_FAILED);
    assert_true(trust_bytes_equal(entry.actor, trust_bytes_text("rule")));
    assert_true(trust_bytes_equal(entry.subject, trust_bytes_text("mcp:io.example/x@1.0")));
    assert_true(entry.has_manifest);
    assert_int_equal(entry.manifest[31], 0xaa);
    assert_int_equal(entry.evidence_count, 2);
    assert_int_equal(entry.evidence[1][0], 0xbb);
    assert_encodes(&entry, full_line);
}

static void an_entry_without_options_comes_back(void **state)
{
    (void)state;
    struct trust_audit_entry entry = decoded(short_line);
    assert_int_equal(entry.change.from, TRUST_QUARANTINE_BANNED);
    assert_int_equal(entry.change.to, TRUST_QUARANTINE_RELEASED);
    assert_false(entry.dry);
    assert_false(entry.has_manifest);
    assert_int_equal(entry.evidence_count, 0);
    assert_encodes(&entry, short_line);
}

static void an_entry_keeps_the_operators_words(void **state)
{
    (void)state;
    struct trust_audit_entry entry = decoded(reason_line);
    const struct trust_bytes reason = {.data = entry.reason, .size = entry.reason_size};
    assert_true(trust_bytes_equal(reason, trust_bytes_text("a report: 50%")));
    assert_encodes(&entry, reason_line);
}

static void the_longest_entry_fits_its_line(void **state)
{
    (void)state;
    char subject[TRUST_SUBJECT_SIZE_MAX];
    char actor[TRUST_AUDIT_ACTOR_SIZE_MAX];
    memset(subject, 's', sizeof subject);
    memset(actor, 'a', sizeof actor);
    struct trust_audit_entry entry = {
        .seq = UINT64_MAX,
        .subject = {.data = (const uint8_t *)subject, .size = sizeof subject},
        .has_manifest = true,
        .actor = {.data = (const uint8_t *)actor, .size = sizeof actor},
        .change = {.time.ms = UINT64_MAX,
                   .from = TRUST_QUARANTINE_INVESTIGATING,
                   .to = TRUST_QUARANTINE_INVESTIGATING,
                   .rule = TRUST_QUARANTINE_RULE_BANNED_BEFORE,
                   .ttl_s = UINT64_MAX},
        .evidence_count = TRUST_AUDIT_EVIDENCE_MAX,
        .nft = TRUST_HOOK_FAILED,
        .exec = TRUST_HOOK_FAILED,
        .reason_size = TRUST_REASON_SIZE_MAX,
    };
    memset(entry.reason, '\n', sizeof entry.reason);
    uint8_t buffer[TRUST_AUDIT_LINE_SIZE_MAX];
    struct trust_writer writer = trust_writer_init(buffer, sizeof buffer);
    trust_audit_encode(&writer, &entry);
    assert_false(trust_writer_has_overflowed(&writer));
    struct trust_audit_entry again;
    assert_int_equal(trust_audit_decode(&again, trust_writer_bytes(&writer)), TRUST_OK);
    struct trust_writer narrow = trust_writer_init(buffer, 20);
    trust_audit_encode(&narrow, &entry);
    assert_true(trust_writer_has_overflowed(&narrow));
}

static void lines_in_another_form_are_refused(void **state)
{
    (void)state;
    static const char *const bad[] = {
        "",
        "2 0 0 ok ok time 0 live none none a s - -",
        "2 0 0 ok ok time 0 live none none a s - - ",
        "2 0 0 ok ok time 0 live none none a s - - %41",
        "2 0 0 ok ok time 0 live none none a s - - a b",
        "3 0 0 ok ok time 0 live none none a s - - a",
        "1 00 0 ok ok time 0 live none none a s - -",
        "1 0 x ok ok time 0 live none none a s - -",
        "1 0 0 okay ok time 0 live none none a s - -",
        "1 0 0 ok ? time 0 live none none a s - -",
        "1 0 0 ok ok never 0 live none none a s - -",
        "1 0 0 ok ok time -1 live none none a s - -",
        "1 0 0 ok ok time 0 wet none none a s - -",
        "1 0 0 ok ok time 0 live maybe none a s - -",
        "1 0 0 ok ok time 0 live none no a s - -",
        "1 0 0 ok ok time 0 live none none a/b s - -",
        "1 0 0 ok ok time 0 live none none a s\x7f - -",
        "1 0 0 ok ok time 0 live none none a s " HEX_A "a -",
        "1 0 0 ok ok time 0 live none none a s - " HEX_A ",",
        "1 0 0 ok ok time 0 live none none a s - " HEX_A ";" HEX_B,
        "1 0 0 ok ok time 0 live none none a s - " HEX_A "," HEX_B "," HEX_A "," HEX_B "," HEX_A
        "," HEX_B "," HEX_A "," HEX_B "," HEX_A,
        "1 0 0 ok ok time 0 live none none a s - - ",
        "1 0 0 ok ok time 0 live none none a s - - x",
        "1 0 0 ok ok time 0 live none none a s -",
    };
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        struct trust_audit_entry entry = {.seq = 3};
        assert_int_equal(trust_audit_decode(&entry, trust_bytes_text(bad[i])), TRUST_NO_SYNTAX);
        assert_int_equal(entry.seq, 3);
    }
}

static void a_saved_cell_comes_back(void **state)
{
    (void)state;
    struct trust_quarantine_saved saved;
    assert_int_equal(trust_quarantine_decode(&saved, trust_bytes_text(cell_line)), TRUST_OK);
    assert_true(trust_bytes_equal(saved.subject, trust_bytes_text("mcp:io.example/x")));
    assert_true(saved.has_manifest);
    assert_int_equal(saved.manifest[0], 0xbb);
    assert_int_equal(saved.cell.state, TRUST_QUARANTINE_QUARANTINED);
    assert_int_equal(saved.cell.rule, TRUST_QUARANTINE_RULE_OPERATOR);
    assert_true(saved.cell.since.ms == UINT64_C(1700000000000));
    assert_true(saved.cell.until.ms == UINT64_C(1700086400000));
    assert_int_equal(saved.cell.seen.ms, 5);
    assert_int_equal(saved.cell.excused.ms, 6);
    assert_int_equal(saved.cell.times, 3);
    uint8_t buffer[TRUST_QUARANTINE_LINE_SIZE_MAX];
    struct trust_writer writer = trust_writer_init(buffer, sizeof buffer);
    trust_quarantine_encode(&writer, &saved);
    assert_true(trust_bytes_equal(trust_writer_bytes(&writer), trust_bytes_text(cell_line)));
}

static void a_saved_cell_has_an_end_exactly_if_its_state_ends(void **state)
{
    (void)state;
    static const struct {
        const char *line;
        enum trust_error error;
    } rows[] = {
        {"1 s - ok none 1 0 0 0 0", TRUST_OK},
        {"1 s - ok none 1 9 0 0 0", TRUST_NO_SYNTAX},
        {"1 s - suspect flag 1 9 0 0 0", TRUST_OK},
        {"1 s - suspect flag 1 0 0 0 0", TRUST_NO_SYNTAX},
        {"1 s - quarantined operator 1 0 0 0 0", TRUST_NO_SYNTAX},
        {"1 s - released operator 1 0 0 0 0", TRUST_NO_SYNTAX},
        {"1 s - investigating time 1 0 0 0 0", TRUST_OK},
        {"1 s - investigating time 1 9 0 0 0", TRUST_NO_SYNTAX},
        {"1 s - banned operator 1 0 0 0 4294967295", TRUST_OK},
        {"1 s - banned operator 1 0 0 0 4294967296", TRUST_NO_SYNTAX},
        {"1 s - banned operator 1 0 0 0 1 ", TRUST_NO_SYNTAX},
        {"0 s - banned operator 1 0 0 0 1", TRUST_NO_SYNTAX},
        {"1 s x banned operator 1 0 0 0 1", TRUST_NO_SYNTAX},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct trust_quarantine_saved saved;
        assert_int_equal(trust_quarantine_decode(&saved, trust_bytes_text(rows[i].line)),
                         rows[i].error);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_entry_with_everything_comes_back),
        cmocka_unit_test(an_entry_without_options_comes_back),
        cmocka_unit_test(an_entry_keeps_the_operators_words),
        cmocka_unit_test(the_longest_entry_fits_its_line),
        cmocka_unit_test(lines_in_another_form_are_refused),
        cmocka_unit_test(a_saved_cell_comes_back),
        cmocka_unit_test(a_saved_cell_has_an_end_exactly_if_its_state_ends),
    };
    return cmocka_run_group_tests_name("shield/audit", tests, NULL, NULL);
}
