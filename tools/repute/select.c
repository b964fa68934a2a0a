/*
 * `repute select`: which server of a group, or of some candidates, an agent should call now. The
 * exit code is 1 if nothing serves; the answer then says why and when to try again.
 */
#include <string.h>

#include "repute/commands.h"
#include "repute/context.h"
#include "repute/dress.h"
#include "repute/ids.h"

enum { GROUP, CANDIDATES, MIN_SCORE, STRATEGY, LEASE, AGENT };

static const char *const strategies[] = {"primary_first", "best", NULL};

static const struct command_option options[] = {
    [GROUP] = {.name = "group",
               .kind = COMMAND_TEXT,
               .shown = "G",
               .about = "a group of the configuration"},
    [CANDIDATES] = {.name = "candidates",
                    .kind = COMMAND_TEXT,
                    .shown = "A,B,C",
                    .about = "ids of servers, in the order of preference"},
    [MIN_SCORE] = {.name = "min-score",
                   .kind = COMMAND_RATIO,
                   .shown = "0.5",
                   .about = "refuse servers whose lower bound is below"},
    [STRATEGY] = {.name = "strategy",
                  .kind = COMMAND_CHOICE,
                  .shown = "S",
                  .about = "primary_first or best",
                  .choices = strategies},
    [LEASE] = {.name = "lease",
               .about = "take a lease for the first candidate if its breaker is half-open; "
                        "settle it with `repute outcome --lease`"},
    [AGENT] = {.name = "agent",
               .kind = COMMAND_TEXT,
               .shown = "A",
               .about = "which agent asks; without it, all questions are those of one",
               .most = 64},
    [AGENT + 1] = {0},
};

static const struct output_field columns[] = {
    {"SERVER", "subject", OUTPUT_AS_IT_IS},
    {"WHY", "why", OUTPUT_AS_IT_IS},
    {"SCORE", "score", OUTPUT_RATIO},
    {"VETTED", "vetted", OUTPUT_AS_IT_IS},
    {"STATE", "state", OUTPUT_AS_IT_IS},
    {"LEASE", "lease", OUTPUT_AS_IT_IS},
    {0},
};

static const struct output_field refused_columns[] = {
    {"REFUSED", "subject", OUTPUT_AS_IT_IS},
    {"WHY", "why", OUTPUT_AS_IT_IS},
    {0},
};

static const struct output_field plain_columns[] = {
    {"", "row", OUTPUT_AS_IT_IS},    {"", "subject", OUTPUT_AS_IT_IS},
    {"", "why", OUTPUT_AS_IT_IS},    {"", "score", OUTPUT_AS_IT_IS},
    {"", "vetted", OUTPUT_AS_IT_IS}, {"", "state", OUTPUT_AS_IT_IS},
    {"", "lease", OUTPUT_AS_IT_IS},  {0},
};

/* The ids between the commas, canonical. */
static enum trust_error add_candidates(struct context *context, json_t *body, const char *typed)
{
    json_t *list = json_array();
    enum trust_error error = TRUST_OK;
    (void)json_object_set_new(body, "candidates", list);
    while (error == TRUST_OK) {
        char word[TRUST_SUBJECT_TEXT_SIZE + 64];
        char subject[TRUST_SUBJECT_TEXT_SIZE];
        size_t size = strcspn(typed, ",");
        size_t room = size < sizeof word ? size : sizeof word - 1;
        memcpy(word, typed, room);
        word[room] = '\0';
        error = ids_subject(context, subject, word);
        if (error == TRUST_OK)
            (void)json_array_append_new(list, json_string(subject));
        if (typed[size] == '\0')
            break;
        typed += size + 1;
    }
    return error;
}

static enum trust_error make_body(struct context *context, json_t *body,
                                  const struct command_arguments *arguments)
{
    const struct command_setting *values = arguments->values;
    if (values[GROUP].is_given == values[CANDIDATES].is_given)
        return context_misuse(context, TRUST_NO_OPTION, "`repute help select` shows how",
                              "give either --group or --candidates");
    if (values[GROUP].is_given)
        (void)json_object_set_new(body, "group", json_string(values[GROUP].text));
    if (values[MIN_SCORE].is_given)
        (void)json_object_set_new(body, "min_score", json_real(values[MIN_SCORE].ratio));
    if (values[STRATEGY].is_given)
        (void)json_object_set_new(body, "strategy", json_string(values[STRATEGY].text));
    (void)json_object_set_new(body, "agent",
                              json_string(values[AGENT].is_given ? values[AGENT].text : IDS_AGENT));
    if (values[LEASE].is_given)
        (void)json_object_set_new(body, "lease", json_true());
    if (values[CANDIDATES].is_given)
        return add_candidates(context, body, values[CANDIDATES].text);
    return TRUST_OK;
}

static const char *text_of(const json_t *object, const char *member)
{
    const char *text = json_string_value(json_object_get(object, member));
    return text == NULL ? "-" : text;
}

static enum trust_error show_text(const struct output *output, const json_t *answer)
{
    const json_t *candidates = json_object_get(answer, "candidates");
    const json_t *refused = json_object_get(answer, "refused");
    const json_t *retry = json_object_get(answer, "retry_after_ms");
    const json_t *basis = json_object_get(answer, "basis");
    enum trust_error error = TRUST_OK;
    output_say(output, "%s: %s\n", text_of(answer, "status"), text_of(answer, "message"));
    if (strcmp(text_of(basis, "kind"), "fresh") != 0)
        output_say(output, "basis: %s\n", text_of(basis, "kind"));
    if (json_integer_value(retry) > 0) {
        char span[DRESS_SPAN_SIZE];
        dress_span_text(span, (uint64_t)json_integer_value(retry));
        output_say(output, "try again in %s\n", span);
    }
    if (json_array_size(candidates) > 0)
        error = output_list(output, candidates, columns, "");
    if (error == TRUST_OK && json_array_size(refused) > 0)
        error = output_list(output, refused, refused_columns, "");
    return error;
}

static enum trust_error show_plain(const struct output *output, const json_t *answer)
{
    static const char *const names[] = {"candidates", "refused"};
    enum trust_error error = TRUST_OK;
    for (size_t i = 0; i < 2 && error == TRUST_OK; i++) {
        const json_t *rows = json_object_get(answer, names[i]);
        for (size_t k = 0; k < json_array_size(rows); k++)
            (void)json_object_set_new(json_array_get(rows, k), "row",
                                      json_string(i == 0 ? "candidate" : "refused"));
        error = output_list(output, rows, plain_columns, "");
    }
    return error;
}

static enum trust_error show(const struct output *output, const json_t *answer)
{
    switch (output->form) {
    case OUTPUT_TEXT:
        return show_text(output, answer);
    case OUTPUT_PLAIN:
        return show_plain(output, answer);
    case OUTPUT_JSON:
        return output_json(output, answer);
    }
    return TRUST_OK;
}

static enum trust_error run(struct context *context, const struct command_arguments *arguments)
{
    json_t *answer = NULL;
    json_t *body = json_object();
    enum trust_error error = make_body(context, body, arguments);
    if (error == TRUST_OK)
        error = context_ask(context, &answer, TRUST_REQUEST_POST, "/v1/select", body);
    json_decref(body);
    if (error != TRUST_OK)
        return error;
    if (strcmp(text_of(answer, "status"), "unavailable") == 0)
        context->exit_code = FAILURE_EXIT_NO;
    error = show(&context->output, answer);
    json_decref(answer);
    return error;
}

const struct command select_command = {
    .name = "select",
    .words = "",
    .summary = "which server an agent should call now",
    .options = options,
    .run = run,
};
