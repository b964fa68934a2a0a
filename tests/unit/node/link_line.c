/* Lines: rows and sockets. Dialled ones end at any moment without harm to the others. */
#include "node/link_line.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "linking.h"

/* So many times a line is closed at about the moment that its handshake ends. */
#define CLOSINGS 200

static struct link_line *dialled_row(struct linking *linking, uint8_t number)
{
    struct link_line *line = link_line_add(&linking->process->lines);
    assert_non_null(line);
    struct pair pair = pair_of(number);
    line->is_dialled = true;
    line->key = linking->server.key;
    line->has_secret = true;
    line->uses_secret = true;
    memcpy(line->secret, pair.secret, sizeof line->secret);
    memcpy(line->endpoint, linking->endpoint, sizeof linking->endpoint);
    return line;
}

/* Answers whoever asks to be let in until the line has an event. */
static enum link_monitor_event await_event(struct linking *linking, const struct link_line *line)
{
    uint64_t until_ms = clock_now().mono.ms + LINKING_WAIT_MS;
    enum link_monitor_event event = LINK_MONITOR_NOTHING;
    while (clock_now().mono.ms < until_ms) {
        struct link_zap_result result;
        (void)link_zap_answer(linking->process->zap, &result, &linking->process->gate, 0);
        if (link_line_monitor(line, &event) && event != LINK_MONITOR_NOTHING)
            return event;
        usleep(100);
    }
    return LINK_MONITOR_NOTHING;
}

static void rows_are_found_by_what_they_are(void **state)
{
    (void)state;
    static struct link_lines lines;
    struct trust_key key = pair_of(7).key;
    struct trust_key other = pair_of(8).key;
    struct link_line *dialled = link_line_add(&lines);
    struct link_line *inbound = link_line_add(&lines);
    *dialled = (struct link_line){
        .is_used = true, .is_up = true, .is_dialled = true, .handle = 1, .key = key};
    *inbound = (struct link_line){.is_used = true, .handle = 2, .key = key, .routing = {0, 9}};
    assert_ptr_equal(link_line_dialled(&lines, &key), dialled);
    assert_ptr_equal(link_line_inbound(&lines, &key), inbound);
    assert_null(link_line_dialled(&lines, &other));
    assert_null(link_line_inbound(&lines, &other));
    assert_ptr_equal(link_line_by_handle(&lines, 1), dialled);
    assert_null(link_line_by_handle(&lines, 2)); /* it is not up */
    inbound->is_up = true;
    assert_ptr_equal(link_line_by_handle(&lines, 2), inbound);
    assert_ptr_equal(link_line_by_routing(&lines, (const uint8_t[LINK_ROUTING_SIZE]){0, 9}),
                     inbound);
    assert_null(link_line_by_routing(&lines, (const uint8_t[LINK_ROUTING_SIZE]){0, 8}));
    inbound->ends_ms = 1;
    assert_null(link_line_inbound(&lines, &key));
    link_line_free(inbound);
    assert_null(link_line_by_handle(&lines, 2));
}

static void rows_are_bounded(void **state)
{
    (void)state;
    static struct link_lines lines;
    struct link_line *last = NULL;
    for (int i = 0; i < LINK_LINES_MAX; i++) {
        last = link_line_add(&lines);
        assert_non_null(last);
        assert_int_equal(last->fd, -1);
    }
    assert_null(link_line_add(&lines));
    link_line_free(last);
    assert_ptr_equal(link_line_add(&lines), last);
}

static void an_address_that_is_taken_is_said(void **state)
{
    (void)state;
    struct linking linking = linking_open();
    struct link_lines lines = linking.process->lines;
    lines.router = NULL;
    assert_false(link_lines_listen(&lines, linking.endpoint));
    assert_int_equal(errno, EADDRINUSE);
    assert_null(lines.router);
    assert_true(link_lines_listen(&lines, ""));
    assert_null(lines.router);
    linking_close(&linking);
}

static void a_line_comes_up_or_is_told_off(void **state)
{
    (void)state;
    struct linking linking = linking_open();
    struct trust_key listed = pair_of(2).key;
    assert_int_equal(link_gate_allow(&linking.process->gate, &listed, ""), TRUST_OK);
    struct link_line *welcome = dialled_row(&linking, 2);
    assert_true(link_line_open(&linking.process->lines, welcome));
    assert_int_equal(await_event(&linking, welcome), LINK_MONITOR_UP);
    link_line_close(welcome, 0);
    assert_null(welcome->dealer);
    link_line_close(welcome, 0); /* nothing is open */
    struct link_line *stranger = dialled_row(&linking, 3);
    assert_true(link_line_open(&linking.process->lines, stranger));
    assert_int_equal(await_event(&linking, stranger), LINK_MONITOR_DOWN);
    struct link_line *lost = dialled_row(&linking, 2);
    memcpy(lost->endpoint, "tcp://127.0.0.1:1", sizeof "tcp://127.0.0.1:1");
    assert_true(link_line_open(&linking.process->lines, lost));
    assert_int_equal(await_event(&linking, lost), LINK_MONITOR_DOWN);
    memcpy(lost->endpoint, "nothing", sizeof "nothing");
    link_line_close(lost, 0);
    assert_false(link_line_open(&linking.process->lines, lost));
    assert_null(lost->dealer);
    linking_close(&linking);
}

/* All lines share libzmq's I/O thread: one that is closed while an event of it is on its way must
 * not stop that thread. */
static void closing_a_line_leaves_the_others_alive(void **state)
{
    (void)state;
    struct linking linking = linking_open();
    struct trust_key listed = pair_of(2).key;
    assert_int_equal(link_gate_allow(&linking.process->gate, &listed, ""), TRUST_OK);
    struct link_line *line = dialled_row(&linking, 2);
    for (int i = 0; i < CLOSINGS; i++) {
        assert_true(link_line_open(&linking.process->lines, line));
        usleep((useconds_t)(i % 20) * 50);
        struct link_zap_result result;
        (void)link_zap_answer(linking.process->zap, &result, &linking.process->gate, 0);
        link_line_close(line, 0);
    }
    assert_true(link_line_open(&linking.process->lines, line));
    assert_int_equal(await_event(&linking, line), LINK_MONITOR_UP);
    linking_close(&linking);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rows_are_found_by_what_they_are),
        cmocka_unit_test(rows_are_bounded),
        cmocka_unit_test(an_address_that_is_taken_is_said),
        cmocka_unit_test(a_line_comes_up_or_is_told_off),
        cmocka_unit_test(closing_a_line_leaves_the_others_alive),
    };
    return cmocka_run_group_tests_name("node/link_line", tests, NULL, NULL);
}
