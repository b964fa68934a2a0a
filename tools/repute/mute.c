/* `repute mute`: cuts a key off from your scores, here alone and unseen. The operator's key signs
 * it if the key's flags, or those behind it, count: servers may be offered again. */
#include "repute/command.h"
#include "repute/commands.h"
#include "repute/consent.h"
#include "repute/drafting.h"
#include "repute/ids.h"
#include "repute/passphrase.h"

enum { OFF, PASSPHRASE_FILE };

static const struct command_option options[] = {
    [OFF] = {.name = "off", .about = "hear it again"},
    [PASSPHRASE_FILE] = PASSPHRASE_OPTION,
    {0},
};

static enum trust_error run(struct context *context, const struct command_arguments *arguments)
{
    static const struct output_field fields[] = {
        {"key", "key", OUTPUT_AS_IT_IS},
        {"name", "name", OUTPUT_AS_IT_IS},
        {"muted", "muted", OUTPUT_AS_IT_IS},
        {0},
    };
    char key[TRUST_KEY_TEXT_SIZE];
    char path[CONTEXT_PATH_SIZE];
    struct trust_key somebody;
    bool is_heard = arguments->values[OFF].is_given;
    enum trust_error error = ids_key(context, key, arguments->words[0], TRUST_KEY_OPERATOR);
    /* One's own key cannot be cut off. */
    if (error == TRUST_OK && !is_heard)
        error = drafting_key(context, &somebody, key);
    if (error != TRUST_OK)
        return error;
    ids_path(path, "/v1/names/", key, "");
    json_t *answer = NULL;
    const struct consent_order order = {.method = TRUST_REQUEST_PUT,
                                        .path = path,
                                        .body = json_pack("{s:b}", "muted", !is_heard),
                                        .verb = "mute",
                                        .subject = key,
                                        .passphrase_file = arguments->values[PASSPHRASE_FILE].text};
    error = consent_send(context, &answer, &order);
    if (error == TRUST_OK)
        error = output_object(&context->output, answer, fields);
    json_decref(answer);
    json_decref(order.body);
    return error;
}

const struct command mute_command = {
    .name = "mute",
    .words = "KEY",
    .summary = "let a key count for nothing here",
    .more = "If flags count by it, that loosens safety: the operator's key signs the order.\n",
    .least = 1,
    .most = 1,
    .options = options,
    .run = run,
};
