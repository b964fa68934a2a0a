/*
 * The core's end of the link against processes that play one: this very program, started anew as
 * the link process, does what PLAYED_LINK says.
 */
#include "node/link.h"

#include <errno.h>
#include <poll.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

#include <cmocka.h>

#include "node/clock.h"
#include "node/link_wire.h"

#define WAIT_MS 5000
#define LINK_FD 3

/* ---- the played link ---- */

static uint8_t buffer[LINK_WIRE_SIZE_MAX];

static void tell(enum link_wire_type type, uint32_t handle, const void *body, size_t size)
{
    const struct link_wire message = {
        .type = type, .handle = handle, .body = {.data = body, .size = size}};
    struct pollfd item = {.fd = LINK_FD, .events = POLLOUT};
    enum link_wire_sent sent = LINK_WIRE_FULL;
    while ((sent = link_wire_send(LINK_FD, &message)) == LINK_WIRE_FULL)
        (void)poll(&item, 1, 10);
    if (sent != LINK_WIRE_SENT)
        _exit(1);
}

static bool take(struct link_wire *out_message)
{
    struct pollfd item = {.fd = LINK_FD, .events = POLLIN};
    enum trust_error error = TRUST_NO_FOUND;
    while ((error = link_wire_receive(LINK_FD, out_message, buffer)) == TRUST_NO_FOUND)
        (void)poll(&item, 1, -1);
    return error == TRUST_OK;
}

/* Answers each ALLOW or JOIN with UP of that key, each order with its type as a refused key. */
static void answer(const struct link_wire *message)
{
    static uint32_t handle;
    uint8_t body[33] = {0};
    if (message->type == LINK_WIRE_ALLOW || message->type == LINK_WIRE_JOIN) {
        memcpy(body, message->body.data, 32);
        body[32] = message->type == LINK_WIRE_JOIN ? LINK_WIRE_INVITED : LINK_WIRE_DIALLED;
        tell(LINK_WIRE_UP, ++handle, body, sizeof body);
    } else if (message->type == LINK_WIRE_DROP) {
        tell(LINK_WIRE_DOWN, message->handle, NULL, 0);
    } else {
        body[0] = (uint8_t)message->type;
        tell(LINK_WIRE_REFUSED, 0, body, 32);
    }
}

static int play(const char *part)
{
    struct link_wire message;
    const uint8_t held = 3;
    (void)prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (!take(&message) || message.type != LINK_WIRE_CONFIG)
        return 1;
    if (strncmp(part, "fails ", 6) == 0) {
        const uint8_t code[4] = {0, 0, 0, (uint8_t)atoi(part + 6)};
        tell(LINK_WIRE_FAILED, 0, code, sizeof code);
        return 1;
    }
    if (strcmp(part, "dies early") == 0)
        return 1;
    sigset_t waking;
    (void)sigemptyset(&waking);
    (void)sigaddset(&waking, SIGUSR2);
    (void)sigprocmask(SIG_BLOCK, &waking, NULL);
    tell(LINK_WIRE_STARTED, 0, &held, 1);
    if (strcmp(part, "dies") == 0)
        return 0;
    if (strcmp(part, "lies") == 0)
        tell(LINK_WIRE_DOWN, 9, NULL, 0);
    if (strcmp(part, "sleeps") == 0)
        (void)pause();
    int number = 0;
    if (strcmp(part, "wakes") == 0)
        (void)sigwait(&waking, &number);
    while (take(&message))
        answer(&message);
    return 0;
}

/* ---- the tests ---- */

static const uint8_t secret[32] = {7};

static struct link *open_as(const char *part, struct trust_now now)
{
    struct link *link = NULL;
    const struct link_options options = {.program = "/proc/self/exe", .secret = secret};
    assert_int_equal(setenv("PLAYED_LINK", part, 1), 0);
    assert_int_equal(link_open(&link, &options, now), TRUST_OK);
    return link;
}

static struct trust_key key_of(uint8_t number)
{
    struct trust_key key;
    memset(key.bytes, number, sizeof key.bytes);
    return key;
}

/* The next event within time; ticks meanwhile. */
static struct link_event expect(struct link *link, enum link_event_kind kind, struct trust_now now)
{
    struct link_event event = {0};
    uint64_t until_ms = clock_now().mono.ms + WAIT_MS;
    while (!link_poll(link, &event, now)) {
        if (clock_now().mono.ms > until_ms)
            fail_msg("no event; expected %d", (int)kind);
        link_tick(link, now);
        usleep(500);
    }
    if (event.kind != kind)
        fail_msg("event %d; expected %d", (int)event.kind, (int)kind);
    return event;
}

static struct trust_now at(uint64_t ms)
{
    return (struct trust_now){.mono = {.ms = 1000000 + ms}};
}

static void a_listed_key_comes_up_and_goes(void **state)
{
    (void)state;
    struct link *link = open_as("answers", at(0));
    struct trust_key key = key_of(1);
    assert_int_equal(link_allow(link, &key, "tcp://a:1"), TRUST_OK);
    struct link_event event = expect(link, LINK_UP, at(0));
    assert_int_equal(event.handle, 1);
    assert_true(event.dialled);
    assert_memory_equal(event.key.bytes, key.bytes, 32);
    struct link_state told;
    link_state(link, &told);
    assert_true(told.is_running);
    assert_int_equal(told.connections, 1);
    assert_true(told.has_seccomp);
    assert_true(told.has_landlock);
    link_drop(link, 1);
    assert_int_equal(expect(link, LINK_DOWN, at(0)).handle, 1);
    link_state(link, &told);
    assert_int_equal(told.connections, 0);
    link_close(link);
}

static void an_address_that_cannot_be_had_is_the_starts_error(void **state)
{
    (void)state;
    static const struct {
        int code;
        enum trust_error error;
    } faults[] = {
        {EADDRINUSE, TRUST_NO_CONFLICT}, {EADDRNOTAVAIL, TRUST_NO_FOUND}, {ENODEV, TRUST_NO_FOUND},
        {EACCES, TRUST_NO_PERMISSION},   {EIO, TRUST_FAIL_SYSTEM},
    };
    struct link *link = NULL;
    const struct link_options options = {.program = "/proc/self/exe", .secret = secret};
    for (size_t i = 0; i < sizeof faults / sizeof faults[0]; i++) {
        char part[16];
        (void)snprintf(part, sizeof part, "fails %d", faults[i].code);
        (void)setenv("PLAYED_LINK", part, 1);
        assert_int_equal(link_open(&link, &options, at(0)), faults[i].error);
    }
    (void)setenv("PLAYED_LINK", "dies early", 1);
    assert_int_equal(link_open(&link, &options, at(0)), TRUST_FAIL_SYSTEM);
    const struct link_options missing = {.program = "/nowhere/at/all", .secret = secret};
    assert_int_equal(link_open(&link, &missing, at(0)), TRUST_FAIL_SYSTEM);
}

static void a_dead_process_is_restarted_with_growing_pauses_and_hears_all_again(void **state)
{
    (void)state;
    struct link *link = open_as("dies", at(0));
    struct trust_key key = key_of(1);
    uint64_t now_ms = 0;
    static const uint64_t pauses_ms[] = {100, 200, 400};
    for (int i = 0; i < 3; i++) {
        expect(link, LINK_LOST, at(now_ms));
        assert_int_equal(link_fd(link), -1);
        assert_int_equal(link_deadline(link).ms, at(now_ms + pauses_ms[i]).mono.ms);
        link_tick(link, at(now_ms + pauses_ms[i] - 1));
        assert_int_equal(link_fd(link), -1);
        if (i == 2)
            (void)setenv("PLAYED_LINK", "answers", 1);
        now_ms += pauses_ms[i];
        link_tick(link, at(now_ms));
        assert_true(link_fd(link) >= 0);
        expect(link, LINK_STARTED, at(now_ms));
        if (i == 0)
            assert_int_equal(link_allow(link, &key, "tcp://a:1"), TRUST_OK);
    }
    assert_memory_equal(expect(link, LINK_UP, at(now_ms)).key.bytes, key.bytes, 32);
    struct link_state told;
    link_state(link, &told);
    assert_int_equal(told.restarts, 3);
    link_close(link);
}

static void a_process_that_lies_is_ended(void **state)
{
    (void)state;
    struct link *link = open_as("lies", at(0));
    expect(link, LINK_LOST, at(0));
    link_close(link);
}

static void orders_wait_for_a_process_that_is_behind_and_none_is_lost(void **state)
{
    (void)state;
    static uint8_t frame[TRUST_FRAME_SIZE_MAX];
    struct link *link = open_as("wakes", at(0));
    struct link_state told;
    link_state(link, &told);
    for (int i = 0; i < 1000; i++)
        link_send(link, 1, (struct trust_bytes){frame, sizeof frame});
    for (uint8_t i = 1; i <= 100; i++) {
        struct trust_key key = key_of(i);
        assert_int_equal(link_allow(link, &key, NULL), TRUST_OK);
    }
    link_state(link, &told);
    assert_true(told.frames_lost > 0);
    assert_int_equal(link_deadline(link).ms, at(10).mono.ms);
    assert_int_equal(kill(told.pid, SIGUSR2), 0);
    for (uint8_t i = 1; i <= 100;) {
        struct link_event event = {0};
        link_tick(link, at(0));
        if (!link_poll(link, &event, at(0)))
            continue;
        if (event.kind == LINK_UP)
            assert_int_equal(event.key.bytes[0], i++);
        else
            assert_int_equal(event.kind, LINK_REFUSED);
    }
    assert_int_equal(link_deadline(link).ms, UINT64_MAX);
    link_close(link);
}

static void a_process_that_takes_no_order_is_ended(void **state)
{
    (void)state;
    static uint8_t frame[TRUST_FRAME_SIZE_MAX];
    struct link *link = open_as("sleeps", at(0));
    for (int i = 0; i < 1000; i++)
        link_send(link, 1, (struct trust_bytes){frame, sizeof frame});
    link_drop(link, 1);
    for (uint8_t i = 1; i <= 50; i++) {
        struct trust_key key = key_of(i);
        link_hold_off(link, &key, 1000, false);
    }
    link_tick(link, at(29999));
    assert_false(link_has_event(link));
    link_tick(link, at(30000));
    assert_true(link_has_event(link));
    expect(link, LINK_LOST, at(30000));
    link_close(link);
}

static void the_secret_of_an_invite_goes_when_our_own_key_is_let_in(void **state)
{
    (void)state;
    struct link *link = open_as("answers", at(0));
    struct trust_key key = key_of(1);
    assert_int_equal(link_join(link, &key, "tcp://a:1", secret), TRUST_OK);
    expect(link, LINK_UP, at(0));
    /* A process that is started anew is told to JOIN again, until it came up with our own key. */
    struct link_state told;
    link_state(link, &told);
    assert_int_equal(kill(told.pid, SIGKILL), 0);
    expect(link, LINK_LOST, at(0));
    link_tick(link, at(100));
    expect(link, LINK_STARTED, at(100));
    assert_int_equal(expect(link, LINK_UP, at(100)).handle, 1);
    assert_int_equal(link_allow(link, &key, "tcp://a:2"), TRUST_OK);
    assert_int_equal(expect(link, LINK_UP, at(100)).handle, 2);
    link_close(link);
}

static void closing_ends_a_process_that_does_not_end(void **state)
{
    (void)state;
    struct link *link = open_as("sleeps", at(0));
    struct link_state told;
    link_state(link, &told);
    uint64_t before_ms = clock_now().mono.ms;
    link_close(link);
    assert_true(clock_now().mono.ms - before_ms < 4000);
    assert_int_equal(kill(told.pid, 0), -1);
    assert_int_equal(errno, ESRCH);
}

int main(int argc, char **argv)
{
    if (argc > 1 && strcmp(argv[1], "--link-process") == 0)
        return play(getenv("PLAYED_LINK"));
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_listed_key_comes_up_and_goes),
        cmocka_unit_test(an_address_that_cannot_be_had_is_the_starts_error),
        cmocka_unit_test(a_dead_process_is_restarted_with_growing_pauses_and_hears_all_again),
        cmocka_unit_test(a_process_that_lies_is_ended),
        cmocka_unit_test(orders_wait_for_a_process_that_is_behind_and_none_is_lost),
        cmocka_unit_test(a_process_that_takes_no_order_is_ended),
        cmocka_unit_test(the_secret_of_an_invite_goes_when_our_own_key_is_let_in),
        cmocka_unit_test(closing_ends_a_process_that_does_not_end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
