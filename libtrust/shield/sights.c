/* See sights.h. */
#include "shield/sights.h"

#include <string.h>

#include "base/assert.h"
#include "base/reader.h"

static bool stands(const struct trust_sight *sight, struct trust_wall now)
{
    return sight->state == TRUST_MANIFEST_CHANGED &&
           now.ms < sight->since.ms + TRUST_SIGHT_STANDS_MS;
}

static bool is_view(const struct trust_sight *sight, const uint8_t view[TRUST_SIGHT_VIEW_SIZE])
{
    return sight->state != TRUST_MANIFEST_NONE &&
           memcmp(sight->view, view, sizeof sight->view) == 0;
}

/* The place of a view, or of one that may go: a free one, or the one not told for the longest. */
static struct trust_sight *find_place(struct trust_sights *sights, const uint8_t *view,
                                      struct trust_wall now)
{
    struct trust_sight *place = NULL;
    for (uint32_t i = 0; i < TRUST_SIGHTS_MAX; i++) {
        struct trust_sight *sight = &sights->sights[i];
        if (is_view(sight, view))
            return sight;
        if (!stands(sight, now) && (place == NULL || sight->seen.ms < place->seen.ms))
            place = sight;
    }
    return place;
}

static bool note_agent(struct trust_sight *sight, uint64_t agent)
{
    for (uint32_t i = 0; i < sight->agent_count; i++) {
        if (sight->agents[i] == agent)
            return false;
    }
    if (sight->agent_count == TRUST_SIGHT_AGENTS_MAX)
        return false;
    sight->agents[sight->agent_count++] = agent;
    return true;
}

bool trust_sights_tell(struct trust_sights *sights, const struct trust_sight_told *told,
                       struct trust_wall now)
{
    assert(told->state != TRUST_MANIFEST_NONE);
    struct trust_sight *sight = find_place(sights, told->view, now);
    if (sight == NULL)
        return false;
    bool is_same_view = is_view(sight, told->view);
    bool is_known = is_same_view && memcmp(sight->manifest, told->manifest, 32) == 0;
    enum trust_manifest_state state = told->state;
    /* Pins of somebody else may say so of what this operator has accepted. */
    if (is_known && sight->is_accepted)
        state = TRUST_MANIFEST_PINNED;
    if (is_same_view && stands(sight, now) && state != TRUST_MANIFEST_CHANGED)
        return false;
    uint16_t tools = state == TRUST_MANIFEST_PINNED ? 0 : told->tools;
    if (!is_known || sight->state != state) {
        bool is_accepted = is_known && sight->is_accepted;
        *sight = (struct trust_sight){
            .since = now, .seen = now, .state = (uint8_t)state, .is_accepted = is_accepted};
        memcpy(sight->view, told->view, sizeof sight->view);
        memcpy(sight->manifest, told->manifest, sizeof sight->manifest);
        sight->tools = tools;
        return note_agent(sight, told->agent);
    }
    bool is_new = note_agent(sight, told->agent) || sight->tools != tools;
    sight->tools = tools;
    sight->seen = now;
    return is_new;
}

bool trust_sights_accept(struct trust_sights *sights, const uint8_t view[TRUST_SIGHT_VIEW_SIZE],
                         struct trust_wall accepted, struct trust_wall now)
{
    for (uint32_t i = 0; i < TRUST_SIGHTS_MAX; i++) {
        struct trust_sight *sight = &sights->sights[i];
        if (!is_view(sight, view) || sight->since.ms > accepted.ms)
            continue;
        if (sight->state != TRUST_MANIFEST_PINNED)
            sight->since = now;
        sight->is_accepted = true;
        sight->tools = 0;
        sight->state = TRUST_MANIFEST_PINNED;
        if (sight->seen.ms < now.ms)
            sight->seen = now;
        return true;
    }
    return false;
}

const struct trust_sight *trust_sights_worst(const struct trust_sights *sights)
{
    const struct trust_sight *worst = NULL;
    for (uint32_t i = 0; i < TRUST_SIGHTS_MAX; i++) {
        const struct trust_sight *sight = &sights->sights[i];
        if (sight->state == TRUST_MANIFEST_NONE)
            continue;
        if (worst == NULL || sight->state > worst->state ||
            (sight->state == worst->state && sight->seen.ms >= worst->seen.ms))
            worst = sight;
    }
    return worst;
}

struct trust_wall trust_sights_changed(const struct trust_sights *sights)
{
    struct trust_wall changed = {0};
    for (uint32_t i = 0; i < TRUST_SIGHTS_MAX; i++) {
        const struct trust_sight *sight = &sights->sights[i];
        if (sight->state == TRUST_MANIFEST_CHANGED && sight->since.ms > changed.ms)
            changed = sight->since;
    }
    return changed;
}

/* ---- over a restart ---- */

#define VERSION 1

void trust_sights_save(const struct trust_sights *sights, struct trust_writer *writer)
{
    if (trust_sights_worst(sights) == NULL)
        return;
    trust_writer_put_be(writer, VERSION, 1);
    for (uint32_t i = 0; i < TRUST_SIGHTS_MAX; i++) {
        const struct trust_sight *sight = &sights->sights[i];
        if (sight->state == TRUST_MANIFEST_NONE)
            continue;
        trust_writer_put(writer, (struct trust_bytes){sight->view, sizeof sight->view});
        trust_writer_put(writer, (struct trust_bytes){sight->manifest, sizeof sight->manifest});
        trust_writer_put_be(writer, sight->since.ms, 8);
        trust_writer_put_be(writer, sight->seen.ms, 8);
        trust_writer_put_be(writer, sight->tools, 2);
        trust_writer_put_be(writer, sight->state, 1);
        trust_writer_put_be(writer, sight->is_accepted, 1);
    }
}

static bool load_one(struct trust_sight *sight, struct trust_bytes bytes)
{
    struct trust_reader reader = trust_reader_init(bytes);
    memcpy(sight->view, trust_reader_take(&reader, sizeof sight->view).data, sizeof sight->view);
    memcpy(sight->manifest, trust_reader_take(&reader, sizeof sight->manifest).data,
           sizeof sight->manifest);
    sight->since.ms = trust_reader_take_be(&reader, 8);
    sight->seen.ms = trust_reader_take_be(&reader, 8);
    sight->tools = (uint16_t)trust_reader_take_be(&reader, 2);
    sight->state = (uint8_t)trust_reader_take_be(&reader, 1);
    uint64_t accepted = trust_reader_take_be(&reader, 1);
    sight->is_accepted = accepted == 1;
    return accepted <= 1 && sight->state != TRUST_MANIFEST_NONE &&
           sight->state <= TRUST_MANIFEST_CHANGED && sight->since.ms <= sight->seen.ms;
}

enum trust_error trust_sights_load(struct trust_sights *out_sights, struct trust_bytes bytes)
{
    struct trust_sights sights = {0};
    if (bytes.size < 1 || bytes.data[0] != VERSION || bytes.size > TRUST_SIGHTS_BYTES_MAX ||
        (bytes.size - 1) % TRUST_SIGHT_BYTES != 0)
        return TRUST_NO_SYNTAX;
    size_t count = (bytes.size - 1) / TRUST_SIGHT_BYTES;
    for (size_t i = 0; i < count; i++) {
        const struct trust_bytes one = {bytes.data + 1 + i * TRUST_SIGHT_BYTES, TRUST_SIGHT_BYTES};
        if (!load_one(&sights.sights[i], one))
            return TRUST_NO_SYNTAX;
    }
    *out_sights = sights;
    return TRUST_OK;
}
