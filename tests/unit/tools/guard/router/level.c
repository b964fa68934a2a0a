/* guard/level: who is told which entries of the log are wanted; local.c has a legacy client's. */
#include "guard/router/level.h"

#include "drive.h"

#define CALL_WITH(id, level)                                                                       \
    "{\"jsonrpc\":\"2.0\",\"id\":" id ",\"method\":\"tools/call\",\"params\":{\"name\":\"write\"," \
    "\"_meta\":{\"io.modelcontextprotocol/logLevel\":" level "}}}"
#define SET                                                                                        \
    "b0 {\"jsonrpc\":\"2.0\",\"id\":ID,\"method\":\"logging/setLevel\",\"params\":{\"level\":"     \
    "\"info\"}}\n"
#define ENTRY                                                                                      \
    "{\"jsonrpc\":\"2.0\",\"method\":\"notifications/message\",\"params\":{\"level\":\"info\"}}"

static void a_level_in_a_request_is_told_once(void **state)
{
    (void)state;
    struct rig *rig = rig_crossed(1, 1);
    backend(rig, 0, ENTRY);
    expect(rig, "");
    client(rig, CALL_WITH("1", "\"info\""));
    expect_words(rig, SET "b0 {\"jsonrpc\":\"2.0\",\"id\":ID,\"method\":\"tools/call\",\"params\":{"
                          "\"name\":\"write\",\"_meta\":{}}}\n");
    expect_none(rig, "b1");
    clear(rig);
    client(rig, CALL_WITH("2", "\"info\""));
    expect_none(rig, "setLevel");
    clear(rig);
    client(rig, CALL_WITH("3", "7"));
    expect_none(rig, "setLevel");
    clear(rig);
    backend(rig, 0, ENTRY);
    expect(rig, "client " ENTRY "\n");
    /* A modern server tells what its request asked for. */
    backend(rig, 1, ENTRY);
    expect(rig, "client " ENTRY "\n");
    rig_free(rig);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_level_in_a_request_is_told_once),
    };
    return cmocka_run_group_tests_name("tools/guard/level", tests, NULL, NULL);
}
