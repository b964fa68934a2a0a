/* repute/mask: what is shown of a configuration has its lines and names, and no secret. */
#include "repute/mask.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/bytes.h"

#define O "\xe2\x80\xa6"

static void only_what_is_harmless_is_shown(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        const char *shown;
    } cases[] = {
        {"{\n\t\"a\": \"b\",\r\n  \"n\": [1.5, true, null, -2]\n}\n",
         "{\n\t\"a\": \"" O "\",\r\n  \"n\": [" O ", true, null, " O "]\n}\n"},
        {"// key: k\n/* k\n k */ {}", "// " O "\n/* " O "\n */ {}"},
        {"{\"command\": \"npx\", \"type\": \"stdio\", \"cwd\": \"/srv\"}",
         "{\"command\": \"npx\", \"type\": \"stdio\", \"cwd\": \"/srv\"}"},
        {"{\"args\": [\"-y\", \"@a/b@1.2\", \"--api-key\", \"k\", \"--token=k\", \"/srv/x\"]}",
         "{\"args\": [\"-y\", \"@a/b@1.2\", \"--api-key\", \"" O "\", \"--token=" O
         "\", \"/srv/x\"]}"},
        {"{\"command\": [\"npx\", \"@a/b\", \"--api-key\", \"k\", \"TOKEN=k\"]}",
         "{\"command\": [\"npx\", \"@a/b\", \"--api-key\", \"" O "\", \"TOKEN=" O "\"]}"},
        {"{\"env\": {\"A\": \"k\", \"B\": 1, \"C\": true, \"command\": \"k\", \"D\": [\"k\"]}}",
         "{\"env\": {\"A\": \"" O "\", \"B\": " O ", \"C\": " O ", \"command\": \"" O
         "\", \"D\": [\"" O "\"]}}"},
        {"{\"headers\": {\"X\": \"k\"}, \"url\": \"https://x.example/mcp?key=k\"}",
         "{\"headers\": {\"X\": \"" O "\"}, \"url\": \"https://x.example/mcp" O "\"}"},
        {"{\"url\": \"https://x.example/mcp\", \"serverUrl\": \"https://u:k@x.example/\"}",
         "{\"url\": \"https://x.example/mcp\", \"serverUrl\": \"https://" O "\"}"},
        /* A name within env means nothing, and what comes behind it does again. */
        {"{\"env\": {\"x\": {\"args\": [\"k\"]}}, \"args\": [\"a\"]}",
         "{\"env\": {\"x\": {\"args\": [\"" O "\"]}}, \"args\": [\"a\"]}"},
        {"{\"\\u0065nv\": {\"A\": \"k\"}}", "{\"\\u0065nv\": {\"A\": \"" O "\"}}"},
        {"\xef\xbb\xbf[]", "[]"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char *shown = NULL;
        size_t size = 0;
        enum trust_error error = mask_jsonc(&shown, &size, trust_bytes_text(cases[i].text));
        assert_int_equal(error, TRUST_OK);
        assert_string_equal(shown, cases[i].shown);
        free(shown);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(only_what_is_harmless_is_shown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
