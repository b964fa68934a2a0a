/* The canonical form of a value is JSON and its own canonical form. */
#include "wire/jcs.h"

#include <stdlib.h>

#include "base/assert.h"
#include "fuzz.h"
#include "wire/json.h"

/* "1e20" is four bytes for twenty-one, "1e-6" four for eight; a unit escape is no longer than six.
 */
#define FORM_MAX(size) (6 * (size) + 32)

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct trust_bytes value = {.data = data, .size = size};
    size_t count = jcs_count_members(value);
    uint8_t *form = malloc(FORM_MAX(size));
    uint8_t *again = malloc(FORM_MAX(size));
    struct jcs_member *members = calloc(count + 1, sizeof *members);
    assert(form != NULL);
    assert(again != NULL);
    assert(members != NULL);
    struct trust_writer writer = trust_writer_init(form, FORM_MAX(size));
    enum trust_error error = jcs_write(&writer, members, count, value);
    assert((error == TRUST_NO_SYNTAX) == (json_check(value) == TRUST_NO_SYNTAX));
    assert(error != TRUST_NO_ROOM);
    if (error == TRUST_OK) {
        struct trust_bytes first = trust_writer_bytes(&writer);
        assert(json_check(first) == TRUST_OK);
        struct trust_writer second = trust_writer_init(again, first.size);
        error = jcs_write(&second, members, count, first);
        assert(error == TRUST_OK);
        assert(trust_bytes_equal(trust_writer_bytes(&second), first));
    }
    free(members);
    free(again);
    free(form);
    return 0;
}
