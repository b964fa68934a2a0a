/* See holding.h. */
#include "score/holding.h"

#include "base/assert.h"

static enum trust_error hold_vouch(struct trust_score_state *state, uint32_t slot,
                                   const struct trust_record *record, uint32_t author,
                                   uint32_t target)
{
    uint32_t edge = 0;
    if (record->vouch.strength == 0)
        return TRUST_OK;
    if (!trust_graph_add(&state->graph, &edge,
                         &(struct trust_edge){.from = author,
                                              .to = target,
                                              .expires_s = trust_seconds(record->expires),
                                              .strength = record->vouch.strength,
                                              .scopes = record->vouch.scopes}))
        return TRUST_NO_ROOM;
    trust_keys_hold_index(state->keys, author);
    trust_keys_hold_index(state->keys, target);
    trust_facts_set(&state->facts, slot, TRUST_FACT_VOUCH, edge);
    return TRUST_OK;
}

static enum trust_error hold_alias(struct trust_score_state *state, uint32_t slot,
                                   const struct trust_record *record, uint32_t author)
{
    struct trust_subject first;
    struct trust_subject second;
    uint32_t index = 0;
    if (record->alias.state == 0)
        return TRUST_OK;
    enum trust_error error = trust_subject_parse(&first, record->alias.first);
    if (error == TRUST_OK)
        error = trust_subject_parse(&second, record->alias.second);
    if (error != TRUST_OK)
        return error;
    struct trust_bytes texts[2] = {first.server, second.server};
    error = trust_aliases_add(&state->aliases, &state->servers, &index, texts,
                              &(struct trust_alias_fact){
                                  .author = author,
                                  .expires_s = trust_seconds(record->expires),
                              });
    if (error != TRUST_OK)
        return error;
    trust_keys_hold_index(state->keys, author);
    trust_facts_set(&state->facts, slot, TRUST_FACT_ALIAS, index);
    return TRUST_OK;
}

static enum trust_error hold_rating(struct trust_score_state *state, uint32_t slot,
                                    const struct trust_record *record, uint32_t author)
{
    enum trust_error error =
        trust_facts_add_rating(&state->facts, &state->servers, slot, record, author);
    if (error != TRUST_OK)
        return error;
    trust_keys_hold_index(state->keys, author);
    trust_servers_change(&state->servers, trust_facts_server(&state->facts, &state->servers, slot));
    state->is_agreement_due |= record->rating.category == TRUST_CATEGORY_PERFORMANCE;
    return TRUST_OK;
}

static enum trust_error hold_flag(struct trust_score_state *state, uint32_t slot,
                                  const struct trust_record *record, uint32_t author,
                                  bool was_ignored)
{
    enum trust_error error =
        trust_facts_add_flag(&state->facts, &state->servers, slot, record, author);
    if (error != TRUST_OK)
        return error;
    trust_keys_hold_index(state->keys, author);
    trust_facts_ignore(&state->facts, slot, was_ignored);
    trust_servers_change(&state->servers, trust_facts_server(&state->facts, &state->servers, slot));
    return TRUST_OK;
}

static enum trust_error hold_revocation(struct trust_score_state *state, uint32_t slot,
                                        const struct trust_record *record, uint32_t author)
{
    if (record->revocation.reason != TRUST_REVOKED_COMPROMISED)
        return TRUST_OK;
    trust_keys_hold_index(state->keys, author);
    trust_graph_mark(&state->graph, author, TRUST_MARK_COMPROMISED, true);
    trust_facts_set(&state->facts, slot, TRUST_FACT_CUT, author);
    return TRUST_OK;
}

enum trust_error trust_holding_set(struct trust_score_state *state, uint32_t slot,
                                   const struct trust_record *record, uint32_t author,
                                   uint32_t target)
{
    bool was_ignored = trust_fact_kind(&state->facts, slot) == TRUST_FACT_FLAG &&
                       trust_facts_flag(&state->facts, slot)->is_ignored;
    trust_holding_drop(state, slot);
    switch (record->kind) {
    case TRUST_KIND_VOUCH:
        return hold_vouch(state, slot, record, author, target);
    case TRUST_KIND_RATING:
        return hold_rating(state, slot, record, author);
    case TRUST_KIND_FLAG:
        return hold_flag(state, slot, record, author, was_ignored);
    case TRUST_KIND_ALIAS:
        return hold_alias(state, slot, record, author);
    case TRUST_KIND_REVOCATION:
        return hold_revocation(state, slot, record, author);
    }
    assert(false);
    return TRUST_NO_RANGE;
}

static void drop_vouch(struct trust_score_state *state, uint32_t index)
{
    struct trust_edge edge = state->graph.edges[index];
    trust_graph_remove(&state->graph, index);
    trust_keys_release(state->keys, edge.from);
    trust_keys_release(state->keys, edge.to);
}

static void drop_opinion(struct trust_score_state *state, uint32_t slot)
{
    bool is_rating = trust_fact_kind(&state->facts, slot) == TRUST_FACT_RATING;
    uint32_t author = is_rating ? trust_facts_rating(&state->facts, slot).author
                                : trust_facts_flag(&state->facts, slot)->author;
    state->is_agreement_due |= is_rating;
    trust_servers_change(&state->servers, trust_facts_server(&state->facts, &state->servers, slot));
    trust_facts_remove(&state->facts, &state->servers, slot);
    trust_keys_release(state->keys, author);
}

static void drop_alias(struct trust_score_state *state, uint32_t index)
{
    uint32_t author = state->aliases.facts[index].author;
    trust_aliases_remove(&state->aliases, &state->servers, index);
    trust_keys_release(state->keys, author);
}

void trust_holding_drop(struct trust_score_state *state, uint32_t slot)
{
    uint32_t index = trust_fact_index(&state->facts, slot);
    switch (trust_fact_kind(&state->facts, slot)) {
    case TRUST_FACT_NONE:
        return;
    case TRUST_FACT_VOUCH:
        drop_vouch(state, index);
        break;
    case TRUST_FACT_RATING:
    case TRUST_FACT_FLAG:
        drop_opinion(state, slot);
        break;
    case TRUST_FACT_ALIAS:
        drop_alias(state, index);
        break;
    case TRUST_FACT_CUT:
        trust_graph_mark(&state->graph, index, TRUST_MARK_COMPROMISED, false);
        trust_keys_release(state->keys, index);
        break;
    }
    trust_facts_set(&state->facts, slot, TRUST_FACT_NONE, 0);
}

void trust_holding_silence(struct trust_score_state *state, uint32_t slot,
                           enum trust_silence silence)
{
    enum trust_fact_kind kind = trust_fact_kind(&state->facts, slot);
    if (kind != TRUST_FACT_RATING && kind != TRUST_FACT_FLAG) {
        trust_holding_drop(state, slot);
        return;
    }
    trust_facts_silence(&state->facts, slot, silence);
    state->is_agreement_due |= kind == TRUST_FACT_RATING;
    trust_servers_change(&state->servers, trust_facts_server(&state->facts, &state->servers, slot));
}

/* A withdrawn vouch or alias leaves its slot empty; a withdrawn rating and a cleared flag stay, to
 * be explained. */
bool trust_holding_is_live(const struct trust_score_state *state, uint32_t slot, uint32_t now_s)
{
    uint32_t index = trust_fact_index(&state->facts, slot);
    switch (trust_fact_kind(&state->facts, slot)) {
    case TRUST_FACT_NONE:
        return false;
    case TRUST_FACT_VOUCH:
        return state->graph.edges[index].expires_s > now_s;
    case TRUST_FACT_RATING: {
        struct trust_rating_view rating = trust_facts_rating(&state->facts, slot);
        return rating.silence == TRUST_SILENCE_NONE && rating.value != TRUST_RATING_WITHDRAWN &&
               rating.expires_s > now_s;
    }
    case TRUST_FACT_FLAG: {
        const struct trust_flag_fact *flag = trust_facts_flag(&state->facts, slot);
        return flag->silence == TRUST_SILENCE_NONE && flag->severity != TRUST_SEVERITY_CLEARED &&
               flag->expires_s > now_s;
    }
    case TRUST_FACT_ALIAS:
        return state->aliases.facts[index].expires_s > now_s;
    case TRUST_FACT_CUT:
        return true;
    }
    return false;
}
