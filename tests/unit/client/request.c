/* client/request: what goes over the socket, and a name for every way that it may fail. */
#include "client/request.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "answering.h"
#include "base/bytes.h"

#define OK(body, length) "HTTP/1.1 200 OK\r\nContent-Length: " length "\r\n\r\n" body

static struct trust_requester *open_to(const struct answering *node)
{
    struct trust_requester *requester = NULL;
    assert_int_equal(trust_requester_open(&requester, node->socket), TRUST_OK);
    return requester;
}

static void requests_share_one_connection_and_say_what_they_should(void **state)
{
    (void)state;
    static const char *const answers[] = {OK("{\"a\":1}", "7"), OK("[]", "2"), OK("", "0"),
                                          OK("x", "1"), NULL};
    struct answering node;
    assert_true(answering_start(&node, answers));
    assert_int_equal(setenv("http_proxy", "http://127.0.0.1:9", 1), 0);
    struct trust_requester *requester = open_to(&node);
    struct trust_reply reply;
    struct trust_problem problem;
    struct trust_http_request request = {.path = "/v1/score?limit=3", .timeout_ms = 5000};
    assert_int_equal(trust_requester_send(requester, &reply, &problem, &request), TRUST_OK);
    assert_int_equal(reply.status, 200);
    assert_int_equal(reply.body.size, 7);
    assert_string_equal((const char *)reply.body.data, "{\"a\":1}");
    request = (struct trust_http_request){.method = TRUST_REQUEST_POST,
                                          .path = "/v1/records",
                                          .body = trust_bytes_text("{\"records\":[]}"),
                                          .timeout_ms = 5000};
    assert_int_equal(trust_requester_send(requester, &reply, &problem, &request), TRUST_OK);
    assert_string_equal((const char *)reply.body.data, "[]");
    request.method = TRUST_REQUEST_PUT;
    request.path = "/v1/names/rpt1";
    request.type = "text/plain";
    assert_int_equal(trust_requester_send(requester, &reply, &problem, &request), TRUST_OK);
    assert_int_equal(reply.body.size, 0);
    request = (struct trust_http_request){
        .method = TRUST_REQUEST_DELETE, .path = "/v1/peers/a%2Fb", .timeout_ms = 5000};
    assert_int_equal(trust_requester_send(requester, &reply, &problem, &request), TRUST_OK);
    const char *asked = answering_asked(&node);
    assert_ptr_equal(strstr(asked, "GET /v1/score?limit=3 HTTP/1.1\r\n"), asked);
    assert_non_null(strstr(asked, "POST /v1/records HTTP/1.1\r\n"));
    assert_non_null(strstr(asked, "Content-Type: application/json\r\n"));
    assert_non_null(strstr(asked, "\r\n\r\n{\"records\":[]}\n"));
    assert_non_null(strstr(asked, "PUT /v1/names/rpt1 HTTP/1.1\r\n"));
    assert_non_null(strstr(asked, "Content-Type: text/plain\r\n"));
    assert_non_null(strstr(asked, "DELETE /v1/peers/a%2Fb HTTP/1.1\r\n"));
    assert_null(strstr(asked, "Expect:"));
    trust_requester_close(requester);
    assert_int_equal(unsetenv("http_proxy"), 0);
    answering_stop(&node);
}

static void a_refusal_keeps_its_name_and_the_next_request_is_answered(void **state)
{
    (void)state;
    static const char *const answers[] = {
        "HTTP/1.1 403 Forbidden\r\nContent-Type: application/problem+json\r\n"
        "Content-Length: 53\r\n\r\n{\"code\":\"TRUST_NO_PERMISSION\",\"detail\":\"not for you\"}",
        OK("1", "1"), NULL};
    struct answering node;
    assert_true(answering_start(&node, answers));
    struct trust_requester *requester = open_to(&node);
    struct trust_reply reply;
    struct trust_problem problem;
    const struct trust_http_request request = {.path = "/", .timeout_ms = 5000};
    assert_int_equal(trust_requester_send(requester, &reply, &problem, &request),
                     TRUST_NO_PERMISSION);
    assert_int_equal(problem.status, 403);
    assert_string_equal(problem.message, "not for you");
    assert_int_equal(trust_requester_send(requester, &reply, &problem, &request), TRUST_OK);
    assert_string_equal((const char *)reply.body.data, "1");
    trust_requester_close(requester);
    answering_stop(&node);
}

static void a_missing_silent_or_dying_node_is_no_node(void **state)
{
    (void)state;
    static const char *const dying[] = {"", NULL};
    static const char *const cut[] = {"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nab", "", NULL};
    static const char *const silent[] = {NULL};
    static const struct {
        const char *const *answers;
        uint32_t timeout_ms; /* much, where the end of the connection is what is waited for */
        const char *message;
        const char *other; /* what it may say as well */
    } rows[] = {
        {NULL, 10000, "no node answers at", NULL},
        {dying, 10000, "the node went away", NULL},
        {cut, 300, "the node did not answer in time", NULL},
        /* Whether it was reached is a matter of microseconds. */
        {silent, 10000, "the node went away", "no node answers at"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct answering node;
        assert_true(answering_start(&node, rows[i].answers));
        struct trust_requester *requester = open_to(&node);
        struct trust_reply reply = {.status = 7};
        struct trust_problem problem;
        const struct trust_http_request request = {.path = "/", .timeout_ms = rows[i].timeout_ms};
        assert_int_equal(trust_requester_send(requester, &reply, &problem, &request),
                         TRUST_NO_NODE);
        assert_int_equal(reply.status, 7);
        assert_int_equal(problem.status, 0);
        assert_string_equal(problem.code, "TRUST_NO_NODE");
        bool is_other = rows[i].other != NULL && strstr(problem.message, rows[i].other) != NULL;
        if (!is_other && strstr(problem.message, rows[i].message) == NULL)
            fail_msg("row %zu: %s", i, problem.message);
        assert_string_not_equal(problem.next, "");
        trust_requester_close(requester);
        answering_stop(&node);
    }
}

struct piecemeal {
    char text[64];
    size_t size;
    size_t most; /* bytes that the sink takes before it gives up */
};

static bool take_piece(void *context, struct trust_bytes piece)
{
    struct piecemeal *all = context;
    if (all->size + piece.size > all->most)
        return false;
    memcpy(all->text + all->size, piece.data, piece.size);
    all->size += piece.size;
    return true;
}

static size_t give_piece(void *context, void *out_bytes, size_t size)
{
    struct piecemeal *all = context;
    size_t left = strlen(all->text) - all->size;
    size_t taken = left < 3 ? left : 3;
    assert_true(size >= taken);
    memcpy(out_bytes, all->text + all->size, taken);
    all->size += taken;
    return taken;
}

static size_t give_error(void *context, void *out_bytes, size_t size)
{
    (void)context;
    (void)out_bytes;
    (void)size;
    return SIZE_MAX;
}

static void streams_go_piece_by_piece_and_end_when_their_side_fails(void **state)
{
    (void)state;
    static const char *const answers[] = {OK("abcdefgh", "8"),
                                          OK("abcdefgh", "8"),
                                          "HTTP/1.1 404 Not Found\r\nContent-Length: 2\r\n\r\n{}",
                                          OK("ok", "2"),
                                          OK("", "0"),
                                          NULL};
    struct answering node;
    assert_true(answering_start(&node, answers));
    struct trust_requester *requester = open_to(&node);
    struct trust_reply reply;
    struct trust_problem problem;
    struct piecemeal all = {.most = 64};
    struct trust_http_request request = {.path = "/", .sink = take_piece, .context = &all};
    assert_int_equal(trust_requester_send(requester, &reply, &problem, &request), TRUST_OK);
    assert_string_equal(all.text, "abcdefgh");
    assert_int_equal(reply.body.size, 0);
    all = (struct piecemeal){.most = 4};
    assert_int_equal(trust_requester_send(requester, &reply, &problem, &request), TRUST_FAIL_IO);
    /* A refusal is not the stream's: it goes to the problem. */
    all = (struct piecemeal){.most = 64};
    assert_int_equal(trust_requester_send(requester, &reply, &problem, &request), TRUST_NO_FOUND);
    assert_int_equal(all.size, 0);
    all = (struct piecemeal){.text = "0123456789"};
    request = (struct trust_http_request){.method = TRUST_REQUEST_POST,
                                          .path = "/",
                                          .source = give_piece,
                                          .source_size = 10,
                                          .context = &all};
    assert_int_equal(trust_requester_send(requester, &reply, &problem, &request), TRUST_OK);
    assert_non_null(strstr(answering_asked(&node), "\r\n\r\n0123456789\n"));
    request.source = give_error;
    assert_int_equal(trust_requester_send(requester, &reply, &problem, &request), TRUST_FAIL_IO);
    trust_requester_close(requester);
    answering_stop(&node);
}

static void a_connection_that_ended_is_replaced_unless_that_could_do_a_thing_twice(void **state)
{
    (void)state;
    static const char closing[] =
        "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 1\r\n\r\nb";
    /* The node reads the second request and ends; the fourth; and says so with the sixth. */
    static const char *const answers[] = {OK("a", "1"), "",      OK("c", "1"), "",
                                          OK("d", "1"), closing, OK("e", "1"), NULL};
    struct answering node;
    assert_true(answering_start(&node, answers));
    struct trust_requester *requester = open_to(&node);
    struct trust_reply reply;
    struct trust_problem problem;
    const struct trust_http_request get = {.path = "/", .timeout_ms = 10000};
    const struct trust_http_request post = {.method = TRUST_REQUEST_POST,
                                            .path = "/",
                                            .body = trust_bytes_text("{}"),
                                            .timeout_ms = 10000};
    static const struct {
        bool is_post;
        const char *body; /* NULL: the node went away */
    } rows[] = {{false, "a"}, {false, "c"}, {true, NULL}, {true, "d"}, {true, "b"}, {true, "e"}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        enum trust_error error =
            trust_requester_send(requester, &reply, &problem, rows[i].is_post ? &post : &get);
        assert_int_equal(error, rows[i].body == NULL ? TRUST_NO_NODE : TRUST_OK);
        if (rows[i].body == NULL)
            assert_string_equal(problem.message, "the node went away before its answer was whole");
        else
            assert_string_equal((const char *)reply.body.data, rows[i].body);
    }
    trust_requester_close(requester);
    answering_stop(&node);
}

static void a_node_that_was_started_again_is_reached_by_who_was_connected(void **state)
{
    (void)state;
    static const char *const answers[] = {OK("a", "1"), NULL};
    static const char *const later[] = {OK("b", "1"), NULL};
    struct answering node;
    assert_true(answering_start(&node, answers));
    struct trust_requester *requester = open_to(&node);
    struct trust_reply reply;
    struct trust_problem problem;
    struct piecemeal all = {.text = "0123456789"};
    struct trust_http_request request = {.path = "/", .timeout_ms = 10000};
    assert_int_equal(trust_requester_send(requester, &reply, &problem, &request), TRUST_OK);
    assert_true(answering_start_again(&node, later));
    /* What a source has given is not to be had again: the old connection must not be tried. */
    request = (struct trust_http_request){.method = TRUST_REQUEST_POST,
                                          .path = "/",
                                          .source = give_piece,
                                          .source_size = 10,
                                          .context = &all,
                                          .timeout_ms = 10000};
    assert_int_equal(trust_requester_send(requester, &reply, &problem, &request), TRUST_OK);
    assert_string_equal((const char *)reply.body.data, "b");
    trust_requester_close(requester);
    answering_stop(&node);
}

static void what_is_no_node_is_named_and_an_endless_answer_refused(void **state)
{
    (void)state;
    static char endless[TRUST_REPLY_SIZE_MAX + 128];
    int size = snprintf(endless, sizeof endless, "HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n",
                        TRUST_REPLY_SIZE_MAX);
    memset(endless + size, ' ', TRUST_REPLY_SIZE_MAX);
    const char *const answers[] = {"HTTP/1.1 200 OK\r\n\r\nx", "SMTP\r\n", endless, NULL};
    static const struct {
        enum trust_error error;
        const char *message;
    } rows[] = {
        {TRUST_FAIL_LIBRARY, "does not speak as a node: its answer does not say how long it is"},
        {TRUST_FAIL_LIBRARY, "does not speak as a node: invalid constant string"},
        {TRUST_NO_SIZE, "the node's answer is longer than this program takes"},
    };
    struct answering node;
    assert_true(answering_start(&node, answers));
    struct trust_requester *requester = open_to(&node);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct trust_reply reply;
        struct trust_problem problem;
        const struct trust_http_request request = {.path = "/", .timeout_ms = 60000};
        assert_int_equal(trust_requester_send(requester, &reply, &problem, &request),
                         rows[i].error);
        assert_non_null(strstr(problem.message, rows[i].message));
        assert_int_equal(problem.status, 0);
    }
    trust_requester_close(requester);
    answering_stop(&node);
}

static void a_path_that_was_not_escaped_is_not_sent(void **state)
{
    (void)state;
    static const char *const answers[] = {OK("1", "1"), NULL};
    struct answering node;
    assert_true(answering_start(&node, answers));
    struct trust_requester *requester = open_to(&node);
    struct trust_reply reply;
    struct trust_problem problem;
    struct trust_http_request request = {.path = "/a\r\nb: c", .timeout_ms = 10000};
    assert_int_equal(trust_requester_send(requester, &reply, &problem, &request), TRUST_NO_SYNTAX);
    assert_string_equal(problem.code, "TRUST_NO_SYNTAX");
    request.path = "/";
    assert_int_equal(trust_requester_send(requester, &reply, &problem, &request), TRUST_OK);
    trust_requester_close(requester);
    answering_stop(&node);
}

static void a_socket_that_may_not_be_opened_is_said_to_be_so(void **state)
{
    (void)state;
    static const char *const answers[] = {OK("", "0"), NULL};
    struct answering node;
    assert_true(answering_start(&node, answers));
    assert_int_equal(chmod(node.socket, 0), 0);
    /* Root may open everything: be nobody meanwhile. */
    uid_t user = geteuid();
    assert_int_equal(user == 0 ? seteuid(65534) : 0, 0);
    struct trust_requester *requester = open_to(&node);
    struct trust_reply reply;
    struct trust_problem problem;
    const struct trust_http_request request = {.path = "/", .timeout_ms = 5000};
    assert_int_equal(trust_requester_send(requester, &reply, &problem, &request),
                     TRUST_NO_PERMISSION);
    assert_int_equal(problem.status, 0);
    assert_int_equal(seteuid(user), 0);
    trust_requester_close(requester);
    answering_stop(&node);
}

static void a_path_that_no_socket_can_have_is_refused(void **state)
{
    (void)state;
    char path[128];
    struct trust_requester *requester = NULL;
    memset(path, 'x', sizeof path);
    path[108] = '\0';
    assert_int_equal(trust_requester_open(&requester, path), TRUST_NO_SIZE);
    path[107] = '\0';
    assert_int_equal(trust_requester_open(&requester, path), TRUST_OK);
    trust_requester_close(requester);
}

static void ids_are_escaped_into_one_segment(void **state)
{
    (void)state;
    char path[64] = "/v1/servers/";
    assert_int_equal(trust_request_escape(path, sizeof path, "pkg:npm/%40a/b@1.0_~-z"), TRUST_OK);
    assert_string_equal(path, "/v1/servers/pkg%3Anpm%2F%2540a%2Fb%401.0_~-z");
    char small[8] = "/";
    assert_int_equal(trust_request_escape(small, sizeof small, "abcdef"), TRUST_OK);
    assert_string_equal(small, "/abcdef");
    assert_int_equal(trust_request_escape(small, sizeof small, "g"), TRUST_NO_SIZE);
    small[5] = '\0';
    assert_int_equal(trust_request_escape(small, sizeof small, "/"), TRUST_NO_SIZE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(requests_share_one_connection_and_say_what_they_should),
        cmocka_unit_test(a_refusal_keeps_its_name_and_the_next_request_is_answered),
        cmocka_unit_test(a_missing_silent_or_dying_node_is_no_node),
        cmocka_unit_test(streams_go_piece_by_piece_and_end_when_their_side_fails),
        cmocka_unit_test(a_connection_that_ended_is_replaced_unless_that_could_do_a_thing_twice),
        cmocka_unit_test(a_node_that_was_started_again_is_reached_by_who_was_connected),
        cmocka_unit_test(what_is_no_node_is_named_and_an_endless_answer_refused),
        cmocka_unit_test(a_path_that_was_not_escaped_is_not_sent),
        cmocka_unit_test(a_socket_that_may_not_be_opened_is_said_to_be_so),
        cmocka_unit_test(a_path_that_no_socket_can_have_is_refused),
        cmocka_unit_test(ids_are_escaped_into_one_segment),
    };
    return cmocka_run_group_tests_name("client/request", tests, NULL, NULL);
}
