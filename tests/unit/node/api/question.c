/* node/api/question: the id of the path and the manifest of the query, checked alike. */
#include "node/api/question.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "node/api/api.h"

static bool read(struct api_call *call, struct api *api, const char *target,
                 struct question *out_question)
{
    memset(call, 0, sizeof *call);
    call->api = api;
    assert_int_equal(api_request_parse(&call->request, target), TRUST_OK);
    bool is_read = question_read(call, out_question);
    assert_true(is_read != api_is_answered(call));
    return is_read;
}

static void id_and_manifest_are_read(void **state)
{
    (void)state;
    static struct api api;
    static struct api_call call;
    struct question question;
    assert_true(read(&call, &api, "/v1/servers/mcp%3Aio.x%2Fy", &question));
    assert_int_equal(question.asked.subject.size, strlen("mcp:io.x/y"));
    assert_memory_equal(question.asked.subject.data, "mcp:io.x/y", 10);
    assert_int_equal(question.asked.manifest.size, 0);
    assert_true(read(&call, &api,
                     "/v1/servers/mcp%3Aio.x%2Fy?manifest="
                     "ab000000000000000000000000000000000000000000000000000000000000cd",
                     &question));
    assert_int_equal(question.asked.manifest.size, 32);
    assert_int_equal(question.asked.manifest.data[0], 0xab);
    assert_int_equal(question.asked.manifest.data[31], 0xcd);
}

static void what_is_neither_is_refused(void **state)
{
    (void)state;
    static struct api api;
    static struct api_call call;
    static const char *const targets[] = {"/v1/servers/x", "/v1/servers/mcp%3Aio.x%2Fy?manifest=",
                                          "/v1/servers/mcp%3Aio.x%2Fy?manifest=ab"};
    for (size_t i = 0; i < sizeof targets / sizeof targets[0]; i++) {
        struct question question;
        assert_false(read(&call, &api, targets[i], &question));
        assert_int_equal(call.answer.status, 400);
        api_call_close(&call);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(id_and_manifest_are_read),
        cmocka_unit_test(what_is_neither_is_refused),
    };
    return cmocka_run_group_tests_name("node/api/question", tests, NULL, NULL);
}
