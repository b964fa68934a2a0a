/* node/audit: the chain, what a crash leaves, and what tampering shows. */
#include "node/audit.h"

#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/bytes.h"
#include "record/sodium.h"

static const struct trust_wall now = {.ms = 1700000000000};

struct log {
    char path[64];
    struct audit audit;
    struct audit_mark known; /* given to the next open_log */
    struct audit_check check;
};

static struct trust_audit_entry entry_about(const char *subject)
{
    return (struct trust_audit_entry){
        .subject = trust_bytes_text(subject),
        .actor = trust_bytes_text("rule"),
        .change = {.time = now,
                   .from = TRUST_QUARANTINE_OK,
                   .to = TRUST_QUARANTINE_QUARANTINED,
                   .rule = TRUST_QUARANTINE_RULE_SCANNERS,
                   .ttl_s = 86400},
        .dry = true,
    };
}

static void open_log(struct log *log)
{
    assert_int_equal(audit_open(&log->audit, log->path, &log->known, &log->check, now), TRUST_OK);
}

static void write_entry(struct log *log, const char *subject)
{
    struct trust_audit_entry entry = entry_about(subject);
    assert_int_equal(audit_write(&log->audit, &entry, now), TRUST_OK);
}

static struct audit_check walk(const struct log *log)
{
    struct audit_check check;
    assert_int_equal(audit_walk(log->path, &check, NULL, NULL), TRUST_OK);
    return check;
}

/* A log of three entries. */
static int set_up(void **state)
{
    struct log *log = calloc(1, sizeof *log);
    if (log == NULL || trust_sodium_start() != TRUST_OK)
        return -1;
    char directory[] = "/tmp/auditXXXXXX";
    if (mkdtemp(directory) == NULL)
        return -1;
    (void)snprintf(log->path, sizeof log->path, "%s/audit.log", directory);
    open_log(log);
    write_entry(log, "mcp:io.example/a");
    write_entry(log, "mcp:io.example/b");
    write_entry(log, "mcp:io.example/c");
    *state = log;
    return 0;
}

static int tear_down(void **state)
{
    struct log *log = *state;
    audit_close(&log->audit);
    (void)chmod(log->path, 0600);
    (void)unlink(log->path);
    *strrchr(log->path, '/') = '\0';
    (void)rmdir(log->path);
    free(log);
    return 0;
}

static size_t read_file(const struct log *log, char *out_text, size_t size)
{
    FILE *file = fopen(log->path, "rb");
    assert_non_null(file);
    size_t got = fread(out_text, 1, size - 1, file);
    (void)fclose(file);
    out_text[got] = '\0';
    return got;
}

static void replace_file(const struct log *log, const char *text, size_t size)
{
    FILE *file = fopen(log->path, "wb");
    assert_non_null(file);
    assert_int_equal(fwrite(text, 1, size, file), size);
    assert_int_equal(fclose(file), 0);
}

static void a_new_file_is_private_and_its_lines_have_this_form(void **state)
{
    struct log *log = *state;
    struct stat stat_;
    assert_int_equal(stat(log->path, &stat_), 0);
    assert_int_equal(stat_.st_mode & 0777, 0600);
    char text[4096];
    (void)read_file(log, text, sizeof text);
    /* Worked out with another implementation of BLAKE2b. */
    static const char wanted[] = "6c73584cc682e864aec13150eef31af95f5f5b272518134ccd3823f21703c550 "
                                 "1 1 1700000000000 ok quarantined "
                                 "scanners 86400 dry none none rule mcp:io.example/a - -\n";
    assert_memory_equal(text, wanted, strlen(wanted));
}

static void a_whole_chain_is_whole_and_goes_on_after_a_restart(void **state)
{
    struct log *log = *state;
    audit_close(&log->audit);
    open_log(log);
    write_entry(log, "mcp:io.example/d");
    struct audit_check check = walk(log);
    assert_int_equal(check.entries, 4);
    assert_int_equal(check.segments, 0);
    assert_int_equal(check.damaged, 0);
    assert_int_equal(check.next_seq, 5);
    assert_true(audit_is_whole(&log->audit, &check));
}

static void note_bad(void *context, const struct audit_line *line)
{
    uint64_t *bad = context;
    if (!line->is_good)
        *bad = *bad * 10 + line->number;
}

static void a_changed_line_is_found(void **state)
{
    struct log *log = *state;
    char text[4096];
    size_t size = read_file(log, text, sizeof text);
    strstr(text, "io.example/b")[11] = 'x';
    replace_file(log, text, size);
    struct audit_check check;
    uint64_t bad = 0;
    assert_int_equal(audit_walk(log->path, &check, note_bad, &bad), TRUST_OK);
    assert_int_equal(bad, 2);
    assert_int_equal(check.damaged, 1);
    assert_int_equal(check.first_damaged, 2);
    assert_false(audit_is_whole(&log->audit, &check));
}

static void a_line_taken_out_is_found(void **state)
{
    struct log *log = *state;
    char text[4096];
    size_t size = read_file(log, text, sizeof text);
    char *second = strchr(text, '\n') + 1;
    char *third = strchr(second, '\n') + 1;
    memmove(second, third, size - (size_t)(third - text) + 1);
    replace_file(log, text, size - (size_t)(third - second));
    struct audit_check check = walk(log);
    assert_int_equal(check.first_damaged, 2);
    assert_false(audit_is_whole(&log->audit, &check));
}

static void lines_taken_from_the_end_are_found_while_the_node_runs(void **state)
{
    struct log *log = *state;
    char text[4096];
    (void)read_file(log, text, sizeof text);
    replace_file(log, text, (size_t)(strchr(text, '\n') + 1 - text));
    struct audit_check check = walk(log);
    assert_int_equal(check.damaged, 0);
    assert_false(audit_is_whole(&log->audit, &check));
}

/* Wherever the third line was cut, what stands stays, and a new chain begins. */
static void a_line_cut_short_by_a_crash_begins_a_new_chain(void **state)
{
    struct log *log = *state;
    char text[4096];
    size_t size = read_file(log, text, sizeof text);
    audit_close(&log->audit);
    size_t third = (size_t)(strchr(strchr(text, '\n') + 1, '\n') + 1 - text);
    for (size_t cut = third + 1; cut < size; cut++) {
        replace_file(log, text, cut);
        open_log(log);
        assert_true(log->check.is_cut);
        write_entry(log, "mcp:io.example/d");
        char after[4096];
        (void)read_file(log, after, sizeof after);
        assert_memory_equal(after, text, cut);
        struct audit_check check = walk(log);
        assert_int_equal(check.segments, 1);
        assert_int_equal(check.damaged, 0);
        assert_int_equal(check.torn, cut < size - 1);
        assert_int_equal(check.entries, cut < size - 1 ? 3 : 4);
        assert_true(audit_is_whole(&log->audit, &check));
        audit_close(&log->audit);
        open_log(log);
        assert_false(log->audit.needs_segment);
        audit_close(&log->audit);
    }
}

static void garbage_in_the_file_is_damage_and_no_more(void **state)
{
    struct log *log = *state;
    audit_close(&log->audit);
    char text[8192];
    memset(text, 'a', sizeof text);
    text[10] = '\n';
    text[11] = '\0';
    text[12] = '\n';
    text[8000] = '\n';
    replace_file(log, text, 8001);
    open_log(log);
    assert_int_equal(log->check.damaged, 3);
    write_entry(log, "mcp:io.example/d");
    struct audit_check check = walk(log);
    assert_int_equal(check.entries, 1);
    assert_int_equal(check.damaged, 2);
    assert_int_equal(check.torn, 1);
}

static void a_disk_that_fails_loses_entries_and_the_log_says_how_many(void **state)
{
    struct log *log = *state;
    audit_close(&log->audit);
    char away[80];
    (void)snprintf(away, sizeof away, "%s.away", log->path);
    assert_int_equal(rename(log->path, away), 0);
    assert_int_equal(mkdir(log->path, 0700), 0);
    struct trust_audit_entry entry = entry_about("mcp:io.example/d");
    for (int i = 0; i < 2; i++)
        assert_int_not_equal(audit_write(&log->audit, &entry, now), TRUST_OK);
    assert_int_equal(rmdir(log->path), 0);
    assert_int_equal(rename(away, log->path), 0);
    write_entry(log, "mcp:io.example/e");
    char text[4096];
    (void)read_file(log, text, sizeof text);
    assert_non_null(strstr(text, " 1 4 1700000000000 segment 2\n"));
    struct audit_check check = walk(log);
    assert_int_equal(check.entries, 4);
    assert_int_equal(check.segments, 1);
    assert_true(audit_is_whole(&log->audit, &check));
}

static void a_link_in_its_place_is_refused(void **state)
{
    struct log *log = *state;
    audit_close(&log->audit);
    char away[80];
    (void)snprintf(away, sizeof away, "%s.away", log->path);
    assert_int_equal(rename(log->path, away), 0);
    assert_int_equal(symlink(away, log->path), 0);
    struct audit audit;
    assert_int_equal(audit_open(&audit, log->path, &log->known, &log->check, now), TRUST_NO_FILE);
    assert_int_equal(unlink(log->path), 0);
    assert_int_equal(unlink(away), 0);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

/* What is known of a log of three entries; the log itself is closed. */
static void close_known(struct log *log)
{
    log->known = log->audit.known;
    assert_int_equal(log->known.next_seq, 4);
    audit_close(&log->audit);
}

static void a_log_that_is_ahead_of_what_is_known_is_whole(void **state)
{
    struct log *log = *state;
    log->known = log->audit.known;
    write_entry(log, "mcp:io.example/d");
    audit_close(&log->audit);
    open_log(log);
    assert_false(log->check.is_behind);
    assert_int_equal(walk(log).damaged, 0);
    assert_int_equal(log->audit.known.next_seq, 5);
}

/* It opens the log twice: what was found once stays to be seen. */
static void expect_gap(struct log *log, uint64_t seq, uint64_t first_damaged)
{
    open_log(log);
    assert_true(log->check.is_behind);
    write_entry(log, "mcp:io.example/e");
    log->known = log->audit.known;
    audit_close(&log->audit);
    open_log(log);
    assert_false(log->check.is_behind);
    struct audit_check check = walk(log);
    assert_int_equal(check.damaged, 1);
    assert_int_equal(check.first_damaged, first_damaged);
    assert_int_equal(check.torn, 0);
    assert_int_equal(check.next_seq, seq + 2);
    assert_false(audit_is_whole(&log->audit, &check));
}

static void a_log_whose_end_was_cut_off_goes_on_behind_a_gap(void **state)
{
    struct log *log = *state;
    char text[4096];
    close_known(log);
    (void)read_file(log, text, sizeof text);
    replace_file(log, text, (size_t)(strchr(text, '\n') + 1 - text));
    expect_gap(log, 4, 2);
}

static void a_log_that_was_taken_away_begins_behind_a_gap(void **state)
{
    struct log *log = *state;
    close_known(log);
    assert_int_equal(unlink(log->path), 0);
    expect_gap(log, 4, 1);
}

static void a_log_that_was_written_anew_goes_on_behind_a_gap(void **state)
{
    struct log *log = *state;
    close_known(log);
    struct audit_mark known = log->known;
    assert_int_equal(unlink(log->path), 0);
    log->known = (struct audit_mark){0};
    open_log(log);
    static const char *const others[] = {"mcp:io.example/x", "mcp:io.example/y",
                                         "mcp:io.example/z"};
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++)
        write_entry(log, others[i]);
    audit_close(&log->audit);
    log->known = known;
    expect_gap(log, 5, 4);
}

/* A gap that no entry stands behind yet is none that a crash left. */
static void a_gap_is_not_excused_by_the_next_start(void **state)
{
    struct log *log = *state;
    close_known(log);
    assert_int_equal(unlink(log->path), 0);
    for (int i = 0; i < 3; i++) {
        open_log(log);
        log->known = log->audit.known;
        audit_close(&log->audit);
    }
    struct audit_check check = walk(log);
    assert_int_equal(check.damaged, 1);
    assert_int_equal(check.segments, 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_new_file_is_private_and_its_lines_have_this_form),
        TEST(a_whole_chain_is_whole_and_goes_on_after_a_restart),
        TEST(a_changed_line_is_found),
        TEST(a_line_taken_out_is_found),
        TEST(lines_taken_from_the_end_are_found_while_the_node_runs),
        TEST(a_line_cut_short_by_a_crash_begins_a_new_chain),
        TEST(garbage_in_the_file_is_damage_and_no_more),
        TEST(a_disk_that_fails_loses_entries_and_the_log_says_how_many),
        TEST(a_link_in_its_place_is_refused),
        TEST(a_log_that_is_ahead_of_what_is_known_is_whole),
        TEST(a_log_whose_end_was_cut_off_goes_on_behind_a_gap),
        TEST(a_log_that_was_taken_away_begins_behind_a_gap),
        TEST(a_log_that_was_written_anew_goes_on_behind_a_gap),
        TEST(a_gap_is_not_excused_by_the_next_start),
    };
    return cmocka_run_group_tests_name("audit", tests, NULL, NULL);
}
