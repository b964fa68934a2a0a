/* See scorer.h. This file only wires: what each part does stands in its own file. */
#include "score/scorer.h"

#include <string.h>

#include "base/assert.h"
#include "score/agreement.h"
#include "score/assess.h"
#include "score/explain.h"
#include "score/holding.h"

void trust_scorer_init(struct trust_scorer *scorer, struct trust_arena *arena,
                       const struct trust_scorer_limits *limits, struct trust_keys *keys,
                       const struct trust_siphash_key *seed)
{
    memset(scorer, 0, sizeof *scorer);
    scorer->limits = *limits;
    struct trust_score_state *state = &scorer->state;
    state->keys = keys;
    trust_graph_init(&state->graph, arena, limits->keys, limits->vouches);
    trust_propagation_init(&state->propagation, arena, limits->keys, limits->vouches);
    trust_hops_init(&state->hops, arena, limits->keys);
    trust_servers_init(&state->servers, arena,
                       &(struct trust_servers_limits){.servers = limits->servers,
                                                      .targets = limits->targets,
                                                      .rules = limits->flags},
                       seed);
    trust_facts_init(&state->facts, arena,
                     &(struct trust_facts_limits){.slots = limits->slots,
                                                  .ratings = limits->ratings,
                                                  .flags = limits->flags});
    trust_own_init(&state->own, arena, limits->called);
    trust_aliases_init(&state->aliases, arena, limits->aliases);
    state->rho = trust_arena_cut(arena, limits->keys, sizeof *state->rho);
    uint32_t choices = limits->ratings > limits->flags ? limits->ratings : limits->flags;
    state->choices = trust_arena_cut(arena, choices, sizeof *state->choices);
    state->search = trust_arena_cut(arena, 1, sizeof *state->search);
}

/* ---- What counts ---- */

void trust_scorer_set_operator(struct trust_scorer *scorer, uint32_t key)
{
    struct trust_score_state *state = &scorer->state;
    uint32_t before = state->graph.operator_key;
    if (key == before)
        return;
    if (key != TRUST_SCORER_NONE)
        trust_keys_hold_index(state->keys, key);
    trust_graph_set_operator(&state->graph, key);
    state->aliases.is_changed = true;
    if (before != TRUST_SCORER_NONE)
        trust_keys_release(state->keys, before);
}

enum trust_error trust_scorer_hold(struct trust_scorer *scorer, uint32_t slot,
                                   const struct trust_record *record, uint32_t author,
                                   uint32_t target)
{
    return trust_holding_set(&scorer->state, slot, record, author, target);
}

void trust_scorer_drop(struct trust_scorer *scorer, uint32_t slot)
{
    trust_holding_drop(&scorer->state, slot);
}

void trust_scorer_silence(struct trust_scorer *scorer, uint32_t slot,
                          enum trust_ignored_reason reason)
{
    assert(reason == TRUST_IGNORED_VOID || reason == TRUST_IGNORED_REVOKED);
    trust_holding_silence(&scorer->state, slot,
                          reason == TRUST_IGNORED_VOID ? TRUST_SILENCE_VOID
                                                       : TRUST_SILENCE_REVOKED);
}

void trust_scorer_mute(struct trust_scorer *scorer, uint32_t key, bool muted)
{
    struct trust_score_state *state = &scorer->state;
    bool is_muted = (state->graph.marks[key].bits & TRUST_MARK_MUTED) != 0;
    if (is_muted == muted)
        return;
    trust_graph_mark(&state->graph, key, TRUST_MARK_MUTED, muted);
    if (muted)
        trust_keys_hold_index(state->keys, key);
    else
        trust_keys_release(state->keys, key);
}

bool trust_scorer_is_live(const struct trust_scorer *scorer, uint32_t slot, struct trust_wall now)
{
    return trust_holding_is_live(&scorer->state, slot, trust_seconds(now.ms / 1000));
}

void trust_scorer_ignore_flag(struct trust_scorer *scorer, uint32_t slot, bool ignored)
{
    struct trust_score_state *state = &scorer->state;
    if (trust_fact_kind(&state->facts, slot) != TRUST_FACT_FLAG)
        return;
    trust_facts_ignore(&state->facts, slot, ignored);
    trust_servers_change(&state->servers, trust_facts_server(&state->facts, &state->servers, slot));
}

enum trust_error trust_scorer_alias(struct trust_scorer *scorer, struct trust_bytes first,
                                    struct trust_bytes second, bool joined)
{
    struct trust_score_state *state = &scorer->state;
    struct trust_subject subjects[2];
    enum trust_error error = trust_subject_parse(&subjects[0], first);
    if (error == TRUST_OK)
        error = trust_subject_parse(&subjects[1], second);
    if (error != TRUST_OK)
        return error;
    struct trust_bytes texts[2] = {subjects[0].server, subjects[1].server};
    uint32_t index = 0;
    bool is_joined = trust_aliases_find_configured(&state->aliases, &state->servers, &index, texts);
    if (joined && !is_joined)
        return trust_aliases_add(
            &state->aliases, &state->servers, &index, texts,
            &(struct trust_alias_fact){.author = TRUST_ALIAS_CONFIGURED, .expires_s = UINT32_MAX});
    if (!joined && is_joined)
        trust_aliases_remove(&state->aliases, &state->servers, index);
    return joined || is_joined ? TRUST_OK : TRUST_NO_FOUND;
}

/* ---- Own calls ---- */

static bool is_watched(const struct trust_scorer *scorer, uint32_t server)
{
    const struct trust_servers *servers = &scorer->state.servers;
    return server < servers->server_pool.fresh && servers->servers[server].watches > 0;
}

enum trust_error trust_scorer_outcome(struct trust_scorer *scorer, uint32_t server,
                                      enum trust_own_result result, uint32_t latency_ms,
                                      struct trust_now now)
{
    struct trust_score_state *state = &scorer->state;
    if (!is_watched(scorer, server))
        return TRUST_NO_FOUND;
    trust_servers_change(&state->servers, server);
    struct trust_own_call call = {.result = result, .latency_ms = latency_ms};
    return trust_own_add(&state->own, &state->servers, server, &call, now);
}

enum trust_error trust_scorer_group(struct trust_scorer *scorer, uint32_t server, uint32_t group,
                                    bool joined)
{
    struct trust_score_state *state = &scorer->state;
    if (!is_watched(scorer, server))
        return TRUST_NO_FOUND;
    return trust_own_group(&state->own, &state->servers, server, group, joined);
}

bool trust_scorer_uplink_is_down(const struct trust_scorer *scorer)
{
    return scorer->state.own.is_uplink_down;
}

bool trust_scorer_own_calls(const struct trust_scorer *scorer, struct trust_own_calls *out_calls,
                            uint32_t server, struct trust_wall now)
{
    uint32_t cell = scorer->state.servers.servers[server].cell;
    if (cell == 0)
        return false;
    *out_calls = trust_own_read(&scorer->state.own, cell - 1, now);
    return true;
}

enum trust_error trust_scorer_restore_calls(struct trust_scorer *scorer, uint32_t server,
                                            const struct trust_own_calls *calls,
                                            struct trust_wall now)
{
    struct trust_score_state *state = &scorer->state;
    if (!is_watched(scorer, server))
        return TRUST_NO_FOUND;
    trust_servers_change(&state->servers, server);
    return trust_own_restore(&state->own, &state->servers, server, calls, now);
}

void trust_scorer_forgive(struct trust_scorer *scorer, uint32_t server)
{
    struct trust_score_state *state = &scorer->state;
    assert(is_watched(scorer, server));
    uint32_t joined = server;
    do {
        uint32_t cell = state->servers.servers[joined].cell;
        if (cell != 0)
            trust_own_forgive(&state->own, cell - 1);
        joined = state->servers.servers[joined].next_joined;
    } while (joined != server);
    trust_servers_change(&state->servers, server);
}

/* ---- Time ---- */

/* Holds the keys that have weight now, lets go of those that no longer have. */
static void hold_kept(struct trust_score_state *state)
{
    const struct trust_propagation *p = &state->propagation;
    for (uint32_t key = 0; key < state->graph.key_bound; key++) {
        struct trust_mark *mark = &state->graph.marks[key];
        bool was_kept = (mark->bits & TRUST_MARK_KEPT) != 0;
        bool is_kept = p->pi[key] > 0 || p->t[key] > 0 || p->t_scan[key] > 0;
        if (is_kept == was_kept)
            continue;
        mark->bits ^= TRUST_MARK_KEPT;
        if (is_kept)
            trust_keys_hold_index(state->keys, key);
        else
            trust_keys_release(state->keys, key);
    }
}

/* Weights, and what is worked out from them, for the graph as it is now. */
static void solve(struct trust_scorer *scorer, uint32_t now_s)
{
    struct trust_score_state *state = &scorer->state;
    trust_graph_refresh(&state->graph, now_s);
    trust_propagation_solve(&state->propagation, &state->graph);
    trust_hops_refresh(&state->hops, &state->propagation, &state->graph);
    hold_kept(state);
    state->is_agreement_due = true;
    scorer->has_solved = true;
    trust_servers_change_all(&state->servers);
}

bool trust_scorer_tick(struct trust_scorer *scorer, struct trust_now now)
{
    struct trust_score_state *state = &scorer->state;
    uint32_t now_s = trust_seconds(now.wall.ms / 1000);
    bool is_called = trust_own_tick(&state->own, &state->servers, now);
    bool is_joined =
        trust_aliases_renew(&state->aliases, &state->servers, state->graph.operator_key, now_s);
    if (trust_graph_is_due(&state->graph, now_s))
        solve(scorer, now_s);
    if (is_called || is_joined || state->is_agreement_due) {
        if (trust_agreement_refresh(state, now.wall))
            trust_servers_change_all(&state->servers);
        state->is_agreement_due = false;
    }
    bool has_solved = scorer->has_solved;
    scorer->has_solved = false;
    return has_solved;
}

bool trust_scorer_is_unsolved(const struct trust_scorer *scorer)
{
    return scorer->state.graph.is_changed;
}

/* ---- Weights of authors ---- */

struct trust_weight trust_scorer_weight(const struct trust_scorer *scorer, uint32_t key)
{
    const struct trust_score_state *state = &scorer->state;
    assert(key < state->graph.key_capacity);
    const struct trust_propagation *p = &state->propagation;
    const struct trust_mark *mark = &state->graph.marks[key];
    struct trust_weight weight = {.delta = 1, .rho = 1, .distance = TRUST_SCORER_NONE};
    weight.is_cut = (mark->bits & TRUST_MARK_CUT) != 0;
    weight.is_kept = (mark->bits & TRUST_MARK_KEPT) != 0;
    if (!weight.is_kept)
        return weight;
    weight.pi = p->pi[key];
    weight.t = p->t[key];
    weight.t_scan = p->t_scan[key];
    weight.delta = (double)p->delta[key];
    weight.rho = (double)state->rho[key];
    weight.distance = mark->distance;
    return weight;
}

double trust_scorer_unresolved(const struct trust_scorer *scorer)
{
    return scorer->state.propagation.unresolved;
}

bool trust_scorer_is_kept(const struct trust_scorer *scorer, uint32_t key)
{
    return (scorer->state.graph.marks[key].bits & TRUST_MARK_KEPT) != 0;
}

bool trust_scorer_next_rater(const struct trust_scorer *scorer, uint32_t *cursor, uint32_t *out_key)
{
    const struct trust_graph *graph = &scorer->state.graph;
    for (uint32_t key = *cursor; key < graph->key_bound; key++) {
        if ((graph->marks[key].bits & TRUST_MARK_KEPT) != 0) {
            *out_key = key;
            *cursor = key + 1;
            return true;
        }
    }
    *cursor = graph->key_bound;
    return false;
}

/* ---- Servers ---- */

enum trust_error trust_scorer_watch(struct trust_scorer *scorer, uint32_t *out_server,
                                    struct trust_bytes subject)
{
    struct trust_servers *servers = &scorer->state.servers;
    struct trust_subject parsed;
    enum trust_error error = trust_subject_parse(&parsed, subject);
    if (error == TRUST_OK)
        error = trust_servers_hold(servers, out_server, parsed.server);
    if (error == TRUST_OK)
        trust_servers_watch(servers, *out_server);
    return error;
}

void trust_scorer_unwatch(struct trust_scorer *scorer, uint32_t server)
{
    trust_servers_unwatch(&scorer->state.servers, server);
    trust_servers_release(&scorer->state.servers, server);
}

bool trust_scorer_take_changed(struct trust_scorer *scorer, uint32_t *out_server)
{
    return trust_servers_take_changed(&scorer->state.servers, out_server);
}

bool trust_scorer_next_server(const struct trust_scorer *scorer, uint32_t *cursor,
                              uint32_t *out_server)
{
    return trust_servers_next(&scorer->state.servers, cursor, out_server);
}

uint32_t trust_scorer_subject(const struct trust_scorer *scorer,
                              char out_text[TRUST_SUBJECT_TEXT_SIZE], uint32_t server)
{
    const struct trust_servers *servers = &scorer->state.servers;
    const struct trust_server *at = &servers->servers[server];
    assert(at->references > 0);
    trust_texts_read(&servers->texts, (uint8_t *)out_text, at->text, at->text_size);
    out_text[at->text_size] = '\0';
    return at->text_size;
}

uint32_t trust_scorer_joined(const struct trust_scorer *scorer, uint32_t server)
{
    return scorer->state.servers.servers[server].joined;
}

/* ---- Answers ---- */

static enum trust_error make_case(struct trust_scorer *scorer, struct trust_case *out_case,
                                  const struct trust_question *question, struct trust_wall now)
{
    struct trust_score_state *state = &scorer->state;
    struct trust_subject subject;
    enum trust_error error = trust_subject_parse(&subject, question->subject);
    if (error != TRUST_OK)
        return error;
    if (question->manifest.size != 0 && question->manifest.size != 32)
        return TRUST_NO_RANGE;
    *out_case = (struct trust_case){
        .named = {.server = subject.server,
                  .version = subject.version,
                  .manifest = question->manifest},
        .server = TRUST_SERVER_NONE,
        .now = now,
    };
    if (!trust_servers_find(&state->servers, &out_case->server, subject.server))
        out_case->server = TRUST_SERVER_NONE;
    return TRUST_OK;
}

enum trust_error trust_scorer_score(struct trust_scorer *scorer, struct trust_score *out_score,
                                    const struct trust_question *question, struct trust_wall now)
{
    struct trust_case ready;
    struct trust_assessment assessment;
    enum trust_error error = make_case(scorer, &ready, question, now);
    if (error == TRUST_OK)
        trust_assess(&scorer->state, out_score, &assessment, &ready);
    return error;
}

enum trust_error trust_scorer_explain(struct trust_scorer *scorer,
                                      struct trust_explanation *out_explanation,
                                      const struct trust_question *question, struct trust_wall now)
{
    struct trust_case ready;
    enum trust_error error = make_case(scorer, &ready, question, now);
    if (error != TRUST_OK)
        return error;
    /* Paths are walked over the graph as it was solved, so it must be the graph that there is. */
    if (trust_scorer_is_unsolved(scorer))
        solve(scorer, trust_case_seconds(&ready));
    trust_explain(&scorer->state, out_explanation, &ready);
    return TRUST_OK;
}
