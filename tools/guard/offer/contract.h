/*
 * The contract of a group: the tools that the client is promised, as the source (mostly the
 * primary) was pinned, with its order and its names; and which backend has what of it. It stays the
 * same while calls move between backends.
 */
#ifndef GUARD_CONTRACT_H
#define GUARD_CONTRACT_H

#include "guard/offer/cover.h"
#include "guard/offer/manifest.h"
#include "guard/offer/pins_book.h"
#include "guard/router/offer.h"
#include "host/group.h"

#define CONTRACT_BACKENDS_MAX (1 + TRUST_GROUP_FALLBACKS_MAX)

struct contract;

/* What is known of a backend. */
struct contract_backend {
    const struct manifest *manifest;     /* finished; NULL: nothing is known */
    const enum pin_state *states;        /* of its tools; NULL: all are as pinned */
    const struct trust_group_maps *maps; /* of the configuration, which outlives the contract */
};

struct contract_route {
    struct offer_route route;
    const struct trust_group_map *map; /* NULL: none */
};

TRUST_MUST_USE enum trust_error contract_new(struct contract **out_contract);
void contract_free(struct contract *contract); /* NULL does nothing */

/*
 * The promise becomes that of source; every backend is unknown afterwards. out_has_changed: the
 * list is another than before. TRUST_FAIL_MEMORY: all is as it was.
 */
TRUST_MUST_USE enum trust_error contract_build(struct contract *contract, bool *out_has_changed,
                                               const struct manifest *source);

/* TRUST_FAIL_MEMORY: nothing is known of it. */
TRUST_MUST_USE enum trust_error contract_set_backend(struct contract *contract, uint32_t index,
                                                     const struct contract_backend *backend);

/* The array of tools/list, definitions as the source wrote them. Empty: nothing was built. */
struct trust_bytes contract_list(const struct contract *contract);

/* By its name, decoded. False: it is not promised. */
bool contract_find(const struct contract *contract, size_t *out_tool, struct trust_bytes name);

/* Its input schema, as the source wrote it; empty: it has none. */
struct trust_bytes contract_input(const struct contract *contract, size_t tool);

struct contract_route contract_route(const struct contract *contract, size_t tool,
                                     uint32_t backend);

/* Whether structuredContent of an answer (empty: there is none) may be what that backend declares
 * for its tool; true where it declares nothing, or nothing that can be checked. Its schema is made
 * ready with the first answer. */
bool contract_conforms(struct contract *contract, size_t tool, uint32_t backend,
                       struct trust_bytes content);

/* Why it is not covered there; NULL: it is, or nothing was compared. */
const struct cover_why *contract_why(const struct contract *contract, size_t tool,
                                     uint32_t backend);

#endif
