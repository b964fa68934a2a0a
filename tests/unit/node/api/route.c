/* node/api/route: which route a request finds, and what it is told when it finds none. */
#include "node/api/route.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "node/api/api.h"

static void nothing(struct api_call *call)
{
    (void)call;
}

static const struct api_route routes[] = {
    {API_GET, "/a", API_RIGHTS_AGENT, NULL, nothing, NULL},
    {API_GET, "/a/{}", API_RIGHTS_AGENT, "limit manifest", nothing, NULL},
    {API_POST, "/a/{}", API_RIGHTS_OPERATOR, NULL, nothing, NULL},
    {API_PUT, "/a/{}", API_RIGHTS_OPERATOR, NULL, nothing, NULL},
    {API_GET, "/a/{}/b", API_RIGHTS_AGENT, NULL, nothing, NULL},
};
static const struct api_route_table table = {.routes = routes, .count = 5};

struct asked {
    struct api api;
    struct api_call call;
};

static const struct api_route *find(struct asked *asked, enum api_method method, const char *target,
                                    enum api_rights rights)
{
    memset(asked, 0, sizeof *asked);
    asked->call.api = &asked->api;
    asked->call.request.method = method;
    asked->call.request.rights = rights;
    assert_int_equal(api_request_parse(&asked->call.request, target), TRUST_OK);
    bool found = api_route_find(&asked->call, &table);
    assert_true(found == (asked->call.route != NULL));
    assert_true(found != api_is_answered(&asked->call));
    return asked->call.route;
}

static void a_path_finds_its_route(void **state)
{
    (void)state;
    struct asked asked;
    assert_ptr_equal(find(&asked, API_GET, "/a", API_RIGHTS_AGENT), &routes[0]);
    assert_ptr_equal(find(&asked, API_GET, "/a/x", API_RIGHTS_AGENT), &routes[1]);
    assert_ptr_equal(find(&asked, API_GET, "/a/x%2Fy", API_RIGHTS_AGENT), &routes[1]);
    assert_ptr_equal(find(&asked, API_GET, "/a/x/b", API_RIGHTS_AGENT), &routes[4]);
    assert_ptr_equal(find(&asked, API_POST, "/a/x", API_RIGHTS_OPERATOR), &routes[2]);
}

static void expect(struct asked *asked, int status, const char *text)
{
    assert_int_equal(asked->call.answer.status, status);
    assert_non_null(strstr(asked->call.answer.text, text));
    api_call_close(&asked->call);
}

static void other_paths_are_not_found(void **state)
{
    (void)state;
    static const char *const targets[] = {"/", "/b", "/aa", "/A", "/a/x/c", "/a/x/b/d", "/%7B%7D"};
    for (size_t i = 0; i < sizeof targets / sizeof targets[0]; i++) {
        struct asked asked;
        assert_null(find(&asked, API_GET, targets[i], API_RIGHTS_OPERATOR));
        expect(&asked, 404, "TRUST_NO_FOUND");
    }
}

static void other_methods_are_told_which_there_are(void **state)
{
    (void)state;
    struct asked asked;
    assert_null(find(&asked, API_DELETE, "/a/x", API_RIGHTS_OPERATOR));
    assert_string_equal(asked.call.answer.allow, "GET, POST, PUT");
    expect(&asked, 405, "TRUST_NO_METHOD");
    assert_null(find(&asked, API_OTHER, "/a", API_RIGHTS_OPERATOR));
    assert_string_equal(asked.call.answer.allow, "GET");
    expect(&asked, 405, "TRUST_NO_METHOD");
}

static void agents_may_not_do_what_operators_may(void **state)
{
    (void)state;
    struct asked asked;
    assert_null(find(&asked, API_POST, "/a/x", API_RIGHTS_AGENT));
    expect(&asked, 403, "TRUST_NO_PERMISSION");
    assert_null(find(&asked, API_GET, "/a", API_RIGHTS_NONE));
    expect(&asked, 403, "TRUST_NO_PERMISSION");
}

static void only_known_parameters_pass_and_only_once(void **state)
{
    (void)state;
    struct asked asked;
    assert_non_null(find(&asked, API_GET, "/a/x?manifest=1&limit=2", API_RIGHTS_AGENT));
    assert_null(find(&asked, API_GET, "/a/x?limi=2", API_RIGHTS_AGENT));
    expect(&asked, 400, "unknown parameter \\\"limi\\\"");
    assert_null(find(&asked, API_GET, "/a/x?limit=1&limit=1", API_RIGHTS_AGENT));
    expect(&asked, 400, "given twice");
    assert_null(find(&asked, API_GET, "/a?limit=1", API_RIGHTS_AGENT));
    expect(&asked, 400, "TRUST_NO_OPTION");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_path_finds_its_route),
        cmocka_unit_test(other_paths_are_not_found),
        cmocka_unit_test(other_methods_are_told_which_there_are),
        cmocka_unit_test(agents_may_not_do_what_operators_may),
        cmocka_unit_test(only_known_parameters_pass_and_only_once),
    };
    return cmocka_run_group_tests_name("node/api/route", tests, NULL, NULL);
}
