/* node/audit_note: who did what to a server and on which flags; a log that fails is logged. */
#include "node/audit_note.h"

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

#include "api/desk.h"
#include "host/files.h"

#define SUBJECT "mcp:io.example/a"
#define SCANNERS 10

struct office {
    struct desk *desk;
    char directory[32];
    char log[64];
    char text[4096];
    struct trust_audit_entry entry; /* the last one of the file */
    char actor[TRUST_KEY_TEXT_SIZE];
    uint64_t count;
};

static const char *read_log(struct office *office)
{
    size_t size = 0;
    assert_int_equal(trust_file_read(office->log, office->text, &size, sizeof office->text - 1),
                     TRUST_OK);
    office->text[size] = '\0';
    return office->text;
}

static const char *audit_path(struct office *office)
{
    static char path[TRUST_HOME_PATH_SIZE];
    trust_home_path(path, &office->desk->core.home, TRUST_HOME_AUDIT);
    return path;
}

static int set_up(void **state)
{
    struct office *office = calloc(1, sizeof *office);
    if (office == NULL)
        return -1;
    office->desk = desk_open();
    struct core *core = &office->desk->core;
    (void)strcpy(office->directory, "/tmp/audit_noteXXXXXX");
    if (mkdtemp(office->directory) == NULL)
        return -1;
    (void)snprintf(office->log, sizeof office->log, "%s/log", office->directory);
    core->log = log_init(open(office->log, O_CREAT | O_RDWR | O_CLOEXEC, 0600), LOG_INFO);
    const struct trust_home_inputs inputs = {.option = office->directory};
    *state = office;
    return trust_home_find(&core->home, &inputs) != TRUST_OK ||
           trust_home_make(&core->home) != TRUST_OK;
}

static int tear_down(void **state)
{
    struct office *office = *state;
    char command[64];
    (void)snprintf(command, sizeof command, "rm -r %s", office->directory);
    audit_close(&office->desk->core.audit);
    (void)close(office->desk->core.log.fd);
    desk_close(office->desk);
    free(office);
    return system(command);
}

static uint32_t watch(struct office *office)
{
    uint32_t server = 0;
    struct core *core = &office->desk->core;
    assert_int_equal(
        trust_engine_watch(core->engine, &server, trust_bytes_text(SUBJECT), 0, core->now),
        TRUST_OK);
    return server;
}

static void keep(void *context, const struct audit_line *line)
{
    struct office *office = context;
    office->entry = line->entry;
    office->count++;
    assert_true(line->is_good);
    assert_true(trust_bytes_equal(line->entry.subject, trust_bytes_text(SUBJECT)));
    assert_true(line->entry.actor.size < sizeof office->actor);
    memcpy(office->actor, line->entry.actor.data, line->entry.actor.size);
    office->actor[line->entry.actor.size] = '\0';
}

/* Notes a change by this rule and reads it back. */
static void note(struct office *office, uint32_t server, enum trust_quarantine_rule rule)
{
    struct audit_check check;
    const struct trust_quarantine_change change = {.time = office->desk->core.now.wall,
                                                   .from = TRUST_QUARANTINE_OK,
                                                   .to = TRUST_QUARANTINE_QUARANTINED,
                                                   .rule = rule,
                                                   .ttl_s = 86400};
    uint64_t before = office->count;
    audit_note_put(&office->desk->core, server, &change);
    office->count = 0;
    assert_int_equal(audit_walk(audit_path(office), &check, keep, office), TRUST_OK);
    assert_int_equal(office->count, before + 1);
    assert_int_equal(office->entry.seq, office->count + check.segments);
    assert_int_equal(office->entry.change.rule, rule);
    assert_int_equal(office->entry.change.from, TRUST_QUARANTINE_OK);
    assert_int_equal(office->entry.change.to, TRUST_QUARANTINE_QUARANTINED);
    assert_int_equal(office->entry.change.ttl_s, 86400);
    assert_int_equal(office->entry.change.time.ms, RIG_START_MS);
    assert_true(office->entry.dry);
    assert_false(office->entry.has_manifest);
}

static void the_operators_words_go_into_the_operators_next_entry_of_the_server(void **state)
{
    struct office *office = *state;
    struct core *core = &office->desk->core;
    audit_note_open(core);
    uint32_t server = watch(office);
    audit_note_reason(core, server, "a report");
    note(office, server, TRUST_QUARANTINE_RULE_FLAG);
    assert_int_equal(office->entry.reason_size, 0);
    note(office, server, TRUST_QUARANTINE_RULE_OPERATOR);
    assert_int_equal(office->entry.reason_size, 8);
    assert_memory_equal(office->entry.reason, "a report", 8);
    note(office, server, TRUST_QUARANTINE_RULE_OPERATOR);
    assert_int_equal(office->entry.reason_size, 0);
    audit_note_reason(core, server + 1, "another's");
    note(office, server, TRUST_QUARANTINE_RULE_OPERATOR);
    assert_int_equal(office->entry.reason_size, 0);
}

static void the_one_who_did_it_is_named(void **state)
{
    struct office *office = *state;
    struct core *core = &office->desk->core;
    audit_note_open(core);
    uint32_t server = watch(office);
    note(office, server, TRUST_QUARANTINE_RULE_FALL);
    assert_string_equal(office->actor, "rule");
    note(office, server, TRUST_QUARANTINE_RULE_OPERATOR);
    assert_string_equal(office->actor, "operator");
    char text[TRUST_KEY_TEXT_SIZE];
    core->has_operator = true;
    trust_secret_key(&core->operator_key, office->desk->me);
    trust_key_encode(text, &core->operator_key, TRUST_KEY_OPERATOR);
    note(office, server, TRUST_QUARANTINE_RULE_OPERATOR);
    assert_string_equal(office->actor, text);
    note(office, server, TRUST_QUARANTINE_RULE_TIME);
    assert_string_equal(office->actor, "rule");
    assert_int_equal(office->entry.evidence_count, 0);
}

/* Publishes a vouch for a scanner of this number and a flag of its. */
static void scan(struct office *office, uint8_t number, enum trust_severity severity)
{
    struct rig *rig = office->desk->rig;
    struct trust_secret *scanner = rig_secret(number);
    (void)desk_publish(office->desk, rig_vouch(scanner, 900, RIG_START_MS + number));
    struct trust_signed flag =
        rig_sign(rig, scanner,
                 (struct trust_record){.kind = TRUST_KIND_FLAG,
                                       .seq = RIG_START_MS + number,
                                       .flag = {.subject = trust_bytes_text(SUBJECT),
                                                .severity = severity,
                                                .class_ = TRUST_CLASS_MALWARE,
                                                .rule = trust_bytes_text("R1")}});
    rig_pass(rig, 2000);
    assert_int_equal(rig_publish(rig, &flag), TRUST_OK);
    trust_secret_close(scanner);
}

/* Whether the record of a scanner is among the last entry's evidence. */
static bool rests_on(const struct office *office, uint8_t number)
{
    struct trust_key key;
    struct trust_secret *scanner = rig_secret(number);
    trust_secret_key(&key, scanner);
    trust_secret_close(scanner);
    const struct rig *rig = office->desk->rig;
    for (size_t i = 0; i < rig->count; i++) {
        if (memcmp(rig->records[i].author.bytes, key.bytes, sizeof key.bytes) != 0)
            continue;
        for (uint32_t k = 0; k < office->entry.evidence_count; k++) {
            if (memcmp(office->entry.evidence[k], rig->records[i].id.bytes, 32) == 0)
                return true;
        }
    }
    return false;
}

static void a_rule_of_flags_names_the_grave_ones(void **state)
{
    struct office *office = *state;
    audit_note_open(&office->desk->core);
    uint32_t server = watch(office);
    scan(office, 11, TRUST_SEVERITY_CRITICAL);
    scan(office, 12, TRUST_SEVERITY_HIGH);
    scan(office, 13, TRUST_SEVERITY_MEDIUM);
    static const enum trust_quarantine_rule rules[] = {TRUST_QUARANTINE_RULE_SCANNERS,
                                                       TRUST_QUARANTINE_RULE_HELD_BACK,
                                                       TRUST_QUARANTINE_RULE_FLAG};
    for (size_t i = 0; i < sizeof rules / sizeof rules[0]; i++) {
        note(office, server, rules[i]);
        assert_string_equal(office->actor, "rule");
        assert_int_equal(office->entry.evidence_count, 2);
        assert_true(rests_on(office, 11));
        assert_true(rests_on(office, 12));
    }
    static const enum trust_quarantine_rule others[] = {
        TRUST_QUARANTINE_RULE_OPERATOR, TRUST_QUARANTINE_RULE_FALL,
        TRUST_QUARANTINE_RULE_MANIFEST, TRUST_QUARANTINE_RULE_BANNED_BEFORE,
        TRUST_QUARANTINE_RULE_TIME,     TRUST_QUARANTINE_RULE_FILE};
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++) {
        note(office, server, others[i]);
        assert_int_equal(office->entry.evidence_count, 0);
    }
}

static void evidence_is_bounded_and_the_worst_of_it(void **state)
{
    struct office *office = *state;
    audit_note_open(&office->desk->core);
    uint32_t server = watch(office);
    for (uint8_t i = 0; i < SCANNERS; i++)
        scan(office, (uint8_t)(20 + i), i < 3 ? TRUST_SEVERITY_HIGH : TRUST_SEVERITY_CRITICAL);
    note(office, server, TRUST_QUARANTINE_RULE_SCANNERS);
    assert_int_equal(office->entry.evidence_count, TRUST_AUDIT_EVIDENCE_MAX);
    for (uint8_t i = 3; i < SCANNERS; i++)
        assert_true(rests_on(office, (uint8_t)(20 + i)));
}

static void a_damaged_log_is_named(void **state)
{
    struct office *office = *state;
    struct audit *audit = &office->desk->core.audit;
    audit_note_open(&office->desk->core);
    note(office, watch(office), TRUST_QUARANTINE_RULE_FALL);
    assert_string_equal(read_log(office), "");
    audit_close(audit);
    struct stat about;
    assert_int_equal(stat(audit_path(office), &about), 0);
    assert_int_equal(truncate(audit_path(office), about.st_size - 1), 0);
    audit_note_open(&office->desk->core);
    assert_non_null(strstr(read_log(office), "is_cut=1 is_behind=0\n"));
    audit_close(audit);
    assert_int_equal(
        trust_file_write(audit_path(office), trust_bytes_text("nonsense\nmore\n"), 0600), TRUST_OK);
    audit_note_open(&office->desk->core);
    assert_non_null(
        strstr(read_log(office), "error audit_damaged lines=2 first=1 is_cut=0 is_behind=0\n"));
}

static void a_log_that_does_not_open_stops_nothing(void **state)
{
    struct office *office = *state;
    struct core *core = &office->desk->core;
    assert_int_equal(mkdir(audit_path(office), 0700), 0);
    audit_note_open(core);
    assert_non_null(strstr(read_log(office), "error audit error=TRUST_NO_FILE"));
    assert_non_null(strstr(office->text, "lost=0\n"));
    const struct trust_quarantine_change change = {
        .time = core->now.wall, .to = TRUST_QUARANTINE_BANNED, .rule = TRUST_QUARANTINE_RULE_FALL};
    uint32_t server = watch(office);
    audit_note_put(core, server, &change);
    assert_non_null(strstr(read_log(office), "lost=1\n"));
    assert_int_equal(rmdir(audit_path(office)), 0);
    note(office, server, TRUST_QUARANTINE_RULE_FALL);
    assert_int_equal(core->audit.lost, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(the_one_who_did_it_is_named, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_rule_of_flags_names_the_grave_ones, set_up, tear_down),
        cmocka_unit_test_setup_teardown(evidence_is_bounded_and_the_worst_of_it, set_up, tear_down),
        cmocka_unit_test_setup_teardown(
            the_operators_words_go_into_the_operators_next_entry_of_the_server, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_damaged_log_is_named, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_log_that_does_not_open_stops_nothing, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
