/* `repute key passwd`: seals the key under another passphrase, or none. */
#include <stdio.h>

#include "host/files.h"
#include "repute/command.h"
#include "repute/commands.h"
#include "repute/operator.h"
#include "repute/passphrase.h"
#include "repute/sealing.h"

enum { PASSPHRASE_FILE, NEW_PASSPHRASE_FILE, NO_PASSPHRASE };

static const struct command_option options[] = {
    [PASSPHRASE_FILE] = PASSPHRASE_OPTION,
    [NEW_PASSPHRASE_FILE] = {.name = "new-passphrase-file",
                             .kind = COMMAND_TEXT,
                             .shown = "FILE",
                             .about = "read the new one from FILE (or /dev/fd/N)"},
    [NO_PASSPHRASE] = {.name = "no-passphrase",
                       .about = "leave the key unsealed: whoever reads the file has the key"},
    {0},
};

static enum trust_error seal_anew(struct context *context, const char *path,
                                  const struct trust_keyfile_content *content,
                                  const struct sealing_wish *wish)
{
    struct sealing sealing;
    enum trust_error error = sealing_make(context, &sealing, content, wish);
    if (error == TRUST_OK) {
        error = trust_file_write(
            path, (struct trust_bytes){.data = sealing.bytes, .size = sealing.size}, 0600);
        if (error != TRUST_OK)
            (void)context_refuse(context, error, "make room, or check the directory's owner",
                                 "%s: %s", path, trust_error_text(error));
    }
    sealing_close(&sealing);
    return error;
}

static enum trust_error show(struct context *context, const struct operator_file *file,
                             bool is_sealed)
{
    static const struct output_field fields[] = {
        {"operator key", "key", OUTPUT_AS_IT_IS},
        {"key file", "file", OUTPUT_AS_IT_IS},
        {"sealed", "sealed", OUTPUT_AS_IT_IS},
        {0},
    };
    char text[TRUST_KEY_TEXT_SIZE];
    trust_key_encode(text, &file->file.public_key, TRUST_KEY_OPERATOR);
    json_t *document =
        json_pack("{s:s,s:s,s:b}", "key", text, "file", file->path, "sealed", is_sealed);
    enum trust_error error = output_object(&context->output, document, fields);
    json_decref(document);
    output_say(&context->output,
               "\nnext: copies of the file still open with what opened them before\n");
    return error;
}

static enum trust_error run(struct context *context, const struct command_arguments *arguments)
{
    const struct command_setting *values = arguments->values;
    const struct sealing_wish wish = {.is_plain = values[NO_PASSPHRASE].is_given,
                                      .passphrase_file = values[NEW_PASSPHRASE_FILE].text};
    if (wish.is_plain && values[NEW_PASSPHRASE_FILE].is_given)
        return context_misuse(context, TRUST_NO_OPTION, "leave one out",
                              "--no-passphrase and --new-passphrase-file contradict each other");
    struct operator_file file;
    struct trust_secret *secret = NULL;
    struct trust_keyfile_content content;
    enum trust_error error = operator_file_read(context, &file);
    if (error != TRUST_OK)
        return error;
    error = operator_unlock(context, &secret, &content.note, &file, values[PASSPHRASE_FILE].text);
    if (error == TRUST_OK) {
        content.secret = secret;
        error = seal_anew(context, file.path, &content, &wish);
    }
    trust_secret_close(secret);
    if (error == TRUST_OK)
        error = show(context, &file, !wish.is_plain);
    operator_file_close(&file);
    return error;
}

const struct command key_passwd_command = {
    .name = "key passwd",
    .words = "",
    .summary = "seal the key under another passphrase",
    .options = options,
    .run = run,
};
