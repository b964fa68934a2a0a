/*
 * Groups written into configurations. Whatever the bytes: what is shown has the lines of what is
 * written, and taking the edits back gives the bytes that were there.
 */
#include "repute/groups_edit.h"

#include <stdlib.h>
#include <string.h>

#include "base/assert.h"
#include "base/bytes.h"
#include "fuzz.h"

const char *__lsan_default_suppressions(void);

/* The lists that libfyaml loses on some faulty documents are its own. */
const char *__lsan_default_suppressions(void)
{
    return "leak:libfyaml\n";
}

static size_t count_lines(struct trust_bytes text)
{
    size_t count = 0;
    for (size_t i = 0; i < text.size; i++)
        count += text.data[i] == '\n';
    return count;
}

static struct trust_bytes apply(const struct patch *patch, struct trust_bytes text)
{
    uint8_t *made = NULL;
    size_t size = 0;
    enum trust_error error = patch_apply(patch, &made, &size, text);
    assert(error == TRUST_OK);
    return (struct trust_bytes){.data = made, .size = size};
}

static void check_undone(const struct patch *patch, struct trust_bytes before,
                         struct trust_bytes after)
{
    struct patch back = {0};
    size_t shift = 0;
    for (size_t i = 0; i < patch->count; i++) {
        const struct patch_edit *edit = &patch->edits[i];
        struct trust_bytes cut = {.data = before.data + edit->at, .size = edit->cut};
        enum trust_error error = patch_add(&back, edit->at + shift, edit->put_size, cut);
        assert(error == TRUST_OK);
        shift = shift + edit->put_size - edit->cut;
    }
    struct trust_bytes text = apply(&back, after);
    assert(trust_bytes_equal(text, before));
    free((void *)(uintptr_t)text.data);
    patch_close(&back);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const struct trust_group_pair pairs[] = {{"KEY", "hidden\n\xc2\x85"}};
    static const char *const words[] = {"-y", "x"};
    static const struct trust_group_server primary = {
        .subject = "pkg:npm/x",
        .command = "npx",
        .args = {.texts = words, .count = 2},
        .env = {.pairs = pairs, .count = 1},
    };
    static const struct groups_edit_group group = {.name = "zz-new", .primary = &primary};
    struct patch patch = {0};
    struct patch shown = {0};
    struct trust_bytes text = {.data = data, .size = size};
    if (groups_edit_add(&patch, &shown, text, &group, 1) == TRUST_OK) {
        struct trust_bytes after = apply(&patch, text);
        struct trust_bytes after_shown = apply(&shown, text);
        assert(count_lines(after) == count_lines(after_shown));
        check_undone(&patch, text, after);
        free((void *)(uintptr_t)after.data);
        free((void *)(uintptr_t)after_shown.data);
    }
    patch_close(&patch);
    patch_close(&shown);
    return 0;
}
