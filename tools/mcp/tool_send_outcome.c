/*
 * send_outcome: how a call went, for this host's breakers and nobody else. It settles the permit
 * that it takes, as every outcome without a lease: while a breaker is open or the server withheld
 * nothing is counted, and half-open it is a probe.
 */
#include <string.h>

#include "base/bytes.h"
#include "mcp/score_doc.h"
#include "mcp/tools.h"

#define OUTCOME_ID_SIZE_MAX 128

#define COUNTED "The outcome counts for this host's own choice of servers. It is published nowhere."
#define DUPLICATE "An outcome with this outcome_id was told before: it counts once."
#define REFUSED                                                                                    \
    "The outcome does not count, since the server is withheld, or failing and being given time "   \
    "to "                                                                                          \
    "recover. Do not call it now."

static json_t *document_of(const char *subject, bool is_counted, bool is_duplicate, const char *why)
{
    const char *message = is_counted ? COUNTED : is_duplicate ? DUPLICATE : REFUSED;
    return json_pack("{s:s,s:b,s:b,s:s?,s:s}", "subject", subject, "is_counted", is_counted,
                     "is_duplicate", is_duplicate, "why", why, "message", message);
}

static json_t *tell(struct tool_call *call, const struct trust_client_target *target,
                    const struct trust_outcome *outcome)
{
    struct trust_client_call permitted;
    enum trust_why why = TRUST_WHY_SHARED_BREAKER;
    if (trust_client_permit(call->view->client, &permitted, target, 0, &why) != TRUST_OK)
        return document_of(target->subject, false, false, trust_why_name(why));
    trust_client_outcome(call->view->client, &permitted, outcome);
    return document_of(target->subject, true, false, NULL);
}

static json_t *run(struct tool_call *call)
{
    struct arguments *arguments = call->arguments;
    char subject[TRUST_SUBJECT_TEXT_SIZE];
    struct trust_client_target target;
    struct trust_outcome outcome = {0};
    arguments_subject(arguments, subject, "subject");
    const char *class_ = arguments_text(arguments, "class", 16, true);
    const char *tool = arguments_text(arguments, "tool", TRUST_CLIENT_TOOL_SIZE - 1, false);
    const char *id = arguments_text(arguments, "outcome_id", OUTCOME_ID_SIZE_MAX, true);
    outcome.latency_ms =
        arguments_whole(arguments, "latency_ms", TRUST_LATENCY_UNKNOWN - 1, TRUST_LATENCY_UNKNOWN);
    if (!arguments_is_good(arguments))
        return NULL;
    if (trust_outcome_parse(&outcome.class_, trust_bytes_text(class_)) != TRUST_OK) {
        arguments_refuse(arguments,
                         "class: none of ok, refused, timeout, http5xx, garbage, rate_limited, "
                         "auth, session_lost, internal, caller and cancelled.");
        return NULL;
    }
    if (trust_client_target_init(&target, subject, tool) != TRUST_OK) {
        arguments_refuse(arguments, "tool: no name of a tool.");
        return NULL;
    }
    if (!told_is_new(call->told, trust_bytes_text(id)))
        return document_of(subject, false, true, NULL);
    return tell(call, &target, &outcome);
}

static const char *const names[] = {"subject", "tool", "class", "latency_ms", "outcome_id", NULL};

const struct tool tool_send_outcome = {
    .name = "send_outcome",
    .title = "Tell how a call went",
    .description =
        "Tells how a call to an MCP server went, so that this host avoids servers that fail. Any "
        "completed call is ok, also one whose result says isError. It stays on this host. Give "
        "each call an outcome_id of its own: told twice it counts once.",
    .input =
        "{\"type\":\"object\",\"properties\":{"
        "\"subject\":{\"type\":\"string\",\"description\":\"The server that was called.\"},"
        "\"tool\":{\"type\":\"string\",\"minLength\":1,\"maxLength\":128,\"description\":\"The "
        "tool of it.\"},"
        "\"class\":{\"type\":\"string\",\"enum\":[\"ok\",\"refused\",\"timeout\",\"http5xx\","
        "\"garbage\",\"rate_limited\",\"auth\",\"session_lost\",\"internal\",\"caller\","
        "\"cancelled\"]},"
        "\"latency_ms\":{\"type\":\"integer\",\"minimum\":0,\"maximum\":4294967294},"
        "\"outcome_id\":{\"type\":\"string\",\"minLength\":1,\"maxLength\":128,"
        "\"description\":\"Names this one call.\"}},"
        "\"required\":[\"subject\",\"class\",\"outcome_id\"],\"additionalProperties\":false}",
    .output = "{\"type\":\"object\",\"properties\":{\"subject\":{\"type\":\"string\"},"
              "\"is_counted\":{\"type\":\"boolean\"},\"is_duplicate\":{\"type\":\"boolean\"},"
              "\"why\":{\"type\":[\"string\",\"null\"],\"pattern\":\"^[a-z_]+$\"}," SCORE_MESSAGE
              "},\"required\":[\"subject\",\"is_counted\",\"is_duplicate\",\"why\",\"message\"],"
              "\"additionalProperties\":false}",
    .arguments = names,
    .is_writing = true,
    .run = run,
};
