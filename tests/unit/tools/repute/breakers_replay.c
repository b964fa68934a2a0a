/* repute/breakers_replay: whole event lists, byte for byte, and what each wrong one is told. */
#include "repute/breakers_replay.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define TEXT_SIZE 65536

/* A run over texts; policy NULL: none. */
struct run {
    enum trust_error error;
    char out[TEXT_SIZE];
    char err[TEXT_SIZE];
};

static void run_streams(struct run *run, FILE *policy, FILE *events)
{
    memset(run, 0, sizeof *run);
    struct breakers_replay replay = {.policy = policy,
                                     .policy_name = "p.yaml",
                                     .events = events,
                                     .events_name = "e.jsonl",
                                     .out = fmemopen(run->out, TEXT_SIZE, "w"),
                                     .err = fmemopen(run->err, TEXT_SIZE, "w")};
    assert_non_null(replay.events);
    assert_non_null(replay.out);
    assert_non_null(replay.err);
    run->error = breakers_replay_run(&replay);
    fclose(replay.out);
    fclose(replay.err);
    fclose(events);
    if (policy != NULL)
        fclose(policy);
}

static FILE *text_stream(const char *text)
{
    /* fmemopen refuses an empty buffer. */
    FILE *file = tmpfile();
    assert_non_null(file);
    assert_int_equal(fwrite(text, 1, strlen(text), file), strlen(text));
    rewind(file);
    return file;
}

static void run_texts(struct run *run, const char *policy, const char *events)
{
    run_streams(run, policy == NULL ? NULL : text_stream(policy), text_stream(events));
}

static FILE *open_vector(const char *name, const char *ending)
{
    char path[512];
    (void)snprintf(path, sizeof path, VECTORS "/%s.%s", name, ending);
    return fopen(path, "r");
}

static void each_list_gives_its_lines_byte_for_byte(void **state)
{
    (void)state;
    static const char *const names[] = {"streak",      "rates",  "calls",   "half_open", "backoff",
                                        "retry_after", "orders", "restart", "latency",   "clock"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        struct run *run = malloc(sizeof *run);
        char wanted[TEXT_SIZE] = {0};
        assert_non_null(run);
        run_streams(run, open_vector(names[i], "yaml"), open_vector(names[i], "jsonl"));
        assert_int_equal(run->error, TRUST_OK);
        assert_string_equal(run->err, "");
        FILE *file = open_vector(names[i], "out");
        assert_non_null(file);
        size_t size = fread(wanted, 1, sizeof wanted - 1, file);
        fclose(file);
        assert_in_range(size, 100, sizeof wanted - 2);
        assert_string_equal(run->out, wanted);
        free(run);
    }
}

static void wrong_lines_are_told_what_and_where(void **state)
{
    (void)state;
    static const struct {
        const char *events;
        enum trust_error error;
        const char *begins;
    } rows[] = {
        {"{\"t_ms\":0", TRUST_NO_SYNTAX, "e.jsonl:1:9: "},
        {"\n{\"t_ms\":0,\"op\":\"state\"}\n[]\n", TRUST_NO_TYPE, "e.jsonl:3: expected an object"},
        {"{\"t_ms\":0,\"op\":\"state\",\"op\":\"close\"}", TRUST_NO_SYNTAX, "e.jsonl:1:"},
        {"{\"op\":\"state\"}", TRUST_NO_TYPE, "e.jsonl:1: t_ms is missing"},
        {"{\"t_ms\":0}", TRUST_NO_TYPE, "e.jsonl:1: op: expected"},
        {"{\"t_ms\":0,\"op\":7}", TRUST_NO_TYPE, "e.jsonl:1: op: expected"},
        {"{\"t_ms\":0,\"op\":\"sucess\"}", TRUST_NO_OPTION,
         "e.jsonl:1: op: unknown operation \"sucess\"; did you mean \"success\"?"},
        {"{\"t_ms\":0,\"op\":\"state\",\"latencyms\":3}", TRUST_NO_OPTION,
         "e.jsonl:1: unknown member \"latencyms\"; did you mean \"latency_ms\"?"},
        {"{\"t_ms\":0,\"op\":\"state\",\"qqq\":3}", TRUST_NO_OPTION,
         "e.jsonl:1: unknown member \"qqq\"\n"},
        {"{\"t_ms\":-1,\"op\":\"state\"}", TRUST_NO_RANGE, "e.jsonl:1: t_ms: expected a whole"},
        {"{\"t_ms\":0.5,\"op\":\"state\"}", TRUST_NO_TYPE, "e.jsonl:1: t_ms: expected a whole"},
        {"{\"t_ms\":\"0\",\"op\":\"state\"}", TRUST_NO_TYPE, "e.jsonl:1: t_ms: expected a whole"},
        {"{\"t_ms\":100000000000001,\"op\":\"state\"}", TRUST_NO_RANGE, "e.jsonl:1: t_ms:"},
        {"{\"t_ms\":1e300,\"op\":\"state\"}", TRUST_NO_TYPE, "e.jsonl:1: t_ms:"},
        {"{\"t_ms\":0,\"op\":\"state\",\"n\":0}", TRUST_NO_RANGE,
         "e.jsonl:1: n: expected at least"},
        {"{\"t_ms\":0,\"op\":\"state\",\"n\":1000001}", TRUST_NO_RANGE, "e.jsonl:1: n:"},
        {"{\"t_ms\":0,\"op\":\"state\",\"n\":true}", TRUST_NO_TYPE, "e.jsonl:1: n:"},
        {"{\"t_ms\":0,\"op\":\"slow\",\"latency_ms\":4294967295}", TRUST_NO_RANGE,
         "e.jsonl:1: latency_ms:"},
        {"{\"t_ms\":0,\"op\":\"permit\",\"lease\":\"\"}", TRUST_NO_SIZE, "e.jsonl:1: lease:"},
        {"{\"t_ms\":0,\"op\":\"permit\",\"lease\":[]}", TRUST_NO_TYPE, "e.jsonl:1: lease:"},
        {"{\"t_ms\":0,\"op\":\"permit\",\"agent\":1}", TRUST_NO_TYPE, "e.jsonl:1: agent:"},
        {"{\"t_ms\":0,\"op\":\"permit\\u0000x\"}", TRUST_NO_SYNTAX, "e.jsonl:1:"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct run *run = malloc(sizeof *run);
        assert_non_null(run);
        run_texts(run, NULL, rows[i].events);
        assert_string_equal(trust_error_name(run->error), trust_error_name(rows[i].error));
        if (strncmp(run->err, rows[i].begins, strlen(rows[i].begins)) != 0)
            assert_string_equal(run->err, rows[i].begins);
        free(run);
    }
}

static void lines_before_the_fault_stand(void **state)
{
    (void)state;
    struct run *run = malloc(sizeof *run);
    assert_non_null(run);
    run_texts(run, NULL, "{\"t_ms\":1,\"op\":\"state\"}\n\n  \n{\"t_ms\":2,\"op\":\"x\"}\n");
    assert_int_equal(run->error, TRUST_NO_OPTION);
    assert_string_equal(run->out,
                        "{\"t_ms\":1,\"op\":\"state\",\"permit\":null,\"state\":\"closed\","
                        "\"calls\":0,\"failures\":0,\"slow\":0,\"denied\":0}\n");
    assert_string_equal(run->err, "e.jsonl:4: op: unknown operation \"x\"\n");
    free(run);
}

static void what_is_null_or_a_whole_real_is_taken(void **state)
{
    (void)state;
    struct run *run = malloc(sizeof *run);
    assert_non_null(run);
    run_texts(run, NULL,
              "{\"t_ms\":3.0,\"op\":\"failure\",\"n\":2.0,\"lease\":null,\"agent\":null,"
              "\"latency_ms\":null,\"retry_after_ms\":null}");
    assert_int_equal(run->error, TRUST_OK);
    assert_string_equal(run->out, "{\"t_ms\":3,\"op\":\"failure\",\"permit\":true,"
                                  "\"state\":\"closed\",\"calls\":2,\"failures\":2,\"slow\":0,"
                                  "\"denied\":0}\n");
    free(run);
}

static void an_empty_list_is_a_list(void **state)
{
    (void)state;
    struct run *run = malloc(sizeof *run);
    assert_non_null(run);
    run_texts(run, "", "");
    assert_int_equal(run->error, TRUST_OK);
    assert_string_equal(run->out, "");
    assert_string_equal(run->err, "");
    free(run);
}

static void a_line_without_end_is_refused(void **state)
{
    (void)state;
    struct run *run = malloc(sizeof *run);
    char *events = malloc(TEXT_SIZE);
    assert_non_null(run);
    assert_non_null(events);
    memset(events, ' ', TEXT_SIZE - 1);
    events[TEXT_SIZE - 1] = '\0';
    run_texts(run, NULL, events);
    assert_int_equal(run->error, TRUST_NO_SIZE);
    assert_string_equal(run->err, "e.jsonl:1: the line is too long, or holds a NUL byte\n");
    free(events);
    free(run);
}

static void a_wrong_policy_is_told_where_and_nothing_runs(void **state)
{
    (void)state;
    struct run *run = malloc(sizeof *run);
    assert_non_null(run);
    run_texts(run, "streak: 5\nprobes: 11\n", "{\"t_ms\":1,\"op\":\"state\"}\n");
    assert_int_equal(run->error, TRUST_NO_RANGE);
    assert_string_equal(run->out, "");
    assert_non_null(strstr(run->err, "p.yaml:2:9: probes: expected a whole number from 1 to 10\n"));
    assert_non_null(strstr(run->err, "\n  probes: 11\n          ^\n"));
    free(run);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_list_gives_its_lines_byte_for_byte),
        cmocka_unit_test(wrong_lines_are_told_what_and_where),
        cmocka_unit_test(lines_before_the_fault_stand),
        cmocka_unit_test(what_is_null_or_a_whole_real_is_taken),
        cmocka_unit_test(an_empty_list_is_a_list),
        cmocka_unit_test(a_line_without_end_is_refused),
        cmocka_unit_test(a_wrong_policy_is_told_where_and_nothing_runs),
    };
    return cmocka_run_group_tests_name("repute/breakers_replay", tests, NULL, NULL);
}
