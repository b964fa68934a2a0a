/*
 * One member of a configuration in JSON with comments, found by the names that lead to it, and
 * changed in place: comments, order, white space and every other byte of the file stay. What is
 * added looks like its neighbours: their line ends, their indentation, their comma behind the last.
 */
#ifndef REPUTE_JSONC_SITE_H
#define REPUTE_JSONC_SITE_H

#include <stdbool.h>
#include <stddef.h>

#include "trust/bytes.h"
#include "trust/error.h"

#include "repute/patch.h"

/* Names that lead to a member. */
#define JSONC_SITE_NAMES_MAX 4
/* Room for white space that is copied from the file; of longer ones only so much. */
#define JSONC_SITE_INDENT_SIZE 64

/* How a value that is put there should look. */
struct jsonc_style {
    const char *newline; /* static */
    char unit[JSONC_SITE_INDENT_SIZE];
    char indent[JSONC_SITE_INDENT_SIZE]; /* of the line on which the member begins */
    bool is_inline;                      /* its neighbours stand on one line */
};

struct jsonc_span {
    size_t at;
    size_t size;
};

struct jsonc_site {
    struct trust_bytes text; /* borrowed */
    const char *const *names;
    size_t name_count;
    size_t found;            /* of the names, so many are there */
    bool is_hollow;          /* value, which is no object yet, becomes one */
    struct jsonc_span value; /* of the last name found; none found: the document */
    size_t key;              /* where that member begins */
    size_t previous;         /* where the value of the member before it ends; 0: it is the first */
    size_t last;             /* where the value of the last member in value ends; 0: none */
    struct jsonc_style around; /* of the members in value, or of the member itself if it is there */
};

/*
 * Finds the member in text, which is borrowed as names are. An empty text is an empty document.
 * TRUST_NO_SYNTAX, TRUST_NO_RANGE: it is no document that jsonc_read takes; TRUST_NO_TYPE: what
 * stands on the way is no object; TRUST_NO_DUPLICATE: a name on the way is there twice, and only
 * its client knows which one counts; TRUST_NO_SIZE: a name of over 4,096 bytes; TRUST_FAIL_MEMORY.
 */
TRUST_MUST_USE enum trust_error jsonc_site_find(struct jsonc_site *out_site,
                                                struct trust_bytes text, const char *const *names,
                                                size_t name_count);

/* True if the member is there; its value is then site->value. */
bool jsonc_site_is_there(const struct jsonc_site *site);

/* What jsonc_site_put takes should look like this. */
void jsonc_site_style(struct jsonc_style *out_style, const struct jsonc_site *site);

/* The member has this value then, JSON as it is to be written. TRUST_FAIL_MEMORY. */
TRUST_MUST_USE enum trust_error jsonc_site_put(struct patch *patch, const struct jsonc_site *site,
                                               struct trust_bytes value);

/* Takes out the member, which is there. TRUST_FAIL_MEMORY. */
TRUST_MUST_USE enum trust_error jsonc_site_drop(struct patch *patch, const struct jsonc_site *site);

#endif
