/*
 * `repute quarantine add|release|ban ID`: the operator's orders about one server. To release one,
 * or to shorten its term, needs the operator's key.
 */
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
        .name = "reason", .kind = COMMAND_TEXT, .shown = "TEXT", .about = "why, for the log",      \
        .most = REASON_SIZE_MAX                                                                    \
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

static enum trust_error show(struct context *context, json_t *answer)
{
    struct dress dress = dress_open(context);
    dress_time(&dress, answer, "since");
    dress_time(&dress, answer, "until");
    enum trust_error error = output_object(&context->output, answer, fields);
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
    error = consent_send(context, &answer, &order);
    if (error == TRUST_OK)
        error = show(context, answer);
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
    .more = "To shorten a term that runs needs the operator's key.\n",
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
