/* repute/launch_spec: each manager's spelling, at the edges that a command line seldom shows. */
#include "repute/launch_spec.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

typedef void read_spec(struct launch *launch, const char *spec);

struct row {
    read_spec *read;
    const char *spec;
    const char *wanted; /* subject; "": none */
    enum launch_gap gap;
    bool is_pinned;
};

static const struct row rows[] = {
    {launch_spec_npm, "a@=1.2.3", "pkg:npm/a@1.2.3", LAUNCH_GAP_NONE, true},
    {launch_spec_npm, "a@1.2.3+b", "pkg:npm/a@1.2.3%2Bb", LAUNCH_GAP_NONE, true},
    {launch_spec_npm, "a@1.2.", "pkg:npm/a", LAUNCH_GAP_NONE, false},
    {launch_spec_npm, "a@1.2.3 - 2.0.0", "pkg:npm/a", LAUNCH_GAP_NONE, false},
    {launch_spec_npm, "a@1.2.3.4", "pkg:npm/a", LAUNCH_GAP_NONE, false},
    {launch_spec_npm, "a@", "pkg:npm/a", LAUNCH_GAP_NONE, false},
    {launch_spec_npm, "@", "", LAUNCH_GAP_NAME, false},
    {launch_spec_npm, "", "", LAUNCH_GAP_NAME, false},
    {launch_spec_npm, "C:/server", "", LAUNCH_GAP_FILE, false},
    {launch_spec_npm, "a/b/c", "", LAUNCH_GAP_SOURCE, false},
    {launch_spec_npm, "/b", "", LAUNCH_GAP_FILE, false},
    {launch_spec_npm, "git+ssh://git@github.com/a/b.git#v1.0", "pkg:github/a/b@v1.0",
     LAUNCH_GAP_NONE, false},
    {launch_spec_npm, "git@bitbucket.org:a/b", "pkg:bitbucket/a/b", LAUNCH_GAP_NONE, false},
    {launch_spec_npm, "https://github.com.evil.example/a/b", "", LAUNCH_GAP_SOURCE, false},
    {launch_spec_npm, "https://github.com/a/b/tarball/x", "", LAUNCH_GAP_SOURCE, false},
    {launch_spec_npm, "github:a", "", LAUNCH_GAP_SOURCE, false},
    {launch_spec_pypi, "a===1.0", "pkg:pypi/a@1.0", LAUNCH_GAP_NONE, true},
    {launch_spec_pypi, "a==1.*", "pkg:pypi/a", LAUNCH_GAP_NONE, false},
    {launch_spec_pypi, "a==1.0,<2", "pkg:pypi/a", LAUNCH_GAP_NONE, false},
    {launch_spec_pypi, "a~=1.0", "pkg:pypi/a", LAUNCH_GAP_NONE, false},
    {launch_spec_pypi, "a[", "pkg:pypi/a", LAUNCH_GAP_NONE, false},
    {launch_spec_pypi, "http-tools-mcp", "pkg:pypi/http-tools-mcp", LAUNCH_GAP_NONE, false},
    {launch_spec_pypi, "git+https://example.com/a/b", "", LAUNCH_GAP_SOURCE, false},
    {launch_spec_pypi, "a/b", "", LAUNCH_GAP_FILE, false},
    {launch_spec_pypi, "", "", LAUNCH_GAP_NAME, false},
    {launch_spec_image, "a.example:5000/b/c:1", "pkg:oci/a.example:5000/b/c@1", LAUNCH_GAP_NONE,
     false},
    {launch_spec_image, "docker.io/mcp/x", "pkg:oci/docker.io/mcp/x", LAUNCH_GAP_NONE, false},
    {launch_spec_image, "mcp/X", "", LAUNCH_GAP_NAME, false},
    {launch_spec_image, "mcp/x@sha256:00", "pkg:oci/docker.io/mcp/x", LAUNCH_GAP_NONE, false},
    {launch_spec_image, "mcp/", "", LAUNCH_GAP_NAME, false},
    {launch_spec_image, "@a/b", "", LAUNCH_GAP_IMAGE, false},
    {launch_spec_image, "a@b/c", "", LAUNCH_GAP_IMAGE, false},
    {launch_spec_image, "$IMAGE", "", LAUNCH_GAP_IMAGE, false},
    {launch_spec_image, "%IMAGE%", "", LAUNCH_GAP_VARIABLE, false},
    {launch_spec_go, "a.example/b@latest", "pkg:golang/a.example/b", LAUNCH_GAP_NONE, false},
    {launch_spec_go, "cmd/server", "", LAUNCH_GAP_FILE, false},
    {launch_spec_nuget, "A.B@2", "pkg:nuget/a.b", LAUNCH_GAP_NONE, false},
    {launch_spec_script, "/x/node_modules/.bin/a", "", LAUNCH_GAP_FILE, false},
    {launch_spec_script, "/x/node_modules/", "", LAUNCH_GAP_FILE, false},
    {launch_spec_script, "/x/node_modules/@a", "", LAUNCH_GAP_FILE, false},
    {launch_spec_script, "/x/node_modules/a", "pkg:npm/a", LAUNCH_GAP_NONE, false},
    {launch_spec_url, "https://", "", LAUNCH_GAP_NAME, false},
    {launch_spec_url,
     "https://a.example/ABCdef"
     "ABCdefABCdefAB",
     "", LAUNCH_GAP_SECRET, false},
    {launch_spec_url, "https://a.example/ABCdefABCdefABCdef1",
     "https://a.example/"
     "ABCdefABCdefABCdef1",
     LAUNCH_GAP_NONE, false},
};

static void a_spelling_has_its_subject_or_its_gap(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct launch launch = {0};
        rows[i].read(&launch, rows[i].spec);
        print_message("%s\n", rows[i].spec);
        assert_string_equal(launch.subject, rows[i].wanted);
        assert_int_equal(launch.gap, rows[i].gap);
        assert_int_equal(launch.is_pinned, rows[i].is_pinned);
    }
}

static void a_name_over_the_bound_is_a_gap(void **state)
{
    (void)state;
    char spec[2000];
    struct launch launch = {0};
    memset(spec, 'a', sizeof spec - 1);
    spec[sizeof spec - 1] = '\0';
    launch_spec_npm(&launch, spec);
    assert_int_equal(launch.gap, LAUNCH_GAP_NAME);
    assert_string_equal(launch.subject, "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_spelling_has_its_subject_or_its_gap),
        cmocka_unit_test(a_name_over_the_bound_is_a_gap),
    };
    return cmocka_run_group_tests_name("tools/repute/launch_spec", tests, NULL, NULL);
}
