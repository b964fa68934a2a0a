/*
 * `repute peers show KEY [--why AUTHOR]`: one peer's traffic, and why records of an author are, or
 * are not, exchanged with it.
 */
#include "repute/commands.h"
#include "repute/context.h"
#include "repute/dress.h"
#include "repute/ids.h"
#include "repute/peers_table.h"

enum { WHY };

static const struct command_option options[] = {
    [WHY] = {.name = "why",
             .kind = COMMAND_TEXT,
             .shown = "AUTHOR",
             .about = "why this author's records come from it, or do not"},
    [WHY + 1] = {0},
};

static const struct output_field why_fields[] = {
    {"author", "why.author", OUTPUT_AS_IT_IS},
    {"has weight here", "why.weight", OUTPUT_AS_IT_IS},
    {"has a name here", "why.named", OUTPUT_AS_IT_IS},
    {"is revoked", "why.revoked", OUTPUT_AS_IT_IS},
    {"is relayed", "why.relayed", OUTPUT_AS_IT_IS},
    {"the peer asks for it", "why.peer_asks", OUTPUT_AS_IT_IS},
    {"we ask for it", "why.we_ask", OUTPUT_AS_IT_IS},
    {"its day is used up", "why.day_used_up", OUTPUT_AS_IT_IS},
    {"records here", "why.records", OUTPUT_COUNT},
    {0},
};

static enum trust_error show_why(struct context *context, const json_t *peer)
{
    struct dress dress = dress_open(context);
    dress_key(&dress, json_object_get(peer, "why"), "author");
    output_say(&context->output, "\n");
    enum trust_error error = output_object(&context->output, peer, why_fields);
    dress_close(&dress);
    return error;
}

static enum trust_error run(struct context *context, const struct command_arguments *arguments)
{
    const struct command_setting *why = &arguments->values[WHY];
    char key[TRUST_KEY_TEXT_SIZE];
    char author[TRUST_KEY_TEXT_SIZE];
    char behind[TRUST_KEY_TEXT_SIZE + 8] = "";
    char path[CONTEXT_PATH_SIZE];
    json_t *peer = NULL;
    enum trust_error error = ids_key(context, key, arguments->words[0], TRUST_KEY_NODE);
    if (error == TRUST_OK && why->is_given)
        error = ids_key(context, author, why->text, TRUST_KEY_OPERATOR);
    if (error != TRUST_OK)
        return error;
    if (why->is_given)
        (void)snprintf(behind, sizeof behind, "?why=%s", author);
    ids_path(path, "/v1/peers/", key, behind);
    error = context_ask(context, &peer, TRUST_REQUEST_GET, path, NULL);
    if (error == TRUST_OK)
        error = peers_table_one(context, peer);
    if (error == TRUST_OK && why->is_given && context->output.form != OUTPUT_JSON)
        error = show_why(context, peer);
    json_decref(peer);
    return error;
}

const struct command peers_show_command = {
    .name = "peers show",
    .words = "KEY",
    .summary = "one peer's traffic",
    .least = 1,
    .most = 1,
    .options = options,
    .run = run,
};
