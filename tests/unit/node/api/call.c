/* node/api/call: problem documents, their statuses, and calls that wait. */
#include "node/api/call.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "node/api/api.h"

static struct api_call begin(struct api *api)
{
    return (struct api_call){.api = api};
}

static void a_problem_has_all_members(void **state)
{
    (void)state;
    struct api api = {0};
    struct api_call call = begin(&api);
    api_refuse(&call, TRUST_NO_RANGE, NULL, "/a/%d: \"too\" big", 3);
    assert_int_equal(call.answer.status, 400);
    assert_string_equal(call.answer.type, "application/problem+json");
    static const char wanted[] =
        "{\"type\":\"about:blank\",\"title\":\"a field is outside its range\",\"status\":400,"
        "\"detail\":\"/a/3: \\\"too\\\" big\",\"code\":\"TRUST_NO_RANGE\","
        "\"next\":\"see /openapi.json for the range\"}";
    assert_int_equal(call.answer.size, strlen(wanted));
    assert_memory_equal(call.answer.text, wanted, strlen(wanted));
    api_call_close(&call);
    assert_false(api_is_answered(&call));
}

static void a_next_step_can_be_given(void **state)
{
    (void)state;
    struct api api = {0};
    struct api_call call = begin(&api);
    api_refuse(&call, TRUST_NO_BUSY, "wait an hour", "full");
    assert_int_equal(call.answer.status, 503);
    assert_non_null(strstr(call.answer.text, "\"next\":\"wait an hour\""));
    api_call_close(&call);
}

static void codes_have_their_statuses(void **state)
{
    (void)state;
    static const struct {
        enum trust_error code;
        int status;
    } rows[] = {
        {TRUST_NO_SYNTAX, 400},     {TRUST_NO_TYPE, 400},      {TRUST_NO_KEY, 400},
        {TRUST_NO_PERMISSION, 403}, {TRUST_NO_CHALLENGE, 403}, {TRUST_NO_FOUND, 404},
        {TRUST_NO_METHOD, 405},     {TRUST_NO_CONFLICT, 409},  {TRUST_NO_SIZE, 413},
        {TRUST_FAIL_IO, 500},       {TRUST_FAIL_CORRUPT, 500}, {TRUST_NO_BUSY, 503},
        {TRUST_NO_ROOM, 507},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        assert_int_equal(api_status_of(rows[i].code), rows[i].status);
}

static int woken;

static void note(struct api_call *call)
{
    (void)call;
    woken++;
}

static void calls_wait_up_to_their_bound(void **state)
{
    (void)state;
    struct api api = {0};
    struct api_call calls[TRUST_API_HELD_MAX];
    for (int i = 0; i < TRUST_API_HELD_MAX; i++) {
        calls[i] = begin(&api);
        assert_true(api_hold(&calls[i]));
    }
    struct api_call call = begin(&api);
    assert_false(api_hold(&call));
    assert_int_equal(call.answer.status, 503);
    api_call_close(&call);
    api_call_close(&calls[0]);
    assert_true(api_hold(&call));
    call.go_on = note;
    woken = 0;
    api_wake(&call);
    assert_int_equal(woken, 1);
    api_call_close(&call);
    for (int i = 1; i < TRUST_API_HELD_MAX; i++)
        api_call_close(&calls[i]);
    assert_int_equal(api.held_count, 0);
}

static void nobody_waits_for_a_node_that_stops(void **state)
{
    (void)state;
    struct api api = {.is_stopping = true};
    struct api_call call = begin(&api);
    assert_false(api_hold(&call));
    assert_non_null(strstr(call.answer.text, "the node is stopping"));
    api_call_close(&call);
}

static void a_state_is_released_once(void **state)
{
    (void)state;
    struct api api = {0};
    struct api_call call = begin(&api);
    call.release = note;
    woken = 0;
    api_call_close(&call);
    api_call_close(&call);
    assert_int_equal(woken, 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_problem_has_all_members),
        cmocka_unit_test(a_next_step_can_be_given),
        cmocka_unit_test(codes_have_their_statuses),
        cmocka_unit_test(calls_wait_up_to_their_bound),
        cmocka_unit_test(nobody_waits_for_a_node_that_stops),
        cmocka_unit_test(a_state_is_released_once),
    };
    return cmocka_run_group_tests_name("node/api/call", tests, NULL, NULL);
}
