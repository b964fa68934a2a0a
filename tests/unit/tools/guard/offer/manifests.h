/* Servers to pin and to cover: JSON is written with ' in place of ". */
#ifndef TESTS_TOOLS_GUARD_MANIFESTS_H
#define TESTS_TOOLS_GUARD_MANIFESTS_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "guard/offer/manifest.h"

#define MANIFESTS_SIZE 8192
#define MANIFESTS_GREETING                                                                         \
    "{'protocolVersion':'2025-06-18','capabilities':{'tools':{}},'serverInfo':{'name':'s',"        \
    "'version':'1'},'instructions':'Be kind.'}"

struct manifests_text {
    char text[MANIFESTS_SIZE];
};

static inline struct manifests_text manifests_quote(const char *single)
{
    struct manifests_text quoted = {{0}};
    assert_true(strlen(single) < sizeof quoted.text);
    for (size_t i = 0; single[i] != '\0'; i++)
        quoted.text[i] = single[i] == '\'' ? '"' : single[i];
    return quoted;
}

/* tools: objects with commas between them. */
static inline struct manifest *manifests_make(const char *greeting, const char *tools)
{
    struct manifest *manifest = NULL;
    char page[MANIFESTS_SIZE];
    (void)snprintf(page, sizeof page, "{'tools':[%s]}", tools);
    struct manifests_text server = manifests_quote(greeting), list = manifests_quote(page);
    assert_int_equal(manifest_new(&manifest), TRUST_OK);
    assert_int_equal(manifest_set_server(manifest, trust_bytes_text(server.text)), TRUST_OK);
    assert_int_equal(manifest_add_page(manifest, MANIFEST_TOOLS, trust_bytes_text(list.text)),
                     TRUST_OK);
    manifest_finish(manifest);
    return manifest;
}

static inline void manifests_check(struct trust_bytes found, const char *single)
{
    struct manifests_text expected = manifests_quote(single);
    if (!trust_bytes_equal(found, trust_bytes_text(expected.text)))
        fail_msg("%.*s, not %s", (int)found.size, found.size > 0 ? (const char *)found.data : "",
                 expected.text);
}

#endif
