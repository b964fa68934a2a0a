/*
 * Configurations of MCP clients. Whatever the bytes: the reading ends, what it says of a fault has
 * a place, and every server found has either a canonical subject or a reason for having none.
 */
#include <stdlib.h>
#include <string.h>

#include "base/assert.h"
#include "base/bytes.h"
#include "fuzz.h"
#include "repute/clients_doc.h"
#include "repute/jsonc.h"

static bool see(void *context, const struct clients_server *server)
{
    (void)context;
    struct launch launch;
    struct trust_subject subject;
    launch_derive(&launch, &server->line);
    assert((launch.gap == LAUNCH_GAP_NONE) == (launch.subject[0] != '\0'));
    if (launch.gap != LAUNCH_GAP_NONE) {
        assert(launch_gap_name(launch.gap) != NULL);
        return true;
    }
    enum trust_error error = trust_subject_parse(&subject, trust_bytes_text(launch.subject));
    assert(error == TRUST_OK);
    /* Only versions are pinned. */
    assert(!launch.is_pinned || subject.version.size > 0);
    return true;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct jsonc_fault fault = {0};
    json_t *document = NULL;
    uint8_t *text = malloc(size == 0 ? 1 : size);
    assert(text != NULL);
    if (size > 0)
        memcpy(text, data, size);
    enum trust_error error = jsonc_read(&document, &fault, text, size);
    if (error == TRUST_OK) {
        error = clients_doc_walk(document, CLIENTS_ANY, see, NULL);
        assert(error == TRUST_OK || error == TRUST_NO_TYPE || error == TRUST_NO_ROOM);
        json_decref(document);
    } else {
        assert(error == TRUST_NO_SYNTAX || error == TRUST_NO_RANGE);
        assert(fault.line > 0);
        assert(fault.column > 0);
        assert(fault.text != NULL);
    }
    free(text);
    return 0;
}
