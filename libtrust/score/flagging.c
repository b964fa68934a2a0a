/* See flagging.h. */
#include "score/flagging.h"

#include <math.h>

#include "base/assert.h"
#include "record/keys.h"
#include "score/choice.h"

#define HALF_LIFE_S (90 * 86400.0)

static const double bases[] = {
    [TRUST_SEVERITY_CLEARED] = 1, [TRUST_SEVERITY_LOW] = .9,     [TRUST_SEVERITY_MEDIUM] = .6,
    [TRUST_SEVERITY_HIGH] = .25,  [TRUST_SEVERITY_CRITICAL] = 0,
};

/* What leaks by mistake or cannot be named is no attack: it counts as medium at most. */
static enum trust_severity severity_of(const struct trust_flag_fact *flag)
{
    bool is_mild = flag->class_ == TRUST_CLASS_EXPOSURE || flag->class_ == TRUST_CLASS_OTHER;
    if (is_mild && flag->severity > TRUST_SEVERITY_MEDIUM)
        return TRUST_SEVERITY_MEDIUM;
    return (enum trust_severity)flag->severity;
}

/* A flag that names a version or manifest counts for that one, and when none is asked for. */
static bool concerns(const struct trust_score_state *state, const struct trust_case *question,
                     uint32_t index)
{
    const struct trust_target *target = &state->servers.targets[index];
    const struct trust_named *named = &question->named;
    bool version = target->version_size == 0 || named->version.size == 0 ||
                   trust_target_has_version(&state->servers, index, named->version);
    bool manifest = target->manifest_size == 0 || named->manifest.size == 0 ||
                    trust_target_has_manifest(&state->servers, index, named->manifest);
    return version && manifest;
}

static bool is_own(const struct trust_score_state *state, uint32_t scanner)
{
    return scanner == state->graph.operator_key;
}

/* The strength of the operator's own vouch for this scanner, 1 for itself; 0: none. */
static double own_vouch(const struct trust_score_state *state, uint32_t scanner)
{
    if (is_own(state, scanner))
        return 1;
    const struct trust_mark *mark = &state->graph.marks[scanner];
    if (mark->strength <= 0 || (mark->bits & TRUST_SCOPE_SCANS) == 0 ||
        trust_graph_is_cut(&state->graph, scanner))
        return 0;
    return mark->strength / 1000.0;
}

static bool is_third_party(const struct trust_score_state *state, uint32_t scanner)
{
    return own_vouch(state, scanner) <= 0;
}

/* q before third parties share. */
static double belief(const struct trust_score_state *state, uint32_t scanner)
{
    double own = own_vouch(state, scanner);
    return own > 0 ? own : state->propagation.t_scan[scanner] / TRUST_ALPHA;
}

bool trust_flagging_ignores(const struct trust_score_state *state,
                            enum trust_ignored_reason *out_reason,
                            const struct trust_case *question, uint32_t slot)
{
    const struct trust_flag_fact *flag = trust_facts_flag(&state->facts, slot);
    if (flag->silence != TRUST_SILENCE_NONE)
        *out_reason =
            flag->silence == TRUST_SILENCE_VOID ? TRUST_IGNORED_VOID : TRUST_IGNORED_REVOKED;
    else if (flag->expires_s <= trust_case_seconds(question))
        *out_reason = TRUST_IGNORED_EXPIRED;
    else if (flag->severity == TRUST_SEVERITY_CLEARED)
        *out_reason = TRUST_IGNORED_WITHDRAWN;
    else if (flag->is_ignored)
        *out_reason = TRUST_IGNORED_OPERATOR;
    else if (trust_graph_is_cut(&state->graph, flag->author))
        *out_reason = TRUST_IGNORED_MUTED;
    else if (belief(state, flag->author) <= 0)
        *out_reason = TRUST_IGNORED_NO_WEIGHT;
    else if (!concerns(state, question, flag->target))
        *out_reason = TRUST_IGNORED_OTHER;
    else
        return false;
    return true;
}

/* The flags that count, each scanner's worst and of those the newest, in state->choices with the
 * severity in the uppermost bits of order. */
static uint32_t choose(struct trust_score_state *state, const struct trust_case *question,
                       enum trust_severity worst)
{
    uint32_t count = 0;
    uint32_t server = question->server;
    do {
        uint32_t next = state->servers.servers[server].first_flag;
        for (; next != 0; next = trust_facts_next_flag(&state->facts, next - 1)) {
            const struct trust_flag_fact *flag = trust_facts_flag(&state->facts, next - 1);
            enum trust_ignored_reason reason;
            if (trust_flagging_ignores(state, &reason, question, next - 1) ||
                severity_of(flag) > worst)
                continue;
            state->choices[count++] = (struct trust_score_choice){
                .author = flag->author,
                .slot = next - 1,
                .order = (uint64_t)severity_of(flag) << 60 | flag->seq << 4 | flag->class_,
            };
        }
        server = state->servers.servers[server].next_joined;
    } while (server != question->server);
    trust_choices_sort(state->choices, count, trust_choice_by_author);
    uint32_t kept = 0;
    for (uint32_t i = 0; i < count; i++) {
        if (i + 1 == count || state->choices[i + 1].author != state->choices[i].author)
            state->choices[kept++] = state->choices[i];
    }
    return kept;
}

static enum trust_severity chosen_severity(const struct trust_score_choice *choice)
{
    return (enum trust_severity)(choice->order >> 60);
}

/* Puts a flag among those shown: the worst first, then the most believed. */
static void show(const struct trust_score_state *state, struct trust_score *score, uint32_t slot,
                 double q)
{
    const struct trust_flag_fact *flag = trust_facts_flag(&state->facts, slot);
    struct trust_score_flag row = {
        .q = q,
        .own_vouch = own_vouch(state, flag->author),
        .time_s = flag->seq / 1000,
        .slot = slot,
        .severity = severity_of(flag),
        .class_ = (enum trust_class)flag->class_,
    };
    trust_texts_read(&state->servers.texts, (uint8_t *)row.rule, flag->rule, flag->rule_size);
    row.scanner = *trust_keys_at(state->keys, flag->author);
    uint32_t at = score->flags_shown;
    while (at > 0 && score->flags[at - 1].severity == row.severity && score->flags[at - 1].q < q)
        at--;
    if (at == TRUST_SCORE_FLAGS_MAX)
        return;
    if (score->flags_shown < TRUST_SCORE_FLAGS_MAX)
        score->flags_shown++;
    for (uint32_t i = score->flags_shown - 1; i > at; i--)
        score->flags[i] = score->flags[i - 1];
    score->flags[at] = row;
}

/* Judges one severity. *left is what worse severities left of the third parties' one voice. */
static void judge_severity(const struct trust_score_state *state, struct trust_score *score,
                           const struct trust_case *question, enum trust_severity severity,
                           double *left)
{
    double third = 0;
    for (uint32_t i = 0; i < score->flag_count; i++) {
        const struct trust_score_choice *choice = &state->choices[i];
        if (chosen_severity(choice) == severity && is_third_party(state, choice->author))
            third += belief(state, choice->author);
    }
    double scale = third > *left ? *left / third : 1;
    *left -= third * scale;
    uint64_t now_s = question->now.ms / 1000;
    double sum = 0;
    for (uint32_t i = 0; i < score->flag_count; i++) {
        const struct trust_score_choice *choice = &state->choices[i];
        if (chosen_severity(choice) != severity)
            continue;
        double q = belief(state, choice->author);
        q *= is_third_party(state, choice->author) ? scale : 1;
        uint64_t time_s = trust_facts_flag(&state->facts, choice->slot)->seq / 1000;
        double age_s = now_s > time_s ? (double)(now_s - time_s) : 0;
        sum += severity == TRUST_SEVERITY_CRITICAL ? q : q * exp2(-age_s / HALF_LIFE_S);
        show(state, score, choice->slot, q);
    }
    score->factor *= 1 - (1 - bases[severity]) * (sum < 1 ? sum : 1);
}

void trust_flagging_judge(struct trust_score_state *state, struct trust_score *score,
                          const struct trust_case *question, enum trust_severity worst)
{
    score->factor = 1;
    score->flags_shown = 0;
    score->flag_count = 0;
    if (question->server == TRUST_SERVER_NONE)
        return;
    score->flag_count = choose(state, question, worst);
    double left = 1;
    for (int severity = TRUST_SEVERITY_CRITICAL; severity >= TRUST_SEVERITY_LOW; severity--)
        judge_severity(state, score, question, (enum trust_severity)severity, &left);
}
