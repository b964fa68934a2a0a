/* guard/http_origin: https, or http that stays on this host; and what is the same place. */
#include "guard/http/http_origin.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static void only_https_and_loopback_http_are_allowed(void **state)
{
    static const struct {
        const char *url;
        enum trust_error error;
        bool is_plain;
    } cases[] = {
        {"https://example.com/mcp", TRUST_OK, false},
        {"HTTPS://example.com", TRUST_OK, false},
        {"https://10.0.0.1:8443/", TRUST_OK, false},
        {"http://localhost:3000/mcp", TRUST_OK, true},
        {"http://LocalHost/", TRUST_OK, true},
        {"http://127.0.0.1/", TRUST_OK, true},
        {"http://127.9.8.7:1/", TRUST_OK, true},
        {"http://[::1]:3000/mcp", TRUST_OK, true},
        {"http://example.com/", TRUST_NO_PERMISSION, false},
        {"http://127.0.0.1.example.com/", TRUST_NO_PERMISSION, false},
        {"http://localhost.example.com/", TRUST_NO_PERMISSION, false},
        {"http://128.0.0.1/", TRUST_NO_PERMISSION, false},
        {"http://[::2]/", TRUST_NO_PERMISSION, false},
        {"http://0.0.0.0/", TRUST_NO_PERMISSION, false},
        {"ftp://127.0.0.1/", TRUST_NO_PERMISSION, false},
        {"file:///etc/passwd", TRUST_NO_SYNTAX, false},
        {"example.com/mcp", TRUST_NO_SYNTAX, false},
        {"https://", TRUST_NO_SYNTAX, false},
        {"", TRUST_NO_SYNTAX, false},
        {"https://user@example.com/", TRUST_NO_SYNTAX, false},
        {"https://user:word@example.com/", TRUST_NO_SYNTAX, false},
        {"https://exa mple.com/", TRUST_NO_SYNTAX, false},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        bool is_plain = !cases[i].is_plain;
        print_message("%s\n", cases[i].url);
        assert_int_equal(http_origin_check(&is_plain, cases[i].url), cases[i].error);
        assert_int_equal(is_plain,
                         cases[i].error == TRUST_OK ? cases[i].is_plain : !cases[i].is_plain);
    }
}

static void scheme_host_and_port_make_an_origin(void **state)
{
    static const struct {
        const char *left;
        const char *right;
        bool is_same;
    } cases[] = {
        {"https://example.com/mcp", "https://example.com/other?x=1", true},
        {"https://example.com/mcp", "https://EXAMPLE.com:443/", true},
        {"http://localhost/", "http://localhost:80/x", true},
        {"http://[::1]:8/", "http://[::1]:8/x", true},
        {"https://example.com/", "http://example.com/", false},
        {"https://example.com/", "https://example.com:444/", false},
        {"https://example.com/", "https://www.example.com/", false},
        {"https://example.com/", "https://example.com.evil.org/", false},
        {"https://example.com/", "https://example.com@evil.org/", false},
        {"https://example.com/", "//", false},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        print_message("%s %s\n", cases[i].left, cases[i].right);
        assert_int_equal(http_origin_is_same(cases[i].left, cases[i].right), cases[i].is_same);
        assert_int_equal(http_origin_is_same(cases[i].right, cases[i].left), cases[i].is_same);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(only_https_and_loopback_http_are_allowed),
        cmocka_unit_test(scheme_host_and_port_make_an_origin),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
