/*
 * Work on a store while no node runs: `reputed --verify` and `reputed --restore`. Both check every
 * record as if a stranger had sent it; the caller holds the instance lock.
 */
#ifndef STORE_OFFLINE_H
#define STORE_OFFLINE_H

#include "node/store.h"

enum store_complaint_kind {
    STORE_BAD_HASH,     /* the keyed hash does not agree with the row */
    STORE_BAD_RECORD,   /* not a record: form, key, id, signature, or in another one's place */
    STORE_BAD_REGISTER, /* registers and records do not name each other */
    STORE_BAD_HEAD,     /* an author's head and its records do not agree */
    STORE_BAD_TOTALS,   /* the sums in the meta table do not agree */
};

/* One finding. author, seq and id are zero where they are not known. */
struct store_complaint {
    enum store_complaint_kind kind;
    enum trust_error error; /* of STORE_BAD_RECORD: which check refused it */
    struct trust_key author;
    uint64_t seq;
    struct trust_id id;
};

typedef void store_complain(void *context, const struct store_complaint *complaint);

/* "hash", "record", "register", "head", "totals". Static. */
const char *store_complaint_name(enum store_complaint_kind kind);

struct store_report {
    uint64_t record_count; /* sound ones */
    uint64_t author_count;
    uint64_t complaint_count;
    uint64_t aside_count; /* of verify: records set aside earlier; no complaint */
};

/*
 * Checks every record's hash, id, key and signature, and heads, registers and totals against the
 * records. Changes nothing. TRUST_FAIL_CORRUPT: there were complaints; out_report is written then
 * too. Else as store_open.
 */
TRUST_MUST_USE enum trust_error store_verify(struct store_report *out_report,
                                             const struct store_options *options,
                                             store_complain *complain, void *context);

/*
 * Builds a new store out of a backup file, leaving out (and counting as complaints) every record
 * that does not verify, and puts it in the place of options->directory in one rename. A store that
 * stood there is kept beside it as "<directory>.replaced". On any error the old store is untouched.
 * TRUST_NO_FILE: not there or not a backup; TRUST_NO_VERSION, TRUST_NO_NETWORK, TRUST_NO_ROOM,
 * TRUST_FAIL_*.
 */
TRUST_MUST_USE enum trust_error store_restore(struct store_report *out_report,
                                              const struct store_options *options,
                                              const char *file);

#endif
