/* See groups.h. */
#include "client/groups.h"

#include <stdlib.h>
#include <string.h>

#include "base/assert.h"
#include "base/bytes.h"
#include "host/config.h"
#include "host/files.h"

/* As host/yaml.h takes at most. */
#define FILE_SIZE_MAX ((size_t)1 << 20)

static uint32_t ppm(double ratio)
{
    return (uint32_t)(ratio * TRUST_PPM + .5);
}

static bool put_member(struct trust_client_group *group, const struct trust_group_server *server,
                       bool is_primary)
{
    struct trust_client_member *member = &group->members[group->count];
    if (trust_client_target_init(&member->target, server->subject, NULL) != TRUST_OK)
        return false;
    member->transport =
        (uint8_t)(server->command != NULL ? TRUST_TRANSPORT_STDIO : TRUST_TRANSPORT_HTTP);
    member->is_primary = is_primary;
    group->count++;
    return true;
}

static bool convert(struct trust_client_group *out_group, const struct trust_group *group)
{
    static_assert(TRUST_CLIENT_GROUP_MAX == TRUST_GROUP_FALLBACKS_MAX + 1, "a primary and these");
    size_t name_size = strlen(group->name);
    assert(name_size < sizeof out_group->name);
    memcpy(out_group->name, group->name, name_size + 1);
    out_group->min_score_ppm = ppm(group->min_score);
    out_group->strategy = (uint8_t)group->strategy;
    out_group->risk = (uint8_t)group->risk;
    out_group->when_all_open = (uint8_t)group->when_all_open;
    out_group->vetted_only = group->vetted_only;
    if (!put_member(out_group, &group->primary, true))
        return false;
    for (size_t i = 0; i < group->fallbacks.count; i++) {
        if (!put_member(out_group, &group->fallbacks.servers[i], false))
            return false;
    }
    return true;
}

/* Takes over what was loaded; on a failure everything stays. */
static bool take(struct trust_client_groups *groups, const struct trust_config *config)
{
    size_t count = config->groups.count;
    struct trust_client_group *taken = calloc(count + 1, sizeof *taken);
    if (taken == NULL)
        return false;
    for (size_t i = 0; i < count; i++) {
        if (!convert(&taken[i], &config->groups.groups[i])) {
            free(taken);
            return false;
        }
    }
    free(groups->groups);
    groups->groups = taken;
    groups->count = (uint32_t)count;
    groups->policy = config->breaker;
    groups->ungrouped = (struct trust_client_group){
        .min_score_ppm = ppm(config->policy.min_score),
        .strategy = TRUST_STRATEGY_BEST,
        .risk = (uint8_t)config->policy.risk,
        .when_all_open = (uint8_t)config->policy.when_all_open,
    };
    groups->has_configuration = true;
    return true;
}

static bool load(struct trust_client_groups *groups, const char *path)
{
    if (groups->mark.size > FILE_SIZE_MAX)
        return false;
    size_t size = 0;
    uint8_t *bytes = malloc(groups->mark.size + 1);
    if (bytes == NULL)
        return false;
    bool is_taken = false;
    struct trust_config config;
    struct trust_yaml_fault fault;
    if (trust_file_read(path, bytes, &size, groups->mark.size) == TRUST_OK &&
        trust_config_load(&config, &fault, path,
                          (struct trust_bytes){.data = bytes, .size = size}) == TRUST_OK) {
        is_taken = take(groups, &config);
        trust_config_close(&config);
    }
    free(bytes);
    return is_taken;
}

enum trust_error trust_client_groups_open(struct trust_client_groups *groups)
{
    *groups = (struct trust_client_groups){
        .policy = trust_breaker_policy_default(),
        .ungrouped = {.min_score_ppm = TRUST_PPM / 2, .strategy = TRUST_STRATEGY_BEST}};
    groups->learned = calloc(TRUST_CLIENT_LEARNED_MAX, sizeof *groups->learned);
    return groups->learned != NULL ? TRUST_OK : TRUST_FAIL_MEMORY;
}

/* Seed apart, which no cell of ours is made with. */
static bool is_same_policy(const struct trust_breaker_policy *a,
                           const struct trust_breaker_policy *b)
{
    size_t size = offsetof(struct trust_breaker_policy, lease_ms) + sizeof a->lease_ms;
    return memcmp(a, b, size) == 0;
}

bool trust_client_groups_refresh(struct trust_client_groups *groups, const char *path,
                                 struct trust_mono now)
{
    if (!trust_client_file_mark_is_new(&groups->mark, path, now) || !groups->mark.is_there)
        return false;
    struct trust_breaker_policy before = groups->policy;
    if (!load(groups, path))
        return false;
    return !is_same_policy(&before, &groups->policy);
}

static struct trust_client_group *find_in(struct trust_client_group *groups, uint32_t count,
                                          const char *name)
{
    for (uint32_t i = 0; i < count; i++) {
        if (strcmp(groups[i].name, name) == 0)
            return &groups[i];
    }
    return NULL;
}

struct trust_client_group *trust_client_groups_find(struct trust_client_groups *groups,
                                                    const char *name)
{
    if (groups->has_configuration)
        return find_in(groups->groups, groups->count, name);
    return find_in(groups->learned, groups->learned_count, name);
}

void trust_client_groups_learn(struct trust_client_groups *groups,
                               const struct trust_client_group *group)
{
    assert(groups->learned != NULL);
    struct trust_client_group *place = find_in(groups->learned, groups->learned_count, group->name);
    if (place == NULL && groups->learned_count < TRUST_CLIENT_LEARNED_MAX)
        place = &groups->learned[groups->learned_count++];
    if (place == NULL) {
        place = &groups->learned[0];
        for (uint32_t i = 1; i < groups->learned_count; i++) {
            if (groups->learned[i].learned.ms < place->learned.ms)
                place = &groups->learned[i];
        }
    }
    *place = *group;
}

void trust_client_groups_close(struct trust_client_groups *groups)
{
    free(groups->groups);
    free(groups->learned);
    *groups = (struct trust_client_groups){0};
}
