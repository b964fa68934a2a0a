/* See choosing.h. */
#include "client/choosing.h"

#include <string.h>

#include "base/bytes.h"
#include "base/limits.h"

enum trust_error trust_choosing_want(struct trust_choosing *choosing,
                                     struct trust_client_group *group)
{
    struct trust_client *client = choosing->client;
    const struct trust_client_query *query = choosing->query;
    choosing->group = group;
    choosing->count = group != NULL ? group->count : query->candidate_count;
    for (size_t i = 0; i < choosing->count; i++) {
        if (group != NULL) {
            client->wanted[i] = &group->members[i].target;
            continue;
        }
        client->wanted[i] = &client->typed[i];
        enum trust_error error =
            trust_client_target_init(&client->typed[i], query->candidates[i], NULL);
        if (error != TRUST_OK)
            return error;
    }
    return TRUST_OK;
}

/* All of them get their slots before any is looked at: a new one may take another's. */
static void place_all(const struct trust_choosing *choosing)
{
    struct trust_client *client = choosing->client;
    for (size_t i = 0; i < choosing->count; i++) {
        struct trust_client_server *server =
            trust_client_servers_add(&client->servers, client->wanted[i], choosing->now.mono);
        trust_board_prefetch(&client->board, &server->handle);
    }
}

static uint8_t marks_of(const struct trust_choosing *choosing, size_t index,
                        const struct trust_board_cell *cell)
{
    /* Which tools a server has is not known here: the operator groups those that stand in for each
     * other. */
    uint8_t marks = TRUST_CANDIDATE_COVERS;
    if (choosing->group != NULL && choosing->group->members[index].is_primary)
        marks |= TRUST_CANDIDATE_PRIMARY;
    if (choosing->group != NULL || (cell != NULL && (cell->marks & TRUST_CELL_NAMED) != 0))
        marks |= TRUST_CANDIDATE_NAMED;
    return marks;
}

static void name_tool(struct trust_client_target *target, const char *tool)
{
    const char *name = tool != NULL ? tool : "";
    if (strcmp(target->tool, name) == 0)
        return;
    memcpy(target->tool, name, strlen(name) + 1);
    target->tool_slot = TRUST_CLIENT_NO_SLOT;
}

static void read_gate(struct trust_gate *out_gate, struct trust_breaker_view *out_view,
                      const struct trust_breaker *cell, const struct trust_choosing *choosing)
{
    const struct trust_breaker_context context = {.policy = &choosing->client->groups.policy,
                                                  .now = choosing->now.mono};
    trust_breaker_read(cell, out_view, &context);
    trust_gate_init(out_gate, out_view);
}

/* What this agent's own calls tell. */
static void fill_own(const struct trust_choosing *choosing, struct trust_candidate *candidate,
                     struct trust_client_target *target)
{
    struct trust_client_servers *servers = &choosing->client->servers;
    const struct trust_client_server *server = &servers->servers[target->slot];
    if (!server->has_calls)
        return;
    struct trust_breaker_view view;
    read_gate(&candidate->own, &view, &server->cell, choosing);
    candidate->ewma_us = view.ewma_ms < UINT32_MAX / 1000 ? view.ewma_ms * 1000 : UINT32_MAX;
    if (view.calls > 0)
        candidate->fail_ppm =
            (uint32_t)((uint64_t)view.half_failures * (TRUST_PPM / 2) / view.calls);
    const struct trust_client_tool *tool =
        target->tool[0] != '\0' ? trust_client_servers_find_tool(servers, target) : NULL;
    if (tool != NULL)
        read_gate(&candidate->tool, &view, &tool->cell, choosing);
}

static enum trust_error exclude(const struct trust_choosing *choosing, const char *subject)
{
    struct trust_client *client = choosing->client;
    struct trust_client_target target;
    enum trust_error error = trust_client_target_init(&target, subject, NULL);
    if (error != TRUST_OK)
        return error;
    for (size_t i = 0; i < choosing->count; i++) {
        if (memcmp(client->wanted[i]->digest, target.digest, sizeof target.digest) == 0)
            client->candidates[i].marks |= TRUST_CANDIDATE_EXCLUDED;
    }
    return TRUST_OK;
}

static void make_one(const struct trust_choosing *choosing, size_t index)
{
    struct trust_client *client = choosing->client;
    struct trust_client_target *target = client->wanted[index];
    struct trust_client_server *server = &client->servers.servers[target->slot];
    struct trust_candidate *candidate = &client->candidates[index];
    *candidate = (struct trust_candidate){
        .subject = trust_bytes_text(target->subject),
        .position = (uint16_t)index,
    };
    if (choosing->group != NULL)
        candidate->transport = choosing->group->members[index].transport;
    name_tool(target, choosing->query->tool);
    trust_client_show(client, server);
    trust_client_fill(client, candidate, server, &choosing->now,
                      choosing->basis.kind == TRUST_BASIS_FRESH);
    candidate->marks = marks_of(choosing, index, candidate->cell);
    fill_own(choosing, candidate, target);
}

enum trust_error trust_choosing_make(struct trust_choosing *choosing)
{
    place_all(choosing);
    for (size_t i = 0; i < choosing->count; i++)
        make_one(choosing, i);
    for (size_t i = 0; i < choosing->query->exclude_count; i++) {
        enum trust_error error = exclude(choosing, choosing->query->exclude[i]);
        if (error != TRUST_OK)
            return error;
    }
    return TRUST_OK;
}

static bool is_unseen(struct trust_client_server *server, struct trust_mono now)
{
    bool is_recent = server->asked.ms != 0 && now.ms - server->asked.ms < TRUST_CLIENT_ASK_AGAIN_MS;
    return !server->is_shown && !is_recent;
}

size_t trust_choosing_unseen(struct trust_choosing *choosing,
                             char (*out_subjects)[TRUST_SUBJECT_TEXT_SIZE], size_t room)
{
    struct trust_client *client = choosing->client;
    size_t count = 0;
    if (choosing->group != NULL || choosing->basis.kind != TRUST_BASIS_FRESH)
        return 0;
    for (size_t i = 0; i < choosing->count && count < room; i++) {
        struct trust_client_server *server = &client->servers.servers[client->wanted[i]->slot];
        if (!is_unseen(server, choosing->now.mono))
            continue;
        server->asked = choosing->now.mono;
        memcpy(out_subjects[count++], client->wanted[i]->subject, TRUST_SUBJECT_TEXT_SIZE);
    }
    return count;
}
