/* node/showing: what agents see of a server, with a node and without one, and when an order holds
 * for good. */
#include <poll.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "trust/board.h"

#include "node_rig.h"

#define SUBJECT "mcp:io.example/a"
#define GROUP                                                                                      \
    "groups:\n"                                                                                    \
    "  search:\n"                                                                                  \
    "    primary: { subject: \"mcp:io.example/a\", command: \"true\" }\n"                          \
    "    fallbacks: [ { subject: \"mcp:io.example/b\", command: \"true\" } ]\n"

static bool is_durable(struct node_rig *rig)
{
    return showing_kept(&rig->core, rig->core.server_state.asked) == TRUST_OK;
}

static uint64_t quarantine(struct node_rig *rig, uint32_t server)
{
    must(trust_engine_order_quarantine(rig->core.engine, server, TRUST_QUARANTINE_ORDER_ADD, 0,
                                       rig->core.now));
    return showing_keep(&rig->core, server);
}

static enum trust_error look(const struct node_rig *rig, uint32_t server,
                             struct trust_board_cell *out_cell)
{
    struct trust_board board;
    struct trust_board_handle handle;
    uint8_t digest[32];
    trust_engine_server_digest(rig->core.engine, digest, server);
    trust_board_handle_init(&handle, digest);
    must(trust_board_open(&board, node_rig_path(rig, TRUST_HOME_BOARD), rig->core.now.mono));
    assert_int_equal(trust_board_basis(&board, rig->core.now).kind, TRUST_BASIS_FRESH);
    enum trust_error error = trust_board_find(&board, out_cell, &handle);
    trust_board_close(&board);
    return error;
}

static void the_servers_of_groups_stand_on_the_board_from_the_start(void **state)
{
    (void)state;
    struct node_rig *rig = node_rig_open(GROUP);
    struct trust_board_cell cell;
    uint32_t server = 0;
    assert_true(trust_engine_find_server(rig->core.engine, &server, trust_bytes_text(SUBJECT)));
    assert_int_equal(look(rig, server, &cell), TRUST_OK);
    assert_int_equal(cell.marks & TRUST_CELL_NAMED, TRUST_CELL_NAMED);
    assert_int_equal(cell.breaker_state, TRUST_BREAKER_CLOSED);
    assert_int_equal(cell.quarantine, TRUST_QUARANTINE_OK);
    assert_int_equal(cell.score_ppm, TRUST_PPM_NONE);
    uint32_t unknown = node_rig_watch(rig, "mcp:io.example/other");
    assert_int_equal(look(rig, unknown, &cell), TRUST_NO_FOUND);
    pump_run(&rig->core);
    assert_int_equal(look(rig, unknown, &cell), TRUST_OK);
    assert_int_equal(cell.marks & TRUST_CELL_NAMED, 0);
    node_rig_close(rig);
}

static void an_order_is_on_the_board_and_in_the_file_before_it_is_on_disk(void **state)
{
    (void)state;
    struct node_rig *rig = node_rig_open(GROUP);
    struct trust_board_cell cell;
    uint32_t server = node_rig_watch(rig, SUBJECT);
    node_rig_hold_disk(rig);
    uint64_t number = quarantine(rig, server);
    assert_int_equal(showing_kept(&rig->core, number), TRUST_NO_BUSY);
    assert_int_equal(look(rig, server, &cell), TRUST_OK);
    assert_int_equal(cell.quarantine, TRUST_QUARANTINE_QUARANTINED);
    assert_non_null(strstr(node_rig_text(node_rig_path(rig, TRUST_HOME_WITHHELD)), SUBJECT));
    node_rig_run(rig, 30);
    assert_int_equal(showing_kept(&rig->core, number), TRUST_NO_BUSY);
    node_rig_let_go(rig);
    node_rig_until(rig, is_durable);
    assert_int_equal(showing_kept(&rig->core, number), TRUST_OK);
    node_rig_close(rig);
}

/* The child is killed as soon as an order is kept; what it says, it says through the pipe. */
static void order_and_be_killed(struct node_rig *rig, int out)
{
    node_rig_start(rig);
    uint32_t server = node_rig_watch(rig, SUBJECT);
    (void)quarantine(rig, server);
    node_rig_until(rig, is_durable);
    const struct trust_breaker_order order = {.verb = TRUST_BREAKER_FORCE_OPEN,
                                              .expires = {TRUST_MONO_NEVER}};
    uint32_t other = node_rig_watch(rig, "mcp:io.example/b");
    trust_engine_order_breaker(rig->core.engine, other, &order, rig->core.now);
    (void)showing_keep(&rig->core, other);
    node_rig_until(rig, is_durable);
    (void)!write(out, "k", 1);
    (void)pause();
}

static void an_order_that_is_kept_survives_a_kill(void **state)
{
    (void)state;
    struct node_rig *rig = node_rig_make(GROUP);
    int ends[2];
    assert_int_equal(pipe(ends), 0);
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        order_and_be_killed(rig, ends[1]);
        _exit(1);
    }
    struct pollfd told = {.fd = ends[0], .events = POLLIN};
    assert_int_equal(poll(&told, 1, 20000), 1);
    assert_int_equal(kill(child, SIGKILL), 0);
    int status = 0;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFSIGNALED(status));
    assert_non_null(strstr(node_rig_text(node_rig_path(rig, TRUST_HOME_WITHHELD)), SUBJECT));
    node_rig_start(rig);
    uint32_t server = node_rig_watch(rig, SUBJECT);
    assert_int_equal(trust_engine_quarantine(rig->core.engine, server)->state,
                     TRUST_QUARANTINE_QUARANTINED);
    struct trust_breaker_view view;
    server = node_rig_watch(rig, "mcp:io.example/b");
    trust_engine_read_breaker(rig->core.engine, server, &view, rig->core.now);
    assert_int_equal(view.state, TRUST_BREAKER_FORCED_OPEN);
    (void)close(ends[0]);
    (void)close(ends[1]);
    node_rig_close(rig);
}

static void a_disk_that_takes_nothing_is_named_and_the_order_holds(void **state)
{
    (void)state;
    struct rlimit before;
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &before), 0);
    assert_true(signal(SIGXFSZ, SIG_IGN) != SIG_ERR);
    struct node_rig *rig = node_rig_open(GROUP);
    uint32_t server = node_rig_watch(rig, SUBJECT);
    const struct rlimit limited = {.rlim_cur = 16, .rlim_max = before.rlim_max};
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &limited), 0);
    uint64_t number = quarantine(rig, server);
    enum trust_error kept = showing_kept(&rig->core, number);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &before), 0);
    assert_int_equal(kept, TRUST_NO_ROOM);
    assert_int_equal(trust_engine_quarantine(rig->core.engine, server)->state,
                     TRUST_QUARANTINE_QUARANTINED);
    /* It is tried again by itself. */
    node_rig_until(rig, is_durable);
    assert_non_null(strstr(node_rig_text(node_rig_path(rig, TRUST_HOME_WITHHELD)), SUBJECT));
    node_rig_close(rig);
}

static void a_transition_is_logged_with_its_rule(void **state)
{
    (void)state;
    struct node_rig *rig = node_rig_open(GROUP);
    (void)quarantine(rig, node_rig_watch(rig, SUBJECT));
    const char *log = node_rig_log(rig);
    assert_non_null(strstr(log, "quarantine"));
    assert_non_null(strstr(log, "quarantined"));
    assert_non_null(strstr(log, "operator"));
    node_rig_close(rig);
}

/* As after a hundred thousand servers that came and went. */
static void a_board_that_is_worn_out_is_replaced_and_readers_follow(void **state)
{
    (void)state;
    struct node_rig *rig = node_rig_open(GROUP);
    struct trust_board_cell cell;
    struct trust_board board;
    struct trust_board_handle handle;
    uint8_t digest[32];
    uint32_t server = node_rig_watch(rig, SUBJECT);
    trust_engine_server_digest(rig->core.engine, digest, server);
    trust_board_handle_init(&handle, digest);
    must(trust_board_open(&board, node_rig_path(rig, TRUST_HOME_BOARD), rig->core.now.mono));
    must(trust_board_find(&board, &cell, &handle));
    enum trust_error error = TRUST_OK;
    for (uint32_t i = 1; error == TRUST_OK; i++) {
        memset(cell.subject, 0xff, sizeof cell.subject);
        memcpy(cell.subject, &i, sizeof i);
        error = trust_board_writer_put(rig->core.showing.writer, &cell);
    }
    assert_int_equal(error, TRUST_NO_ROOM);
    uint32_t late = node_rig_watch(rig, "mcp:io.example/late");
    node_rig_run(rig, 120);
    assert_int_equal(look(rig, late, &cell), TRUST_OK);
    assert_int_equal(rig->core.showing.writer->count, 3);
    assert_true(trust_board_refresh(&board, rig->core.now));
    must(trust_board_find(&board, &cell, &handle));
    assert_memory_equal(cell.subject, digest, sizeof digest);
    trust_board_close(&board);
    node_rig_close(rig);
}

static void the_board_beats_twice_a_second(void **state)
{
    (void)state;
    struct node_rig *rig = node_rig_open(GROUP);
    uint64_t due_ms = rig->core.showing.beat_due.ms;
    assert_in_range(due_ms - rig->core.now.mono.ms, 1, 500);
    assert_int_equal(showing_deadline(&rig->core.showing).ms, due_ms);
    rig->core.now.mono.ms = due_ms;
    showing_tick(&rig->core);
    assert_int_equal(rig->core.showing.beat_due.ms, due_ms + 500);
    node_rig_close(rig);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_servers_of_groups_stand_on_the_board_from_the_start),
        cmocka_unit_test(an_order_is_on_the_board_and_in_the_file_before_it_is_on_disk),
        cmocka_unit_test(an_order_that_is_kept_survives_a_kill),
        cmocka_unit_test(a_disk_that_takes_nothing_is_named_and_the_order_holds),
        cmocka_unit_test(a_transition_is_logged_with_its_rule),
        cmocka_unit_test(a_board_that_is_worn_out_is_replaced_and_readers_follow),
        cmocka_unit_test(the_board_beats_twice_a_second),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
