/*
 * One server's entry in a client's configuration, being written: members in their order, values as
 * JSON. It comes out as its place wants it: members on lines of their own, or all on one.
 */
#ifndef REPUTE_ENTRY_H
#define REPUTE_ENTRY_H

#include <stddef.h>

#include "trust/bytes.h"
#include "trust/error.h"

#include "host/group.h"
#include "repute/jsonc_site.h"

#define ENTRY_MEMBERS_MAX 64

struct entry_member {
    char *name;  /* as JSON, with its quotes */
    char *value; /* as JSON */
};

/* Zeroed: no member. What does not fit into memory or the table shows in entry_write. */
struct entry {
    struct entry_member members[ENTRY_MEMBERS_MAX];
    size_t count;
    bool has_failed;
};

void entry_add_text(struct entry *entry, const char *name, const char *text);
void entry_add_words(struct entry *entry, const char *name, const char *const *words, size_t count);
void entry_add_pairs(struct entry *entry, const char *name, const struct trust_group_pairs *pairs);

/* name as it stands between its quotes, value as it stands in the file. */
void entry_add_raw(struct entry *entry, struct trust_bytes name, struct trust_bytes value);

/* NUL-terminated; the caller frees it. TRUST_FAIL_MEMORY. */
TRUST_MUST_USE enum trust_error entry_write(const struct entry *entry, char **out_text,
                                            const struct jsonc_style *style);

/* Values are wiped: they may be secrets. */
void entry_close(struct entry *entry);

#endif
