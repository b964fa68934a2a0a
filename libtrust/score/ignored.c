/* See ignored.h. */
#include "score/ignored.h"

#include "record/keys.h"
#include "score/flagging.h"

static bool is_chosen(const struct trust_score_state *state, uint32_t count, uint32_t author,
                      uint32_t slot)
{
    uint32_t low = 0;
    uint32_t high = count;
    while (low < high) {
        uint32_t middle = (low + high) / 2;
        if (state->choices[middle].author < author)
            low = middle + 1;
        else
            high = middle;
    }
    for (; low < count && state->choices[low].author == author; low++) {
        if (state->choices[low].slot == slot)
            return true;
    }
    return false;
}

/* The first thing that speaks against a rating which was not chosen. */
static enum trust_ignored_reason reason_of(const struct trust_score_state *state,
                                           const struct trust_rating_view *rating, uint32_t now_s)
{
    if (rating->silence == TRUST_SILENCE_VOID)
        return TRUST_IGNORED_VOID;
    if (rating->silence == TRUST_SILENCE_REVOKED)
        return TRUST_IGNORED_REVOKED;
    if (rating->value == TRUST_RATING_WITHDRAWN)
        return TRUST_IGNORED_WITHDRAWN;
    if (rating->expires_s <= now_s)
        return TRUST_IGNORED_EXPIRED;
    if (trust_graph_is_cut(&state->graph, rating->author))
        return TRUST_IGNORED_MUTED;
    if (state->propagation.t[rating->author] <= 0)
        return TRUST_IGNORED_NO_WEIGHT;
    return TRUST_IGNORED_LEVEL;
}

static void add(const struct trust_score_state *state, struct trust_explanation *explanation,
                uint32_t slot, uint32_t author, enum trust_ignored_reason reason)
{
    explanation->ignored_count++;
    if (explanation->ignored_shown == TRUST_EXPLAIN_IGNORED_MAX)
        return;
    struct trust_ignored *row = &explanation->ignored[explanation->ignored_shown++];
    *row = (struct trust_ignored){.slot = slot, .reason = reason};
    row->from = *trust_keys_at(state->keys, author);
}

static void list_server(const struct trust_score_state *state,
                        struct trust_explanation *explanation, const struct trust_case *question,
                        uint32_t count, uint32_t server)
{
    uint32_t now_s = trust_case_seconds(question);
    uint32_t next = state->servers.servers[server].first_rating;
    for (; next != 0; next = trust_facts_next_rating(&state->facts, next - 1)) {
        struct trust_rating_view rating = trust_facts_rating(&state->facts, next - 1);
        if (!is_chosen(state, count, rating.author, next - 1))
            add(state, explanation, next - 1, rating.author, reason_of(state, &rating, now_s));
    }
    next = state->servers.servers[server].first_flag;
    for (; next != 0; next = trust_facts_next_flag(&state->facts, next - 1)) {
        enum trust_ignored_reason reason;
        if (trust_flagging_ignores(state, &reason, question, next - 1))
            add(state, explanation, next - 1, trust_facts_flag(&state->facts, next - 1)->author,
                reason);
    }
}

void trust_ignored_list(const struct trust_score_state *state,
                        struct trust_explanation *explanation, const struct trust_case *question,
                        uint32_t count)
{
    if (question->server == TRUST_SERVER_NONE)
        return;
    uint32_t server = question->server;
    do {
        list_server(state, explanation, question, count, server);
        server = state->servers.servers[server].next_joined;
    } while (server != question->server);
}
