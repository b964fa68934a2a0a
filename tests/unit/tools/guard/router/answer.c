/* guard/answer: each request is answered once, whatever backends send. */
#include "guard/router/answer.h"

#include "drive.h"

static void a_second_answer_is_dropped(void **state)
{
    (void)state;
    struct rig *rig = rig_ready(1);
    client(rig, CALL("1", "write", "{}"));
    clear(rig);
    backend(rig, 0, RESULT);
    expect(rig, "client {\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{\"content\":[]}}\n"
                "settle b0 ok 0 ms\n");
    backend(rig, 0, RESULT);
    expect(rig, "");
    assert_int_equal(router_stats(rig->r).late, 1);
    rig_free(rig);
}

static void answers_to_what_nobody_asked_are_dropped(void **state)
{
    (void)state;
    static const char *const ids[] = {"7", "\"ID\"",           "ID.0",  "-1",
                                      "0", "9007199254740991", "\"x\"", "1e9"};
    struct rig *rig = rig_ready(1);
    client(rig, CALL("1", "write", "{}"));
    for (size_t i = 0; i < sizeof ids / sizeof *ids; i++) {
        clear(rig);
        char line[128];
        snprintf(line, sizeof line, "{\"jsonrpc\":\"2.0\",\"id\":%s,\"result\":{}}", ids[i]);
        backend(rig, 0, line);
        expect(rig, "log foreign b0\n");
    }
    assert_int_equal(router_stats(rig->r).foreign, sizeof ids / sizeof *ids);
    clear(rig);
    backend(rig, 0, RESULT);
    expect_words(rig, "client {\"jsonrpc\":\"2.0\",\"id\":1,\"result\"");
    rig_free(rig);
}

static void one_backend_cannot_answer_for_another(void **state)
{
    (void)state;
    struct rig *rig = rig_ready(2);
    client(rig, CALL("1", "write", "{}"));
    rig->last_id[1] = rig->last_id[0];
    clear(rig);
    backend(rig, 1, RESULT);
    expect(rig, "log foreign b1\n");
    backend(rig, 0, RESULT);
    expect_words(rig, "client {");
    rig_free(rig);
}

static void an_error_of_a_tool_is_a_completed_call(void **state)
{
    (void)state;
    struct rig *rig = rig_ready(1);
    client(rig, CALL("1", "write", "{}"));
    clear(rig);
    backend(rig, 0, "{\"jsonrpc\":\"2.0\",\"id\":ID,\"result\":{\"isError\":true}}");
    expect(rig, "client {\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{\"isError\":true}}\n"
                "settle b0 ok error 0 ms\n");
    rig_free(rig);
}

static void errors_of_a_write_pass_unchanged(void **state)
{
    (void)state;
    static const struct {
        const char *code;
        const char *class_;
    } rows[] = {{"-32603", "internal"}, {"-32000", "internal"}, {"-32099", "internal"},
                {"-32602", "caller"},   {"-32601", "caller"},   {"-32002", "caller"},
                {"-32042", "caller"},   {"1234", "ok error"},   {"-32100", "ok error"}};
    struct rig *rig = rig_ready(2);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        client(rig, CALL("1", "same", "{}"));
        clear(rig);
        char line[256];
        snprintf(line, sizeof line,
                 "{\"jsonrpc\":\"2.0\",\"id\":ID,\"error\":{\"code\":%s,\"message\":\"m\","
                 "\"data\":[1]}}",
                 rows[i].code);
        backend(rig, 0, line);
        snprintf(line, sizeof line,
                 "client {\"jsonrpc\":\"2.0\",\"id\":1,\"error\":{\"code\":%s,\"message\":\"m\","
                 "\"data\":[1]}}\nsettle b0 %s 0 ms\n",
                 rows[i].code, rows[i].class_);
        expect(rig, line);
    }
    rig_free(rig);
}

static void an_error_of_a_read_passes_only_if_nobody_else_can_serve(void **state)
{
    (void)state;
    struct rig *rig = rig_ready(2);
    client(rig, CALL("1", "read", "{}"));
    clear(rig);
    backend(rig, 0,
            "{\"jsonrpc\":\"2.0\",\"id\":ID,\"error\":{\"code\":-32603,\"message\":"
            "\"first\"}}");
    expect(rig, "settle b0 internal 0 ms\n"
                "choose read able=2 tried=1 changed=0 probe\n"
                "b1 " CALL("ID", "read", "{}") "\n");
    backend(rig, 1,
            "{\"jsonrpc\":\"2.0\",\"id\":ID,\"error\":{\"code\":-32000,\"message\":"
            "\"second\",\"data\":1}}");
    expect(rig, "settle b1 internal 0 ms\n"
                "choose read able=0 tried=3 changed=0\n"
                "client {\"jsonrpc\":\"2.0\",\"id\":1,\"error\":{\"code\":-32000,\"message\":"
                "\"second\",\"data\":1}}\n");
    rig_free(rig);
}

static void a_result_that_is_none_is_garbage(void **state)
{
    (void)state;
    struct rig *rig = rig_ready(2);
    client(rig, CALL("1", "write", "{}"));
    clear(rig);
    backend(rig, 0, "{\"jsonrpc\":\"2.0\",\"id\":ID,\"result\":null}");
    expect_words(rig, "settle b0 garbage 0 ms\n");
    expect_words(rig, "\"reason\":\"outcome_unknown\"");
    rig_free(rig);
}

static void an_error_that_is_none_is_garbage(void **state)
{
    (void)state;
    static const char *const errors[] = {"null",
                                         "\"no\"",
                                         "[]",
                                         "{}",
                                         "{\"message\":\"m\"}",
                                         "{\"code\":1}",
                                         "{\"code\":\"-32603\",\"message\":\"m\"}",
                                         "{\"code\":1.5,\"message\":\"m\"}",
                                         "{\"code\":1e3,\"message\":\"m\"}",
                                         "{\"code\":1,\"message\":null}"};
    for (size_t i = 0; i < sizeof errors / sizeof *errors; i++) {
        struct rig *rig = rig_ready(2);
        client(rig, CALL("1", "write", "{}"));
        clear(rig);
        char line[128];
        snprintf(line, sizeof line, "{\"jsonrpc\":\"2.0\",\"id\":ID,\"error\":%s}", errors[i]);
        backend(rig, 0, line);
        expect_words(rig, "settle b0 garbage 0 ms\n");
        expect_words(rig, "\"reason\":\"outcome_unknown\"");
        clear(rig);
        client(rig, CALL("2", "read", "{}"));
        backend(rig, 0, line);
        expect_words(rig, "b1 " CALL("ID", "read", "{}") "\n");
        rig_free(rig);
    }
}

static void a_failover_is_told_beside_the_servers_own_meta(void **state)
{
    (void)state;
    struct rig *rig = rig_ready(2);
    client(rig, CALL("1", "read", "{}"));
    down(rig, 0, 0);
    clear(rig);
    backend(rig, 1,
            "{\"jsonrpc\":\"2.0\",\"id\":ID,\"result\":{\"_meta\":{\"x\":1},\"content\":[]}}");
    expect_words(rig, "\"_meta\":{\"io.repute/guard\":{\"reason\":\"failed_over\",\"from\":"
                      "\"npm:a\",\"to\":\"npm:b\"},\"x\":1},\"content\":[]}");
    clear(rig);
    client(rig, CALL("2", "read", "{}"));
    expect_words(rig, "choose read able=3");
    rig->refused = 1;
    down(rig, 0, 0);
    clear(rig);
    client(rig, CALL("3", "read", "{}"));
    clear(rig);
    /* Nobody was tried before this one. */
    backend(rig, 1, RESULT);
    expect_none(rig, "failed_over");
    rig_free(rig);
}

/* Each row: what a server writes, and what the client reads of it. */
static void servers_do_not_speak_for_the_guard(void **state)
{
    (void)state;
    static const char *const rows[][2] = {
        {"{\"_meta\":{\"a\":1,\"io.repute/guard\":{\"reason\":\"x\"}},\"content\":[]}",
         "{\"_meta\":{\"a\":1,\"io.repute/guard\":null},\"content\":[]}"},
        {"{\"_meta\":{\"io.repute/guard\":1,\"io.repute/g\\u0075ard\":2},\"content\":[]}",
         "{\"_meta\":{},\"content\":[]}"},
        {"{\"_meta\":7,\"structuredContent\":{\"io.repute/guard\":1}}",
         "{\"_meta\":7,\"structuredContent\":{\"io.repute/guard\":1}}"},
    };
    struct rig *rig = rig_ready(2);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        client(rig, CALL("1", "read", "{}"));
        clear(rig);
        char line[256];
        snprintf(line, sizeof line, "{\"jsonrpc\":\"2.0\",\"id\":ID,\"result\":%s}", rows[i][0]);
        backend(rig, 0, line);
        snprintf(line, sizeof line, "client {\"jsonrpc\":\"2.0\",\"id\":1,\"result\":%s}\n",
                 rows[i][1]);
        expect_words(rig, line);
    }
    client(rig, CALL("2", "read", "{}"));
    down(rig, 0, 0);
    clear(rig);
    backend(rig, 1,
            "{\"jsonrpc\":\"2.0\",\"id\":ID,\"result\":{\"_meta\":{\"io.repute/guard\":1,"
            "\"io.repute/guard\":2},\"content\":[]}}");
    expect_words(rig, "\"result\":{\"_meta\":{\"io.repute/guard\":{\"reason\":\"failed_over\","
                      "\"from\":\"npm:a\",\"to\":\"npm:b\"}},\"content\":[]}}\n");
    rig_free(rig);
}

/* results that are none, of a tool that declares {"a":1} */
static const char *const unfit[] = {
    "7",
    "{}",
    "{\"content\":{}}",
    "{\"content\":[]}",
    "{\"content\":[],\"structuredContent\":{\"a\":2}}",
    "{\"resultType\":\"complete\",\"isError\":false,\"content\":[]}",
};
static const char *const fit[] = {
    "{\"content\":[],\"structuredContent\":{\"a\":1}}",
    "{\"structuredContent\":{\"a\":1}}",
    "{\"isError\":true}",
    "{\"resultType\":\"input_required\",\"requestState\":\"s\"}",
    "{\"task\":{\"taskId\":\"t\"}}",
};

static void answer_with(struct rig *rig, uint32_t b, const char *result)
{
    char line[256];
    snprintf(line, sizeof line, "{\"jsonrpc\":\"2.0\",\"id\":ID,\"result\":%s}", result);
    backend(rig, b, line);
}

static void an_answer_that_is_not_what_was_declared_is_garbage(void **state)
{
    (void)state;
    struct rig *rig = rig_ready(2);
    rig->declared = "{\"a\":1}";
    for (size_t i = 0; i < sizeof unfit / sizeof *unfit; i++) {
        char n[32];
        snprintf(n, sizeof n, "{\"n\":%zu}", i);
        struct text line = {0};
        text_put(&line, "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tools/call\",\"params\":{"
                        "\"name\":\"write\",\"arguments\":");
        text_put(&line, n);
        text_put(&line, "}}");
        router_client_line(rig->r, text_bytes(&line), 0, rig->now);
        rig_turn(rig);
        free(line.data);
        clear(rig);
        answer_with(rig, 0, unfit[i]);
        expect_words(rig, "settle b0 garbage 0 ms\n");
        expect_words(rig, "\"reason\":\"outcome_unknown\"");
        expect_words(rig,
                     "\"tried\":[{\"subject\":\"npm:a\",\"class\":\"garbage\",\"sent\":true}]");
        expect_none(rig, "b1 ");
        clear(rig);
    }
    for (size_t i = 0; i < sizeof fit / sizeof *fit; i++) {
        client(rig, CALL("1", "write", "{\"fit\":1}"));
        clear(rig);
        answer_with(rig, 0, fit[i]);
        expect_words(rig, "settle b0 ok");
        expect_words(rig, fit[i]);
        clear(rig);
    }
    rig_free(rig);
}

static void a_read_goes_elsewhere_after_an_answer_that_is_none(void **state)
{
    (void)state;
    struct rig *rig = rig_ready(2);
    rig->declared = "{\"a\":1}";
    client(rig, CALL("1", "read", "{}"));
    clear(rig);
    answer_with(rig, 0, unfit[3]);
    expect_words(rig, "settle b0 garbage 0 ms\nchoose read able=2 tried=1");
    expect_words(rig, "b1 {");
    clear(rig);
    answer_with(rig, 1, fit[0]);
    expect_words(rig, "failed_over");
    clear(rig);
    /* The same answer where nothing is declared is a good one. */
    rig->declared = NULL;
    client(rig, CALL("2", "read", "{}"));
    clear(rig);
    answer_with(rig, 0, unfit[3]);
    expect_words(rig, "settle b0 ok");
    clear(rig);
    client(rig, "{\"jsonrpc\":\"2.0\",\"id\":3,\"method\":\"prompts/list\"}");
    clear(rig);
    answer_with(rig, 0, "{}");
    expect_words(rig, "settle b0 ok");
    rig_free(rig);
}

#define MISMATCH                                                                                   \
    "{\"jsonrpc\":\"2.0\",\"id\":ID,\"error\":{\"code\":-32020,\"message\":\"headers\"}}"
#define LEARN(method) "b0 {\"jsonrpc\":\"2.0\",\"id\":ID,\"method\":\"" method "\",\"params\":{}}\n"

/* Nothing was executed: a write is given to it once more, after a look at what it wants. */
static void headers_that_do_not_fit_are_made_anew_once(void **state)
{
    (void)state;
    struct rig *rig = rig_ready(2);
    client(rig, CALL("1", "write", "{}"));
    clear(rig);
    backend(rig, 0, MISMATCH);
    expect(rig, "settle b0 cancelled 0 ms\n");
    after(rig, 0);
    expect(rig, LEARN("tools/list"));
    backend(rig, 0, "{\"jsonrpc\":\"2.0\",\"id\":ID,\"result\":{\"tools\":" RIG_TOOL_LIST "}}");
    expect(rig, LEARN("resources/templates/list"));
    backend(rig, 0, "{\"jsonrpc\":\"2.0\",\"id\":ID,\"result\":{\"resourceTemplates\":[]}}");
    expect(rig, "learned b0\nchoose write able=3 tried=0 changed=0\n"
                "b0 " CALL("ID", "write", "{}") "\n");
    backend(rig, 0, MISMATCH);
    expect_words(rig, "client {\"jsonrpc\":\"2.0\",\"id\":1,\"error\":{\"code\":-32020,");
    expect_none(rig, "b1 ");
    assert_int_equal(router_stats(rig->r).in_flight, 0);
    rig_free(rig);
}

static void a_server_that_is_not_learned_again_leaves_its_own_error(void **state)
{
    (void)state;
    struct rig *rig = rig_ready(2);
    client(rig, CALL("1", "write", "{}"));
    backend(rig, 0, MISMATCH);
    clear(rig);
    after(rig, 199);
    expect_none(rig, "client");
    after(rig, 1);
    expect_words(rig, "client {\"jsonrpc\":\"2.0\",\"id\":1,\"error\":{\"code\":-32020,");
    expect_none(rig, "b1 ");
    rig_free(rig);
}

#define LISTED "{\"jsonrpc\":\"2.0\",\"id\":ID,\"result\":{\"prompts\":[{\"name\":\"p\"}]}}"

static void prompts_that_the_guard_was_not_told_of_do_not_pass(void **state)
{
    (void)state;
    struct rig *rig = rig_ready(2);
    rig->r->backends[0].has_prompts = true;
    rig->r->backends[1].has_prompts = true;
    client(rig, "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"prompts/list\"}");
    rig->unlisted = 1;
    clear(rig);
    backend(rig, 0, LISTED);
    expect(rig, "settle b0 ok 0 ms\n"
                "choose  able=2 tried=0 changed=1 probe\n"
                "b1 {\"jsonrpc\":\"2.0\",\"id\":ID,\"method\":\"prompts/list\"}\n");
    assert_true(rig->r->backends[0].is_stale);
    rig->unlisted = 3;
    backend(rig, 1, LISTED);
    expect_words(rig, "settle b1 ok 0 ms\n"
                      "choose  able=0 tried=0 changed=3\n"
                      "client {\"jsonrpc\":\"2.0\",\"id\":1,\"error\":{\"code\":4090,");
    rig_free(rig);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_second_answer_is_dropped),
        cmocka_unit_test(headers_that_do_not_fit_are_made_anew_once),
        cmocka_unit_test(a_server_that_is_not_learned_again_leaves_its_own_error),
        cmocka_unit_test(answers_to_what_nobody_asked_are_dropped),
        cmocka_unit_test(one_backend_cannot_answer_for_another),
        cmocka_unit_test(an_error_of_a_tool_is_a_completed_call),
        cmocka_unit_test(errors_of_a_write_pass_unchanged),
        cmocka_unit_test(an_error_of_a_read_passes_only_if_nobody_else_can_serve),
        cmocka_unit_test(a_result_that_is_none_is_garbage),
        cmocka_unit_test(an_error_that_is_none_is_garbage),
        cmocka_unit_test(servers_do_not_speak_for_the_guard),
        cmocka_unit_test(a_failover_is_told_beside_the_servers_own_meta),
        cmocka_unit_test(an_answer_that_is_not_what_was_declared_is_garbage),
        cmocka_unit_test(prompts_that_the_guard_was_not_told_of_do_not_pass),
        cmocka_unit_test(a_read_goes_elsewhere_after_an_answer_that_is_none),
    };
    return cmocka_run_group_tests_name("tools/guard/answer", tests, NULL, NULL);
}
