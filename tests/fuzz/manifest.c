/*
 * What servers list of themselves: the first byte says which list, the rest is a page. Whatever the
 * bytes: a page that is taken gives the same digests when it is written in canonical form.
 */
#include "guard/offer/manifest.h"

#include <stdlib.h>

#include "base/assert.h"
#include "base/limits.h"
#include "fuzz.h"

static enum trust_error make(struct manifest **out_manifest, enum manifest_list list,
                             struct trust_bytes page)
{
    enum trust_error error = manifest_new(out_manifest);
    assert(error == TRUST_OK);
    error = manifest_add_page(*out_manifest, list, page);
    if (error == TRUST_OK)
        error = manifest_set_server(*out_manifest, page);
    error = error == TRUST_NO_TYPE ? TRUST_OK : error; /* it need not be a greeting as well */
    manifest_finish(*out_manifest);
    return error;
}

static void check_tools(const struct manifest *manifest)
{
    for (size_t i = 0; i < manifest_count(manifest); i++) {
        const struct manifest_tool *tool = manifest_at(manifest, i);
        size_t index = 0;
        bool is_found = manifest_find(manifest, &index, tool->name);
        assert(is_found);
        assert(index == i);
        assert(tool->name.size > 0);
        assert(tool->is_bad || tool->name.size <= TRUST_TOOL_NAME_SIZE_MAX);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size == 0)
        return 0;
    struct trust_bytes page = {.data = data + 1, .size = size - 1};
    enum manifest_list list = (enum manifest_list)(data[0] % MANIFEST_LISTS);
    struct manifest *first = NULL, *second = NULL;
    uint8_t *form = NULL;
    size_t form_size = 0;
    enum trust_error error = make(&first, list, page);
    check_tools(first);
    if (error == TRUST_OK && digest_canonical(&form, &form_size, page) == TRUST_OK) {
        error = make(&second, list, (struct trust_bytes){.data = form, .size = form_size});
        assert(error == TRUST_OK);
        assert(memcmp(manifest_digest(first), manifest_digest(second), DIGEST_SIZE) == 0);
        manifest_free(second);
    }
    free(form);
    manifest_free(first);
    return 0;
}
