/* guard/sticky: tasks and half-answered requests go back to the server that has them. */
#include "guard/router/sticky.h"

#include "drive.h"

#define TASK(method)                                                                               \
    "{\"jsonrpc\":\"2.0\",\"id\":2,\"method\":\"tasks/" method "\",\"params\":{\"taskId\":"        \
    "\"t\\u0031\"}}"

static void a_task_is_asked_for_where_it_was_begun(void **state)
{
    (void)state;
    struct rig *rig = rig_ready(2);
    rig->refused = 1;
    client(rig, "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tools/call\",\"params\":{\"name\":"
                "\"write\",\"task\":{}}}");
    backend(rig, 1, "{\"jsonrpc\":\"2.0\",\"id\":ID,\"result\":{\"task\":{\"taskId\":\"t1\"}}}");
    rig->refused = 0;
    clear(rig);
    static const char *const lines[] = {TASK("get"), TASK("result"), TASK("cancel")};
    for (size_t i = 0; i < 3; i++) {
        client(rig, lines[i]);
        expect_words(rig, "choose  able=2 tried=0 changed=0");
        clear(rig);
    }
    /* Of others nobody knows anything. */
    client(rig, "{\"jsonrpc\":\"2.0\",\"id\":2,\"method\":\"tasks/get\",\"params\":{\"taskId\":"
                "\"other\"}}");
    expect_words(rig, "choose  able=3 tried=0 changed=0");
    rig_free(rig);
}

static void only_who_asked_for_a_task_gets_one(void **state)
{
    (void)state;
    struct rig *rig = rig_ready(2);
    client(rig, CALL("1", "write", "{}"));
    backend(rig, 0, "{\"jsonrpc\":\"2.0\",\"id\":ID,\"result\":{\"task\":{\"taskId\":\"t1\"}}}");
    clear(rig);
    client(rig, TASK("get"));
    expect_words(rig, "choose  able=3");
    rig_free(rig);
}

static void a_request_that_goes_on_goes_to_the_same_server_and_is_not_sent_twice(void **state)
{
    (void)state;
    struct rig *rig = rig_modern(2);
    rig->refused = 1;
    client(rig, MODERN_CALL("1", "read", ""));
    backend(rig, 1,
            "{\"jsonrpc\":\"2.0\",\"id\":ID,\"result\":{\"resultType\":\"input_required\","
            "\"requestState\":\"s\"}}");
    expect_words(rig, "client {\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{\"resultType\":"
                      "\"input_required\"");
    rig->refused = 0;
    clear(rig);
    client(rig, MODERN_CALL("2", "read", ",\"requestState\":\"s\",\"inputResponses\":{}"));
    expect_words(rig, "choose read able=2");
    clear(rig);
    down(rig, 1, rig->last_number[1]);
    expect_words(rig, "\"reason\":\"outcome_unknown\"");
    expect_none(rig, "b0 ");
    rig_free(rig);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_task_is_asked_for_where_it_was_begun),
        cmocka_unit_test(only_who_asked_for_a_task_gets_one),
        cmocka_unit_test(a_request_that_goes_on_goes_to_the_same_server_and_is_not_sent_twice),
    };
    return cmocka_run_group_tests_name("tools/guard/sticky", tests, NULL, NULL);
}
