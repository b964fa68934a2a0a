/* An answer as a JSON document. Numbers, our own words, and subjects that the operator or the
 * caller named: nothing that a stranger wrote. See trust/client.h. */
#include <jansson.h>
#include <string.h>

#include "trust/client.h"

/* A time that may never come, or nothing at all. */
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
    return json_pack("{s:s, s:s, s:s, s:o, s:o}", "subject", choice->target.subject, "state",
                     trust_candidate_state_name((enum trust_candidate_state)choice->state), "why",
                     trust_why_name((enum trust_why)choice->why), "score",
                     ratio_of(choice->score_ppm), "opens_in_ms", time_of(choice->opens_in_ms));
}

static json_t *candidates_of(const struct trust_client_choice *choices, size_t count)
{
    json_t *list = json_array();
    for (size_t i = 0; i < count; i++) {
        if (json_array_append_new(list, candidate_of(&choices[i])) != 0) {
            json_decref(list);
            return NULL;
        }
    }
    return list;
}

static json_t *reason_of(enum trust_reason reason)
{
    return reason == TRUST_REASON_NONE ? json_null() : json_string(trust_reason_name(reason));
}

static json_t *document_of(const struct trust_answer *answer,
                           const struct trust_client_choice *choices, const char *group)
{
    size_t count = (size_t)answer->count + answer->refused_count;
    return json_pack("{s:s, s:s?, s:o, s:o, s:o, s:[], s:[], s:{s:s, s:i}, s:s}", "status",
                     trust_answer_status_name(answer->status), "group", group, "reason",
                     reason_of(answer->reason), "retry_after_ms", time_of(answer->retry_after_ms),
                     "candidates", candidates_of(choices, count), "alternatives", "missing",
                     "basis", "kind", trust_basis_kind_name(answer->basis.kind), "age_s",
                     (int)(answer->basis.age_s < INT32_MAX ? answer->basis.age_s : INT32_MAX),
                     "message", answer->message);
}

enum trust_error trust_client_answer_text(char *out_text, size_t size,
                                          const struct trust_answer *answer,
                                          const struct trust_client_choice *choices,
                                          const char *group)
{
    json_t *document = document_of(answer, choices, group);
    if (document == NULL)
        return TRUST_FAIL_MEMORY;
    size_t needed = json_dumpb(document, NULL, 0, JSON_COMPACT | JSON_REAL_PRECISION(6));
    enum trust_error error = needed == 0 ? TRUST_FAIL_MEMORY : TRUST_OK;
    if (error == TRUST_OK && needed >= size)
        error = TRUST_NO_SIZE;
    if (error == TRUST_OK) {
        size_t written =
            json_dumpb(document, out_text, size, JSON_COMPACT | JSON_REAL_PRECISION(6));
        out_text[written] = '\0';
    }
    json_decref(document);
    return error;
}
