/* host/endpoint: what tcp://host:port may be. */
#include "host/endpoint.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static void hosts_ports_and_loopback_are_told_apart(void **state)
{
    (void)state;
    const struct {
        const char *text;
        const char *host;
        uint16_t port;
        bool is_ipv6, is_loopback;
    } rows[] = {
        {"tcp://127.0.0.1:7717", "127.0.0.1", 7717, false, true},
        {"tcp://127.9.9.9:1", "127.9.9.9", 1, false, true},
        {"tcp://0.0.0.0:65535", "0.0.0.0", 65535, false, false},
        {"tcp://localhost:80", "localhost", 80, false, true},
        {"tcp://node-1.example.org:7717", "node-1.example.org", 7717, false, false},
        {"tcp://[::1]:7717", "::1", 7717, true, true},
        {"tcp://[2001:db8::2]:7717", "2001:db8::2", 7717, true, false},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct trust_endpoint endpoint;
        assert_int_equal(trust_endpoint_parse(&endpoint, rows[i].text), TRUST_OK);
        assert_string_equal(endpoint.host, rows[i].host);
        assert_int_equal(endpoint.port, rows[i].port);
        assert_int_equal(endpoint.is_ipv6, rows[i].is_ipv6);
        assert_int_equal(endpoint.is_loopback, rows[i].is_loopback);
    }
}

static void anything_else_is_refused(void **state)
{
    (void)state;
    const struct {
        const char *text;
        enum trust_error error;
    } rows[] = {
        {"", TRUST_NO_SYNTAX},
        {"127.0.0.1:7717", TRUST_NO_SYNTAX},
        {"tcp://127.0.0.1", TRUST_NO_SYNTAX},
        {"tcp://:7717", TRUST_NO_SYNTAX},
        {"tcp://127.0.0.1:", TRUST_NO_SYNTAX},
        {"tcp://127.0.0.1:0", TRUST_NO_RANGE},
        {"tcp://127.0.0.1:65536", TRUST_NO_RANGE},
        {"tcp://127.0.0.1:77x", TRUST_NO_SYNTAX},
        {"tcp://1.2.3.4.5:7717", TRUST_NO_SYNTAX},
        {"tcp://256.1.1.1:7717", TRUST_NO_SYNTAX},
        {"tcp://::1:7717", TRUST_NO_SYNTAX},
        {"tcp://[::1:7717", TRUST_NO_SYNTAX},
        {"tcp://[::1]7717", TRUST_NO_SYNTAX},
        {"tcp://-a.example:1", TRUST_NO_SYNTAX},
        {"tcp://a-.example:1", TRUST_NO_SYNTAX},
        {"tcp://a..example:1", TRUST_NO_SYNTAX},
        {"tcp://a b:1", TRUST_NO_SYNTAX},
        {"tcp://*:7717", TRUST_NO_SYNTAX},
        {"ipc:///tmp/x", TRUST_NO_SYNTAX},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct trust_endpoint endpoint = {.port = 7};
        assert_int_equal(trust_endpoint_parse(&endpoint, rows[i].text), rows[i].error);
        assert_int_equal(endpoint.port, 7);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(hosts_ports_and_loopback_are_told_apart),
        cmocka_unit_test(anything_else_is_refused),
    };
    return cmocka_run_group_tests_name("host/endpoint", tests, NULL, NULL);
}
