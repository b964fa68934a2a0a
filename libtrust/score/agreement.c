/* See agreement.h. */
#include "score/agreement.h"

#include <math.h>
#include <string.h>

#include "base/assert.h"
#include "score/evidence.h"

/* Fewer own calls compare nothing. */
#define CALLS_MIN 5.0
#define GAP_AGREE .2
#define GAP_DISAGREE .5
#define MOVED 1e-6

/* What a rater's ratings did, in the solver's scratch memory. */
struct tally {
    float agreed;
    float disagreed;
};

static_assert(sizeof(struct tally) == sizeof(double), "a tally takes the place of one double");

/* Each ring of joined servers once: at the least of its servers that was called. */
static bool stands_for_ring(const struct trust_servers *servers, uint32_t server)
{
    uint32_t at = servers->servers[server].next_joined;
    for (; at != server; at = servers->servers[at].next_joined) {
        if (servers->servers[at].cell != 0 && at < server)
            return false;
    }
    return true;
}

static void compare_server(struct trust_score_state *state, struct tally *tallies, uint32_t server,
                           struct trust_wall now)
{
    struct trust_case question = {.server = server, .now = now};
    struct trust_own_evidence own = trust_evidence_own(state, &question);
    if (own.calls < CALLS_MIN)
        return;
    double measured = own.successes / own.calls;
    uint32_t count = trust_evidence_choose(state, &question).count;
    for (uint32_t i = 0; i < count; i++) {
        const struct trust_score_choice *choice = &state->choices[i];
        if (trust_choice_category(choice) != TRUST_CATEGORY_PERFORMANCE)
            continue;
        double value = trust_facts_rating(&state->facts, choice->slot).value / 1000.0;
        double gap = fabs(value - measured);
        double disagreed = (gap - GAP_AGREE) / (GAP_DISAGREE - GAP_AGREE);
        disagreed = disagreed < 0 ? 0 : disagreed > 1 ? 1 : disagreed;
        tallies[choice->author].agreed += (float)(1 - disagreed);
        tallies[choice->author].disagreed += (float)disagreed;
    }
}

bool trust_agreement_refresh(struct trust_score_state *state, struct trust_wall now)
{
    uint32_t keys = state->graph.key_bound;
    struct tally *tallies = (struct tally *)(void *)state->propagation.scratch;
    state->propagation.has_best = false;
    memset(tallies, 0, keys * sizeof *tallies);
    for (uint32_t i = 0; i < state->own.pool.fresh; i++) {
        const struct trust_own_cell *cell = &state->own.cells[i];
        if (cell->is_used && stands_for_ring(&state->servers, cell->server))
            compare_server(state, tallies, cell->server, now);
    }
    bool moved = false;
    for (uint32_t key = 0; key < keys; key++) {
        float agreed = 2 + tallies[key].agreed;
        float rho = agreed / (agreed + 4 * tallies[key].disagreed);
        if (key == state->graph.operator_key)
            rho = 1;
        moved |= fabsf(rho - state->rho[key]) > (float)MOVED;
        state->rho[key] = rho;
    }
    return moved;
}
