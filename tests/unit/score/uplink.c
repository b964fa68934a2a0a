/* score/uplink: the rule of 70 %, and who is kin to whom. */
#include "score/uplink.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/bytes.h"

static void more_than_seventy_percent_of_at_least_five_say_it_is_us(void **state)
{
    (void)state;
    assert_false(trust_uplink_is_down(4, 4));
    assert_true(trust_uplink_is_down(4, 5));
    assert_true(trust_uplink_is_down(5, 5));
    assert_false(trust_uplink_is_down(3, 5));
    assert_false(trust_uplink_is_down(7, 10));
    assert_true(trust_uplink_is_down(8, 10));
    assert_false(trust_uplink_is_down(0, 0));
    assert_false(trust_uplink_is_down(700, 1000));
    assert_true(trust_uplink_is_down(701, 1000));
}

static void servers_of_one_domain_namespace_or_publisher_are_kin(void **state)
{
    (void)state;
    static const struct {
        const char *server;
        const char *kin;
    } rows[] = {
        {"https://mcp.acme.dev/mcp", "acme.dev"},
        {"https://acme.dev/other", "acme.dev"},
        {"https://a.b.acme.dev:8443/x", "acme.dev"},
        {"https://localhost/x", "localhost"},
        {"https://192.0.2.7/mcp", "192.0.2.7"},
        {"https://[2001:db8::1]:99/mcp", "[2001:db8::1]"},
        {"mcp:io.github.acme/search", "io.github.acme"},
        {"pkg:npm/%40acme/search", "npm/%40acme"},
        {"pkg:npm/search", "pkg:npm/search"},
        {"pkg:oci/a/b/c", "oci/a/b"},
        {"http://127.0.0.1:8080/mcp", ""},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct trust_bytes kin = trust_uplink_kin(trust_bytes_text(rows[i].server));
        assert_int_equal(kin.size, strlen(rows[i].kin));
        if (kin.size > 0)
            assert_memory_equal(kin.data, rows[i].kin, kin.size);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(more_than_seventy_percent_of_at_least_five_say_it_is_us),
        cmocka_unit_test(servers_of_one_domain_namespace_or_publisher_are_kin),
    };
    return cmocka_run_group_tests_name("score/uplink", tests, NULL, NULL);
}
