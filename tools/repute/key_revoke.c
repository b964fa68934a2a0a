/*
 * `repute key revoke`: ends the operator key for good. For a compromised key the record made at
 * init serves, so that not even the passphrase is needed; the other reasons are signed now.
 */
#include <sodium.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "base/bytes.h"
#include "repute/command.h"
#include "repute/commands.h"
#include "repute/ids.h"
#include "repute/operator.h"
#include "repute/passphrase.h"
#include "repute/publishing.h"
#include "repute/revocation.h"
#include "repute/sequence.h"
#include "repute/terminal.h"
#include "repute/words.h"

enum { REASON, SUCCESSOR, YES, PASSPHRASE_FILE };

static const struct command_option options[] = {
    [REASON] = {.name = "reason",
                .kind = COMMAND_CHOICE,
                .shown = "compromised|retired|superseded",
                .about = "compromised: nothing it ever signed counts any more",
                .choices = words_reasons,
                .is_required = true},
    [SUCCESSOR] = {.name = "successor",
                   .kind = COMMAND_TEXT,
                   .shown = "KEY",
                   .about = "the key that you use from now on: a hint, nothing is inherited"},
    [YES] = {.name = "yes", .about = "do not ask whether you are sure"},
    [PASSPHRASE_FILE] = PASSPHRASE_OPTION,
    {0},
};

struct wish {
    struct trust_key key; /* to be revoked */
    char text[TRUST_KEY_TEXT_SIZE];
    enum trust_revocation_reason reason;
    bool has_successor;
    struct trust_key successor;
};

static enum trust_error confirm(struct context *context, const struct wish *wish)
{
    char short_id[TRUST_KEY_SHORT_SIZE];
    char prompt[192];
    char line[64];
    size_t size = 0;
    trust_key_short(short_id, &wish->key);
    (void)snprintf(prompt, sizeof prompt,
                   "This ends the key %s for good; nobody can take it back.\n"
                   "Type %s to revoke it: ",
                   wish->text, short_id);
    enum trust_error error = terminal_confirm(line, &size, sizeof line, prompt);
    if (error == TRUST_NO_FOUND)
        return context_misuse(context, TRUST_NO_OPTION, "add --yes if you are sure",
                              "there is no terminal to ask whether you are sure");
    if (error < TRUST_OK)
        return error;
    if (error == TRUST_OK && strcmp(line, short_id) == 0)
        return TRUST_OK;
    return context_refuse(context, TRUST_NO_CONFLICT, NULL, "the key is not revoked");
}

static enum trust_error read_wish(struct context *context, struct wish *out_wish,
                                  const struct command_arguments *arguments)
{
    const struct command_setting *successor = &arguments->values[SUCCESSOR];
    struct wish wish = {
        .reason = (enum trust_revocation_reason)(arguments->values[REASON].choice + 1),
        .has_successor = successor->is_given,
    };
    char text[TRUST_KEY_TEXT_SIZE];
    enum trust_error error = operator_public(context, &wish.key);
    if (error == TRUST_OK && successor->is_given)
        error = ids_key(context, text, successor->text, TRUST_KEY_OPERATOR);
    if (error == TRUST_OK && successor->is_given)
        error = trust_key_decode(&wish.successor, trust_bytes_text(text), TRUST_KEY_OPERATOR);
    if (error != TRUST_OK)
        return error;
    if (wish.has_successor && memcmp(&wish.key, &wish.successor, sizeof wish.key) == 0)
        return context_misuse(context, TRUST_NO_KEY, "name the new key",
                              "--successor: this is the key that is to be revoked");
    trust_key_encode(wish.text, &wish.key, TRUST_KEY_OPERATOR);
    *out_wish = wish;
    return TRUST_OK;
}

static enum trust_error sign_now(struct context *context, struct trust_signed *out_record,
                                 const struct wish *wish, const struct trust_network *network,
                                 const char *passphrase_file)
{
    struct trust_secret *secret = NULL;
    struct trust_revocation revocation = {.reason = wish->reason};
    uint64_t seq = 0;
    if (wish->has_successor)
        revocation.successor = (struct trust_bytes){.data = wish->successor.bytes,
                                                    .size = sizeof wish->successor.bytes};
    enum trust_error error = operator_open(context, &secret, passphrase_file);
    if (error == TRUST_OK)
        error = sequence_take(context, &seq, 1);
    /* All that was signed before it counts on, unless the key was compromised. */
    revocation.last_seq = wish->reason == TRUST_REVOKED_COMPROMISED ? 0 : seq - 1;
    if (error == TRUST_OK)
        error = revocation_sign(out_record, secret, network, seq, &revocation);
    trust_secret_close(secret);
    return error;
}

static enum trust_error get_record(struct context *context, struct trust_signed *out_record,
                                   const struct wish *wish, const struct trust_network *network,
                                   const char *passphrase_file)
{
    if (wish->reason == TRUST_REVOKED_COMPROMISED && !wish->has_successor &&
        revocation_load(context, out_record, network) == TRUST_OK)
        return TRUST_OK;
    return sign_now(context, out_record, wish, network, passphrase_file);
}

static enum trust_error show(struct context *context, const struct wish *wish,
                             const struct trust_id *id, enum trust_error verdict)
{
    static const struct output_field fields[] = {
        {"key", "key", OUTPUT_AS_IT_IS},
        {"reason", "reason", OUTPUT_AS_IT_IS},
        {"successor", "successor", OUTPUT_AS_IT_IS},
        {"record", "record", OUTPUT_AS_IT_IS},
        {"verdict", "verdict", OUTPUT_AS_IT_IS},
        {0},
    };
    char hex[65];
    char successor[TRUST_KEY_TEXT_SIZE];
    trust_key_encode(successor, &wish->successor, TRUST_KEY_OPERATOR);
    sodium_bin2hex(hex, sizeof hex, id->bytes, sizeof id->bytes);
    json_t *document = json_pack("{s:s,s:s,s:s?,s:s,s:s}", "key", wish->text, "reason",
                                 words_reasons[wish->reason - 1], "successor",
                                 wish->has_successor ? successor : NULL, "record", hex, "verdict",
                                 trust_error_name(verdict));
    enum trust_error error = output_object(&context->output, document, fields);
    json_decref(document);
    bool is_there = verdict == TRUST_OK || verdict == TRUST_NO_DUPLICATE;
    context->exit_code = is_there ? FAILURE_EXIT_YES : FAILURE_EXIT_NO;
    output_say(&context->output, is_there
                                     ? "\nnext: `repute init` in another --home makes a new key\n"
                                     : "\nnext: `repute status` says what the node lacks\n");
    return error;
}

static enum trust_error run(struct context *context, const struct command_arguments *arguments)
{
    struct wish wish;
    struct trust_network network;
    struct trust_signed record;
    struct trust_id id;
    enum trust_error verdict = TRUST_OK;
    enum trust_error error = read_wish(context, &wish, arguments);
    if (error == TRUST_OK)
        error = publishing_check_node(context, &network);
    if (error == TRUST_OK && !arguments->values[YES].is_given)
        error = confirm(context, &wish);
    if (error == TRUST_OK)
        error =
            get_record(context, &record, &wish, &network, arguments->values[PASSPHRASE_FILE].text);
    if (error == TRUST_OK)
        error = publishing_send_record(context, &verdict, &record);
    if (error != TRUST_OK)
        return error;
    trust_record_id(&id, (struct trust_bytes){.data = record.data, .size = record.size}, &network);
    return show(context, &wish, &id, verdict);
}

const struct command key_revoke_command = {
    .name = "key revoke",
    .words = "",
    .summary = "end the operator key for good",
    .more = "compromised needs no passphrase: it sends keys/revocation.rec. Without a node, that\n"
            "file can be carried to any other: `repute import FILE`.\n",
    .options = options,
    .run = run,
};
