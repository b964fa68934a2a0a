/* guard/degraded: the whole object, in a result for the model and in an error for the rest. */
#include "guard/router/degraded.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "wire/json.h"

static const char *const subjects[] = {"npm:a", "npm:b"};
static const struct call_try tries[] = {
    {.backend = 1, .class_ = TRUST_OUTCOME_TIMEOUT, .is_sent = true},
    {.backend = 0, .class_ = TRUST_OUTCOME_REFUSED, .is_sent = false}};

static void check(const char *request, const struct degraded *facts, const char *expected)
{
    struct message message;
    assert_int_equal(message_read(&message, trust_bytes_text(request)), TRUST_OK);
    struct text text = degraded_answer(&message, facts);
    text_put_bytes(&text, (struct trust_bytes){.data = (const uint8_t *)"", .size = 1});
    assert_int_equal(json_check(trust_bytes_text((const char *)text.data)), TRUST_OK);
    assert_string_equal((const char *)text.data, expected);
    free(text.data);
}

#define CALL_IT                                                                                    \
    "{\"jsonrpc\":\"2.0\",\"id\":\"a\\u0062\",\"method\":\"tools/"                                 \
    "call\",\"params\":{\"name\":\"x\"}}"
#define DOWN                                                                                       \
    "No server for this is running. Ask again after retry_after_ms. Do not try to reach the same " \
    "effect by other means; continue without it or tell the user. retry_after_ms is 1500."

static void a_tool_call_gets_a_result_that_a_model_reads(void **state)
{
    (void)state;
    struct degraded facts = {.reason = TRUST_REASON_NO_PROVIDER,
                             .retry_after_ms = 1500,
                             .basis = {.kind = TRUST_BASIS_STALE, .age_s = 12},
                             .candidates = "[{\"subject\":\"npm:a\"}]",
                             .alternatives = "[\"other\"]",
                             .tries = tries,
                             .try_count = 2,
                             .group = "se\"arch",
                             .subjects = subjects};
    check(CALL_IT, &facts,
          "{\"jsonrpc\":\"2.0\",\"id\":\"a\\u0062\",\"result\":{\"content\":[{\"type\":\"text\","
          "\"text\":\"" DOWN "\"}],\"isError\":true,\"_meta\":{\"io.repute/guard\":{\"status\":"
          "\"unavailable\",\"group\":\"se\\\"arch\",\"reason\":\"no_provider\",\"retry_after_ms\":"
          "1500,\"candidates\":[{\"subject\":\"npm:a\"}],\"alternatives\":[\"other\"],\"missing\":"
          "[],\"basis\":{\"kind\":\"stale\",\"age_s\":12},\"message\":\"" DOWN "\",\"executed\":"
          "\"no\",\"tried\":[{\"subject\":\"npm:b\",\"class\":\"timeout\",\"sent\":true},{"
          "\"subject\":\"npm:a\",\"class\":\"refused\",\"sent\":false}]}}}}");
}

static void any_other_request_gets_an_error_with_the_same_object(void **state)
{
    (void)state;
    struct degraded facts = {.reason = TRUST_REASON_QUARANTINED,
                             .retry_after_ms = TRUST_NEVER_MS,
                             .basis = {.kind = TRUST_BASIS_NONE},
                             .is_executed = true,
                             .group = "g",
                             .subjects = subjects};
#define HELD                                                                                       \
    "The server for this is withheld for security reasons until the operator decides. Do not try " \
    "to reach the same effect by other means; continue without it or tell the user."
    check("{\"jsonrpc\":\"2.0\",\"id\":9007199254740993,\"method\":\"prompts/list\"}", &facts,
          "{\"jsonrpc\":\"2.0\",\"id\":9007199254740993,\"error\":{\"code\":4030,\"message\":"
          "\"" HELD "\",\"data\":{\"status\":\"unavailable\",\"group\":\"g\",\"reason\":"
          "\"quarantined\",\"retry_after_ms\":null,\"candidates\":[],\"alternatives\":[],"
          "\"missing\":[],\"basis\":{\"kind\":\"none\",\"age_s\":0},\"message\":\"" HELD
          "\",\"executed\":\"unknown\",\"tried\":[]}}}");
}

static void what_is_missing_is_named_and_the_modern_era_gets_its_type(void **state)
{
    (void)state;
    struct degraded facts = {.reason = TRUST_REASON_NOT_COVERED,
                             .retry_after_ms = TRUST_NEVER_MS,
                             .group = "g",
                             .subjects = subjects,
                             .era = ERA_MODERN};
    struct message message;
    assert_int_equal(message_read(&message, trust_bytes_text(CALL_IT)), TRUST_OK);
    struct text text = degraded_answer(&message, &facts);
    text_put_bytes(&text, (struct trust_bytes){.data = (const uint8_t *)"", .size = 1});
    assert_non_null(strstr((const char *)text.data, "\"missing\":[\"x\"]"));
    assert_non_null(
        strstr((const char *)text.data, "\"isError\":true,\"resultType\":\"complete\",\"_meta\":"));
    free(text.data);
}

static void every_reason_has_its_code(void **state)
{
    (void)state;
    static const struct {
        enum trust_reason reason;
        int code;
    } rows[] = {
        {TRUST_REASON_NO_PROVIDER, 5030},  {TRUST_REASON_ALL_OPEN, 5030},
        {TRUST_REASON_POLICY, 5030},       {TRUST_REASON_TIMEOUT, 5040},
        {TRUST_REASON_QUARANTINED, 4030},  {TRUST_REASON_NOT_COVERED, 4040},
        {TRUST_REASON_TOOL_CHANGED, 4090}, {TRUST_REASON_OUTCOME_UNKNOWN, 4090},
        {TRUST_REASON_RATE_LIMITED, 4290},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        assert_int_equal(degraded_code(rows[i].reason), rows[i].code);
}

static void a_failover_names_both_servers(void **state)
{
    (void)state;
    struct text text = degraded_failover("npm:a", "npm:b");
    static const char expected[] =
        "{\"reason\":\"failed_over\",\"from\":\"npm:a\",\"to\":\"npm:b\"}";
    assert_int_equal(text.size, sizeof expected - 1);
    assert_memory_equal(text.data, expected, text.size);
    free(text.data);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_tool_call_gets_a_result_that_a_model_reads),
        cmocka_unit_test(any_other_request_gets_an_error_with_the_same_object),
        cmocka_unit_test(what_is_missing_is_named_and_the_modern_era_gets_its_type),
        cmocka_unit_test(every_reason_has_its_code),
        cmocka_unit_test(a_failover_names_both_servers),
    };
    return cmocka_run_group_tests_name("tools/guard/degraded", tests, NULL, NULL);
}
