/* `repute outcome ID`: tells the node how one call to a server went. */
#include "trust/outcome.h"

#include <string.h>

#include "repute/commands.h"
#include "repute/context.h"
#include "repute/ids.h"

enum { CLASS, TOOL, LATENCY, LEASE, AGENT };

static const char *const classes[] = {
    "ok",   "refused",      "timeout",  "http5xx", "garbage",   "rate_limited",
    "auth", "session_lost", "internal", "caller",  "cancelled", NULL,
};

static const struct command_option options[] = {
    [CLASS] = {.name = "class",
               .kind = COMMAND_CHOICE,
               .shown = "C",
               .about = "how it went: ok, refused, timeout, http5xx, garbage, rate_limited, auth, "
                        "session_lost, internal, caller or cancelled",
               .choices = classes,
               .is_required = true},
    [TOOL] = {.name = "tool", .kind = COMMAND_TEXT, .shown = "T", .about = "of the server"},
    [LATENCY] = {.name = "latency-ms",
                 .kind = COMMAND_WHOLE,
                 .shown = "N",
                 .about = "how long the call took",
                 .most = UINT32_MAX - 1},
    [LEASE] = {.name = "lease",
               .kind = COMMAND_TEXT,
               .shown = "L",
               .about = "the lease that select gave for a half-open server"},
    [AGENT] = {.name = "agent",
               .kind = COMMAND_TEXT,
               .shown = "A",
               .about = "a name for who called; nobody counts twice by it",
               .most = 64},
    [AGENT + 1] = {0},
};

static const struct output_field fields[] = {
    {"accepted", "accepted", OUTPUT_COUNT},
    {0},
};

static json_t *make_body(const char *subject, const struct command_setting *values)
{
    json_t *outcome = json_pack("{s:s,s:s}", "subject", subject, "class", values[CLASS].text);
    if (values[TOOL].is_given)
        (void)json_object_set_new(outcome, "tool", json_string(values[TOOL].text));
    if (values[LATENCY].is_given)
        (void)json_object_set_new(outcome, "latency_ms",
                                  json_integer((json_int_t)values[LATENCY].whole));
    if (values[LEASE].is_given)
        (void)json_object_set_new(outcome, "lease", json_string(values[LEASE].text));
    (void)json_object_set_new(outcome, "agent",
                              json_string(values[AGENT].is_given ? values[AGENT].text : IDS_AGENT));
    return json_pack("{s:[o]}", "outcomes", outcome);
}

static enum trust_error run(struct context *context, const struct command_arguments *arguments)
{
    char subject[TRUST_SUBJECT_TEXT_SIZE];
    json_t *answer = NULL;
    enum trust_error error = ids_subject(context, subject, arguments->words[0]);
    if (error != TRUST_OK)
        return error;
    json_t *body = make_body(subject, arguments->values);
    if (body == NULL)
        return TRUST_FAIL_MEMORY;
    error = context_ask(context, &answer, TRUST_REQUEST_POST, "/v1/outcomes", body);
    if (error == TRUST_OK)
        error = output_object(&context->output, answer, fields);
    json_decref(body);
    json_decref(answer);
    return error;
}

const struct command outcome_command = {
    .name = "outcome",
    .words = "ID",
    .summary = "tells how a call to a server went",
    .least = 1,
    .most = 1,
    .options = options,
    .run = run,
};
