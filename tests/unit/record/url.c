/* record/url: one text for a server that is reached by URL. */
#include "record/url.h"

#include "subjects.h"

static void a_url_is_its_own_server(void **state)
{
    (void)state;
    static const char *const urls[] = {
        "https://mcp.acme.dev",
        "https://mcp.acme.dev/mcp",
        "https://mcp.acme.dev:8443/team-1/~a/mcp_v2.json",
        "https://a.b/@acme/search:x+y",
        "https://a.b/x%3Dy%26%3F%23%25",
        "https://8.8.8.8/mcp",
    };
    for (size_t i = 0; i < COUNT(urls); i++)
        assert_subject(urls[i], TRUST_SUBJECT_URL, urls[i], "");
}

static void a_url_of_this_host_or_network_is_never_signed(void **state)
{
    (void)state;
    static const char *const urls[] = {
        "http://127.0.0.1:8080/mcp", "http://127.255.1.2",
        "http://[::1]:8080/mcp",     "http://localhost/mcp",
        "http://a.localhost:81",     "https://localhost",
        "https://[::1]:8443",        "https://10.1.2.3/mcp",
        "https://192.168.0.1",       "https://169.254.169.254/latest",
        "https://printer.local/mcp", "https://wiki.internal/mcp",
        "https://intranet/mcp",      "https://nas.home.arpa",
    };
    for (size_t i = 0; i < COUNT(urls); i++)
        assert_subject(urls[i], TRUST_SUBJECT_LOOPBACK, urls[i], "");
}

static void what_people_type_is_brought_into_form(void **state)
{
    (void)state;
    static const struct typed rows[] = {
        {"HTTPS://MCP.Acme.DEV/Mcp", "https://mcp.acme.dev/Mcp"},
        {"https://a.b:443/mcp", "https://a.b/mcp"},
        {"https://a.b:/mcp", "https://a.b/mcp"},
        {"http://localhost:80", "http://localhost"},
        {"https://localhost:80", "https://localhost:80"},
        {"https://a.b/", "https://a.b"},
        {"https://a.b/mcp/", "https://a.b/mcp"},
        {"https://a.b./mcp", "https://a.b/mcp"},
        {"https://a.b/x/../mcp", "https://a.b/mcp"},
        {"https://a.b/../../mcp", "https://a.b/mcp"},
        {"https://a.b/./mcp/.", "https://a.b/mcp"},
        {"https://a.b/x/%2e%2E/mcp", "https://a.b/mcp"},
        {"https://a.b/x/..", "https://a.b"},
        {"https://a.b/%7Eme/%6dcp", "https://a.b/~me/mcp"},
        {"https://a.b/x%3dy", "https://a.b/x%3Dy"},
        {"https://a.b/x=y", "https://a.b/x%3Dy"},
        {"https://a.b/%40acme%3Ax%2By", "https://a.b/@acme:x+y"},
        {"https://a.b/%2541", "https://a.b/%2541"},
    };
    assert_typed(rows, COUNT(rows));
}

static void what_has_no_single_meaning_is_refused(void **state)
{
    (void)state;
    static const struct typed rows[] = {
        {"https://", NULL},
        {"https:///mcp", NULL},
        {"https:/a.b", NULL},
        {"http://a.b/mcp", NULL}, /* anyone on the way could answer */
        {"http://10.0.0.1/mcp", NULL},
        {"ftp://a.b", NULL},
        {"a.b/mcp", NULL},
        {"", NULL},
        {"https://user@a.b/mcp", NULL},
        {"https://user:secret@a.b/mcp", NULL},
        {"https://a.b/mcp?tenant=1", NULL},
        {"https://a.b/mcp?", NULL},
        {"https://a.b?x", NULL},
        {"https://a.b/mcp#part", NULL},
        {"https://a.b//mcp", NULL},
        {"https://a.b/mcp//", NULL},
        {"https://a.b/a%2Fb", NULL},
        {"https://a.b/a%5Cb", NULL},
        {"https://a.b\\@c.d/", NULL},
        {"https://a.b/a\\b", NULL},
        {"https://a.b/a b", NULL},
        {"https://a.b/a%20b", NULL},
        {"https://a.b/%00", NULL},
        {"https://a.b/%C3%A9", NULL},
        {"https://a.b/\xc3\xa9", NULL},
        {"https://a.b/%", NULL},
        {"https://a.b/%zz", NULL},
        {"https://a.b\t/", NULL},
        {"https://a.b/\n", NULL},
    };
    assert_typed(rows, COUNT(rows));
}

static void a_long_text_may_have_a_short_form_but_not_the_other_way(void **state)
{
    (void)state;
    char text[1100] = "https://a.b";
    char canonical[TRUST_SUBJECT_TEXT_SIZE];
    for (int i = 0; i < 200; i++)
        strcat(text, "/x/.");
    strcat(text, "/..");
    /* 200 segments stay: too long. */
    assert_int_equal(trust_subject_canonical(canonical, trust_bytes_text(text)), TRUST_NO_SUBJECT);
    strcpy(text, "https://a.b");
    for (int i = 0; i < 200; i++)
        strcat(text, "/..");
    strcat(text, "/mcp");
    assert_int_equal(trust_subject_canonical(canonical, trust_bytes_text(text)), TRUST_OK);
    assert_string_equal(canonical, "https://a.b/mcp");
    /* 63 bytes that become 189: with the host too long. */
    strcpy(text, "https://a.b/");
    memset(text + 12, '=', 63);
    text[75] = '\0';
    assert_int_equal(trust_subject_canonical(canonical, trust_bytes_text(text)), TRUST_NO_SUBJECT);
    text[74] = '\0';
    assert_int_equal(trust_subject_canonical(canonical, trust_bytes_text(text)), TRUST_OK);
    assert_int_equal(strlen(canonical), 12 + 62 * 3);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_url_is_its_own_server),
        cmocka_unit_test(a_url_of_this_host_or_network_is_never_signed),
        cmocka_unit_test(what_people_type_is_brought_into_form),
        cmocka_unit_test(what_has_no_single_meaning_is_refused),
        cmocka_unit_test(a_long_text_may_have_a_short_form_but_not_the_other_way),
    };
    return cmocka_run_group_tests_name("record/url", tests, NULL, NULL);
}
