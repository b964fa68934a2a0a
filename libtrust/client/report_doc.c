/* See report_doc.h. */
#include "client/report_doc.h"

#include "base/limits.h"

/* The node takes a batch whole or not at all: nothing may be out of its range. */
static json_t *bounded(uint32_t value, uint32_t most)
{
    return json_integer(value < most ? value : most);
}

/* Each member that says something; 0 if all of them could be set. */
static int put_rest(json_t *doc, const struct trust_client_report *report)
{
    const struct trust_outcome *outcome = &report->outcome;
    int failed = 0;
    /* A name that is no UTF-8 must not take the others' outcomes with it. */
    json_t *tool = report->tool[0] != '\0' ? json_string(report->tool) : NULL;
    if (tool != NULL)
        failed |= json_object_set_new(doc, "tool", tool);
    if (report->lease[0] != '\0')
        failed |= json_object_set_new(doc, "lease", json_string(report->lease));
    if (outcome->latency_ms != TRUST_LATENCY_UNKNOWN)
        failed |= json_object_set_new(doc, "latency_ms",
                                      bounded(outcome->latency_ms, TRUST_CLIENT_LATENCY_MS_MAX));
    if (outcome->class_ == TRUST_OUTCOME_RATE_LIMITED && outcome->retry_after_ms > 0)
        failed |= json_object_set_new(doc, "retry_after_ms",
                                      bounded(outcome->retry_after_ms, TRUST_RETRY_AFTER_MS_MAX));
    if (outcome->is_error)
        failed |= json_object_set_new(doc, "is_error", json_true());
    if (outcome->is_slow)
        failed |= json_object_set_new(doc, "slow", json_true());
    return failed;
}

static json_t *one(const struct trust_client_report *report, const char *agent)
{
    json_t *doc = json_pack("{s:s, s:s, s:s}", "subject", report->subject, "class",
                            trust_outcome_name(report->outcome.class_), "agent", agent);
    if (doc == NULL || put_rest(doc, report) == 0)
        return doc;
    json_decref(doc);
    return NULL;
}

json_t *trust_report_doc(const struct trust_client_report *reports, size_t count, const char *agent)
{
    json_t *list = json_array();
    for (size_t i = 0; i < count; i++) {
        json_t *doc = one(&reports[i], agent);
        if (doc == NULL || json_array_append_new(list, doc) != 0) {
            json_decref(list);
            return NULL;
        }
    }
    return json_pack("{s:o}", "outcomes", list);
}
