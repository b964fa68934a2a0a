/*
 * Changes to configurations of MCP clients. Whatever the bytes: what could be read before can be
 * read after a member was put, it has that value and everything else the one it had; taking the
 * edits back gives the bytes that were there; and what is shown has as many lines as the text.
 */
#include "repute/jsonc_site.h"

#include <stdlib.h>
#include <string.h>

#include "base/assert.h"
#include "base/bytes.h"
#include "fuzz.h"
#include "repute/jsonc.h"
#include "repute/mask.h"

static const char *const names[] = {"mcpServers", "new"};

static json_t *read_copy(struct trust_bytes text)
{
    struct jsonc_fault fault;
    json_t *document = NULL;
    uint8_t *copy = malloc(text.size + 1);
    assert(copy != NULL);
    if (text.size > 0)
        memcpy(copy, text.data, text.size);
    enum trust_error error = jsonc_read(&document, &fault, copy, text.size);
    free(copy);
    return error == TRUST_OK ? document : NULL;
}

static void check_shown(struct trust_bytes text)
{
    char *shown = NULL;
    size_t size = 0;
    enum trust_error error = mask_jsonc(&shown, &size, text);
    if (error != TRUST_OK)
        return;
    size_t lines = 0;
    for (size_t i = 0; i < text.size; i++)
        lines += text.data[i] == '\n';
    for (size_t i = 0; i < size; i++)
        lines -= shown[i] == '\n';
    assert(lines == 0);
    free(shown);
}

/* Every edit undone, from the last: what it put goes, what it cut comes back. */
static void check_undone(const struct patch *patch, struct trust_bytes before,
                         struct trust_bytes after)
{
    struct patch back = {0};
    uint8_t *text = NULL;
    size_t size = 0;
    size_t shift = 0;
    for (size_t i = 0; i < patch->count; i++) {
        const struct patch_edit *edit = &patch->edits[i];
        struct trust_bytes cut = {.data = before.data + edit->at, .size = edit->cut};
        enum trust_error error = patch_add(&back, edit->at + shift, edit->put_size, cut);
        assert(error == TRUST_OK);
        shift = shift + edit->put_size - edit->cut;
    }
    enum trust_error error = patch_apply(&back, &text, &size, after);
    assert(error == TRUST_OK);
    assert(trust_bytes_equal((struct trust_bytes){.data = text, .size = size}, before));
    free(text);
    patch_close(&back);
}

/* The document with the member set, or without it. */
static void expect(json_t *document, json_t *value, struct trust_bytes after)
{
    json_t *servers = json_object_get(document, names[0]);
    if (!json_is_object(document))
        document = json_object();
    else
        json_incref(document);
    if (!json_is_object(servers)) {
        servers = json_object();
        (void)json_object_set_new(document, names[0], servers);
    }
    if (value != NULL)
        (void)json_object_set_new(servers, names[1], value);
    else
        (void)json_object_del(servers, names[1]);
    json_t *made = read_copy(after);
    assert(made != NULL);
    int is_equal = json_equal(made, document);
    assert(is_equal);
    json_decref(made);
    json_decref(document);
}

static void try(struct trust_bytes text, struct jsonc_site *site, json_t *value)
{
    struct patch patch = {0};
    uint8_t *after = NULL;
    size_t size = 0;
    json_t *document = read_copy(text);
    enum trust_error error = value == NULL
                                 ? jsonc_site_drop(&patch, site)
                                 : jsonc_site_put(&patch, site, trust_bytes_text("{\"a\": [1]}"));
    assert(error == TRUST_OK);
    error = patch_apply(&patch, &after, &size, text);
    assert(error == TRUST_OK);
    struct trust_bytes made = {.data = after, .size = size};
    check_undone(&patch, text, made);
    check_shown(made);
    /* An empty text is no document, and becomes one. */
    if (document != NULL || site->value.size == 0)
        expect(document, value, made);
    else
        json_decref(value);
    json_decref(document);
    free(after);
    patch_close(&patch);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct jsonc_site site;
    struct trust_bytes text = {.data = data, .size = size};
    check_shown(text);
    if (jsonc_site_find(&site, text, names, 2) != TRUST_OK)
        return 0;
    try(text, &site, json_pack("{s:[f]}", "a", 1.0));
    if (jsonc_site_is_there(&site))
        try(text, &site, NULL);
    return 0;
}
