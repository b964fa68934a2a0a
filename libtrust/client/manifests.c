/* See manifests.h. */
#include "client/manifests.h"

#include <string.h>

#define HEX_SIZE (2 * TRUST_CLIENT_DIGEST_SIZE + 1)

static bool is_same_view(const struct trust_client_sight *a, const struct trust_client_sight *b)
{
    return strcmp(a->subject, b->subject) == 0 &&
           memcmp(a->capabilities, b->capabilities, sizeof a->capabilities) == 0;
}

static void remove_at(struct trust_client_manifests *manifests, uint32_t at)
{
    manifests->count--;
    memmove(&manifests->sights[at], &manifests->sights[at + 1],
            (manifests->count - at) * sizeof manifests->sights[0]);
}

/* count: none. */
static uint32_t find(const struct trust_client_manifests *manifests,
                     const struct trust_client_sight *sight)
{
    uint32_t at = 0;
    while (at < manifests->count && !is_same_view(&manifests->sights[at], sight))
        at++;
    return at;
}

static bool is_same(const struct trust_client_sight *a, const struct trust_client_sight *b)
{
    return memcmp(a->manifest, b->manifest, sizeof a->manifest) == 0 && a->state == b->state &&
           a->tools == b->tools;
}

/* What was told last of this view; NULL: nothing that is remembered. */
static struct trust_client_sight *find_told(struct trust_client_manifests *manifests,
                                            const struct trust_client_sight *sight)
{
    uint32_t count = manifests->told_count < TRUST_CLIENT_MANIFESTS_MAX
                         ? manifests->told_count
                         : TRUST_CLIENT_MANIFESTS_MAX;
    for (uint32_t i = 0; i < count; i++) {
        if (is_same_view(&manifests->told[i], sight))
            return &manifests->told[i];
    }
    return NULL;
}

void trust_client_manifests_note(struct trust_client_manifests *manifests,
                                 const struct trust_client_sight *sight)
{
    struct trust_client_sight *told = find_told(manifests, sight);
    if (told == NULL)
        told = &manifests->told[manifests->told_count++ % TRUST_CLIENT_MANIFESTS_MAX];
    *told = *sight;
}

void trust_client_manifests_forget(struct trust_client_manifests *manifests)
{
    manifests->told_count = 0;
}

bool trust_client_manifests_add(struct trust_client_manifests *manifests,
                                const struct trust_client_sight *sight)
{
    uint32_t at = find(manifests, sight);
    const struct trust_client_sight *told = find_told(manifests, sight);
    if (at == manifests->count && told != NULL && is_same(told, sight))
        return true;
    bool is_lost = at == TRUST_CLIENT_MANIFESTS_MAX;
    if (is_lost)
        at = 0;
    if (at < manifests->count)
        remove_at(manifests, at);
    manifests->sights[manifests->count++] = *sight;
    return !is_lost;
}

bool trust_client_manifests_take(struct trust_client_manifests *manifests,
                                 struct trust_client_sight *out_sight)
{
    if (manifests->count == 0)
        return false;
    *out_sight = manifests->sights[0];
    remove_at(manifests, 0);
    return true;
}

bool trust_client_manifests_give_back(struct trust_client_manifests *manifests,
                                      const struct trust_client_sight *sight)
{
    if (find(manifests, sight) < manifests->count)
        return true;
    if (manifests->count == TRUST_CLIENT_MANIFESTS_MAX)
        return false;
    memmove(&manifests->sights[1], &manifests->sights[0],
            manifests->count * sizeof manifests->sights[0]);
    manifests->sights[0] = *sight;
    manifests->count++;
    return true;
}

static void put_hex(char out_text[HEX_SIZE], const uint8_t bytes[TRUST_CLIENT_DIGEST_SIZE])
{
    static const char digits[] = "0123456789abcdef";
    for (size_t i = 0; i < TRUST_CLIENT_DIGEST_SIZE; i++) {
        out_text[2 * i] = digits[bytes[i] >> 4];
        out_text[2 * i + 1] = digits[bytes[i] & 15];
    }
    out_text[HEX_SIZE - 1] = '\0';
}

json_t *trust_client_manifests_doc(const struct trust_client_sight *sight, const char *agent)
{
    char capabilities[HEX_SIZE];
    char manifest[HEX_SIZE];
    put_hex(capabilities, sight->capabilities);
    put_hex(manifest, sight->manifest);
    uint32_t tools =
        sight->tools < TRUST_SIGHT_TOOLS_MAX ? sight->tools : (uint32_t)TRUST_SIGHT_TOOLS_MAX;
    return json_pack("{s:s, s:s, s:s, s:s, s:i, s:s}", "subject", sight->subject, "capabilities",
                     capabilities, "manifest", manifest, "state",
                     trust_manifest_state_name(sight->state), "tools", (int)tools, "agent", agent);
}
