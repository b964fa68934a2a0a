/*
 * choose_server: which server to call now, in which order, and why not the others. The selection is
 * the library's; with several tools in need a server must be open for each of them.
 */
#include <string.h>

#include "base/limits.h"
#include "mcp/score_doc.h"
#include "mcp/tools.h"

#define NEED_MAX 16

struct choosing {
    struct tool_call *call;
    struct trust_client_query query;
    const char *candidates[TRUST_BATCH_SUBJECTS_MAX];
    const char *need[NEED_MAX];
    size_t need_count;
    struct trust_answer answer;
    struct trust_client_choice choices[TRUST_BATCH_SUBJECTS_MAX];
};

/* ---- the question ---- */

static enum trust_error ask(struct choosing *choosing, struct trust_answer *out_answer,
                            struct trust_client_choice *out_choices, const char *tool)
{
    choosing->query.tool = tool;
    return trust_client_select(choosing->call->view->client, out_answer, out_choices,
                               TRUST_BATCH_SUBJECTS_MAX, &choosing->query);
}

/* Why the server may not serve by this answer; NULL: it may. */
static const struct trust_client_choice *refusal_of(const struct trust_answer *answer,
                                                    const struct trust_client_choice *choices,
                                                    const struct trust_client_choice *choice)
{
    for (size_t i = answer->count; i < (size_t)answer->count + answer->refused_count; i++) {
        if (strcmp(choices[i].target.subject, choice->target.subject) == 0)
            return &choices[i];
    }
    return NULL;
}

/* Takes the place's choice out of those that may serve, to the front of the refused. */
static void demote(struct choosing *choosing, size_t place, const struct trust_client_choice *why)
{
    struct trust_answer *answer = &choosing->answer;
    struct trust_client_choice refused = *why;
    size_t behind = answer->count - place - 1u;
    memmove(&choosing->choices[place], &choosing->choices[place + 1],
            behind * sizeof *choosing->choices);
    answer->count--;
    answer->refused_count++;
    choosing->choices[answer->count] = refused;
    if (answer->count > 0)
        return;
    uint16_t refused_count = answer->refused_count;
    *answer =
        trust_answer_make((enum trust_reason)refused.reason, refused.opens_in_ms, answer->basis);
    answer->refused_count = refused_count;
}

static enum trust_error narrow(struct choosing *choosing, const char *tool)
{
    struct trust_answer answer;
    struct trust_client_choice choices[TRUST_BATCH_SUBJECTS_MAX];
    enum trust_error error = ask(choosing, &answer, choices, tool);
    if (error != TRUST_OK)
        return error;
    for (size_t i = choosing->answer.count; i-- > 0;) {
        const struct trust_client_choice *why = refusal_of(&answer, choices, &choosing->choices[i]);
        if (why != NULL)
            demote(choosing, i, why);
    }
    return TRUST_OK;
}

static enum trust_error choose(struct choosing *choosing)
{
    enum trust_error error = ask(choosing, &choosing->answer, choosing->choices,
                                 choosing->need_count == 0 ? NULL : choosing->need[0]);
    for (size_t i = 1; i < choosing->need_count && error == TRUST_OK; i++)
        error = narrow(choosing, choosing->need[i]);
    return error;
}

/* ---- the answer ---- */

static json_t *time_of(uint64_t ms)
{
    return ms <= INT64_MAX ? json_integer((json_int_t)ms) : json_null();
}

static json_t *ratio_of(uint32_t ppm)
{
    return ppm <= TRUST_PPM ? json_real((double)ppm / TRUST_PPM) : json_null();
}

static json_t *candidate_of(const struct trust_client_choice *choice)
{
    return json_pack("{s:s,s:s,s:s,s:o,s:b,s:b}", "subject", choice->target.subject, "why",
                     trust_why_name((enum trust_why)choice->why), "state",
                     trust_candidate_state_name((enum trust_candidate_state)choice->state), "score",
                     ratio_of(choice->score_ppm), "is_vetted", choice->is_vetted, "is_probe",
                     choice->leases != 0);
}

static json_t *refused_of(const struct trust_client_choice *choice)
{
    return json_pack("{s:s,s:s,s:s,s:o,s:o}", "subject", choice->target.subject, "why",
                     trust_why_name((enum trust_why)choice->why), "state",
                     trust_candidate_state_name((enum trust_candidate_state)choice->state), "score",
                     ratio_of(choice->score_ppm), "opens_in_ms", time_of(choice->opens_in_ms));
}

static json_t *document_of(const struct choosing *choosing)
{
    const struct trust_answer *answer = &choosing->answer;
    json_t *candidates = json_array();
    json_t *refused = json_array();
    for (size_t i = 0; i < answer->count; i++)
        (void)json_array_append_new(candidates, candidate_of(&choosing->choices[i]));
    for (size_t i = answer->count; i < (size_t)answer->count + answer->refused_count; i++)
        (void)json_array_append_new(refused, refused_of(&choosing->choices[i]));
    const char *reason =
        answer->reason == TRUST_REASON_NONE ? NULL : trust_reason_name(answer->reason);
    return json_pack("{s:s,s:s?,s:s?,s:o,s:o,s:o,s:o,s:s}", "status",
                     trust_answer_status_name(answer->status), "reason", reason, "group",
                     choosing->query.group, "candidates", candidates, "refused", refused,
                     "retry_after_ms", time_of(answer->retry_after_ms), "basis",
                     score_basis(answer->basis), "message", answer->message);
}

static const char *sentence_of(enum trust_error error)
{
    if (error == TRUST_NO_FOUND)
        return "group: the configuration has no group of this name.";
    if (error == TRUST_NO_NODE || error == TRUST_NO_BUSY)
        return "group: the configuration cannot be read from here, and the node is away. Give "
               "candidates instead.";
    return "The selection failed on our side.";
}

/* As the configuration writes names of groups: the answer repeats it. */
static bool is_name(const char *group)
{
    return group == NULL || group[strspn(group, "abcdefghijklmnopqrstuvwxyz0123456789_-")] == '\0';
}

static json_t *run(struct tool_call *call)
{
    struct arguments *arguments = call->arguments;
    char subjects[TRUST_BATCH_SUBJECTS_MAX][TRUST_SUBJECT_TEXT_SIZE];
    struct choosing choosing = {.call = call};
    bool has_group = arguments_has(arguments, "group");
    if (has_group == arguments_has(arguments, "candidates"))
        arguments_refuse(arguments, "Give either group or candidates.");
    choosing.query.group = arguments_text(arguments, "group", TRUST_GROUP_NAME_SIZE_MAX, has_group);
    if (!is_name(choosing.query.group))
        arguments_refuse(arguments, "group: a name has lower case letters, digits, _ and - only.");
    size_t count = arguments_subjects(arguments, subjects, "candidates", has_group ? 0 : 1,
                                      TRUST_BATCH_SUBJECTS_MAX);
    choosing.need_count =
        arguments_texts(arguments, choosing.need, "need", NEED_MAX, TRUST_CLIENT_TOOL_SIZE - 1);
    choosing.query.min_score_ppm = arguments_ratio(arguments, "min_score");
    if (!arguments_is_good(arguments))
        return NULL;
    for (size_t i = 0; i < count; i++)
        choosing.candidates[i] = subjects[i];
    choosing.query.candidates = has_group ? NULL : choosing.candidates;
    choosing.query.candidate_count = count;
    enum trust_error error = choose(&choosing);
    if (error == TRUST_OK)
        return document_of(&choosing);
    arguments_refuse(arguments, sentence_of(error));
    return NULL;
}

static const char *const names[] = {"group", "candidates", "need", "min_score", NULL};

#define WORD "{\"type\":\"string\",\"pattern\":\"^[a-z_]+$\"}"
#define STATE                                                                                      \
    "{\"type\":\"string\",\"enum\":[\"closed\",\"open\",\"half_open\",\"forced_open\","            \
    "\"starting\",\"down\",\"withheld\"]}"
#define MS_OR_NULL "{\"type\":[\"integer\",\"null\"],\"minimum\":0}"

const struct tool tool_choose_server = {
    .name = "choose_server",
    .title = "Which MCP server to call",
    .description =
        "Which MCP server to call now: those of a group of the operator's, or of your candidates, "
        "that are trusted, not withheld and not failing, in the order to try them; and why the "
        "others are not. When nothing serves it says so and when to ask again.",
    .input =
        "{\"type\":\"object\",\"properties\":{"
        "\"group\":{\"type\":\"string\",\"minLength\":1,\"maxLength\":64,\"description\":\"A group "
        "of the operator's configuration; or give candidates.\"},"
        "\"candidates\":{\"type\":\"array\",\"items\":{\"type\":\"string\"},\"minItems\":1,"
        "\"maxItems\":64,\"description\":\"Servers, in the order of preference.\"},"
        "\"need\":{\"type\":\"array\",\"items\":{\"type\":\"string\",\"minLength\":1,"
        "\"maxLength\":128},\"maxItems\":16,\"description\":\"Tools that will be called.\"},"
        "\"min_score\":{\"type\":\"number\",\"minimum\":0,\"maximum\":1,\"description\":\"Counts "
        "where it asks for more than the operator does.\"}},\"additionalProperties\":false}",
    .output =
        "{\"type\":\"object\",\"properties\":{"
        "\"status\":{\"type\":\"string\",\"enum\":[\"ok\",\"degraded\",\"unavailable\"]},"
        "\"reason\":{\"type\":[\"string\",\"null\"],\"enum\":[\"no_provider\",\"all_open\","
        "\"quarantined\",\"policy\",\"timeout\",\"not_covered\",\"tool_changed\","
        "\"rate_limited\",\"outcome_unknown\",null]},"
        "\"group\":{\"type\":[\"string\",\"null\"]},"
        "\"candidates\":{\"type\":\"array\",\"items\":{\"type\":\"object\",\"properties\":{"
        "\"subject\":{\"type\":\"string\"},\"why\":" WORD ",\"state\":" STATE
        ",\"score\":" SCORE_RATIO_OR_NULL ",\"is_vetted\":{\"type\":\"boolean\"},"
        "\"is_probe\":{\"type\":\"boolean\",\"description\":\"The call tests whether the server "
        "has recovered: tell its outcome.\"}},\"required\":[\"subject\",\"why\",\"state\","
        "\"score\",\"is_vetted\",\"is_probe\"],\"additionalProperties\":false}},"
        "\"refused\":{\"type\":\"array\",\"items\":{\"type\":\"object\",\"properties\":{"
        "\"subject\":{\"type\":\"string\"},\"why\":" WORD ",\"state\":" STATE
        ",\"score\":" SCORE_RATIO_OR_NULL ",\"opens_in_ms\":" MS_OR_NULL
        "},\"required\":[\"subject\",\"why\",\"state\",\"score\",\"opens_in_ms\"],"
        "\"additionalProperties\":false}},"
        "\"retry_after_ms\":" MS_OR_NULL "," SCORE_BASIS "," SCORE_MESSAGE
        "},\"required\":[\"status\",\"reason\",\"group\",\"candidates\",\"refused\","
        "\"retry_after_ms\",\"basis\",\"message\"],\"additionalProperties\":false}",
    .arguments = names,
    .run = run,
};
