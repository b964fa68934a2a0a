/* guard/http_verdict: the classes of shield's table for all that can come back. */
#include "guard/http/http_verdict.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#define REPLY(fault_, status_, sent, session)                                                      \
    {                                                                                              \
        .fault = HTTP_FAULT_##fault_, .status = (status_), .is_sent = (sent),                      \
        .has_session = (session)                                                                   \
    }

static void each_reply_has_its_class(void **state)
{
    static const struct {
        struct http_reply reply;
        enum trust_outcome_class class_;
        bool is_sent;
    } cases[] = {
        {REPLY(LINK, 0, false, false), TRUST_OUTCOME_REFUSED, false},
        {REPLY(LINK, 0, true, true), TRUST_OUTCOME_REFUSED, true},
        {REPLY(LINK, 200, true, false), TRUST_OUTCOME_REFUSED, true},
        {REPLY(CONTENT, 200, true, false), TRUST_OUTCOME_GARBAGE, true},
        {REPLY(NONE, 0, true, false), TRUST_OUTCOME_GARBAGE, true},
        {REPLY(NONE, 101, true, false), TRUST_OUTCOME_GARBAGE, true},
        {REPLY(NONE, 600, true, false), TRUST_OUTCOME_GARBAGE, true},
        {REPLY(NONE, 500, true, false), TRUST_OUTCOME_HTTP5XX, true},
        {REPLY(LINK, 503, true, false), TRUST_OUTCOME_HTTP5XX, true},
        {REPLY(CONTENT, 599, true, true), TRUST_OUTCOME_HTTP5XX, true},
        {REPLY(NONE, 401, true, true), TRUST_OUTCOME_AUTH, true},
        {REPLY(CONTENT, 403, true, false), TRUST_OUTCOME_AUTH, true},
        {REPLY(LINK, 429, true, false), TRUST_OUTCOME_RATE_LIMITED, true},
        {REPLY(NONE, 404, true, true), TRUST_OUTCOME_SESSION_LOST, true},
        {REPLY(NONE, 400, true, true), TRUST_OUTCOME_SESSION_LOST, true},
        {REPLY(NONE, 404, true, false), TRUST_OUTCOME_REFUSED, false},
        {REPLY(NONE, 400, true, false), TRUST_OUTCOME_CALLER, true},
        {REPLY(NONE, 405, true, true), TRUST_OUTCOME_REFUSED, false},
        {REPLY(NONE, 410, true, true), TRUST_OUTCOME_REFUSED, false},
        {REPLY(NONE, 413, true, true), TRUST_OUTCOME_CALLER, true},
        {REPLY(NONE, 499, true, true), TRUST_OUTCOME_CALLER, true},
        {REPLY(CONTENT, 408, true, true), TRUST_OUTCOME_TIMEOUT, true},
        {REPLY(NONE, 301, true, false), TRUST_OUTCOME_REFUSED, true},
        {REPLY(NONE, 302, true, false), TRUST_OUTCOME_REFUSED, true},
        {REPLY(NONE, 303, true, false), TRUST_OUTCOME_REFUSED, true},
        {REPLY(NONE, 307, true, false), TRUST_OUTCOME_REFUSED, false},
        {REPLY(NONE, 308, true, false), TRUST_OUTCOME_REFUSED, false},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct router_failure failure = {.class_ = TRUST_OUTCOME_OK, .retry_after_ms = 1};
        print_message("case %zu\n", i);
        assert_true(http_verdict(&failure, &cases[i].reply));
        assert_int_equal(failure.class_, cases[i].class_);
        assert_int_equal(failure.is_sent, cases[i].is_sent);
        assert_int_equal(failure.retry_after_ms, 0);
    }
}

static void what_was_taken_is_no_failure(void **state)
{
    (void)state;
    for (uint32_t status = 200; status < 300; status++) {
        struct router_failure failure = {.class_ = TRUST_OUTCOME_CANCELLED};
        const struct http_reply reply = REPLY(NONE, status, true, false);
        assert_false(http_verdict(&failure, &reply));
        assert_int_equal(failure.class_, TRUST_OUTCOME_CANCELLED);
    }
}

static void a_wait_is_in_seconds_and_at_most_an_hour(void **state)
{
    static const struct {
        int64_t seconds;
        uint64_t ms;
    } cases[] = {{INT64_MIN, 0},  {-1, 0},         {0, 0},          {1, 1000},
                 {3599, 3599000}, {3600, 3600000}, {3601, 3600000}, {INT64_MAX, 3600000}};
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct router_failure failure = {0};
        struct http_reply reply = REPLY(NONE, 429, true, false);
        reply.retry_in_s = cases[i].seconds;
        assert_true(http_verdict(&failure, &reply));
        assert_int_equal(failure.retry_after_ms, cases[i].ms);
        reply.status = 503;
        assert_true(http_verdict(&failure, &reply));
        assert_int_equal(failure.retry_after_ms, 0);
    }
}

static void a_status_that_speaks_for_itself_is_no_answer(void **state)
{
    static const struct {
        uint32_t status;
        bool without;
        bool with_session;
    } cases[] = {{200, true, true},   {299, true, true},  {199, false, false}, {300, false, false},
                 {400, true, false},  {404, true, false}, {401, false, false}, {403, false, false},
                 {429, false, false}, {422, true, true},  {500, false, false}, {0, false, false}};
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        print_message("%u\n", cases[i].status);
        assert_int_equal(http_verdict_may_answer(cases[i].status, false), cases[i].without);
        assert_int_equal(http_verdict_may_answer(cases[i].status, true), cases[i].with_session);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_reply_has_its_class),
        cmocka_unit_test(what_was_taken_is_no_failure),
        cmocka_unit_test(a_wait_is_in_seconds_and_at_most_an_hour),
        cmocka_unit_test(a_status_that_speaks_for_itself_is_no_answer),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
