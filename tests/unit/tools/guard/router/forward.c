/* guard/forward: who is asked, what is sent, and what waits. */
#include "guard/router/forward.h"

#include "drive.h"

static void ids_of_every_kind_come_back_as_they_were_written(void **state)
{
    (void)state;
    static const char *const ids[] = {"0",
                                      "-7",
                                      "1.0",
                                      "9007199254740993",
                                      "123456789012345678901234567890",
                                      "\"\"",
                                      "\"a\\u0062\\n\\ud834\\udd1e\"",
                                      "\"\\ud800\"",
                                      "\"\xf0\x9f\x98\x80\""};
    struct rig *rig = rig_ready(1);
    for (size_t i = 0; i < sizeof ids / sizeof *ids; i++) {
        char line[512];
        snprintf(line, sizeof line,
                 "{\"jsonrpc\":\"2.0\", \"id\":%s,\"method\":\"tools/call\",\"params\":{\"name\":"
                 "\"read\",  \"arguments\":{\"x\":1e2}}}",
                 ids[i]);
        client(rig, line);
        expect(rig, "choose read able=1 tried=0 changed=0 probe\n"
                    "b0 {\"jsonrpc\":\"2.0\", \"id\":ID,\"method\":\"tools/call\",\"params\":{"
                    "\"name\":\"read\",  \"arguments\":{\"x\":1e2}}}\n");
        backend(rig, 0, "{\"result\": {\"content\":[ ]} ,\"id\":ID,\"jsonrpc\":\"2.0\"}");
        snprintf(line, sizeof line,
                 "client {\"result\": {\"content\":[ ]} ,\"id\":%s,\"jsonrpc\":\"2.0\"}\n"
                 "settle b0 ok 0 ms\n",
                 ids[i]);
        expect(rig, line);
    }
    rig_free(rig);
}

static void a_fallback_is_called_by_its_own_name_and_arguments(void **state)
{
    (void)state;
    struct rig *rig = rig_ready(2);
    rig->refused = 1;
    rig->renamed = "\"other\"";
    rig->mapped = "{\"q\":1}";
    client(rig, CALL("1", "write", "{\"x\":1}"));
    expect_words(rig, "b1 " CALL("ID", "other", "{\"q\":1}") "\n");
    clear(rig);
    client(rig, "{\"jsonrpc\":\"2.0\",\"id\":2,\"method\":\"tools/call\",\"params\":{\"name\":"
                "\"write\"}}");
    expect_words(rig, "\"params\":{\"arguments\":{\"q\":1},\"name\":\"other\"}}\n");
    clear(rig);
    /* Arguments that its map does not fit: nothing was given to it. */
    rig->mapped = "";
    client(rig, CALL("3", "write", "{\"x\":1}"));
    expect_words(rig, "settle b1 cancelled\n");
    expect_words(rig, "\"executed\":\"no\",\"tried\":[]");
    rig_free(rig);
}

static void a_tool_that_nobody_has_is_not_covered(void **state)
{
    (void)state;
    struct rig *rig = rig_ready(2);
    client(rig, CALL("1", "absent", "{}"));
    expect_words(rig, "choose absent able=0 tried=0 changed=0\n");
    expect_words(rig, "\"reason\":\"not_covered\"");
    expect_words(rig, "\"missing\":[\"absent\"]");
    rig_free(rig);
}

static void a_changed_tool_is_served_by_another_or_withheld(void **state)
{
    (void)state;
    struct rig *rig = rig_ready(2);
    rig->states[0][2] = OFFER_CHANGED;
    client(rig, CALL("1", "write", "{}"));
    expect_words(rig, "choose write able=2 tried=0 changed=1\nb1 ");
    clear(rig);
    rig->states[1][2] = OFFER_NOT_COVERED;
    client(rig, CALL("2", "write", "{}"));
    expect_words(rig, "choose write able=0 tried=0 changed=1\n");
    expect_words(rig, "\"reason\":\"tool_changed\"");
    clear(rig);
    client(rig, CALL("3", "read", "{}"));
    expect_words(rig, "b0 " CALL("ID", "read", "{}"));
    rig_free(rig);
}

static void a_call_waits_for_a_backend_that_starts(void **state)
{
    (void)state;
    struct rig *rig = rig_new(2);
    client(rig, HELLO);
    clear(rig);
    rig->states[1][0] = OFFER_UNKNOWN_YET;
    client(rig, CALL("1", "read", "{}"));
    expect(rig, "choose read able=3 tried=0 changed=0\n");
    rig->refused = 1;
    client(rig, CALL("2", "read", "{}"));
    expect(rig, "choose read able=3 tried=0 changed=0\nstart b1\n");
    greet(rig, 0);
    expect_words(rig, "b0 " CALL("ID", "read", "{}") "\n");
    clear(rig);
    /* What was learned says that the other one does not have it after all. */
    rig->states[1][0] = OFFER_NOT_COVERED;
    rig->refused = 0;
    greet(rig, 1);
    expect_words(rig, "settle b1 cancelled\nchoose read able=1 tried=0 changed=0 probe\nb0 ");
    rig_free(rig);
}

/* What was pinned said that it has it; what it offers now is withheld. */
static void a_change_that_shows_while_the_call_waits_is_told(void **state)
{
    (void)state;
    struct rig *rig = rig_new(2);
    client(rig, HELLO);
    rig->states[0][0] = OFFER_CHANGED;
    client(rig, CALL("1", "read", "{}"));
    clear(rig);
    rig->states[1][0] = OFFER_CHANGED;
    greet(rig, 1);
    expect_words(rig, "settle b1 cancelled\nchoose read able=0 tried=0 changed=3\n");
    expect_words(rig, "\"reason\":\"tool_changed\"");
    rig_free(rig);
}

static void a_start_that_takes_too_long_is_a_failure_unless_selection_says_how_long(void **state)
{
    (void)state;
    struct rig *rig = rig_new(2);
    client(rig, HELLO);
    client(rig, CALL("1", "write", "{}"));
    clear(rig);
    after(rig, 200);
    expect_words(rig, "settle b0 refused\n"
                      "choose write able=2 tried=1 changed=0\n"
                      "start b1\n");
    rig_free(rig);
    rig = rig_new(2);
    rig->wait_ms = 50;
    client(rig, HELLO);
    client(rig, CALL("1", "write", "{}"));
    clear(rig);
    after(rig, 50);
    expect_words(rig, "settle b0 cancelled\n"
                      "choose write able=2 tried=0 changed=0\n"
                      "start b1\n");
    rig_free(rig);
}

static void a_backend_that_dies_before_it_is_ready_loses_what_waits(void **state)
{
    (void)state;
    struct rig *rig = rig_new(2);
    client(rig, HELLO);
    client(rig, CALL("1", "write", "{}"));
    clear(rig);
    down(rig, 0, 0);
    expect(rig, "settle b0 refused\n"
                "choose write able=2 tried=1 changed=0\n"
                "start b0\n"
                "start b1\n");
    rig_free(rig);
}

static void the_same_call_after_an_unknown_outcome_is_told_so_again(void **state)
{
    (void)state;
    struct rig *rig = rig_ready(2);
    client(rig, CALL("1", "write", "{\"a\":1,\"b\":2}"));
    down(rig, 0, rig->last_number[0]);
    greet(rig, 0);
    clear(rig);
    client(rig, CALL("2", "write", "{ \"b\":2.0, \"a\":1}"));
    expect_words(rig, "{\"jsonrpc\":\"2.0\",\"id\":2,\"result\"");
    expect_words(rig, "\"reason\":\"outcome_unknown\"");
    expect_words(rig, "\"executed\":\"unknown\",\"tried\":[]");
    expect_none(rig, "choose");
    clear(rig);
    client(rig, CALL("3", "write", "{\"a\":1}"));
    expect_words(rig, "b0 ");
    backend(rig, 0, RESULT);
    clear(rig);
    client(rig, "{\"jsonrpc\":\"2.0\",\"id\":4,\"method\":\"tools/call\",\"params\":{\"name\":"
                "\"write\",\"arguments\":{\"a\":1,\"b\":2},\"_meta\":{\"io.repute/guard\":{"
                "\"retry_unknown\":true}}}}");
    expect_words(rig, "b0 ");
    backend(rig, 0, RESULT);
    clear(rig);
    after(rig, 299999);
    clear(rig);
    client(rig, CALL("5", "write", "{\"a\":1,\"b\":2}"));
    expect_words(rig, "\"reason\":\"outcome_unknown\"");
    clear(rig);
    after(rig, 1);
    client(rig, CALL("6", "write", "{\"b\":2,\"a\":1}"));
    expect_words(rig, "b0 ");
    rig_free(rig);
}

static void a_call_without_a_name_is_refused(void **state)
{
    (void)state;
    struct rig *rig = rig_ready(1);
    client(rig, "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tools/call\",\"params\":{}}");
    client(rig, "{\"jsonrpc\":\"2.0\",\"id\":2,\"method\":\"tools/call\",\"params\":{\"name\":"
                "\"a\\ud800\"}}");
    client(rig, "{\"jsonrpc\":\"2.0\",\"id\":3,\"method\":\"tools/call\"}");
    expect(rig, "client {\"jsonrpc\":\"2.0\",\"id\":1,\"error\":{\"code\":-32602,\"message\":"
                "\"params.name must be the name of a tool\"}}\n"
                "client {\"jsonrpc\":\"2.0\",\"id\":2,\"error\":{\"code\":-32602,\"message\":"
                "\"params.name must be the name of a tool\"}}\n"
                "client {\"jsonrpc\":\"2.0\",\"id\":3,\"error\":{\"code\":-32602,\"message\":"
                "\"params.name must be the name of a tool\"}}\n");
    rig_free(rig);
}

static void lists_go_to_those_that_have_them(void **state)
{
    (void)state;
    struct rig *rig = rig_ready(2);
    client(rig, "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"resources/list\"}");
    expect(rig, "choose  able=3 tried=0 changed=0 probe\n"
                "b0 {\"jsonrpc\":\"2.0\",\"id\":ID,\"method\":\"resources/list\"}\n");
    /* Nobody says that it has prompts: whoever is asked says that it has none. */
    client(rig, "{\"jsonrpc\":\"2.0\",\"id\":2,\"method\":\"prompts/list\"}");
    expect(rig, "choose  able=3 tried=0 changed=0 probe\n"
                "b0 {\"jsonrpc\":\"2.0\",\"id\":ID,\"method\":\"prompts/list\"}\n");
    client(rig, "{\"jsonrpc\":\"2.0\",\"id\":3,\"method\":\"vendor/own\"}");
    expect_words(rig, "choose  able=3 tried=0 changed=0\n");
    rig_free(rig);
}

#define PROMPT "\"method\":\"prompts/get\",\"params\":{\"name\":\"p\"}}"

static void prompts_that_changed_are_served_by_a_fallback_or_refused_as_changed(void **state)
{
    (void)state;
    struct rig *rig = rig_ready(2);
    rig->r->backends[0].has_prompts = true;
    rig->r->backends[1].has_prompts = true;
    rig->held = 1;
    client(rig, "{\"jsonrpc\":\"2.0\",\"id\":1," PROMPT);
    expect_words(rig, "choose  able=2 tried=0 changed=1 probe\nb1 ");
    client(rig, "{\"jsonrpc\":\"2.0\",\"id\":2,\"method\":\"resources/templates/list\"}");
    expect_words(rig, "choose  able=2 tried=0 changed=1 probe\nb1 ");
    rig->held = 3;
    client(rig, "{\"jsonrpc\":\"2.0\",\"id\":3," PROMPT);
    expect_words(rig, "choose  able=0 tried=0 changed=3\n"
                      "client {\"jsonrpc\":\"2.0\",\"id\":3,\"error\":{\"code\":4090,");
    /* Who can, and is withheld, is not stood in for by one that cannot. */
    rig->held = 1;
    rig->r->backends[1].has_prompts = false;
    client(rig, "{\"jsonrpc\":\"2.0\",\"id\":4,\"method\":\"prompts/list\"}");
    expect_words(rig, "choose  able=0 tried=0 changed=1\n"
                      "client {\"jsonrpc\":\"2.0\",\"id\":4,\"error\":{\"code\":4090,");
    /* What is no text of theirs goes on. */
    client(rig, "{\"jsonrpc\":\"2.0\",\"id\":5,\"method\":\"resources/list\"}");
    expect_words(rig, "choose  able=3 tried=0 changed=0 probe\nb0 ");
    rig_free(rig);
}

static void prompts_that_change_while_a_call_waits_are_not_given_to_it(void **state)
{
    (void)state;
    struct rig *rig = rig_ready(2);
    rig->r->backends[0].has_prompts = true;
    rig->r->backends[1].has_prompts = true;
    rig->is_slow = true;
    client(rig, "{\"jsonrpc\":\"2.0\",\"id\":1," PROMPT);
    expect_words(rig, "choose  able=3 tried=0 changed=0 probe\n");
    rig->held = 1;
    rig->is_slow = false;
    rig_choose(rig, rig->choosing, 3);
    rig_turn(rig);
    expect_words(rig, "settle b0 cancelled\nchoose  able=2 tried=0 changed=1 probe\nb1 ");
    rig_free(rig);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ids_of_every_kind_come_back_as_they_were_written),
        cmocka_unit_test(a_fallback_is_called_by_its_own_name_and_arguments),
        cmocka_unit_test(a_tool_that_nobody_has_is_not_covered),
        cmocka_unit_test(a_changed_tool_is_served_by_another_or_withheld),
        cmocka_unit_test(a_call_waits_for_a_backend_that_starts),
        cmocka_unit_test(a_change_that_shows_while_the_call_waits_is_told),
        cmocka_unit_test(a_start_that_takes_too_long_is_a_failure_unless_selection_says_how_long),
        cmocka_unit_test(a_backend_that_dies_before_it_is_ready_loses_what_waits),
        cmocka_unit_test(the_same_call_after_an_unknown_outcome_is_told_so_again),
        cmocka_unit_test(a_call_without_a_name_is_refused),
        cmocka_unit_test(lists_go_to_those_that_have_them),
        cmocka_unit_test(prompts_that_changed_are_served_by_a_fallback_or_refused_as_changed),
        cmocka_unit_test(prompts_that_change_while_a_call_waits_are_not_given_to_it),
    };
    return cmocka_run_group_tests_name("tools/guard/forward", tests, NULL, NULL);
}
