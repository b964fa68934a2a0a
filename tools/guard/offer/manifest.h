/*
 * What one server says that it offers: its greeting, its tools as they are written, and digests of
 * all that an agent may be led by. It is built a page at a time, finished once, and then only read.
 *
 *   tool      SHA-256 of "repute-pin-tool-v1" and the canonical form of {name, title, description,
 *             inputSchema, outputSchema, annotations}; members that are not there are left out
 *   manifest  SHA-256 of "repute-manifest-v1", the sorted digests of the tools, and those of
 *             instructions, prompts and resource templates
 *
 * docs/reference/pins.md has all of it.
 */
#ifndef GUARD_MANIFEST_H
#define GUARD_MANIFEST_H

#include <stdbool.h>

#include "guard/offer/digest.h"

enum manifest_list {
    MANIFEST_TOOLS,
    MANIFEST_PROMPTS,
    MANIFEST_TEMPLATES,
};
#define MANIFEST_LISTS 3

/* As the server gives them, or as MCP says for those that it does not. */
struct manifest_hints {
    bool is_read_only;   /* no */
    bool is_idempotent;  /* no */
    bool is_destructive; /* yes */
    bool is_open_world;  /* yes */
};

/* Spans are the manifest's. */
struct manifest_tool {
    struct trust_bytes name; /* decoded */
    struct trust_bytes definition;
    struct trust_bytes input_schema; /* empty: none */
    struct manifest_hints hints;
    uint8_t digest[DIGEST_SIZE];
    /* It has no canonical form, a name over TRUST_TOOL_NAME_SIZE_MAX or with a control character,
     * or one that another has too: nobody can say what was pinned, so it is not to be used.
     * Without a canonical form its digest is of its bytes. */
    bool is_bad;
};

/* What is pinned besides the tools. */
struct manifest_extras {
    uint8_t instructions[DIGEST_SIZE];
    uint8_t prompts[DIGEST_SIZE];
    uint8_t templates[DIGEST_SIZE];
};

struct manifest;

TRUST_MUST_USE enum trust_error manifest_new(struct manifest **out_manifest);
void manifest_free(struct manifest *manifest); /* NULL does nothing */

/*
 * The result of initialize or server/discover; it is copied, as all below. TRUST_NO_TYPE: no
 * object, or no object as its capabilities. TRUST_NO_SYNTAX, TRUST_NO_RANGE, TRUST_NO_DUPLICATE: no
 * JSON that two readers read alike. TRUST_NO_SIZE: all in all over TRUST_MANIFEST_SIZE_MAX.
 */
TRUST_MUST_USE enum trust_error manifest_set_server(struct manifest *manifest,
                                                    struct trust_bytes result);

/* A page of a list. Errors as above; TRUST_NO_ROOM: over TRUST_MANIFEST_ITEMS_MAX of a kind. An
 * item without a name that can be read is passed over. */
TRUST_MUST_USE enum trust_error
manifest_add_page(struct manifest *manifest, enum manifest_list list, struct trust_bytes result);

/* One tool, an object, likewise. */
TRUST_MUST_USE enum trust_error manifest_add_tool(struct manifest *manifest,
                                                  struct trust_bytes definition);

/* Nothing is added from here on; the digest can be asked for. */
void manifest_finish(struct manifest *manifest);

size_t manifest_count(const struct manifest *manifest); /* of tools */
const struct manifest_tool *manifest_at(const struct manifest *manifest, size_t index);

/* Index of the tool of this name, decoded. False: there is none. */
bool manifest_find(const struct manifest *manifest, size_t *out_index, struct trust_bytes name);

/* The greeting as it came; empty: none. */
struct trust_bytes manifest_server(const struct manifest *manifest);

/* Of prompts or templates: whether the server lists any. */
bool manifest_lists(const struct manifest *manifest, enum manifest_list list);

/* A page of one of these as a client gets it: whether it lists nothing but what was added. False
 * too for one that cannot be read. */
bool manifest_has_page(const struct manifest *manifest, enum manifest_list list,
                       struct trust_bytes result);

const struct manifest_extras *manifest_extras(const struct manifest *manifest);
const uint8_t *manifest_digest(const struct manifest *manifest);

/* The digest of a manifest of these tools and extras; the digests are sorted in place. */
void manifest_hash(uint8_t out_digest[DIGEST_SIZE], uint8_t (*tools)[DIGEST_SIZE], size_t count,
                   const struct manifest_extras *extras);

#endif
