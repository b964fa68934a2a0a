/*
 * See servers.h. The servers of the configured groups come first, as they are written there; the
 * operator also sees every other server that records or agents speak of.
 */
#include "node/api/servers.h"

#include <string.h>

#include "base/assert.h"
#include "base/bytes.h"
#include "engine/servers.h"
#include "node/api/body.h"
#include "node/api/question.h"
#include "node/api/score_doc.h"
#include "node/core.h"

struct listing {
    struct core *core;
    struct api_doc *doc;
    uint64_t left; /* rows */
    uint8_t seen[TRUST_BOARD_SLOTS_MAX / 8];
};

static void put(struct listing *listing, struct trust_bytes subject)
{
    if (listing->left == 0)
        return;
    listing->left--;
    score_doc_put(listing->doc, listing->core, &(struct trust_question){.subject = subject});
}

/* A server stands in several groups, but once in the list. */
static void put_configured(struct listing *listing, const char *subject)
{
    uint32_t server = 0;
    if (!trust_engine_find_server(listing->core->engine, &server, trust_bytes_text(subject)))
        return;
    assert(server < TRUST_BOARD_SLOTS_MAX);
    uint8_t bit = (uint8_t)(1u << server % 8);
    bool was_seen = (listing->seen[server / 8] & bit) != 0;
    listing->seen[server / 8] |= bit;
    if (!was_seen)
        put(listing, trust_bytes_text(subject));
}

static void put_groups(struct listing *listing)
{
    const struct trust_groups *groups = &listing->core->config.groups;
    for (size_t i = 0; i < groups->count; i++) {
        put_configured(listing, groups->groups[i].primary.subject);
        const struct trust_group_servers *fallbacks = &groups->groups[i].fallbacks;
        for (size_t j = 0; j < fallbacks->count; j++)
            put_configured(listing, fallbacks->servers[j].subject);
    }
}

static void put_others(struct listing *listing)
{
    struct trust_scorer *scorer = trust_engine_scorer(listing->core->engine, listing->core->now);
    uint32_t cursor = 0;
    uint32_t known = 0;
    while (listing->left > 0 && trust_scorer_next_server(scorer, &cursor, &known)) {
        char text[TRUST_SUBJECT_TEXT_SIZE];
        struct trust_bytes subject = {.data = (const uint8_t *)text,
                                      .size = trust_scorer_subject(scorer, text, known)};
        uint32_t server = 0;
        if (!trust_engine_find_server(listing->core->engine, &server, subject) ||
            (listing->seen[server / 8] & (uint8_t)(1u << server % 8)) == 0)
            put(listing, subject);
    }
}

void servers_list(struct api_call *call)
{
    uint64_t limit = TRUST_API_ROWS_MAX;
    if (!api_check_count(call, "limit", TRUST_API_ROWS_MAX, &limit))
        return;
    struct api_doc doc = api_doc_init();
    struct listing listing = {.core = call->core, .doc = &doc, .left = limit};
    api_doc_open_array(&doc, NULL);
    put_groups(&listing);
    if (call->request.rights == API_RIGHTS_OPERATOR)
        put_others(&listing);
    api_doc_close_array(&doc);
    api_answer(call, &doc);
    pump_run(call->core);
}

void servers_show(struct api_call *call)
{
    struct question question;
    if (!question_read(call, &question))
        return;
    struct api_doc doc = api_doc_init();
    score_doc_put(&doc, call->core, &question.asked);
    api_answer(call, &doc);
    pump_run(call->core);
}
