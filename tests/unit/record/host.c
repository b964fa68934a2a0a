/* record/host: hosts, ports, and from where a name means the same server. */
#include "record/host.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#define COUNT(table) (sizeof(table) / sizeof *(table))
#define HTTPS 443u

struct row {
    const char *authority;
    enum trust_host_reach reach;
};

static void a_host_is_public_private_or_this_one(void **state)
{
    (void)state;
    static const struct row rows[] = {
        {"mcp.acme.dev", TRUST_HOST_PUBLIC},
        {"mcp.acme.dev:1", TRUST_HOST_PUBLIC},
        {"mcp.acme.dev:65535", TRUST_HOST_PUBLIC},
        {"a-b.c--d.e", TRUST_HOST_PUBLIC},
        {"1a.2b", TRUST_HOST_PUBLIC},
        {"8.8.8.8", TRUST_HOST_PUBLIC},
        {"11.0.0.0", TRUST_HOST_PUBLIC},
        {"172.15.255.255", TRUST_HOST_PUBLIC},
        {"172.32.0.0", TRUST_HOST_PUBLIC},
        {"100.128.0.0", TRUST_HOST_PUBLIC},
        {"223.255.255.255", TRUST_HOST_PUBLIC},
        {"0.0.0.0", TRUST_HOST_PRIVATE},
        {"10.255.255.255", TRUST_HOST_PRIVATE},
        {"100.64.0.1", TRUST_HOST_PRIVATE},
        {"169.254.169.254", TRUST_HOST_PRIVATE},
        {"172.16.0.0", TRUST_HOST_PRIVATE},
        {"172.31.255.255", TRUST_HOST_PRIVATE},
        {"192.168.1.1:8443", TRUST_HOST_PRIVATE},
        {"224.0.0.1", TRUST_HOST_PRIVATE},
        {"255.255.255.255", TRUST_HOST_PRIVATE},
        {"intranet", TRUST_HOST_PRIVATE},
        {"printer.local", TRUST_HOST_PRIVATE},
        {"wiki.corp.internal", TRUST_HOST_PRIVATE},
        {"nas.home.arpa", TRUST_HOST_PRIVATE},
        {"mylocal", TRUST_HOST_PRIVATE},
        {"127.0.0.1", TRUST_HOST_LOOPBACK},
        {"127.255.255.255:9", TRUST_HOST_LOOPBACK},
        {"localhost", TRUST_HOST_LOOPBACK},
        {"a.localhost", TRUST_HOST_LOOPBACK},
        {"[::1]", TRUST_HOST_LOOPBACK},
        {"[::1]:8080", TRUST_HOST_LOOPBACK},
        {"notlocalhost.dev", TRUST_HOST_PUBLIC},
        {"localhost.dev", TRUST_HOST_PUBLIC},
        {"local.dev", TRUST_HOST_PUBLIC},
        {"xn--80ak6aa92e.com", TRUST_HOST_PUBLIC},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        enum trust_host_reach reach = TRUST_HOST_PUBLIC;
        assert_true(trust_host_parse(&reach, trust_bytes_text(rows[i].authority), HTTPS));
        assert_int_equal(reach, rows[i].reach);
    }
}

static void a_host_in_any_other_text_is_refused(void **state)
{
    (void)state;
    static const char *const authorities[] = {
        "",
        ".",
        "a.",
        ".a",
        "a..b",
        "A.b",
        "-a.b",
        "a-.b",
        "a_b.c",
        "a b.c",
        "a%2eb",
        "\xc3\xa9.com",
        "a.b:",
        "a.b:0",
        "a.b:443",
        "a.b:080",
        "a.b:65536",
        "a.b:99999999999999999999",
        "a.b:8x",
        "a.b:80:80",
        "a.b:-1",
        ":80",
        "1.2.3",
        "1.2.3.4.5",
        "1.2.3.256",
        "01.2.3.4",
        "1.2.3.04",
        "0x7f.1",
        "1.2.3.0x4",
        "127.1",
        "2130706433",
        "a.1",
        "a.0x1f",
        "[::1",
        "::1",
        "[::2]",
        "[0:0:0:0:0:0:0:1]",
        "[::1]x",
        "[::1].com",
        "[]",
        "user@a.b",
        "xn--pple-43d.com", /* a Cyrillic letter among Latin ones */
        "xn--a.com",        /* no letter beyond ASCII */
        "xn--.com",
    };
    for (size_t i = 0; i < COUNT(authorities); i++) {
        enum trust_host_reach reach = TRUST_HOST_PUBLIC;
        assert_false(trust_host_parse(&reach, trust_bytes_text(authorities[i]), HTTPS));
    }
}

static void labels_and_hosts_have_the_lengths_of_dns(void **state)
{
    (void)state;
    char text[300];
    enum trust_host_reach reach = TRUST_HOST_PUBLIC;
    memset(text, 'a', sizeof text);
    struct trust_bytes bytes = {.data = (const uint8_t *)text, .size = 63};
    assert_true(trust_host_parse(&reach, bytes, HTTPS));
    bytes.size = 64;
    assert_false(trust_host_parse(&reach, bytes, HTTPS));
    for (size_t i = 63; i < sizeof text; i += 64)
        text[i] = '.';
    bytes.size = 253;
    assert_true(trust_host_parse(&reach, bytes, HTTPS));
    bytes.size = 254;
    assert_false(trust_host_parse(&reach, bytes, HTTPS));
}

static void the_default_port_depends_on_the_scheme(void **state)
{
    (void)state;
    enum trust_host_reach reach = TRUST_HOST_PUBLIC;
    assert_true(trust_host_parse(&reach, trust_bytes_text("a.b:80"), 443));
    assert_false(trust_host_parse(&reach, trust_bytes_text("a.b:80"), 80));
    assert_true(trust_host_parse(&reach, trust_bytes_text("a.b:443"), 80));
}

static void case_a_final_dot_and_the_default_port_are_dropped(void **state)
{
    (void)state;
    static const struct {
        const char *typed;
        const char *canonical;
    } rows[] = {
        {"MCP.Acme.dev", "mcp.acme.dev"},
        {"a.b.", "a.b"},
        {"a.b:443", "a.b"},
        {"a.b:", "a.b"},
        {"A.b.:8443", "a.b:8443"},
        {"[::1]:443", "[::1]"},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        uint8_t buffer[64];
        struct trust_writer writer = trust_writer_init(buffer, sizeof buffer);
        assert_true(trust_host_canonical(&writer, trust_bytes_text(rows[i].typed), HTTPS));
        assert_true(
            trust_bytes_equal(trust_writer_bytes(&writer), trust_bytes_text(rows[i].canonical)));
    }
    struct trust_writer writer = trust_writer_init(NULL, 0);
    assert_false(trust_host_canonical(&writer, trust_bytes_text("a.b:0443"), HTTPS));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_host_is_public_private_or_this_one),
        cmocka_unit_test(a_host_in_any_other_text_is_refused),
        cmocka_unit_test(labels_and_hosts_have_the_lengths_of_dns),
        cmocka_unit_test(the_default_port_depends_on_the_scheme),
        cmocka_unit_test(case_a_final_dot_and_the_default_port_are_dropped),
    };
    return cmocka_run_group_tests_name("record/host", tests, NULL, NULL);
}
