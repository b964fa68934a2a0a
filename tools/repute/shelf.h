/* The directory of drafts: one file a draft, named by its id. */
#ifndef REPUTE_SHELF_H
#define REPUTE_SHELF_H

#include "repute/context.h"
#include "repute/draft.h"

/* Drafts that a home may hold: as many as an author's registers in all that nodes keep. */
#define SHELF_DRAFTS_MAX 4096

struct shelf_draft {
    char id[DRAFT_ID_SIZE];
    struct draft draft;
};

struct shelf {
    struct shelf_draft *drafts; /* oldest first; shelf_close frees them */
    size_t count;
};

/* Writes a draft. One about the same is replaced, and out_replaced says so. TRUST_NO_CONFLICT:
 * another one has the same id by chance; TRUST_NO_PERMISSION, TRUST_NO_ROOM, ... */
TRUST_MUST_USE enum trust_error shelf_put(struct context *context, bool *out_replaced,
                                          char out_id[DRAFT_ID_SIZE], const struct draft *draft);

/* All drafts. One that is no draft is refused by its name: TRUST_NO_SYNTAX. */
TRUST_MUST_USE enum trust_error shelf_open(struct context *context, struct shelf *out_shelf);
void shelf_close(struct shelf *shelf);

/* Those of these ids, in their order, each once. TRUST_NO_SYNTAX (exit code 2): no id of a draft;
 * TRUST_NO_FOUND: no such draft. */
TRUST_MUST_USE enum trust_error shelf_pick(struct context *context, struct shelf *out_shelf,
                                           const char *const *ids, size_t count);

/* Whether a draft is as it was read: TRUST_NO_FOUND: it is gone; TRUST_NO_CONFLICT: another one
 * about the same has its place. Neither is noted in the context. */
TRUST_MUST_USE enum trust_error shelf_check(struct context *context,
                                            const struct shelf_draft *draft);

/* Removes one if it is as it was read; verdicts as above. */
TRUST_MUST_USE enum trust_error shelf_settle(struct context *context,
                                             const struct shelf_draft *draft);

/* Removes one. TRUST_NO_FOUND, TRUST_NO_SYNTAX as above. */
TRUST_MUST_USE enum trust_error shelf_drop(struct context *context, const char *id);

#endif
