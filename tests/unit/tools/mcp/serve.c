/* mcp/serve: streams of any pace, and how they end. */
#include "mcp/serve.h"

#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "rig.h"

#define PING "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"ping\"}"
#define PONG "{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{}}\n"

/* What is answered to an input that is there whole. */
static void converse(char *out_text, size_t room, const char *input)
{
    struct rig *rig = rig_open(NULL);
    int in[2];
    int out[2];
    assert_int_equal(pipe(in), 0);
    assert_int_equal(pipe(out), 0);
    assert_int_equal(write(in[1], input, strlen(input)), (ssize_t)strlen(input));
    (void)close(in[1]);
    assert_int_equal(serve_run(&rig->view, in[0], out[1]), TRUST_OK);
    (void)close(in[0]);
    (void)close(out[1]);
    ssize_t size = read(out[0], out_text, room - 1);
    assert_true(size >= 0);
    out_text[size] = '\0';
    (void)close(out[0]);
    rig_close(rig);
}

static void each_whole_line_is_answered_up_to_the_end(void **state)
{
    (void)state;
    char text[512];
    converse(text, sizeof text, "");
    assert_string_equal(text, "");
    converse(text, sizeof text, PING "\n\n" PING "\r\n");
    assert_string_equal(text, PONG PONG);
    converse(text, sizeof text, PING "\n" PING);
    assert_string_equal(text, PONG);
}

static void open_streams_end_in_order(void **state)
{
    (void)state;
    char text[1024];
    converse(text, sizeof text,
             "{\"jsonrpc\":\"2.0\",\"id\":2,\"method\":\"subscriptions/listen\",\"params\":{"
             "\"notifications\":{},\"_meta\":{\"io.modelcontextprotocol/protocolVersion\":"
             "\"2026-07-28\",\"io.modelcontextprotocol/clientCapabilities\":{}}}}\n" PING "\n");
    const char *acknowledged = strstr(text, "acknowledged");
    const char *pong = strstr(text, PONG);
    const char *ended = strstr(text, "\"id\":2,\"result\":{\"resultType\":\"complete\"");
    assert_non_null(acknowledged);
    assert_true(pong > acknowledged);
    assert_true(ended > pong);
}

static void a_client_that_is_gone_is_no_failure(void **state)
{
    (void)state;
    struct rig *rig = rig_open(NULL);
    int in[2];
    int out[2];
    assert_int_equal(pipe(in), 0);
    assert_int_equal(pipe(out), 0);
    (void)signal(SIGPIPE, SIG_IGN);
    (void)close(out[0]);
    assert_int_equal(write(in[1], PING "\n", sizeof PING), sizeof PING);
    assert_int_equal(serve_run(&rig->view, in[0], out[1]), TRUST_OK);
    (void)close(in[0]);
    (void)close(in[1]);
    (void)close(out[1]);
    rig_close(rig);
}

static void a_descriptor_that_is_none_is_a_failure(void **state)
{
    (void)state;
    struct rig *rig = rig_open(NULL);
    assert_int_equal(serve_run(&rig->view, -1, -1), TRUST_FAIL_SYSTEM);
    rig_close(rig);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_whole_line_is_answered_up_to_the_end),
        cmocka_unit_test(open_streams_end_in_order),
        cmocka_unit_test(a_client_that_is_gone_is_no_failure),
        cmocka_unit_test(a_descriptor_that_is_none_is_a_failure),
    };
    return cmocka_run_group_tests_name("mcp/serve", tests, NULL, NULL);
}
