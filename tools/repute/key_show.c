/* `repute key show`: the operator key as far as it may be seen without its passphrase. Whether it
 * was revoked is in no file: the node knows it, if there is one. */
#include <string.h>
#include <sys/stat.h>

#include "base/date.h"
#include "repute/command.h"
#include "repute/commands.h"
#include "repute/operator.h"

/* Sealed in the file; an unsealed one says them without being asked for anything. */
static enum trust_error add_note(struct context *context, json_t *document,
                                 const struct operator_file *file)
{
    struct trust_secret *secret = NULL;
    struct trust_keyfile_note note;
    char created[TRUST_DATE_SIZE];
    if (file->file.kdf != TRUST_KEYFILE_PLAIN)
        return TRUST_OK;
    enum trust_error error = operator_unlock(context, &secret, &note, file, NULL);
    if (error != TRUST_OK)
        return error;
    trust_secret_close(secret);
    trust_date_encode(created, note.created_s);
    if (json_object_set_new(document, "name", json_string(note.label)) != 0 ||
        json_object_set_new(document, "created", json_string(created)) != 0)
        return TRUST_FAIL_MEMORY;
    return TRUST_OK;
}

/* Yes or no of the node that has this operator; null without one. */
static json_t *ask_revoked(struct context *context, const char *key)
{
    json_t *status = NULL;
    const struct failure before = context->failure;
    if (context_ask(context, &status, TRUST_REQUEST_GET, "/v1/status", NULL) != TRUST_OK) {
        context->failure = before;
        return json_null();
    }
    const char *me = json_string_value(json_object_get(status, "operator"));
    bool is_mine = me != NULL && strcmp(me, key) == 0;
    bool is_revoked = false;
    const json_t *health = json_object_get(status, "health");
    for (size_t i = 0; i < json_array_size(health); i++) {
        const json_t *code = json_object_get(json_array_get(health, i), "code");
        if (json_is_string(code) && strcmp(json_string_value(code), "operator_revoked") == 0)
            is_revoked = true;
    }
    json_decref(status);
    return is_mine ? json_boolean(is_revoked) : json_null();
}

static enum trust_error describe(struct context *context, json_t **out_document,
                                 const struct operator_file *file)
{
    char text[TRUST_KEY_TEXT_SIZE];
    char short_id[TRUST_KEY_SHORT_SIZE];
    char revocation[TRUST_HOME_PATH_SIZE];
    struct stat status;
    trust_key_encode(text, &file->file.public_key, TRUST_KEY_OPERATOR);
    trust_key_short(short_id, &file->file.public_key);
    trust_home_path(revocation, &context->home, TRUST_HOME_REVOCATION);
    bool has_revocation = lstat(revocation, &status) == 0;
    json_t *document = json_pack(
        "{s:s,s:s,s:n,s:n,s:b,s:s,s:s?,s:o}", "key", text, "short", short_id, "name", "created",
        "sealed", file->file.kdf != TRUST_KEYFILE_PLAIN, "file", file->path, "revocation",
        has_revocation ? revocation : NULL, "revoked", ask_revoked(context, text));
    if (document == NULL)
        return TRUST_FAIL_MEMORY;
    enum trust_error error = add_note(context, document, file);
    if (error != TRUST_OK) {
        json_decref(document);
        return error;
    }
    *out_document = document;
    return TRUST_OK;
}

static enum trust_error run(struct context *context, const struct command_arguments *arguments)
{
    static const struct output_field fields[] = {
        {"operator key", "key", OUTPUT_AS_IT_IS},
        {"short id", "short", OUTPUT_AS_IT_IS},
        {"name", "name", OUTPUT_AS_IT_IS},
        {"created", "created", OUTPUT_AS_IT_IS},
        {"sealed", "sealed", OUTPUT_AS_IT_IS},
        {"key file", "file", OUTPUT_AS_IT_IS},
        {"revocation", "revocation", OUTPUT_AS_IT_IS},
        {"revoked", "revoked", OUTPUT_AS_IT_IS},
        {0},
    };
    (void)arguments;
    struct operator_file file;
    json_t *document = NULL;
    enum trust_error error = operator_file_read(context, &file);
    if (error != TRUST_OK)
        return error;
    error = describe(context, &document, &file);
    if (error == TRUST_OK)
        error = output_object(&context->output, document, fields);
    json_decref(document);
    operator_file_close(&file);
    return error;
}

const struct command key_show_command = {
    .name = "key show",
    .words = "",
    .summary = "show the operator key, without its secret",
    .more =
        "Name and date are sealed in the key file; only an unsealed one shows them. Whether the\n"
        "key was revoked the node knows, if one runs.\n",
    .run = run,
};
