/*
 * YAML 1.2 as the configuration uses it: one document of mappings, lists and scalars, with the
 * place of everything, read by libfyaml. Anchors, aliases and tags are refused, for a configuration
 * must say what it says where it says it; size and depth are bounded before anything is walked.
 */
#ifndef TRUST_HOST_YAML_H
#define TRUST_HOST_YAML_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "trust/bytes.h"
#include "trust/error.h"

/* A line and column, both from 1. Line 0: no place (a default). */
struct trust_yaml_mark {
    uint32_t line;
    uint32_t column;
};

/* What is wrong and where, ready to print. */
struct trust_yaml_fault {
    struct trust_yaml_mark mark;
    char message[256];
    char
        text[512]; /* "file:line:column: message", the source line and a caret, newline-separated */
};

enum trust_yaml_kind {
    TRUST_YAML_NULL,
    TRUST_YAML_SCALAR,
    TRUST_YAML_LIST,
    TRUST_YAML_MAP,
};

struct trust_yaml;                      /* a document; handle */
struct fy_node;                         /* libfyaml's, never looked into by callers */
typedef struct fy_node trust_yaml_node; /* borrowed from its document */

/* Parses the text of a file called name. The text must outlive the document.
 * TRUST_NO_SYNTAX (out_fault says where), TRUST_NO_SIZE (over 1 MiB), TRUST_FAIL_MEMORY. */
TRUST_MUST_USE enum trust_error trust_yaml_open(struct trust_yaml **out_yaml,
                                                struct trust_yaml_fault *out_fault,
                                                const char *name, struct trust_bytes text);
void trust_yaml_close(struct trust_yaml *yaml);

/* NULL for an empty document. */
trust_yaml_node *trust_yaml_root(const struct trust_yaml *yaml);

enum trust_yaml_kind trust_yaml_kind(trust_yaml_node *node);
struct trust_yaml_mark trust_yaml_mark(trust_yaml_node *node);

/* The scalar's text, NUL-terminated, as long as the document; NULL if it holds a NUL or is none. */
const char *trust_yaml_text(trust_yaml_node *node);
/* True for a scalar without quotes: only those may be numbers, booleans and null. */
bool trust_yaml_is_plain(trust_yaml_node *node);

size_t trust_yaml_count(trust_yaml_node *node); /* members of a list or map, else 0 */
trust_yaml_node *trust_yaml_item(trust_yaml_node *list, size_t index);
/* The key and value of a map's member, in the order written. */
trust_yaml_node *trust_yaml_member(trust_yaml_node *map, size_t index, trust_yaml_node **out_key);

/* The value of a map's key, or NULL (also when map is none). */
trust_yaml_node *trust_yaml_find(trust_yaml_node *map, const char *name);

/* Fills a fault at this place: message, source line, caret. */
void trust_yaml_fault_at(struct trust_yaml_fault *out_fault, const struct trust_yaml *yaml,
                         struct trust_yaml_mark mark, const char *message);

#endif
