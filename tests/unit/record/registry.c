/* record/registry: names of the MCP registry. */
#include "record/registry.h"

#include "subjects.h"

static void a_name_splits_into_server_and_version(void **state)
{
    (void)state;
    assert_subject("mcp:io.github.acme/search", TRUST_SUBJECT_REGISTRY, "mcp:io.github.acme/search",
                   "");
    assert_subject("mcp:io.github.acme/search@1.4.2", TRUST_SUBJECT_REGISTRY,
                   "mcp:io.github.acme/search", "1.4.2");
    assert_subject("mcp:a/b", TRUST_SUBJECT_REGISTRY, "mcp:a/b", "");
    assert_subject("mcp:com.acme-x.9/My_Server.v2@2026-11-20+build.7", TRUST_SUBJECT_REGISTRY,
                   "mcp:com.acme-x.9/My_Server.v2", "2026-11-20+build.7");
}

static void a_namespace_has_no_case_and_a_name_has(void **state)
{
    (void)state;
    static const struct typed rows[] = {
        {"mcp:IO.GitHub.Acme/Search", "mcp:io.github.acme/Search"},
        {"MCP:io.github.acme/search@1.0-RC1", "mcp:io.github.acme/search@1.0-RC1"},
        {"mcp:io.github.acme/search", "mcp:io.github.acme/search"},
    };
    assert_typed(rows, COUNT(rows));
}

static void what_is_no_name_is_refused(void **state)
{
    (void)state;
    static const struct typed rows[] = {
        {"mcp:", NULL},           {"mcp:/", NULL},     {"mcp:a", NULL},     {"mcp:a/", NULL},
        {"mcp:/b", NULL},         {"mcp:a/b/c", NULL}, {"mcp:a_b/c", NULL}, {"mcp:a/b c", NULL},
        {"mcp:a/b%20c", NULL},    {"mcp:a~/b", NULL},  {"mcp:a/b~", NULL},  {"mcp:a:b/c", NULL},
        {"mcp:a/b+", NULL},       {"mcp://a/b", NULL}, {"mcp:a/b?x", NULL}, {"mcp:a/b#x", NULL},
        {"mcp:\xd0\xb0/b", NULL}, /* a Cyrillic letter */
        {" mcp:a/b", NULL},       {"mcp:a/b ", NULL},  {"mcp:a/b\n", NULL},
    };
    assert_typed(rows, COUNT(rows));
}

static void only_an_exact_version_is_one(void **state)
{
    (void)state;
    static const struct typed rows[] = {
        {"mcp:a/b@", NULL},
        {"mcp:a/b@latest", NULL},
        {"mcp:a/b@LATEST", NULL},
        {"mcp:a/b@1.x", NULL},
        {"mcp:a/b@x", NULL},
        {"mcp:a/b@1.X.2", NULL},
        {"mcp:a/b@1.x-rc", NULL},
        {"mcp:a/b@^1.2", NULL},
        {"mcp:a/b@~1.2", NULL},
        {"mcp:a/b@>=1", NULL},
        {"mcp:a/b@1.*", NULL},
        {"mcp:a/b@1@2", NULL},
        {"mcp:a/b@1/2", NULL},
        {"mcp:a/b@1.2.3-x", "mcp:a/b@1.2.3-x"},
        {"mcp:a/b@1+x", "mcp:a/b@1+x"},
        {"mcp:a/b@1.2x", "mcp:a/b@1.2x"},
        {"mcp:a/b@latest2", "mcp:a/b@latest2"},
    };
    assert_typed(rows, COUNT(rows));
}

static void a_version_has_at_most_64_characters_and_a_subject_200(void **state)
{
    (void)state;
    char text[300];
    struct trust_subject subject;
    for (size_t size = 60; size < 70; size++) {
        memcpy(text, "mcp:a/b@", 8);
        memset(text + 8, '1', size);
        struct trust_bytes bytes = {.data = (const uint8_t *)text, .size = 8 + size};
        assert_int_equal(trust_subject_parse(&subject, bytes),
                         size <= 64 ? TRUST_OK : TRUST_NO_SUBJECT);
    }
    memcpy(text, "mcp:a/", 6);
    for (size_t size = 195; size < 205; size++) {
        memset(text + 6, 'b', size - 6);
        struct trust_bytes bytes = {.data = (const uint8_t *)text, .size = size};
        char canonical[TRUST_SUBJECT_TEXT_SIZE];
        enum trust_error expected = size <= 200 ? TRUST_OK : TRUST_NO_SUBJECT;
        assert_int_equal(trust_subject_parse(&subject, bytes), expected);
        assert_int_equal(trust_subject_canonical(canonical, bytes), expected);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_name_splits_into_server_and_version),
        cmocka_unit_test(a_namespace_has_no_case_and_a_name_has),
        cmocka_unit_test(what_is_no_name_is_refused),
        cmocka_unit_test(only_an_exact_version_is_one),
        cmocka_unit_test(a_version_has_at_most_64_characters_and_a_subject_200),
    };
    return cmocka_run_group_tests_name("record/registry", tests, NULL, NULL);
}
