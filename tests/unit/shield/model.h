/*
 * A breaker as slow and plain as can be: it keeps every outcome of a generation in a list with its
 * time, and works everything out by walking it. It shares no line with the packed cell, only the
 * words of docs/reference/breaker.md. Without jitter.
 */
#ifndef MODEL_H
#define MODEL_H

#include "trust/breaker.h"

#define MODEL_OUTCOMES_MAX 200000
#define MODEL_ASKERS_MAX 8

struct model_outcome {
    uint64_t t_ms;
    enum trust_outcome_class class_;
    bool is_slow;
};

struct model_lease {
    bool is_out;
    uint64_t agent;
    uint64_t end_ms;
    uint64_t id;
};

/* What the model gave: the generation, and the lease's id or 0. */
struct model_permit {
    uint32_t generation;
    uint64_t id;
};

struct model {
    struct trust_breaker_policy policy;
    enum trust_breaker_state state;
    uint32_t generation;
    uint64_t since_ms;
    uint64_t until_ms;
    uint64_t denied;
    uint32_t k;
    uint64_t now_ms;

    struct model_outcome outcomes[MODEL_OUTCOMES_MAX]; /* of this generation */
    uint32_t outcome_count;
    struct model_outcome results[32]; /* of probes; the lost ones among them */
    uint32_t result_count;
    struct model_lease leases[TRUST_BREAKER_PROBES_MAX];
    uint64_t lease_ids;
    uint64_t askers[MODEL_ASKERS_MAX];
    uint32_t asker_count;

    uint32_t latencies[MODEL_OUTCOMES_MAX]; /* of completed calls, ever */
    uint32_t latency_count;
};

void model_init(struct model *model, const struct trust_breaker_policy *policy);
void model_advance(struct model *model, uint64_t now_ms);
bool model_permit(struct model *model, struct model_permit *out_permit, uint64_t agent);
/* permit NULL: an outcome without one. */
void model_record(struct model *model, const struct model_permit *permit,
                  const struct trust_outcome *outcome);
void model_order(struct model *model, enum trust_breaker_verb verb, uint64_t expires_ms);
void model_restart(struct model *model);

/* The counters as trust_breaker_read shows them. */
struct model_counters {
    uint32_t calls;
    uint32_t half_failures;
    uint32_t slow;
    uint32_t streak;
    uint32_t leases;
    uint32_t k;
};

struct model_counters model_counters(const struct model *model);

#endif
