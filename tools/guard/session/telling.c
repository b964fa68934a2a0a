/* See telling.h. */
#include "guard/session/telling.h"

enum trust_manifest_state telling_state(uint32_t *out_tools, const struct pins_verdict *verdict)
{
    size_t pending = verdict->counts[PIN_PENDING];
    *out_tools = (uint32_t)(verdict->changed > 0 ? verdict->changed : pending);
    if (verdict->changed > 0 || verdict->is_server_changed)
        return TRUST_MANIFEST_CHANGED;
    return pending > 0 ? TRUST_MANIFEST_PENDING : TRUST_MANIFEST_PINNED;
}

void telling_tell(struct trust_client *client, const char *subject,
                  const struct catalogue_news *news)
{
    struct trust_client_manifest seen = {
        .subject = subject, .capabilities = news->capabilities, .manifest = news->manifest};
    seen.state = telling_state(&seen.tools, &news->verdict);
    /* The guard's own work does not rest on it. */
    enum trust_error error = trust_client_tell_manifest(client, &seen);
    (void)error;
}
