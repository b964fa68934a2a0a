/* repute/mask_word: words that name what is run are shown, words that may be secrets are not. */
#include "repute/mask_word.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static void a_word_is_shown_as_far_as_it_is_no_secret(void **state)
{
    (void)state;
    static const struct {
        const char *before;
        const char *word;
        const char *shown; /* NULL: all */
    } cases[] = {
        {NULL, "-y", NULL},
        {"-y", "@modelcontextprotocol/server-filesystem@2025.8.21", NULL},
        {NULL, "/srv/notes", NULL},
        {"--home", "/tmp/repute-clients-18tbzre6/node", NULL},
        {"run", "ghcr.io/github/github-mcp-server", NULL},
        {"run",
         "ghcr.io/a/b@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef",
         NULL},
        {"-e", "GITHUB_TOKEN", NULL},
        {"-e", "GITHUB_TOKEN=abc", "GITHUB_TOKEN="},
        {"-e", "lower", ""},
        {"--api-key", "abc", ""},
        {"--api-key", "--verbose", NULL},
        {NULL, "--api-key=abc", "--api-key="},
        {NULL, "--port=8080", NULL},
        {NULL, "--port=a1b2c3d4e5f6a7b8c9d0e1", "--port="},
        {NULL, "TOKEN=abc", "TOKEN="},
        {NULL, "mcp-server-fetch==2025.4.7", NULL},
        {NULL, "name=value", "name="},
        {"--header", "Authorization:${AUTH}", ""},
        {NULL, "Authorization: Bearer x", ""},
        {NULL, "sh -c x", ""},
        {NULL, "ghp_0123456789abcdefABCDEF", ""},
        {NULL, "https://x.example/mcp", NULL},
        {NULL, "https://x.example/mcp?token=1", "https://x.example/mcp"},
        {NULL, "https://x.example/mcp#k", "https://x.example/mcp"},
        {NULL, "https://u:p@x.example/mcp", "https://"},
        {NULL, "https://x.example/s/MDQ1ZjAwYWItMTIzNC00NTY3LTg5/mcp", "https://x.example"},
        {NULL, "postgres://u:p@db/x", "postgres://"},
        {NULL, "--db=postgres://u:p@db/x", "--db="},
        {NULL, "", NULL},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        size_t wanted = cases[i].shown == NULL ? strlen(cases[i].word) : strlen(cases[i].shown);
        size_t shown = mask_word_shown(cases[i].word, cases[i].before);
        if (shown != wanted)
            print_error("%s\n", cases[i].word);
        assert_int_equal(shown, wanted);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_word_is_shown_as_far_as_it_is_no_secret),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
