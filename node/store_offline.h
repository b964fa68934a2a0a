/*
 * Work on a store while no node runs: `reputed --verify` and `reputed --restore`. Both check every
 * record as if a stranger had sent it; the caller holds the instance lock.
 */
#ifndef STORE_OFFLINE_H
#define STORE_OFFLINE_H

#include "node/store.h"

enum store_complaint_kind {
    STORE_BAD_HASH,     /* the keyed hash does not agree with the bytes */
    STORE_BAD_RECORD,   /* not a record: form, id, signature, or under another author's place */
    STORE_BAD_REGISTER, /* registers and records do not name each other */
    STORE_BAD_HEAD,     /* head and records do not agree */
    STORE_BAD_TOTALS,   /* the sums of the meta table do not agree */
    STORE_SET_ASIDE,    /* found earlier and kept in the damaged table */
};

/* One finding. id is zero where it is about no single record. */
struct store_complaint {
    enum store_complaint_kind kind;
    enum trust_error error; /* for a record: which check refused it */
    struct trust_key author;
    uint64_t seq;
    struct trust_id id;
};

typedef void store_complain(void *context, const struct store_complaint *complaint);

struct store_report {
    uint64_t record_count;
    uint64_t author_count;
    uint64_t complaint_count;
};

/*
 * Checks every record's hash, id and signature, and heads, registers and totals against the
 * records. Changes nothing. TRUST_FAIL_CORRUPT when there was a complaint.
 */
TRUST_MUST_USE enum trust_error store_verify(struct store_report *out_report,
                                             const struct store_options *options,
                                             store_complain *complain, void *context);

/*
 * Builds a new store out of a backup file, leaving out every record that does not verify, and puts
 * it in the place of options->directory in one rename; the store that stood there is kept beside it
 * as "<directory>.replaced". TRUST_NO_FILE: not a backup; TRUST_NO_VERSION, TRUST_NO_NETWORK as
 * store_open; on any error the old store is untouched.
 */
TRUST_MUST_USE enum trust_error store_restore(struct store_report *out_report,
                                              const struct store_options *options,
                                              const char *file);

#endif
