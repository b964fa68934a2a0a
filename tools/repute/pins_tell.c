/* See pins_tell.h. */
#include "repute/pins_tell.h"

#include <sodium.h>

#include "base/date.h"
#include "guard/offer/digest.h"
#include "repute/ids.h"

static bool is_settled(const struct pins_entry *entry)
{
    for (size_t i = 0; i < entry->count; i++) {
        if (entry->tools[i].offered.text != NULL)
            return false;
    }
    return entry->offered.text == NULL;
}

static json_t *body_of(const struct pins_entry *entry, const uint8_t manifest[DIGEST_SIZE])
{
    char capabilities[DIGEST_HEX_SIZE];
    char pinned[DIGEST_HEX_SIZE];
    char signature[2 * TRUST_SIGNATURE_SIZE + 1];
    char time[TRUST_DATE_SIZE];
    digest_hex(capabilities, entry->capabilities);
    digest_hex(pinned, manifest);
    trust_date_encode(time, entry->accepted_s);
    (void)sodium_bin2hex(signature, sizeof signature, entry->signature, sizeof entry->signature);
    return json_pack("{s:s,s:s,s:s,s:s?}", "capabilities", capabilities, "manifest", pinned, "time",
                     time, "signature", entry->has_signature ? signature : NULL);
}

enum trust_error pins_tell_add(json_t *acceptances, const struct pins_entry *entry)
{
    uint8_t manifest[DIGEST_SIZE];
    if (!is_settled(entry))
        return TRUST_OK;
    enum trust_error error = pins_entry_digest(manifest, entry);
    if (error != TRUST_OK)
        return error;
    json_t *one =
        json_pack("{s:s,s:o}", "subject", entry->subject, "body", body_of(entry, manifest));
    return one != NULL && json_array_append_new(acceptances, one) == 0 ? TRUST_OK
                                                                       : TRUST_FAIL_MEMORY;
}

static enum trust_error send(struct context *context, const char *subject, const json_t *body)
{
    char path[CONTEXT_PATH_SIZE];
    json_t *answer = NULL;
    ids_path(path, "/v1/pins/", subject, "");
    enum trust_error error = context_ask(context, &answer, TRUST_REQUEST_POST, path, body);
    json_decref(answer);
    /* The pins are stored, whatever the node says. */
    context->failure = (struct failure){0};
    return error;
}

void pins_tell_send(struct context *context, const json_t *acceptances)
{
    for (size_t i = 0; i < json_array_size(acceptances); i++) {
        const json_t *one = json_array_get(acceptances, i);
        const char *subject = json_string_value(json_object_get(one, "subject"));
        enum trust_error error = send(context, subject, json_object_get(one, "body"));
        if (error == TRUST_OK)
            output_say(&context->output, "the node knows that the tools of %s are approved\n",
                       subject);
        else if (error != TRUST_NO_FOUND)
            output_say(&context->output,
                       "the node was not told (%s): if it has %s as suspect, `repute quarantine "
                       "release` ends that\n",
                       trust_error_name(error), subject);
        if (error == TRUST_NO_NODE)
            return;
    }
}
