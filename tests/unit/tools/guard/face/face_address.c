/* guard/face_address: where the guard listens, and under which names. */
#include "guard/face/face_address.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/bytes.h"

static void only_loopback_with_a_port_is_taken(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        enum trust_error error;
        const char *shown;
    } rows[] = {
        {"127.0.0.1:8080", TRUST_OK, "127.0.0.1:8080"},
        {"localhost:1", TRUST_OK, "127.0.0.1:1"},
        {"LocalHost:65535", TRUST_OK, "127.0.0.1:65535"},
        {"127.9.8.7:0", TRUST_OK, "127.9.8.7:0"},
        {"127.255.255.255:80", TRUST_OK, "127.255.255.255:80"},
        {"[::1]:8080", TRUST_OK, "[::1]:8080"},
        {"[0:0:0:0:0:0:0:1]:8080", TRUST_OK, "[::1]:8080"},
        {"0.0.0.0:8080", TRUST_NO_PERMISSION, NULL},
        {"128.0.0.1:8080", TRUST_NO_PERMISSION, NULL},
        {"192.168.1.1:8080", TRUST_NO_PERMISSION, NULL},
        {"[::]:8080", TRUST_NO_PERMISSION, NULL},
        {"[fe80::1]:8080", TRUST_NO_PERMISSION, NULL},
        {"[::ffff:127.0.0.1]:8080", TRUST_NO_PERMISSION, NULL},
        {"example.org:8080", TRUST_NO_PERMISSION, NULL},
        {"127.1:8080", TRUST_NO_PERMISSION, NULL},
        {"8080", TRUST_NO_SYNTAX, NULL},
        {":8080", TRUST_NO_SYNTAX, NULL},
        {"::1:8080", TRUST_NO_SYNTAX, NULL},
        {"[127.0.0.1]:8080", TRUST_NO_SYNTAX, NULL},
        {"[localhost]:8080", TRUST_NO_SYNTAX, NULL},
        {"", TRUST_NO_SYNTAX, NULL},
        {"127.0.0.1:", TRUST_NO_RANGE, NULL},
        {"127.0.0.1:65536", TRUST_NO_RANGE, NULL},
        {"127.0.0.1:999999", TRUST_NO_RANGE, NULL},
        {"127.0.0.1:+1", TRUST_NO_RANGE, NULL},
        {"127.0.0.1:80/mcp", TRUST_NO_RANGE, NULL},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct face_address address = {0};
        char text[FACE_ADDRESS_TEXT_SIZE];
        if (face_address_read(&address, rows[i].text) != rows[i].error)
            fail_msg("%s", rows[i].text);
        if (rows[i].shown == NULL)
            continue;
        face_address_text(text, &address);
        assert_string_equal(text, rows[i].shown);
    }
}

static void it_is_named_by_the_usual_names_with_its_port_alone(void **state)
{
    (void)state;
    static const struct {
        const char *address;
        const char *host;
        bool is_named;
    } rows[] = {
        {"127.0.0.1:8080", "127.0.0.1:8080", true},
        {"127.0.0.1:8080", "localhost:8080", true},
        {"127.0.0.1:8080", "LOCALHOST:8080", true},
        {"127.0.0.1:8080", "[::1]:8080", true},
        {"127.0.0.1:8080", "127.0.0.1", false},
        {"127.0.0.1:8080", "127.0.0.1:808", false},
        {"127.0.0.1:8080", "127.0.0.1:18080", false},
        {"127.0.0.1:8080", "127.0.0.2:8080", false},
        {"127.0.0.1:8080", "evil.example:8080", false},
        {"127.0.0.1:8080", "localhost.evil.example:8080", false},
        {"127.0.0.1:8080", "localhost:8080:8080", false},
        {"127.0.0.1:8080", "user@localhost:8080", false},
        {"127.0.0.1:8080", ":8080", false},
        {"127.0.0.1:8080", "", false},
        {"127.0.0.2:8080", "127.0.0.2:8080", true},
        {"127.0.0.1:80", "localhost", true},
        {"127.0.0.1:80", "localhost:80", true},
        {"127.0.0.1:80", "localhost:81", false},
        {"[::1]:9", "[::1]:9", true},
        {"[::1]:9", "::1:9", false},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct face_address address;
        assert_int_equal(face_address_read(&address, rows[i].address), TRUST_OK);
        if (face_address_is_named(&address, trust_bytes_text(rows[i].host)) != rows[i].is_named)
            fail_msg("%s for %s", rows[i].host, rows[i].address);
    }
}

static void an_origin_is_a_scheme_and_a_host(void **state)
{
    (void)state;
    assert_true(face_address_is_origin("http://localhost:6274"));
    assert_true(face_address_is_origin("vscode-webview://0abc"));
    static const char *const others[] = {"",           "null",      "*",         "http://",
                                         "://x",       "x",         "http://x/", "http://x/y",
                                         "http://*.x", "http://a b"};
    for (size_t i = 0; i < sizeof others / sizeof *others; i++)
        assert_false(face_address_is_origin(others[i]));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(only_loopback_with_a_port_is_taken),
        cmocka_unit_test(it_is_named_by_the_usual_names_with_its_port_alone),
        cmocka_unit_test(an_origin_is_a_scheme_and_a_host),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
