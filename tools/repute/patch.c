/* See patch.h. */
#include "repute/patch.h"

#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#include "base/assert.h"

enum trust_error patch_add(struct patch *patch, size_t at, size_t cut, struct trust_bytes put)
{
    struct patch_edit *edits = realloc(patch->edits, (patch->count + 1) * sizeof *edits);
    uint8_t *copy = malloc(put.size + 1);
    if (edits != NULL)
        patch->edits = edits;
    if (edits == NULL || copy == NULL) {
        free(copy);
        return TRUST_FAIL_MEMORY;
    }
    if (put.size > 0)
        memcpy(copy, put.data, put.size);
    size_t place = patch->count;
    while (place > 0 && edits[place - 1].at > at)
        place--;
    memmove(edits + place + 1, edits + place, (patch->count - place) * sizeof *edits);
    edits[place] = (struct patch_edit){.at = at, .cut = cut, .put = copy, .put_size = put.size};
    patch->count++;
    return TRUST_OK;
}

static size_t size_after(const struct patch *patch, size_t size)
{
    size_t end = 0;
    for (size_t i = 0; i < patch->count; i++) {
        const struct patch_edit *edit = &patch->edits[i];
        assert(edit->at >= end);
        end = edit->at + edit->cut;
        size += edit->put_size;
    }
    for (size_t i = 0; i < patch->count; i++) {
        assert(size >= patch->edits[i].cut);
        size -= patch->edits[i].cut;
    }
    return size;
}

enum trust_error patch_apply(const struct patch *patch, uint8_t **out_text, size_t *out_size,
                             struct trust_bytes text)
{
    size_t size = size_after(patch, text.size);
    uint8_t *made = malloc(size + 1);
    if (made == NULL)
        return TRUST_FAIL_MEMORY;
    size_t from = 0;
    size_t to = 0;
    for (size_t i = 0; i <= patch->count; i++) {
        const struct patch_edit *edit = i < patch->count ? &patch->edits[i] : NULL;
        size_t until = edit == NULL ? text.size : edit->at;
        if (until > from)
            memcpy(made + to, text.data + from, until - from);
        to += until - from;
        from = until;
        if (edit == NULL)
            break;
        memcpy(made + to, edit->put, edit->put_size);
        to += edit->put_size;
        from += edit->cut;
    }
    assert(to == size);
    made[size] = '\0';
    *out_text = made;
    *out_size = size;
    return TRUST_OK;
}

void patch_close(struct patch *patch)
{
    for (size_t i = 0; i < patch->count; i++) {
        sodium_memzero(patch->edits[i].put, patch->edits[i].put_size);
        free(patch->edits[i].put);
    }
    free(patch->edits);
    *patch = (struct patch){0};
}
