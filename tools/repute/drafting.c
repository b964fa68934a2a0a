/* See drafting.h. */
#include "repute/drafting.h"

#include <sodium.h>
#include <string.h>

#include "base/bytes.h"
#include "repute/draft_doc.h"
#include "repute/ids.h"
#include "repute/operator.h"
#include "repute/publishing.h"
#include "repute/shelf.h"

enum trust_error drafting_subject(struct context *context,
                                  char out_subject[TRUST_SUBJECT_TEXT_SIZE], const char *typed)
{
    struct trust_subject subject;
    enum trust_error error = ids_subject(context, out_subject, typed);
    if (error == TRUST_OK)
        error = trust_subject_parse(&subject, trust_bytes_text(out_subject));
    if (error != TRUST_OK)
        return error;
    if (!trust_subject_is_signable(&subject))
        return context_misuse(context, TRUST_NO_SUBJECT,
                              "name the server as others know it, by registry, package or https",
                              "%s means another server on every host: nothing can be signed about "
                              "it",
                              out_subject);
    if (strcmp(typed, out_subject) != 0)
        output_say(&context->output, "%s is %s\n", typed, out_subject);
    return TRUST_OK;
}

enum trust_error drafting_manifest(struct context *context, struct draft *draft,
                                   const struct command_setting *manifest)
{
    if (!manifest->is_given)
        return TRUST_OK;
    enum trust_error error = ids_check_hash(context, "manifest", manifest->text);
    if (error != TRUST_OK)
        return error;
    draft->has_manifest = sodium_hex2bin(draft->manifest, sizeof draft->manifest, manifest->text,
                                         strlen(manifest->text), NULL, NULL, NULL) == 0;
    return draft->has_manifest ? TRUST_OK : TRUST_FAIL_LIBRARY;
}

enum trust_error drafting_key(struct context *context, struct trust_key *out_key, const char *typed)
{
    char text[TRUST_KEY_TEXT_SIZE];
    struct trust_key own;
    enum trust_error error = ids_key(context, text, typed, TRUST_KEY_OPERATOR);
    if (error == TRUST_OK)
        error = trust_key_decode(out_key, trust_bytes_text(text), TRUST_KEY_OPERATOR);
    if (error != TRUST_OK)
        return error;
    if (strcmp(typed, text) != 0)
        output_say(&context->output, "%s is %s\n", typed, text);
    if (operator_public(context, &own) != TRUST_OK) {
        /* A home without a key may keep drafts. */
        context->failure = (struct failure){0};
        return TRUST_OK;
    }
    if (memcmp(&own, out_key, sizeof own) == 0)
        return context_misuse(context, TRUST_NO_KEY, "name somebody else's key",
                              "this is the operator's own key");
    return TRUST_OK;
}

uint16_t drafting_permille(double ratio)
{
    return (uint16_t)(ratio * 1000 + 0.5);
}

static enum trust_error show_draft(struct context *context, const struct shelf_draft *draft,
                                   bool replaced)
{
    json_t *document = draft_doc_make(draft);
    if (document == NULL ||
        json_object_set_new(document, "replaced", json_boolean(replaced)) != 0) {
        json_decref(document);
        return TRUST_FAIL_MEMORY;
    }
    enum trust_error error = output_object(&context->output, document, draft_doc_fields);
    json_decref(document);
    output_say(&context->output, "%s\nnext: `repute publish` signs and sends all drafts\n",
               replaced ? "\nThis replaces the draft there was about the same.\n" : "");
    return error;
}

/* One draft, published: its document, and the failure where it was refused. */
static enum trust_error publish(struct context *context, struct shelf_draft *draft,
                                const char *passphrase_file)
{
    json_t *list = NULL;
    const struct shelf shelf = {.drafts = draft, .count = 1};
    enum trust_error error = publishing_send(context, &list, &shelf, passphrase_file);
    if (error != TRUST_OK)
        return error;
    if (context->output.form == OUTPUT_JSON)
        error = output_json(&context->output, json_array_get(list, 0));
    else
        error = publishing_show(context, list);
    json_decref(list);
    return error;
}

enum trust_error drafting_finish(struct context *context, struct draft *draft,
                                 const struct drafting *drafting)
{
    bool replaced = false;
    struct shelf_draft shelved;
    draft->created_s = context_now_ms() / 1000;
    draft->life_s = drafting->life_s;
    if (drafting->expires != NULL && drafting->expires->is_given)
        draft->life_s = drafting->expires->whole / DRAFTING_SECOND_MS;
    enum trust_error error = draft_check(draft);
    if (error != TRUST_OK)
        return context_misuse(context, error, NULL, "this cannot be said in a record: %s",
                              trust_error_text(error));
    error = shelf_put(context, &replaced, shelved.id, draft);
    if (error != TRUST_OK)
        return error;
    shelved.draft = *draft;
    if (drafting->publish->is_given)
        return publish(context, &shelved, drafting->passphrase_file->text);
    return show_draft(context, &shelved, replaced);
}
