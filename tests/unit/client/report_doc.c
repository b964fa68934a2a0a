/* client/report_doc: what the node is told of a call, member by member. */
#include "client/report_doc.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

static void expect(const struct trust_client_report *reports, size_t count, const char *text)
{
    json_t *doc = trust_report_doc(reports, count, "agent-1");
    assert_non_null(doc);
    char *found = json_dumps(doc, JSON_COMPACT | JSON_SORT_KEYS);
    assert_string_equal(found, text);
    free(found);
    json_decref(doc);
}

static void only_what_is_known_is_told(void **state)
{
    (void)state;
    const struct trust_client_report reports[] = {
        {.subject = "mcp:a/b",
         .outcome = {.class_ = TRUST_OUTCOME_TIMEOUT, .latency_ms = TRUST_LATENCY_UNKNOWN}},
        {.subject = "mcp:c/d",
         .tool = "find",
         .lease = "1-2-3",
         .outcome = {.class_ = TRUST_OUTCOME_OK,
                     .latency_ms = 12,
                     .is_error = true,
                     .is_slow = true,
                     .retry_after_ms = 5}},
        {.subject = "mcp:e/f",
         .outcome = {.class_ = TRUST_OUTCOME_RATE_LIMITED, .retry_after_ms = 5000}},
    };
    expect(reports, 3,
           "{\"outcomes\":[{\"agent\":\"agent-1\",\"class\":\"timeout\",\"subject\":\"mcp:a/b\"},"
           "{\"agent\":\"agent-1\",\"class\":\"ok\",\"is_error\":true,\"latency_ms\":12,"
           "\"lease\":\"1-2-3\",\"slow\":true,\"subject\":\"mcp:c/d\",\"tool\":\"find\"},"
           "{\"agent\":\"agent-1\",\"class\":\"rate_limited\",\"latency_ms\":0,"
           "\"retry_after_ms\":5000,\"subject\":\"mcp:e/f\"}]}");
    expect(reports, 0, "{\"outcomes\":[]}");
}

static void what_is_out_of_the_nodes_range_is_told_as_its_bound(void **state)
{
    (void)state;
    const struct trust_client_report report = {.subject = "mcp:a/b",
                                               .outcome = {.class_ = TRUST_OUTCOME_RATE_LIMITED,
                                                           .latency_ms = 86400001,
                                                           .retry_after_ms = 3600001}};
    expect(&report, 1,
           "{\"outcomes\":[{\"agent\":\"agent-1\",\"class\":\"rate_limited\","
           "\"latency_ms\":86400000,\"retry_after_ms\":3600000,\"subject\":\"mcp:a/b\"}]}");
}

static void a_tool_whose_name_is_no_text_is_left_out_alone(void **state)
{
    (void)state;
    const struct trust_client_report report = {
        .subject = "mcp:a/b",
        .tool = "\xff\xfe",
        .outcome = {.class_ = TRUST_OUTCOME_OK, .latency_ms = TRUST_LATENCY_UNKNOWN}};
    expect(&report, 1,
           "{\"outcomes\":[{\"agent\":\"agent-1\",\"class\":\"ok\",\"subject\":\"mcp:a/b\"}]}");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(only_what_is_known_is_told),
        cmocka_unit_test(what_is_out_of_the_nodes_range_is_told_as_its_bound),
        cmocka_unit_test(a_tool_whose_name_is_no_text_is_left_out_alone),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
