/* repute/context: what a command may ask of the node and of the home, and how refusals come out. */
#include "repute/context.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "answering.h"

#define OK(body, length) "HTTP/1.1 200 OK\r\nContent-Length: " length "\r\n\r\n" body

/* A home whose run directory holds the sockets of a canned node. */
struct rig {
    struct answering node;
    struct context context;
};

static void open_rig(struct rig *rig, const char *socket, const char *const *answers)
{
    *rig = (struct rig){0};
    assert_true(answering_start(&rig->node, answers));
    struct trust_home_inputs inputs = {.option = rig->node.directory};
    assert_int_equal(trust_home_find(&rig->context.home, &inputs), TRUST_OK);
    assert_int_equal(trust_home_make(&rig->context.home), TRUST_OK);
    char path[160];
    (void)snprintf(path, sizeof path, "%s/run/%s", rig->node.directory, socket);
    if (answers != NULL)
        assert_int_equal(symlink(rig->node.socket, path), 0);
}

static void close_rig(struct rig *rig)
{
    context_close(&rig->context);
    answering_stop(&rig->node);
}

static void put_config(const struct rig *rig, const char *text)
{
    char path[128];
    (void)snprintf(path, sizeof path, "%s/reputed.yaml", rig->node.directory);
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    assert_true(fputs(text, file) >= 0);
    assert_int_equal(fclose(file), 0);
}

static void an_answer_is_a_document(void **state)
{
    (void)state;
    static const char *const answers[] = {OK("{\"a\":[1,2]}", "11"), OK("{}", "2"), NULL};
    struct rig rig;
    open_rig(&rig, "operator.sock", answers);
    json_t *answer = NULL;
    json_t *body = json_pack("{s:i}", "n", 5);
    assert_int_equal(context_ask(&rig.context, &answer, TRUST_REQUEST_POST, "/v1/outcomes", body),
                     TRUST_OK);
    assert_int_equal(json_array_size(json_object_get(answer, "a")), 2);
    assert_non_null(strstr(answering_asked(&rig.node), "\r\n\r\n{\"n\":5}\n"));
    json_decref(answer);
    json_decref(body);
    assert_int_equal(context_ask(&rig.context, NULL, TRUST_REQUEST_GET, "/v1/status", NULL),
                     TRUST_OK);
    close_rig(&rig);
}

static void a_refusal_has_the_nodes_words_and_an_exit_code(void **state)
{
    (void)state;
    static const struct {
        const char *answer;
        enum trust_error error;
        int exit;
        const char *next;
    } rows[] = {
        {"HTTP/1.1 400 Bad\r\nContent-Length: 61\r\n\r\n"
         "{\"code\":\"TRUST_NO_RANGE\",\"detail\":\"/n: 0 to 4\",\"next\":\"less\"}",
         TRUST_NO_RANGE, 2, "less"},
        {"HTTP/1.1 404 Not\r\nContent-Length: 61\r\n\r\n"
         "{\"code\":\"TRUST_NO_FOUND\",\"detail\":\"/n: 0 to 4\",\"next\":\"less\"}",
         TRUST_NO_FOUND, 1, "less"},
        {"HTTP/1.1 403 Not\r\nContent-Length: 66\r\n\r\n"
         "{\"code\":\"TRUST_NO_PERMISSION\",\"detail\":\"/n: 0 to 4\",\"next\":\"less\"}",
         TRUST_NO_PERMISSION, 4, "less"},
        {"HTTP/1.1 400 Bad\r\nContent-Length: 74\r\n\r\n"
         "{\"code\":\"TRUST_NO_RANGE\",\"detail\":\"/n: 0 to 4\",\"next\":\"see /openapi.json\"}",
         TRUST_NO_RANGE, 2, ""},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const char *const answers[] = {rows[i].answer, NULL};
        struct rig rig;
        open_rig(&rig, "operator.sock", answers);
        json_t *answer = NULL;
        assert_int_equal(context_ask(&rig.context, &answer, TRUST_REQUEST_GET, "/", NULL),
                         rows[i].error);
        assert_null(answer);
        assert_string_equal(rig.context.failure.code, trust_error_name(rows[i].error));
        assert_string_equal(rig.context.failure.message, "n: 0 to 4");
        assert_string_equal(rig.context.failure.next, rows[i].next);
        assert_int_equal(rig.context.failure.exit, rows[i].exit);
        close_rig(&rig);
    }
}

static void without_a_node_the_exit_code_is_3(void **state)
{
    (void)state;
    struct rig rig;
    open_rig(&rig, "operator.sock", NULL);
    assert_int_equal(context_ask(&rig.context, NULL, TRUST_REQUEST_GET, "/", NULL), TRUST_NO_NODE);
    assert_int_equal(rig.context.failure.exit, 3);
    assert_non_null(strstr(rig.context.failure.message, "/run/operator.sock"));
    assert_non_null(strstr(rig.context.failure.next, "reputed"));
    assert_non_null(strstr(rig.context.failure.next, "set REPUTE_HOME"));
    rig.context.failure = (struct failure){0};
    rig.context.is_home_given = true;
    assert_int_equal(context_ask(&rig.context, NULL, TRUST_REQUEST_GET, "/", NULL), TRUST_NO_NODE);
    assert_null(strstr(rig.context.failure.next, "REPUTE_HOME"));
    close_rig(&rig);
}

static void what_is_no_json_is_the_nodes_fault(void **state)
{
    (void)state;
    static const char *const answers[] = {OK("<html>", "6"), NULL};
    struct rig rig;
    open_rig(&rig, "operator.sock", answers);
    json_t *answer = NULL;
    assert_int_equal(context_ask(&rig.context, &answer, TRUST_REQUEST_GET, "/", NULL),
                     TRUST_FAIL_LIBRARY);
    assert_int_equal(rig.context.failure.exit, 5);
    close_rig(&rig);
}

static void the_agents_socket_is_taken_where_the_operators_is_closed(void **state)
{
    (void)state;
    static const char *const answers[] = {OK("[]", "2"), NULL};
    struct rig rig;
    open_rig(&rig, "agent.sock", answers);
    char path[160];
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    (void)snprintf(address.sun_path, sizeof address.sun_path, "%s/run/operator.sock",
                   rig.node.directory);
    int listener = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    assert_int_equal(bind(listener, (struct sockaddr *)&address, sizeof address), 0);
    assert_int_equal(listen(listener, 1), 0);
    assert_int_equal(chmod(address.sun_path, 0600), 0);
    (void)snprintf(path, sizeof path, "%s/run", rig.node.directory);
    assert_int_equal(chmod(path, 0755), 0);
    assert_int_equal(chmod(rig.node.directory, 0755), 0);
    assert_int_equal(chmod(rig.node.socket, 0666), 0);
    uid_t user = geteuid();
    if (user == 0)
        assert_int_equal(seteuid(65534), 0);
    else
        assert_int_equal(chmod(address.sun_path, 0), 0);
    json_t *answer = NULL;
    assert_int_equal(context_ask(&rig.context, &answer, TRUST_REQUEST_GET, "/", NULL), TRUST_OK);
    assert_true(json_is_array(answer));
    json_decref(answer);
    assert_int_equal(seteuid(user), 0);
    (void)close(listener);
    close_rig(&rig);
}

static void the_network_is_the_configurations(void **state)
{
    (void)state;
    static const char *const rows[] = {"main", "testing"};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct rig rig;
        open_rig(&rig, "operator.sock", NULL);
        if (i == 1)
            put_config(&rig, "network: testing\n");
        struct trust_network expected;
        struct trust_network network;
        assert_int_equal(trust_network_init(&expected, rows[i]), TRUST_OK);
        assert_int_equal(context_network(&rig.context, &network), TRUST_OK);
        assert_memory_equal(&network, &expected, sizeof network);
        close_rig(&rig);
    }
}

static void a_broken_configuration_is_shown_with_its_place(void **state)
{
    (void)state;
    struct rig rig;
    open_rig(&rig, "operator.sock", NULL);
    put_config(&rig, "netwrok: main\n");
    const struct trust_config *config = NULL;
    assert_int_equal(context_config(&rig.context, &config), TRUST_NO_OPTION);
    assert_int_equal(rig.context.failure.exit, 2);
    assert_non_null(strstr(rig.context.failure.message, "reputed.yaml:1:1:"));
    close_rig(&rig);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_answer_is_a_document),
        cmocka_unit_test(a_refusal_has_the_nodes_words_and_an_exit_code),
        cmocka_unit_test(without_a_node_the_exit_code_is_3),
        cmocka_unit_test(what_is_no_json_is_the_nodes_fault),
        cmocka_unit_test(the_agents_socket_is_taken_where_the_operators_is_closed),
        cmocka_unit_test(the_network_is_the_configurations),
        cmocka_unit_test(a_broken_configuration_is_shown_with_its_place),
    };
    return cmocka_run_group_tests_name("repute/context", tests, NULL, NULL);
}
