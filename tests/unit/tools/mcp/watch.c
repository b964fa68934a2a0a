/* mcp/watch: what is watched, and when something is told of it. */
#include "mcp/watch.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define URI "repute://score/mcp:io.example/a"
#define SUBJECT "mcp:io.example/a"

struct board {
    bool is_shown;
    uint64_t mark;
    unsigned shows;
    unsigned tells;
    const char *stream;
};

static bool look(void *context, const char *subject, uint64_t *out_mark)
{
    struct board *board = context;
    assert_string_equal(subject, SUBJECT);
    *out_mark = board->mark;
    return board->is_shown;
}

static void show(void *context, char subject[TRUST_SUBJECT_TEXT_SIZE])
{
    struct board *board = context;
    assert_string_equal(subject, SUBJECT);
    board->shows++;
}

static void tell(void *context, const struct watch_entry *entry)
{
    struct board *board = context;
    assert_string_equal(entry->uri, URI);
    board->tells++;
    board->stream = entry->stream;
}

static struct watch_calls calls_of(struct board *board)
{
    return (struct watch_calls){.look = look, .show = show, .tell = tell, .context = board};
}

static void a_change_is_told_once(void **state)
{
    (void)state;
    static struct watch watch;
    struct board board = {.is_shown = true, .mark = 1};
    const struct watch_calls calls = calls_of(&board);
    assert_int_equal(watch_add(&watch, (struct trust_bytes){0}, URI, SUBJECT), TRUST_OK);
    assert_int_equal(watch_add(&watch, (struct trust_bytes){0}, URI, SUBJECT), TRUST_OK);
    assert_int_equal(watch.count, 1);
    watch_poll(&watch, &calls, 0);
    watch_poll(&watch, &calls, 1000);
    assert_int_equal(board.tells, 0);
    board.mark = 2;
    watch_poll(&watch, &calls, 2000);
    watch_poll(&watch, &calls, 3000);
    assert_int_equal(board.tells, 1);
    assert_null(board.stream);
    assert_true(watch_remove(&watch, URI));
    assert_false(watch_remove(&watch, URI));
    board.mark = 3;
    watch_poll(&watch, &calls, 4000);
    assert_int_equal(board.tells, 1);
    watch_close(&watch);
}

static void what_is_not_shown_is_asked_for_now_and_then(void **state)
{
    (void)state;
    static struct watch watch;
    struct board board = {0};
    const struct watch_calls calls = calls_of(&board);
    assert_int_equal(watch_add(&watch, (struct trust_bytes){0}, URI, SUBJECT), TRUST_OK);
    for (uint64_t now = 0; now < TRUST_MCP_SHOW_MS; now += 1000)
        watch_poll(&watch, &calls, now);
    assert_int_equal(board.shows, 1);
    watch_poll(&watch, &calls, TRUST_MCP_SHOW_MS);
    assert_int_equal(board.shows, 2);
    board.is_shown = true;
    watch_poll(&watch, &calls, UINT64_C(3) * TRUST_MCP_SHOW_MS);
    assert_int_equal(board.shows, 2);
    watch_close(&watch);
}

static void a_stream_has_its_own_and_takes_it_along(void **state)
{
    (void)state;
    static struct watch watch;
    struct board board = {.is_shown = true};
    const struct watch_calls calls = calls_of(&board);
    struct trust_bytes stream = trust_bytes_text("\"one\"");
    assert_int_equal(watch_open(&watch, stream), TRUST_OK);
    assert_int_equal(watch_open(&watch, stream), TRUST_NO_DUPLICATE);
    assert_int_equal(watch_open(&watch, trust_bytes_text("1")), TRUST_OK);
    assert_int_equal(watch_add(&watch, stream, URI, SUBJECT), TRUST_OK);
    assert_int_equal(watch_add(&watch, (struct trust_bytes){0}, URI, SUBJECT), TRUST_OK);
    assert_int_equal(watch.count, 4);
    watch_poll(&watch, &calls, 0);
    assert_true(watch_remove(&watch, URI));
    board.mark = 1;
    watch_poll(&watch, &calls, 1);
    assert_int_equal(board.tells, 1);
    assert_string_equal(board.stream, "\"one\"");
    assert_true(watch_end(&watch, stream));
    assert_false(watch_end(&watch, stream));
    assert_false(watch_end(&watch, (struct trust_bytes){0}));
    assert_int_equal(watch.count, 1);
    watch_close(&watch);
    assert_int_equal(watch.count, 0);
}

static void there_is_room_for_so_many(void **state)
{
    (void)state;
    static struct watch watch;
    for (unsigned i = 0; i < TRUST_MCP_WATCH_MAX; i++) {
        char uri[32];
        (void)snprintf(uri, sizeof uri, "%u", i);
        assert_int_equal(watch_add(&watch, (struct trust_bytes){0}, uri, SUBJECT), TRUST_OK);
    }
    assert_int_equal(watch_add(&watch, (struct trust_bytes){0}, "x", SUBJECT), TRUST_NO_ROOM);
    assert_int_equal(watch_open(&watch, trust_bytes_text("1")), TRUST_NO_ROOM);
    watch_close(&watch);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_change_is_told_once),
        cmocka_unit_test(what_is_not_shown_is_asked_for_now_and_then),
        cmocka_unit_test(a_stream_has_its_own_and_takes_it_along),
        cmocka_unit_test(there_is_room_for_so_many),
    };
    return cmocka_run_group_tests_name("mcp/watch", tests, NULL, NULL);
}
