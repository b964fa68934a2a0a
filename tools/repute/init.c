/*
 * `repute init`: makes the operator key, its revocation and its public half. The key comes first
 * and the public half, which makes a node somebody's, last: an init that was cut short is finished
 * by the next one. Nothing that is there is ever written over.
 */
#include <errno.h>
#include <sodium.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "base/bytes.h"
#include "host/files.h"
#include "repute/command.h"
#include "repute/commands.h"
#include "repute/operator.h"
#include "repute/passphrase.h"
#include "repute/revocation.h"
#include "repute/sealing.h"
#include "repute/sequence.h"

enum { NAME, PASSPHRASE_FILE, NO_PASSPHRASE };

static const struct command_option options[] = {
    [NAME] = {.name = "name",
              .kind = COMMAND_TEXT,
              .shown = "NAME",
              .about = "what you call this key; sealed in its file, told to nobody",
              .most = TRUST_KEYFILE_LABEL_SIZE_MAX},
    [PASSPHRASE_FILE] = PASSPHRASE_OPTION,
    [NO_PASSPHRASE] = {.name = "no-passphrase",
                       .about = "leave the key unsealed: whoever reads the file has the key"},
    {0},
};

struct state {
    bool has_key;
    bool has_public;
    bool has_revocation;
};

static bool is_there(const struct context *context, enum trust_home_file file)
{
    char path[TRUST_HOME_PATH_SIZE];
    struct stat status;
    trust_home_path(path, &context->home, file);
    return lstat(path, &status) == 0;
}

static enum trust_error look(struct context *context, struct state *out_state)
{
    const struct state state = {
        .has_key = is_there(context, TRUST_HOME_OPERATOR_KEY),
        .has_public = is_there(context, TRUST_HOME_OPERATOR_PUB),
        .has_revocation = is_there(context, TRUST_HOME_REVOCATION),
    };
    const char *root = context->home.roots[TRUST_HOME_ROOT_STATE];
    if (state.has_key && state.has_public && state.has_revocation)
        return context_refuse(context, TRUST_NO_CONFLICT,
                              "`repute key show` shows it; another --home has room for another",
                              "there is an operator key in %s already", root);
    if (!state.has_key && (state.has_public || state.has_revocation))
        return context_refuse(context, TRUST_NO_CONFLICT,
                              "restore keys/operator.key, or move what is there away",
                              "%s/keys has %s of a key that is not there", root,
                              state.has_public ? "the public half" : "the revocation");
    *out_state = state;
    return TRUST_OK;
}

static enum trust_error check_options(struct context *context,
                                      const struct command_arguments *arguments)
{
    const char *name = arguments->values[NAME].text;
    for (const char *c = name; name != NULL && *c != '\0'; c++) {
        if (*c < ' ' || *c > '~')
            return context_misuse(context, TRUST_NO_RANGE, NULL,
                                  "--name: letters, digits and signs of ASCII only");
    }
    if (arguments->values[NO_PASSPHRASE].is_given && arguments->values[PASSPHRASE_FILE].is_given)
        return context_misuse(context, TRUST_NO_OPTION, "leave one out",
                              "--no-passphrase and --passphrase-file contradict each other");
    return TRUST_OK;
}

/* ---- the key file ---- */

static enum trust_error refuse_home(struct context *context, enum trust_error error)
{
    return context_refuse(context, error, "choose another --home, or check its owner and mode",
                          "%s: %s", context->home.roots[TRUST_HOME_ROOT_STATE],
                          trust_error_text(error));
}

/* A home that is nowhere is said before anything is asked. */
static enum trust_error check_home(struct context *context)
{
    struct stat about;
    if (stat(context->home.roots[TRUST_HOME_ROOT_STATE], &about) == 0 || errno == ENOENT)
        return TRUST_OK;
    return refuse_home(context, trust_file_error(errno));
}

static enum trust_error make_home(struct context *context)
{
    enum trust_error error = trust_home_make(&context->home);
    return error > TRUST_OK ? refuse_home(context, error) : error;
}

/* The home is made once there is something to put there. */
static enum trust_error write_key(struct context *context, const struct trust_keyfile_content *what,
                                  const struct sealing_wish *wish)
{
    struct sealing sealing;
    char path[TRUST_HOME_PATH_SIZE];
    trust_home_path(path, &context->home, TRUST_HOME_OPERATOR_KEY);
    enum trust_error error = sealing_make(context, &sealing, what, wish);
    if (error == TRUST_OK)
        error = make_home(context);
    if (error == TRUST_OK) {
        error = trust_file_create(
            path, (struct trust_bytes){.data = sealing.bytes, .size = sealing.size}, 0600);
        if (error != TRUST_OK)
            (void)context_refuse(context, error, NULL, "%s: %s", path, trust_error_text(error));
    }
    sealing_close(&sealing);
    return error;
}

static enum trust_error make_secret(struct trust_secret **out_secret)
{
    uint8_t seed[TRUST_SEED_SIZE];
    randombytes_buf(seed, sizeof seed);
    enum trust_error error = trust_secret_open(out_secret, seed);
    sodium_memzero(seed, sizeof seed);
    return error;
}

static enum trust_error make_key(struct context *context, struct trust_secret **out_secret,
                                 const struct command_arguments *arguments)
{
    const struct command_setting *values = arguments->values;
    const struct sealing_wish wish = {.is_plain = values[NO_PASSPHRASE].is_given,
                                      .passphrase_file = values[PASSPHRASE_FILE].text};
    struct trust_secret *secret = NULL;
    struct trust_keyfile_content content = {.note = {.created_s = context_now_ms() / 1000}};
    if (values[NAME].is_given)
        (void)snprintf(content.note.label, sizeof content.note.label, "%s", values[NAME].text);
    enum trust_error error = make_secret(&secret);
    if (error != TRUST_OK)
        return error;
    content.secret = secret;
    error = write_key(context, &content, &wish);
    if (error != TRUST_OK) {
        trust_secret_close(secret);
        return error;
    }
    *out_secret = secret;
    return TRUST_OK;
}

/* ---- what goes with it ---- */

static enum trust_error make_revocation(struct context *context, const struct trust_secret *secret,
                                        const struct trust_network *network)
{
    const struct trust_revocation compromised = {.reason = TRUST_REVOKED_COMPROMISED};
    struct trust_signed record;
    uint64_t seq = 0;
    enum trust_error error = sequence_take(context, &seq, 1);
    if (error == TRUST_OK)
        error = revocation_sign(&record, secret, network, seq, &compromised);
    return error == TRUST_OK ? revocation_store(context, &record, network) : error;
}

static enum trust_error make_public(struct context *context, const char *key)
{
    char line[TRUST_KEY_TEXT_SIZE + 1];
    char path[TRUST_HOME_PATH_SIZE];
    (void)snprintf(line, sizeof line, "%s\n", key);
    trust_home_path(path, &context->home, TRUST_HOME_OPERATOR_PUB);
    enum trust_error error = trust_file_create(path, trust_bytes_text(line), 0644);
    if (error != TRUST_OK)
        return context_refuse(context, error, NULL, "%s: %s", path, trust_error_text(error));
    return TRUST_OK;
}

static enum trust_error show(struct context *context)
{
    static const struct output_field fields[] = {
        {"operator key", "key", OUTPUT_AS_IT_IS},      {"sealed", "sealed", OUTPUT_AS_IT_IS},
        {"key file", "file", OUTPUT_AS_IT_IS},         {"public half", "public", OUTPUT_AS_IT_IS},
        {"revocation", "revocation", OUTPUT_AS_IT_IS}, {0},
    };
    char text[TRUST_KEY_TEXT_SIZE];
    char short_id[TRUST_KEY_SHORT_SIZE];
    char public_path[TRUST_HOME_PATH_SIZE];
    char revocation_path[TRUST_HOME_PATH_SIZE];
    struct operator_file file;
    enum trust_error error = operator_file_read(context, &file);
    if (error != TRUST_OK)
        return error;
    trust_key_encode(text, &file.file.public_key, TRUST_KEY_OPERATOR);
    trust_key_short(short_id, &file.file.public_key);
    trust_home_path(public_path, &context->home, TRUST_HOME_OPERATOR_PUB);
    trust_home_path(revocation_path, &context->home, TRUST_HOME_REVOCATION);
    json_t *document = json_pack("{s:s,s:s,s:b,s:s,s:s,s:s}", "key", text, "short", short_id,
                                 "sealed", file.file.kdf != TRUST_KEYFILE_PLAIN, "file", file.path,
                                 "public", public_path, "revocation", revocation_path);
    operator_file_close(&file);
    error = output_object(&context->output, document, fields);
    json_decref(document);
    output_say(
        &context->output,
        "\nnext: keep a copy of the revocation away from this machine: it withdraws the key\n"
        "      for good if the key is ever stolen or lost\n"
        "      start the node, or restart it: it is yours from then on\n"
        "      `repute rate ID --category overall --value 0.9` writes a first draft\n");
    return error;
}

static enum trust_error complete(struct context *context, const struct state *state,
                                 const struct trust_network *network,
                                 const struct trust_secret *secret)
{
    struct trust_key key;
    char text[TRUST_KEY_TEXT_SIZE];
    trust_secret_key(&key, secret);
    trust_key_encode(text, &key, TRUST_KEY_OPERATOR);
    enum trust_error error = TRUST_OK;
    if (!state->has_revocation)
        error = make_revocation(context, secret, network);
    if (error == TRUST_OK && !state->has_public)
        error = make_public(context, text);
    return error;
}

static enum trust_error run(struct context *context, const struct command_arguments *arguments)
{
    struct trust_network network;
    struct state state = {0};
    struct trust_secret *secret = NULL;
    enum trust_error error = check_options(context, arguments);
    if (error == TRUST_OK)
        error = check_home(context);
    if (error == TRUST_OK)
        error = context_network(context, &network);
    if (error == TRUST_OK)
        error = look(context, &state);
    if (error != TRUST_OK)
        return error;
    operator_guard_process();
    if (state.has_key)
        error = make_home(context);
    if (error == TRUST_OK && state.has_key)
        error = operator_open(context, &secret, arguments->values[PASSPHRASE_FILE].text);
    else if (error == TRUST_OK)
        error = make_key(context, &secret, arguments);
    if (error == TRUST_OK)
        error = complete(context, &state, &network, secret);
    trust_secret_close(secret);
    return error == TRUST_OK ? show(context) : error;
}

const struct command init_command = {
    .name = "init",
    .words = "",
    .summary = "make the operator key and what goes with it",
    .more = "The key is sealed under a passphrase that is asked for on the terminal. Nothing that\n"
            "is there is written over.\n",
    .options = options,
    .run = run,
};
