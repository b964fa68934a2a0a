/*
 * `repute breakers force-open|force-closed|metrics-only|close|reset ID`: the operator's orders to
 * one breaker. All but those that keep it closed to calls for longer need the operator's key.
 */
#include "repute/breakers_table.h"
#include "repute/commands.h"
#include "repute/consent.h"
#include "repute/context.h"
#include "repute/ids.h"
#include "repute/passphrase.h"

#define YEAR_MS UINT64_C(31536000000)
#define REASON_SIZE_MAX 200

/* The first two are those of every verb, so that one table of options ends where the other goes on.
 */
enum { REASON, PASSPHRASE_FILE, EXPIRES };

#define REASON_ROW                                                                                 \
    {                                                                                              \
        .name = "reason", .kind = COMMAND_TEXT, .shown = "TEXT", .about = "why, for the log",      \
        .most = REASON_SIZE_MAX                                                                    \
    }

static const struct command_option state_options[] = {
    [REASON] = REASON_ROW,
    [PASSPHRASE_FILE] = PASSPHRASE_OPTION,
    [EXPIRES] = {.name = "expires",
                 .kind = COMMAND_DURATION,
                 .shown = "1h",
                 .about = "until when it holds; without it, until the next order",
                 .least = 1000,
                 .most = YEAR_MS},
    [EXPIRES + 1] = {0},
};

static const struct command_option end_options[] = {
    [REASON] = REASON_ROW,
    [PASSPHRASE_FILE] = PASSPHRASE_OPTION,
    [PASSPHRASE_FILE + 1] = {0},
};

static enum trust_error give(struct context *context, const struct command_arguments *arguments,
                             const char *verb)
{
    const struct command_setting *values = arguments->values;
    char subject[TRUST_SUBJECT_TEXT_SIZE];
    char path[CONTEXT_PATH_SIZE];
    json_t *answer = NULL;
    enum trust_error error = ids_subject(context, subject, arguments->words[0]);
    if (error != TRUST_OK)
        return error;
    ids_path(path, "/v1/breakers/", subject, "");
    struct consent_order order = {.method = TRUST_REQUEST_POST,
                                  .path = path,
                                  .body = json_pack("{s:s}", "verb", verb),
                                  .verb = verb,
                                  .subject = subject,
                                  .seconds = values[EXPIRES].whole / 1000,
                                  .passphrase_file = values[PASSPHRASE_FILE].text};
    if (values[EXPIRES].is_given)
        (void)json_object_set_new(order.body, "expires_s", json_integer((json_int_t)order.seconds));
    if (values[REASON].is_given)
        (void)json_object_set_new(order.body, "reason", json_string(values[REASON].text));
    error = consent_send(context, &answer, &order);
    if (error == TRUST_OK)
        error = breakers_table_one(context, answer);
    json_decref(order.body);
    json_decref(answer);
    return error;
}

static enum trust_error force_open(struct context *context,
                                   const struct command_arguments *arguments)
{
    return give(context, arguments, "force_open");
}

static enum trust_error force_closed(struct context *context,
                                     const struct command_arguments *arguments)
{
    return give(context, arguments, "force_closed");
}

static enum trust_error metrics_only(struct context *context,
                                     const struct command_arguments *arguments)
{
    return give(context, arguments, "metrics_only");
}

static enum trust_error close_it(struct context *context, const struct command_arguments *arguments)
{
    return give(context, arguments, "close");
}

static enum trust_error reset(struct context *context, const struct command_arguments *arguments)
{
    return give(context, arguments, "reset");
}

#define NEEDS_THE_KEY "It loosens safety: the operator's key signs the order.\n"

const struct command breakers_force_open_command = {
    .name = "breakers force-open",
    .words = "ID",
    .summary = "refuse every call to a server",
    .more = "To shorten an opening that is in force needs the operator's key.\n",
    .least = 1,
    .most = 1,
    .options = state_options,
    .run = force_open,
};

const struct command breakers_force_closed_command = {
    .name = "breakers force-closed",
    .words = "ID",
    .summary = "permit every call to a server, whatever happens",
    .more = NEEDS_THE_KEY,
    .least = 1,
    .most = 1,
    .options = state_options,
    .run = force_closed,
};

const struct command breakers_metrics_only_command = {
    .name = "breakers metrics-only",
    .words = "ID",
    .summary = "permit every call, and go on counting",
    .more = NEEDS_THE_KEY,
    .least = 1,
    .most = 1,
    .options = state_options,
    .run = metrics_only,
};

const struct command breakers_close_command = {
    .name = "breakers close",
    .words = "ID",
    .summary = "end an opening or an order; the back-off stays",
    .more = NEEDS_THE_KEY,
    .least = 1,
    .most = 1,
    .options = end_options,
    .run = close_it,
};

const struct command breakers_reset_command = {
    .name = "breakers reset",
    .words = "ID",
    .summary = "the same, and the back-off begins anew",
    .more = "Garbage that agents got from the server counts against it no more.\n" NEEDS_THE_KEY,
    .least = 1,
    .most = 1,
    .options = end_options,
    .run = reset,
};
