/* See group_doc.h. */
#include "client/group_doc.h"

#include <string.h>

#include "base/assert.h"

static enum trust_error add(struct trust_client_group *group, const char *subject, bool is_primary)
{
    if (subject == NULL)
        return TRUST_NO_TYPE;
    if (group->count == TRUST_CLIENT_GROUP_MAX)
        return TRUST_NO_SIZE;
    struct trust_client_member *member = &group->members[group->count];
    if (trust_client_target_init(&member->target, subject, NULL) != TRUST_OK)
        return TRUST_NO_TYPE;
    member->is_primary = is_primary;
    group->count++;
    return TRUST_OK;
}

/* The operator's order, the primary first. */
static enum trust_error add_servers(struct trust_client_group *group, const json_t *servers)
{
    if (!json_is_array(servers))
        return TRUST_NO_TYPE;
    for (size_t i = 0; i < json_array_size(servers); i++) {
        enum trust_error error = add(group, json_string_value(json_array_get(servers, i)), i == 0);
        if (error != TRUST_OK)
            return error;
    }
    return TRUST_OK;
}

static bool is_text(const json_t *policy, const char *name, const char *text)
{
    const char *value = json_string_value(json_object_get(policy, name));
    return value != NULL && strcmp(value, text) == 0;
}

static void read_policy(struct trust_client_group *group, const json_t *policy)
{
    const json_t *min_score = json_object_get(policy, "min_score");
    double ratio = json_number_value(min_score);
    if (json_is_number(min_score) && ratio >= 0 && ratio <= 1)
        group->min_score_ppm = (uint32_t)(ratio * TRUST_PPM + .5);
    if (is_text(policy, "strategy", trust_strategy_name(TRUST_STRATEGY_BEST)))
        group->strategy = TRUST_STRATEGY_BEST;
    /* What is not said to be harmless is not. */
    if (!is_text(policy, "risk", trust_risk_name(TRUST_RISK_LOW)))
        group->risk = TRUST_RISK_HIGH;
    if (is_text(policy, "when_all_open",
                trust_when_all_open_name(TRUST_WHEN_ALL_OPEN_TRY_LEAST_BAD)))
        group->when_all_open = TRUST_WHEN_ALL_OPEN_TRY_LEAST_BAD;
    group->vetted_only = json_is_true(json_object_get(policy, "vetted_only"));
}

enum trust_error trust_group_doc_read(struct trust_client_group *out_group, const char *name,
                                      const json_t *doc)
{
    size_t size = strlen(name);
    assert(size <= TRUST_GROUP_NAME_SIZE_MAX);
    struct trust_client_group group = {.min_score_ppm = TRUST_PPM / 2};
    memcpy(group.name, name, size);
    const json_t *policy = json_object_get(doc, "policy");
    enum trust_error error = add_servers(&group, json_object_get(policy, "servers"));
    if (error != TRUST_OK)
        return error;
    read_policy(&group, policy);
    *out_group = group;
    return TRUST_OK;
}
