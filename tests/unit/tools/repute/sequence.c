/* repute/sequence: no seq is ever given twice, whatever clock, crash or rival does. */
#include "repute/sequence.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/date.h"

struct rig {
    char directory[64];
    struct context context;
};

static void open_rig(struct rig *rig)
{
    *rig = (struct rig){.directory = "/tmp/repute-sequence-XXXXXX"};
    assert_non_null(mkdtemp(rig->directory));
    struct trust_home_inputs inputs = {.option = rig->directory};
    assert_int_equal(trust_home_find(&rig->context.home, &inputs), TRUST_OK);
    assert_int_equal(trust_home_make(&rig->context.home), TRUST_OK);
}

static void close_rig(struct rig *rig)
{
    char command[96];
    (void)snprintf(command, sizeof command, "rm -rf '%s'", rig->directory);
    assert_int_equal(system(command), 0);
}

static void put_last(const struct rig *rig, const char *text)
{
    char path[128];
    (void)snprintf(path, sizeof path, "%s/keys/operator.seq", rig->directory);
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    assert_true(fputs(text, file) >= 0);
    assert_int_equal(fclose(file), 0);
}

static void a_seq_is_the_time_or_one_more_than_the_last(void **state)
{
    (void)state;
    static const struct {
        uint64_t last, now_ms, expected;
    } rows[] = {
        {0, 1000, 1000},                        /* the first */
        {999, 1000, 1000},                      /* time has gone on */
        {1000, 1000, 1001},                     /* twice in a millisecond */
        {1001, 1000, 1002}, {5000, 1000, 5001}, /* the clock went back */
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        assert_int_equal(sequence_next(rows[i].last, rows[i].now_ms), rows[i].expected);
}

static void what_is_taken_is_on_disk_first_and_never_given_again(void **state)
{
    (void)state;
    struct rig rig;
    open_rig(&rig);
    uint64_t before = context_now_ms();
    uint64_t last = 0;
    assert_int_equal(sequence_last(&rig.context, &last), TRUST_OK);
    assert_int_equal(last, 0);
    uint64_t greatest = 0;
    for (int i = 0; i < 50; i++) {
        uint64_t first = 0;
        assert_int_equal(sequence_take(&rig.context, &first, 3), TRUST_OK);
        assert_true(first > greatest);
        assert_true(first >= before);
        greatest = first + 2;
        assert_int_equal(sequence_last(&rig.context, &last), TRUST_OK);
        assert_int_equal(last, greatest);
    }
    close_rig(&rig);
}

static void a_clock_that_went_back_does_not_take_the_seqs_back(void **state)
{
    (void)state;
    struct rig rig;
    open_rig(&rig);
    char text[32];
    uint64_t ahead = context_now_ms() + 300000; /* five minutes ahead of this clock */
    (void)snprintf(text, sizeof text, "%llu\n", (unsigned long long)ahead);
    put_last(&rig, text);
    uint64_t first = 0;
    assert_int_equal(sequence_take(&rig.context, &first, 2), TRUST_OK);
    assert_int_equal(first, ahead + 1);
    assert_int_equal(sequence_take(&rig.context, &first, 1), TRUST_OK);
    assert_int_equal(first, ahead + 3);
    close_rig(&rig);
}

static void a_last_seq_that_no_node_would_follow_is_refused(void **state)
{
    (void)state;
    struct rig rig;
    open_rig(&rig);
    char text[32];
    (void)snprintf(text, sizeof text, "%llu\n", (unsigned long long)context_now_ms() + 3600000);
    put_last(&rig, text);
    uint64_t first = 7;
    assert_int_equal(sequence_take(&rig.context, &first, 1), TRUST_NO_TIME);
    assert_int_equal(first, 7);
    assert_non_null(strstr(rig.context.failure.next, "correct the clock"));
    assert_non_null(strstr(rig.context.failure.message, "keys/operator.seq"));
    assert_non_null(strstr(rig.context.failure.next, "greatest seq"));
    close_rig(&rig);
}

static void clocks_that_differ_by_more_than_nodes_bear_are_refused(void **state)
{
    (void)state;
    static const struct {
        int64_t apart_s;
        enum trust_error expected;
    } rows[] = {
        {0, TRUST_OK},    {595, TRUST_OK}, /* the test may take a moment */
        {-595, TRUST_OK}, {606, TRUST_NO_TIME}, {-606, TRUST_NO_TIME}, {94608000, TRUST_NO_TIME},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct rig rig;
        char date[TRUST_DATE_SIZE];
        uint64_t last = 0;
        open_rig(&rig);
        uint64_t node_s = (uint64_t)((int64_t)(context_now_ms() / 1000) - rows[i].apart_s);
        trust_date_encode(date, node_s);
        assert_int_equal(sequence_check_clock(&rig.context, node_s), rows[i].expected);
        assert_int_equal(rows[i].expected == TRUST_OK,
                         strstr(rig.context.failure.message, date) == NULL);
        assert_int_equal(sequence_last(&rig.context, &last), TRUST_OK);
        assert_int_equal(last, 0);
        close_rig(&rig);
    }
}

static void a_file_that_is_no_number_is_refused(void **state)
{
    (void)state;
    static const char *const rows[] = {"",
                                       "\n",
                                       "12",
                                       "12\n13\n",
                                       " 12\n",
                                       "x\n",
                                       "012\n",
                                       "99999999999999999999\n",
                                       "253402300799001\n"};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct rig rig;
        open_rig(&rig);
        put_last(&rig, rows[i]);
        uint64_t first = 0;
        assert_int_equal(sequence_take(&rig.context, &first, 1), TRUST_NO_SYNTAX);
        close_rig(&rig);
    }
}

#define RIVALS 4
#define TAKEN 25

static void programs_that_publish_at_once_get_different_seqs(void **state)
{
    (void)state;
    struct rig rig;
    open_rig(&rig);
    int pipes[2];
    assert_int_equal(pipe(pipes), 0);
    for (int i = 0; i < RIVALS; i++) {
        pid_t child = fork();
        if (child != 0)
            continue;
        for (int j = 0; j < TAKEN; j++) {
            uint64_t first = 0;
            if (sequence_take(&rig.context, &first, 1) != TRUST_OK ||
                write(pipes[1], &first, sizeof first) != sizeof first)
                _exit(1);
        }
        _exit(0);
    }
    (void)close(pipes[1]);
    uint64_t seqs[RIVALS * TAKEN];
    size_t count = 0;
    uint64_t seq = 0;
    while (read(pipes[0], &seq, sizeof seq) == sizeof seq) {
        for (size_t i = 0; i < count; i++)
            assert_true(seqs[i] != seq);
        seqs[count++] = seq;
    }
    assert_int_equal(count, RIVALS * TAKEN);
    for (int i = 0; i < RIVALS; i++)
        assert_true(wait(NULL) > 0);
    (void)close(pipes[0]);
    close_rig(&rig);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_seq_is_the_time_or_one_more_than_the_last),
        cmocka_unit_test(what_is_taken_is_on_disk_first_and_never_given_again),
        cmocka_unit_test(a_clock_that_went_back_does_not_take_the_seqs_back),
        cmocka_unit_test(a_last_seq_that_no_node_would_follow_is_refused),
        cmocka_unit_test(clocks_that_differ_by_more_than_nodes_bear_are_refused),
        cmocka_unit_test(a_file_that_is_no_number_is_refused),
        cmocka_unit_test(programs_that_publish_at_once_get_different_seqs),
    };
    return cmocka_run_group_tests_name("repute/sequence", tests, NULL, NULL);
}
