/*
 * A change to a file of the user's, from what was read to what is written: shown first as a diff
 * without secrets, written only after somebody said yes.
 */
#ifndef REPUTE_CHANGE_H
#define REPUTE_CHANGE_H

#include "repute/context.h"
#include "repute/jsonc_site.h"
#include "repute/patch.h"
#include "repute/rewrite.h"
#include "repute/unified.h"

/* Zeroed before change_open. */
struct change {
    struct rewrite file;
    struct patch patch;
    uint8_t *after;
    size_t after_size;
    char *diff; /* "": nothing changes */
    char backup[PATH_MAX];
    bool is_written;
};

/* Reads the file; refusals are noted with what to do. */
TRUST_MUST_USE enum trust_error change_open(struct context *context, struct change *change,
                                            const char *path, size_t most);
void change_close(struct change *change);

/* The text as it was read. */
struct trust_bytes change_text(const struct change *change);

/* The document of a client's configuration, NULL for an empty file; the caller releases it. Refused
 * with line and column if it cannot be read. */
TRUST_MUST_USE enum trust_error change_read(struct context *context, const struct change *change,
                                            json_t **out_document);

/* jsonc_site_find with refusals that say what to do. */
TRUST_MUST_USE enum trust_error change_find(struct context *context, const struct change *change,
                                            struct jsonc_site *out_site, const char *const *names,
                                            size_t name_count);

/* Makes after and diff of the patch to a client's configuration, and reads after once more. */
TRUST_MUST_USE enum trust_error change_finish(struct context *context, struct change *change);

/* The same for a text whose lines are shown as they are told (struct unified_text), without lines
 * around the changes: nothing of the file itself is shown. */
TRUST_MUST_USE enum trust_error change_finish_shown(struct change *change,
                                                    const struct patch *shown);

bool change_is_needed(const struct change *change);

/* TRUST_NO_CONFLICT, noted: the file was changed since it was read. */
TRUST_MUST_USE enum trust_error change_check(struct context *context, const struct change *change);

/* Writes it, and says where what was there before is now. */
TRUST_MUST_USE enum trust_error change_write(struct context *context, struct change *change);

/* {file, diff, written, backup} of the change; backup is null if there is none. */
json_t *change_document(const struct change *change);

/* ---- asking ---- */

struct change_choice {
    bool wants_write;   /* --yes */
    bool wants_nothing; /* --dry-run */
};

/*
 * Whether to write what was shown: by the options, or by asking on the terminal. If not, the exit
 * code is 1 and people are told why.
 */
TRUST_MUST_USE enum trust_error change_ask(struct context *context, bool *out_may_write,
                                           const struct change_choice *choice);

#endif
