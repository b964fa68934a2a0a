/* node/api/request: targets are split before they are decoded, and every bound is one. */
#include "node/api/request.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static void methods_are_known_by_their_exact_names(void **state)
{
    (void)state;
    assert_int_equal(api_request_method("GET"), API_GET);
    assert_int_equal(api_request_method("HEAD"), API_GET);
    assert_int_equal(api_request_method("POST"), API_POST);
    assert_int_equal(api_request_method("PUT"), API_PUT);
    assert_int_equal(api_request_method("DELETE"), API_DELETE);
    assert_int_equal(api_request_method("get"), API_OTHER);
    assert_int_equal(api_request_method("PATCH"), API_OTHER);
}

static void an_escaped_slash_stays_within_its_segment(void **state)
{
    (void)state;
    struct api_request request;
    assert_int_equal(api_request_parse(&request, "/v1/servers/mcp%3aio.x%2Fy/explain"), TRUST_OK);
    assert_int_equal(request.segment_count, 4);
    assert_string_equal(request.segments[0], "v1");
    assert_string_equal(request.segments[2], "mcp:io.x/y");
    assert_string_equal(request.segments[3], "explain");
    assert_int_equal(request.param_count, 0);
}

static void a_query_gives_names_and_values(void **state)
{
    (void)state;
    struct api_request request;
    assert_int_equal(api_request_parse(&request, "/a?x=1%202&flag&y=a%3Db=c&z="), TRUST_OK);
    assert_int_equal(request.param_count, 4);
    assert_string_equal(api_request_param(&request, "x"), "1 2");
    assert_string_equal(api_request_param(&request, "flag"), "");
    assert_string_equal(api_request_param(&request, "y"), "a=b=c");
    assert_string_equal(api_request_param(&request, "z"), "");
    assert_null(api_request_param(&request, "a"));
}

static void the_root_has_no_segments(void **state)
{
    (void)state;
    struct api_request request;
    assert_int_equal(api_request_parse(&request, "/"), TRUST_OK);
    assert_int_equal(request.segment_count, 0);
    assert_int_equal(api_request_parse(&request, "/?a=b"), TRUST_OK);
    assert_int_equal(request.segment_count, 0);
    assert_int_equal(request.param_count, 1);
}

static void targets_that_are_no_paths_are_refused(void **state)
{
    (void)state;
    static const char *const targets[] = {
        "",    "*",    "a",     "http://x/a", "//a",   "/a//b",  "/a/",
        "/a%", "/a%2", "/a%zz", "/a%00b",     "/?a=%", "/?%0=1", "/?a=%00",
    };
    for (size_t i = 0; i < sizeof targets / sizeof targets[0]; i++) {
        struct api_request request;
        assert_int_equal(api_request_parse(&request, targets[i]), TRUST_NO_SYNTAX);
    }
}

static void bounds_are_exact(void **state)
{
    (void)state;
    struct api_request request;
    char target[TRUST_API_TARGET_SIZE + 1];
    memset(target, 'a', sizeof target);
    target[0] = '/';
    target[TRUST_API_TARGET_SIZE - 1] = '\0';
    assert_int_equal(api_request_parse(&request, target), TRUST_OK);
    target[TRUST_API_TARGET_SIZE - 1] = 'a';
    target[TRUST_API_TARGET_SIZE] = '\0';
    assert_int_equal(api_request_parse(&request, target), TRUST_NO_SIZE);
    assert_int_equal(api_request_parse(&request, "/1/2/3/4/5/6/7/8"), TRUST_OK);
    assert_int_equal(api_request_parse(&request, "/1/2/3/4/5/6/7/8/9"), TRUST_NO_SIZE);
    assert_int_equal(api_request_parse(&request, "/?1&2&3&4&5&6&7&8"), TRUST_OK);
    assert_int_equal(api_request_parse(&request, "/?1&2&3&4&5&6&7&8&9"), TRUST_NO_SIZE);
}

static void a_media_type_counts_without_its_parameters(void **state)
{
    (void)state;
    struct api_request request = {.content_type = "Application/JSON; charset=utf-8"};
    assert_true(api_request_has_type(&request, "application/json"));
    assert_false(api_request_has_type(&request, "application/jso"));
    assert_false(api_request_has_type(&request, "application/json2"));
    request.content_type = NULL;
    assert_false(api_request_has_type(&request, "application/json"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(methods_are_known_by_their_exact_names),
        cmocka_unit_test(an_escaped_slash_stays_within_its_segment),
        cmocka_unit_test(a_query_gives_names_and_values),
        cmocka_unit_test(the_root_has_no_segments),
        cmocka_unit_test(targets_that_are_no_paths_are_refused),
        cmocka_unit_test(bounds_are_exact),
        cmocka_unit_test(a_media_type_counts_without_its_parameters),
    };
    return cmocka_run_group_tests_name("node/api/request", tests, NULL, NULL);
}
