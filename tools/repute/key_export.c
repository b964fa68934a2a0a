/* `repute key export`: a copy of the key file, as sealed as it is, to be kept elsewhere. */
#include "host/files.h"
#include "repute/command.h"
#include "repute/commands.h"
#include "repute/operator.h"

static enum trust_error run(struct context *context, const struct command_arguments *arguments)
{
    static const struct output_field fields[] = {
        {"operator key", "key", OUTPUT_AS_IT_IS},
        {"copy", "file", OUTPUT_AS_IT_IS},
        {"sealed", "sealed", OUTPUT_AS_IT_IS},
        {0},
    };
    const char *path = arguments->words[0];
    char text[TRUST_KEY_TEXT_SIZE];
    struct operator_file file;
    enum trust_error error = operator_file_read(context, &file);
    if (error != TRUST_OK)
        return error;
    bool is_sealed = file.file.kdf != TRUST_KEYFILE_PLAIN;
    trust_key_encode(text, &file.file.public_key, TRUST_KEY_OPERATOR);
    error =
        trust_file_create(path, (struct trust_bytes){.data = file.bytes, .size = file.size}, 0600);
    operator_file_close(&file);
    if (error == TRUST_NO_CONFLICT)
        return context_refuse(context, error, "name a file that is not there yet",
                              "%s is there already", path);
    if (error == TRUST_NO_FILE)
        return context_refuse(context, TRUST_NO_FOUND, "make its folder first",
                              "%s: its folder is not there", path);
    if (error != TRUST_OK)
        return context_refuse(context, error, "name a place that you may write to", "%s: %s", path,
                              trust_error_text(error));
    json_t *document = json_pack("{s:s,s:s,s:b}", "key", text, "file", path, "sealed", is_sealed);
    error = output_object(&context->output, document, fields);
    json_decref(document);
    output_say(&context->output, is_sealed
                                     ? "\nnext: keep it and its passphrase in different places\n"
                                     : "\nnext: hide it well: whoever reads it has the key\n");
    return error;
}

const struct command key_export_command = {
    .name = "key export",
    .words = "FILE",
    .summary = "copy the key file, as sealed as it is",
    .more =
        "To use the copy, put it in the place of keys/operator.key, with keys/operator.seq, and\n"
        "publish from one home only.\n",
    .least = 1,
    .most = 1,
    .run = run,
};
