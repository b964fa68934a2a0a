/* record/package: package URLs and the rules of each type. */
#include "record/package.h"

#include "subjects.h"

#define DIGEST "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"

static void a_package_splits_into_server_and_version(void **state)
{
    (void)state;
    assert_subject("pkg:npm/search", TRUST_SUBJECT_PACKAGE, "pkg:npm/search", "");
    assert_subject("pkg:npm/%40acme/search@1.4.2", TRUST_SUBJECT_PACKAGE, "pkg:npm/%40acme/search",
                   "1.4.2");
    assert_subject("pkg:pypi/mcp-server-fetch@2025.1.17", TRUST_SUBJECT_PACKAGE,
                   "pkg:pypi/mcp-server-fetch", "2025.1.17");
    assert_subject("pkg:oci/ghcr.io/acme/search@sha256:" DIGEST, TRUST_SUBJECT_PACKAGE,
                   "pkg:oci/ghcr.io/acme/search", "sha256:" DIGEST);
    assert_subject("pkg:generic/Acme/a%2Bb@1.0%2Bx", TRUST_SUBJECT_PACKAGE,
                   "pkg:generic/Acme/a%2Bb", "1.0%2Bx");
    assert_subject("pkg:github/acme/search@v1.2", TRUST_SUBJECT_PACKAGE, "pkg:github/acme/search",
                   "v1.2");
}

static void what_people_type_is_brought_into_form(void **state)
{
    (void)state;
    static const struct typed rows[] = {
        {"pkg:npm/@acme/search", "pkg:npm/%40acme/search"},
        {"pkg:npm/@acme/search@1.4.2", "pkg:npm/%40acme/search@1.4.2"},
        {"PKG:NPM/search", "pkg:npm/search"},
        {"pkg:npm/se%61rch", "pkg:npm/search"},
        {"pkg:npm/search@1.0.0+build", "pkg:npm/search@1.0.0%2Bbuild"},
        {"pkg:npm/search@1.0.0%2bbuild", "pkg:npm/search@1.0.0%2Bbuild"},
        {"pkg:pypi/Zope.Interface", "pkg:pypi/zope-interface"},
        {"pkg:pypi/a-_.b@1.0", "pkg:pypi/a-b@1.0"},
        {"pkg:oci/GHCR.io:443/acme/search@1.2", "pkg:oci/ghcr.io/acme/search@1.2"},
        {"pkg:oci/docker.io/nginx", "pkg:oci/docker.io/library/nginx"},
        {"pkg:oci/ghcr.io/acme/x@sha256%3A" DIGEST, "pkg:oci/ghcr.io/acme/x@sha256:" DIGEST},
        {"pkg:github/Acme/Search@V1", "pkg:github/acme/search@V1"},
        {"pkg:nuget/Acme.Search", "pkg:nuget/acme.search"},
        {"pkg:cargo/Acme%2DSearch", "pkg:cargo/acme-search"},
        {"pkg:generic/a%3ab", "pkg:generic/a:b"},
        {"pkg:generic/a@b/c@1", "pkg:generic/a%40b/c@1"},
    };
    assert_typed(rows, COUNT(rows));
}

static void a_name_that_may_mean_another_package_is_refused(void **state)
{
    (void)state;
    static const struct typed rows[] = {
        {"pkg:npm/Search", NULL}, /* an older package than npm's lower case */
        {"pkg:npm/.search", NULL},
        {"pkg:npm/_search", NULL},
        {"pkg:npm/@acme", NULL},
        {"pkg:npm/acme/search", NULL}, /* a scope without its sign */
        {"pkg:npm/%40/search", NULL},
        {"pkg:npm/%40a/b/c", NULL},
        {"pkg:npm/a%21", NULL},
        {"pkg:npm/search@next", NULL}, /* a tag moves */
        {"pkg:npm/search@1.x", NULL},
        {"pkg:npm/search@latest", NULL},
        {"pkg:pypi/a/b", NULL},
        {"pkg:pypi/-a", NULL},
        {"pkg:pypi/a-", NULL},
        {"pkg:pypi/a%20b", NULL},
        {"pkg:oci/search", NULL}, /* which image registry? */
        {"pkg:oci/search@1.2", NULL},
        {"pkg:oci/acme/search", NULL}, /* "acme" is a host of one network */
        {"pkg:oci/localhost:5000/search", NULL},
        {"pkg:oci/10.0.0.1/search", NULL},
        {"pkg:oci/index.docker.io/acme/x", NULL},
        {"pkg:oci/ghcr.io/Acme/x", NULL},
        {"pkg:oci/ghcr.io/-acme/x", NULL},
        {"pkg:oci/ghcr.io/acme//x", NULL},
        {"pkg:oci/ghcr.io/acme/x@latest", NULL},
        {"pkg:oci/ghcr.io/acme/x@sha256:0123", NULL},
        {"pkg:oci/ghcr.io/acme/x@.1", NULL},
        {"pkg:docker/acme/x@1", NULL}, /* the oci form says it */
        {"pkg:oci/ghcr.io", NULL},
        {"pkg:oci/docker.io/", NULL},
    };
    assert_typed(rows, COUNT(rows));
}

static void what_is_no_package_url_is_refused(void **state)
{
    (void)state;
    static const struct typed rows[] = {
        {"pkg:", NULL},
        {"pkg:npm", NULL},
        {"pkg:npm/", NULL},
        {"pkg:/search", NULL},
        {"pkg:9x/search", NULL},
        {"pkg:n_m/search", NULL},
        {"pkg:generic/a//b", NULL},
        {"pkg:generic/a/", NULL},
        {"pkg:generic/.", NULL},
        {"pkg:generic/../a", NULL},
        {"pkg:generic/%2e%2e/a", NULL},
        {"pkg:generic/a%2Fb", NULL},
        {"pkg:generic/a%5Cb", NULL},
        {"pkg:generic/a\\b", NULL},
        {"pkg:generic/a%00", NULL},
        {"pkg:generic/a%0A", NULL},
        {"pkg:generic/a%20b", NULL},
        {"pkg:generic/a%7F", NULL},
        {"pkg:generic/a%C3%A9", NULL},
        {"pkg:generic/a\xc3\xa9", NULL},
        {"pkg:generic/a%", NULL},
        {"pkg:generic/a%4", NULL},
        {"pkg:generic/a%4g", NULL},
        {"pkg:generic/a@", NULL},
        {"pkg:generic/a?arch=amd64", NULL},
        {"pkg:generic/a@1?x", NULL},
        {"pkg:generic/a#sub", NULL},
    };
    assert_typed(rows, COUNT(rows));
}

static void only_a_digest_may_be_a_longer_version(void **state)
{
    (void)state;
    struct trust_subject subject;
    char text[100] = "pkg:generic/a@";
    memset(text + 14, '1', 64);
    assert_int_equal(trust_subject_parse(&subject, trust_bytes_text(text)), TRUST_OK);
    text[14 + 64] = '1';
    assert_int_equal(trust_subject_parse(&subject, trust_bytes_text(text)), TRUST_NO_SUBJECT);
    assert_int_equal(
        trust_subject_parse(&subject, trust_bytes_text("pkg:generic/a@sha256:" DIGEST)),
        TRUST_NO_SUBJECT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_package_splits_into_server_and_version),
        cmocka_unit_test(what_people_type_is_brought_into_form),
        cmocka_unit_test(a_name_that_may_mean_another_package_is_refused),
        cmocka_unit_test(what_is_no_package_url_is_refused),
        cmocka_unit_test(only_a_digest_may_be_a_longer_version),
    };
    return cmocka_run_group_tests_name("record/package", tests, NULL, NULL);
}
