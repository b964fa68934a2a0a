/* A server's text, brought into canonical form and hashed once: trust_client_target of
 * trust/client.h. */
#include <string.h>

#include "trust/client.h"

#include "base/bytes.h"
#include "client/servers.h"

enum trust_error trust_client_target_init(struct trust_client_target *out_target,
                                          const char *subject, const char *tool)
{
    size_t tool_size = tool != NULL ? strnlen(tool, TRUST_CLIENT_TOOL_SIZE) : 0;
    if (tool_size >= TRUST_CLIENT_TOOL_SIZE)
        return TRUST_NO_SIZE;
    struct trust_client_target target = {.slot = TRUST_CLIENT_NO_SLOT,
                                         .tool_slot = TRUST_CLIENT_NO_SLOT};
    enum trust_error error = trust_subject_canonical(target.subject, trust_bytes_text(subject));
    if (error != TRUST_OK)
        return error;
    struct trust_subject parsed;
    error = trust_subject_parse(&parsed, trust_bytes_text(target.subject));
    if (error != TRUST_OK)
        return error;
    trust_subject_digest(target.digest, &parsed);
    if (tool_size > 0)
        memcpy(target.tool, tool, tool_size);
    *out_target = target;
    return TRUST_OK;
}
