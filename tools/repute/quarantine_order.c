/*
 * `repute quarantine add|release|ban ID`: the operator's orders about one server. To release one
 * needs the operator's key.
 */
#include <string.h>

#include "repute/commands.h"
#include "repute/consent.h"
#include "repute/context.h"
#include "repute/dress.h"
#include "repute/ids.h"
#include "repute/passphrase.h"

#define TERM_MS_MAX UINT64_C(2592000000) /* 30 days */
#define REASON_SIZE_MAX 200

/* The first two are those of every order, so that one table of options ends where the other goes
 * on. */
enum { REASON, PASSPHRASE_FILE, TERM };

#define REASON_ROW                                                                                 \
    {                                                                                              \
        .name = "reason", .kind = COMMAND_TEXT, .shown = "TEXT",                                   \
        .about = "why; the history keeps it", .most = REASON_SIZE_MAX                              \
    }

static const struct command_option add_options[] = {
    [REASON] = REASON_ROW,
    [PASSPHRASE_FILE] = PASSPHRASE_OPTION,
    [TERM] = {.name = "ttl",
              .kind = COMMAND_DURATION,
              .shown = "24h",
              .about = "for how long; without it the usual term, which doubles each time",
              .least = 1000,
              .most = TERM_MS_MAX},
    [TERM + 1] = {0},
};

static const struct command_option other_options[] = {
    [REASON] = REASON_ROW,
    [PASSPHRASE_FILE] = PASSPHRASE_OPTION,
    [PASSPHRASE_FILE + 1] = {0},
};

static const struct output_field fields[] = {
    {"server", "subject", OUTPUT_AS_IT_IS}, {"state", "state", OUTPUT_AS_IT_IS},
    {"since", "since", OUTPUT_AS_IT_IS},    {"until", "until", OUTPUT_AS_IT_IS},
    {"times", "times", OUTPUT_COUNT},       {0},
};

/* Until when the server is withheld by now; NULL: it is not, for no term, or nobody would read it.
 */
static json_t *find_term(struct context *context, const char *subject)
{
    json_t *list = NULL;
    json_t *until = NULL;
    if (context->output.form != OUTPUT_TEXT ||
        context_ask(context, &list, TRUST_REQUEST_GET, "/v1/quarantine", NULL) != TRUST_OK) {
        /* The order itself says what is wrong with the node. */
        context->failure = (struct failure){0};
        return NULL;
    }
    for (size_t i = 0; i < json_array_size(list); i++) {
        json_t *row = json_array_get(list, i);
        const char *state = json_string_value(json_object_get(row, "state"));
        const char *named = json_string_value(json_object_get(row, "subject"));
        if (state != NULL && named != NULL && strcmp(state, "quarantined") == 0 &&
            strcmp(named, subject) == 0)
            until = json_object_get(row, "until");
    }
    json_t *term = until == NULL ? NULL : json_pack("{s:O}", "until", until);
    json_decref(list);
    return term;
}

/* term: what stood before, or NULL. */
static enum trust_error show(struct context *context, json_t *answer, json_t *term)
{
    struct dress dress = dress_open(context);
    dress_time(&dress, answer, "since");
    dress_time(&dress, answer, "until");
    enum trust_error error = output_object(&context->output, answer, fields);
    if (term != NULL) {
        dress_time(&dress, term, "until");
        output_say(&context->output, "\nThe term that ran, until %s, is longer now.\n",
                   json_string_value(json_object_get(term, "until")));
    }
    dress_close(&dress);
    return error;
}

static enum trust_error give(struct context *context, const struct command_arguments *arguments,
                             const char *verb)
{
    const struct command_setting *values = arguments->values;
    char subject[TRUST_SUBJECT_TEXT_SIZE];
    json_t *answer = NULL;
    enum trust_error error = ids_subject(context, subject, arguments->words[0]);
    if (error != TRUST_OK)
        return error;
    struct consent_order order = {
        .method = TRUST_REQUEST_POST,
        .path = "/v1/quarantine",
        .body = json_pack("{s:s,s:s}", "subject", subject, "order", verb),
        .verb = verb,
        .subject = subject,
        .seconds = values[TERM].whole / 1000,
        .passphrase_file = values[PASSPHRASE_FILE].text,
    };
    if (values[TERM].is_given)
        (void)json_object_set_new(order.body, "ttl_s", json_integer((json_int_t)order.seconds));
    if (values[REASON].is_given)
        (void)json_object_set_new(order.body, "reason", json_string(values[REASON].text));
    json_t *term = strcmp(verb, "add") == 0 ? find_term(context, subject) : NULL;
    error = consent_send(context, &answer, &order);
    if (error == TRUST_OK)
        error = show(context, answer, term);
    json_decref(term);
    json_decref(order.body);
    json_decref(answer);
    return error;
}

static enum trust_error add(struct context *context, const struct command_arguments *arguments)
{
    return give(context, arguments, "add");
}

static enum trust_error release(struct context *context, const struct command_arguments *arguments)
{
    return give(context, arguments, "release");
}

static enum trust_error ban(struct context *context, const struct command_arguments *arguments)
{
    return give(context, arguments, "ban");
}

const struct command quarantine_add_command = {
    .name = "quarantine add",
    .words = "ID",
    .summary = "withhold a server from agents",
    .more = "A term that runs is made longer, never shorter: `quarantine release` ends one.\n",
    .least = 1,
    .most = 1,
    .options = add_options,
    .run = add,
};

const struct command quarantine_release_command = {
    .name = "quarantine release",
    .words = "ID",
    .summary = "let agents use a server again, on probation for 24 h",
    .more = "It loosens safety: the operator's key signs the order.\n",
    .least = 1,
    .most = 1,
    .options = other_options,
    .run = release,
};

const struct command quarantine_ban_command = {
    .name = "quarantine ban",
    .words = "ID",
    .summary = "withhold a server for good",
    .least = 1,
    .most = 1,
    .options = other_options,
    .run = ban,
};
