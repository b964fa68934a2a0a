/*
 * See outcomes.h. A batch counts whole or not at all: everything is checked before the first
 * outcome reaches a breaker. Outcomes stay on this host.
 */
#include "node/api/outcomes.h"

#include <string.h>

#include "base/assert.h"
#include "engine/servers.h"
#include "node/api/api.h"
#include "node/api/leases.h"
#include "node/core.h"

struct outcome {
    struct trust_bytes subject;
    struct trust_shared_report report;
    struct leases_lease lease;
    uint32_t server;
};

static const char *const classes[] = {
    "ok",   "refused",      "timeout",  "http5xx", "garbage",   "rate_limited",
    "auth", "session_lost", "internal", "caller",  "cancelled", NULL,
};
static_assert(sizeof classes / sizeof classes[0] == TRUST_OUTCOME_CLASS_COUNT + 1,
              "a word for each class");

static void read_lease(struct outcome *outcome, struct api_body *entry)
{
    const char *text = api_body_optional_text(entry, "lease", LEASES_TEXT_SIZE - 1, NULL);
    if (text == NULL || api_is_answered(entry->call))
        return;
    if (leases_parse(&outcome->lease, text) == TRUST_OK) {
        outcome->report.permit = &outcome->lease.permit;
        outcome->report.holder = outcome->lease.holder;
    } else {
        api_refuse(entry->call, TRUST_NO_SYNTAX, "give the lease as the node gave it",
                   "%s/lease: not GENERATION-SLOT-CHECK-HOLDER", entry->pointer);
    }
}

static void read_outcome(struct outcome *outcome, struct api_body entry)
{
    *outcome = (struct outcome){.subject = api_body_subject(&entry, "subject")};
    struct trust_outcome *told = &outcome->report.outcome;
    told->class_ = (enum trust_outcome_class)api_body_word(&entry, "class", classes);
    told->latency_ms = (uint32_t)api_body_optional_count(
        &entry, "latency_ms", TRUST_OUTCOME_LATENCY_MS_MAX, TRUST_LATENCY_UNKNOWN);
    told->retry_after_ms =
        (uint32_t)api_body_optional_count(&entry, "retry_after_ms", TRUST_RETRY_AFTER_MS_MAX, 0);
    told->is_error = api_body_optional_flag(&entry, "is_error", false);
    told->is_slow = api_body_optional_flag(&entry, "slow", false);
    /* Breakers of tools are the agents' own, and who speaks is not up to a name: checked, not kept.
     */
    (void)api_body_optional_text(&entry, "tool", TRUST_TOOL_NAME_SIZE_MAX, NULL);
    (void)api_body_optional_text(&entry, "agent", TRUST_AGENT_NAME_SIZE_MAX, NULL);
    outcome->report.agent = leases_agent(entry.call);
    read_lease(outcome, &entry);
    (void)api_body_end(&entry);
}

/* All servers have a place before the first outcome counts. */
static bool watch_all(struct api_call *call, struct outcome *outcomes, size_t count)
{
    struct core *core = call->core;
    for (size_t i = 0; i < count; i++) {
        enum trust_error error = trust_engine_ask(
            core->engine, &outcomes[i].server, outcomes[i].subject, call->request.uid, core->now);
        if (error != TRUST_OK) {
            api_refuse(call, error, "try again in a moment",
                       "/outcomes/%zu/subject: the board has no room for this server", i);
            return false;
        }
    }
    return true;
}

void outcomes_take(struct api_call *call)
{
    struct core *core = call->core;
    struct outcome outcomes[TRUST_OUTCOMES_MAX] = {0};
    struct api_body body = api_body_open(call);
    struct api_list list = api_body_list(&body, "outcomes", 1, TRUST_OUTCOMES_MAX);
    for (size_t i = 0; i < list.count && !api_is_answered(call); i++)
        read_outcome(&outcomes[i], api_list_object(&list, i));
    if (!api_body_end(&body) || !watch_all(call, outcomes, list.count))
        return;
    for (size_t i = 0; i < list.count; i++) {
        trust_engine_handle_outcome(core->engine, outcomes[i].server, &outcomes[i].report,
                                    core->now);
        pump_run(core);
    }
    struct api_doc doc = api_doc_init();
    api_doc_open_object(&doc, NULL);
    api_doc_count(&doc, "accepted", list.count);
    api_doc_close_object(&doc);
    api_answer(call, &doc);
}
