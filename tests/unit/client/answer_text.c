/* client/answer_text: the document an agent may show, member by member. */
#include <jansson.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "trust/client.h"

static void an_answer_says_all_that_the_caller_may_show(void **state)
{
    (void)state;
    const struct trust_client_choice choices[] = {
        {.target = {.subject = "mcp:a/b"},
         .opens_in_ms = 4000,
         .score_ppm = 812500,
         .why = TRUST_WHY_SHARED_BREAKER,
         .state = TRUST_CANDIDATE_STATE_OPEN},
        {.target = {.subject = "mcp:c/d"},
         .opens_in_ms = TRUST_NEVER_MS,
         .score_ppm = TRUST_PPM_NONE,
         .why = TRUST_WHY_BANNED,
         .state = TRUST_CANDIDATE_STATE_WITHHELD},
    };
    const struct trust_answer answer = {.status = TRUST_ANSWER_UNAVAILABLE,
                                        .reason = TRUST_REASON_ALL_OPEN,
                                        .retry_after_ms = 4000,
                                        .refused_count = 2,
                                        .basis = {TRUST_BASIS_STALE, 17},
                                        .message = "Words of ours."};
    char text[TRUST_CLIENT_ANSWER_SIZE];
    assert_int_equal(trust_client_answer_text(text, sizeof text, &answer, choices, "search"),
                     TRUST_OK);
    assert_string_equal(
        text, "{\"status\":\"unavailable\",\"group\":\"search\",\"reason\":\"all_open\","
              "\"retry_after_ms\":4000,\"candidates\":["
              "{\"subject\":\"mcp:a/b\",\"state\":\"open\",\"why\":\"shared_breaker\","
              "\"score\":0.8125,\"opens_in_ms\":4000},"
              "{\"subject\":\"mcp:c/d\",\"state\":\"withheld\",\"why\":\"banned\",\"score\":null,"
              "\"opens_in_ms\":null}],\"alternatives\":[],\"missing\":[],"
              "\"basis\":{\"kind\":\"stale\",\"age_s\":17},\"message\":\"Words of ours.\"}");
    size_t size = strlen(text);
    char tight[TRUST_CLIENT_ANSWER_SIZE] = "as it was";
    assert_int_equal(trust_client_answer_text(tight, size, &answer, choices, "search"),
                     TRUST_NO_SIZE);
    assert_string_equal(tight, "as it was");
    assert_int_equal(trust_client_answer_text(tight, size + 1, &answer, choices, "search"),
                     TRUST_OK);
    assert_string_equal(tight, text);
}

static void what_is_not_there_is_null(void **state)
{
    (void)state;
    const struct trust_answer answer =
        trust_answer_make(TRUST_REASON_POLICY, TRUST_NEVER_MS,
                          (struct trust_basis){.kind = TRUST_BASIS_NONE, .age_s = UINT32_MAX});
    char text[TRUST_CLIENT_ANSWER_SIZE];
    assert_int_equal(trust_client_answer_text(text, sizeof text, &answer, NULL, NULL), TRUST_OK);
    json_t *document = json_loads(text, 0, NULL);
    assert_true(json_is_null(json_object_get(document, "group")));
    assert_true(json_is_null(json_object_get(document, "retry_after_ms")));
    assert_int_equal(json_array_size(json_object_get(document, "candidates")), 0);
    assert_string_equal(json_string_value(json_object_get(document, "message")), answer.message);
    json_decref(document);
}

static void the_longest_group_fits(void **state)
{
    (void)state;
    struct trust_client_choice choices[TRUST_CLIENT_GROUP_MAX];
    memset(choices, 0, sizeof choices);
    char name[65];
    memset(name, 'g', 64);
    name[64] = '\0';
    for (size_t i = 0; i < TRUST_CLIENT_GROUP_MAX; i++) {
        memset(choices[i].target.subject, 'x', TRUST_SUBJECT_TEXT_SIZE - 1);
        choices[i].opens_in_ms = INT64_MAX;
        choices[i].score_ppm = 999999;
        choices[i].why = TRUST_WHY_SHARED_BREAKER;
        choices[i].state = TRUST_CANDIDATE_STATE_FORCED_OPEN;
    }
    struct trust_answer answer = trust_answer_make(TRUST_REASON_OUTCOME_UNKNOWN, INT64_MAX,
                                                   (struct trust_basis){TRUST_BASIS_FRESH, 0});
    answer.refused_count = TRUST_CLIENT_GROUP_MAX;
    char text[TRUST_CLIENT_ANSWER_SIZE];
    assert_int_equal(trust_client_answer_text(text, sizeof text, &answer, choices, name), TRUST_OK);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_answer_says_all_that_the_caller_may_show),
        cmocka_unit_test(what_is_not_there_is_null),
        cmocka_unit_test(the_longest_group_fits),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
