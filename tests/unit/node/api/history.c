/* node/api/history: which entries of the audit log are shown, in which order, and as what. */
#include "node/api/history.h"

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

#include "desk.h"
#include "host/files.h"

#define A "mcp:io.example/a"
#define B "mcp:io.example/b"

struct office {
    struct desk *desk;
    struct api_call call;
    char directory[32];
};

static int set_up(void **state)
{
    struct office *office = calloc(1, sizeof *office);
    if (office == NULL)
        return -1;
    office->desk = desk_open();
    (void)strcpy(office->directory, "/tmp/historyXXXXXX");
    if (mkdtemp(office->directory) == NULL)
        return -1;
    struct core *core = &office->desk->core;
    struct audit_check check;
    char path[64];
    (void)snprintf(path, sizeof path, "%s/audit.log", office->directory);
    *state = office;
    return audit_open(&core->audit, path, &core->audit_mark, &check, core->now.wall) != TRUST_OK;
}

static int tear_down(void **state)
{
    struct office *office = *state;
    char command[64];
    (void)snprintf(command, sizeof command, "rm -r %s", office->directory);
    api_call_close(&office->call);
    audit_close(&office->desk->core.audit);
    desk_close(office->desk);
    free(office);
    return system(command);
}

static struct trust_audit_entry entry_about(const char *subject)
{
    return (struct trust_audit_entry){
        .subject = trust_bytes_text(subject),
        .actor = trust_bytes_text("rule"),
        .change = {.time = {RIG_START_MS},
                   .from = TRUST_QUARANTINE_OK,
                   .to = TRUST_QUARANTINE_QUARANTINED,
                   .rule = TRUST_QUARANTINE_RULE_SCANNERS,
                   .ttl_s = 86400},
        .dry = true,
    };
}

static void write_entry(struct office *office, const struct trust_audit_entry *entry)
{
    struct core *core = &office->desk->core;
    assert_int_equal(audit_write(&core->audit, entry, core->now.wall), TRUST_OK);
}

static void write_about(struct office *office, const char *subject)
{
    struct trust_audit_entry entry = entry_about(subject);
    write_entry(office, &entry);
}

/* What is answered to this query. */
static const char *ask(struct office *office, const char *target, int status)
{
    struct desk *desk = office->desk;
    api_call_close(&office->call);
    office->call = (struct api_call){.core = &desk->core, .api = &desk->api};
    assert_int_equal(api_request_parse(&office->call.request, target), TRUST_OK);
    history_list(&office->call);
    assert_int_equal(office->call.answer.status, status);
    assert_true(office->call.answer.size < sizeof desk->text);
    memcpy(desk->text, office->call.answer.text, office->call.answer.size);
    desk->text[office->call.answer.size] = '\0';
    return desk->text;
}

/* The numbers of the entries that are shown, with blanks between them. */
static const char *numbers(struct office *office, const char *target)
{
    static char list[64];
    size_t size = 0;
    const char *at = ask(office, target, 200);
    list[0] = '\0';
    while ((at = strstr(at, "\"seq\":")) != NULL) {
        at += strlen("\"seq\":");
        size += (size_t)snprintf(list + size, sizeof list - size, "%s%d", size == 0 ? "" : " ",
                                 atoi(at));
        assert_true(size < sizeof list);
    }
    return list;
}

static void an_entry_has_all_members(void **state)
{
    struct office *office = *state;
    struct trust_audit_entry entry = entry_about(A);
    entry.has_manifest = true;
    memset(entry.manifest, 0xab, sizeof entry.manifest);
    entry.evidence_count = 2;
    memset(entry.evidence[0], 0x11, 32);
    memset(entry.evidence[1], 0x22, 32);
    entry.nft = TRUST_HOOK_DONE;
    entry.exec = TRUST_HOOK_FAILED;
    entry.reason_size = 6;
    memcpy(entry.reason, "\"why\"?", 6);
    write_entry(office, &entry);
#define FOUR(x) x x x x
#define HEX(x) FOUR(FOUR(x)) FOUR(FOUR(x))
    assert_string_equal(
        ask(office, "/", 200),
        "[{\"seq\":1,\"time\":\"2026-11-20T00:00:00Z\",\"actor\":\"rule\",\"subject\":\"" A
        "\",\"manifest\":\"" HEX(
            "ab") "\",\"from\":\"ok\",\"to\":\"quarantined\","
                  "\"rule\":\"scanners\",\"reason\":\"\\\"why\\\"?\",\"evidence\":[\"" HEX(
                      "11") "\",\"" HEX("22") "\"],"
                                              "\"ttl_s\":86400,\"dry\":true,\"hooks\":{\"nft\":"
                                              "\"done\",\"exec\":"
                                              "\"failed\"},"
                                              "\"good\":true}]");
#undef HEX
#undef FOUR
}

static void what_an_entry_has_not_is_null_or_none(void **state)
{
    struct office *office = *state;
    struct trust_audit_entry entry = entry_about(A);
    entry.dry = false;
    entry.nft = TRUST_HOOK_DRY;
    write_entry(office, &entry);
    const char *text = ask(office, "/", 200);
    assert_non_null(strstr(text, "\"manifest\":null"));
    assert_non_null(strstr(text, "\"reason\":null,\"evidence\":[]"));
    assert_non_null(strstr(text, "\"dry\":false,\"hooks\":{\"nft\":\"dry\",\"exec\":\"none\"}"));
}

static void the_newest_are_shown_the_oldest_first(void **state)
{
    struct office *office = *state;
    assert_string_equal(ask(office, "/", 200), "[]");
    static const char *const subjects[] = {A, B, A, A, B};
    for (size_t i = 0; i < sizeof subjects / sizeof subjects[0]; i++)
        write_about(office, subjects[i]);
    static const struct {
        const char *target;
        const char *numbers;
    } rows[] = {
        {"/", "1 2 3 4 5"},
        {"/?limit=5", "1 2 3 4 5"},
        {"/?limit=2", "4 5"},
        {"/?limit=1", "5"},
        {"/?limit=0", ""},
        {"/?subject=" A, "1 3 4"},
        {"/?subject=" A "&limit=2", "3 4"},
        {"/?subject=" B "&limit=1", "5"},
        {"/?subject=mcp:io.example/c", ""},
        {"/?verify=0", "1 2 3 4 5"},
        {"/?verify=1&limit=1", "5"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        assert_string_equal(numbers(office, rows[i].target), rows[i].numbers);
}

static void no_more_than_the_bound_is_shown(void **state)
{
    struct office *office = *state;
    for (int i = 0; i < TRUST_API_ROWS_MAX + 2; i++)
        write_about(office, A);
    struct api_call *call = &office->call;
    *call = (struct api_call){.core = &office->desk->core, .api = &office->desk->api};
    history_list(call);
    assert_int_equal(call->answer.status, 200);
    assert_memory_equal(call->answer.text, "[{\"seq\":3,", 10);
    size_t count = 0;
    for (size_t i = 0; i + 6 < call->answer.size; i++)
        count += memcmp(call->answer.text + i, "\"seq\":", 6) == 0;
    assert_int_equal(count, TRUST_API_ROWS_MAX);
}

static void a_verification_says_where_the_chain_breaks(void **state)
{
    struct office *office = *state;
    write_about(office, A);
    write_about(office, B);
    struct audit *audit = &office->desk->core.audit;
    char head[2 * AUDIT_HASH_SIZE + 1];
    char wanted[256];
    for (size_t i = 0; i < AUDIT_HASH_SIZE; i++)
        (void)snprintf(head + 2 * i, 3, "%02x", audit->head[i]);
    (void)snprintf(wanted, sizeof wanted,
                   "{\"verified\":true,\"lines\":2,\"segments\":0,\"torn\":0,\"damaged\":0,"
                   "\"first_damaged\":null,\"head\":\"%s\",\"entries\":[{\"seq\":1,",
                   head);
    const char *text = ask(office, "/?verify=1", 200);
    assert_memory_equal(text, wanted, strlen(wanted));
    assert_null(strstr(text, "\"good\":false"));
    char file[2048];
    size_t size = 0;
    assert_int_equal(trust_file_read(audit->path, file, &size, sizeof file - 1), TRUST_OK);
    file[size] = '\0';
    char *changed = strstr(file, "io.example/b");
    assert_non_null(changed);
    changed[strlen("io.example/")] = 'c';
    assert_int_equal(trust_file_write(audit->path, trust_bytes_text(file), 0600), TRUST_OK);
    text = ask(office, "/?verify=1", 200);
    assert_memory_equal(text, "{\"verified\":false,", 18);
    assert_non_null(strstr(text, "\"damaged\":1,\"first_damaged\":2,"));
    assert_non_null(strstr(text, "\"subject\":\"mcp:io.example/c\""));
    assert_non_null(strstr(text, "\"good\":false}]}"));
}

static void wrong_queries_are_refused(void **state)
{
    struct office *office = *state;
    static const struct {
        const char *target;
        const char *code;
        const char *detail;
    } rows[] = {
        {"/?limit=1001", "TRUST_NO_RANGE", "limit: not from 0 to 1000"},
        {"/?limit=x", "TRUST_NO_TYPE", "limit"},
        {"/?verify=2", "TRUST_NO_RANGE", "verify: not from 0 to 1"},
        {"/?subject=x", "TRUST_NO_SUBJECT", "subject"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const char *text = ask(office, rows[i].target, 400);
        assert_non_null(strstr(text, rows[i].code));
        assert_non_null(strstr(text, rows[i].detail));
    }
}

static void a_log_that_does_not_read_is_named(void **state)
{
    struct office *office = *state;
    const char *path = office->desk->core.audit.path;
    assert_int_equal(unlink(path), 0);
    assert_string_equal(ask(office, "/", 200), "[]");
    assert_int_equal(mkdir(path, 0700), 0);
    const char *text = ask(office, "/?verify=1", 500);
    assert_non_null(strstr(text, "TRUST_FAIL_IO"));
    assert_non_null(strstr(text, trust_error_text(TRUST_NO_FILE)));
    assert_non_null(strstr(text, "look at audit.log of the node's home"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(an_entry_has_all_members, set_up, tear_down),
        cmocka_unit_test_setup_teardown(what_an_entry_has_not_is_null_or_none, set_up, tear_down),
        cmocka_unit_test_setup_teardown(the_newest_are_shown_the_oldest_first, set_up, tear_down),
        cmocka_unit_test_setup_teardown(no_more_than_the_bound_is_shown, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_verification_says_where_the_chain_breaks, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(wrong_queries_are_refused, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_log_that_does_not_read_is_named, set_up, tear_down),
    };
    return cmocka_run_group_tests_name("node/api/history", tests, NULL, NULL);
}
