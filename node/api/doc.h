/*
 * A JSON document being written, straight into its bytes: no tree, members in the order of the
 * calls. Ratios keep their full precision in the fewest digits, what is not known is null, times
 * are RFC 3339 in UTC.
 *
 * In an object each value has its key, in an array the key is NULL. After memory ran out every call
 * does nothing and api_doc_take says so.
 */
#ifndef API_DOC_H
#define API_DOC_H

#include <stdbool.h>
#include <stdint.h>

#include "trust/bytes.h"
#include "trust/error.h"
#include "trust/key.h"
#include "trust/record.h"
#include "trust/time.h"

struct api_doc {
    char *text; /* malloc'd */
    size_t size;
    size_t capacity;
    bool failed;
    bool has_sibling; /* the next value follows another in its container */
};

struct api_doc api_doc_init(void);

/* Frees what was not taken. */
void api_doc_close(struct api_doc *doc);

void api_doc_open_object(struct api_doc *doc, const char *key);
void api_doc_close_object(struct api_doc *doc);
void api_doc_open_array(struct api_doc *doc, const char *key);
void api_doc_close_array(struct api_doc *doc);

/* value NULL: null. Text is UTF-8; a byte that is none becomes U+FFFD. */
void api_doc_text(struct api_doc *doc, const char *key, const char *value);
void api_doc_bytes(struct api_doc *doc, const char *key, struct trust_bytes value);
void api_doc_hex(struct api_doc *doc, const char *key, struct trust_bytes value);
void api_doc_key(struct api_doc *doc, const char *key, const struct trust_key *value,
                 enum trust_key_use use);
void api_doc_id(struct api_doc *doc, const char *key, const struct trust_id *value);
void api_doc_count(struct api_doc *doc, const char *key, uint64_t value);
void api_doc_flag(struct api_doc *doc, const char *key, bool value);
void api_doc_null(struct api_doc *doc, const char *key);

/* Not finite: null. */
void api_doc_number(struct api_doc *doc, const char *key, double value);
/* is_known false: null. */
void api_doc_ratio(struct api_doc *doc, const char *key, bool is_known, double value);
/* Time 0: null. Milliseconds are written only where there are any. */
void api_doc_time(struct api_doc *doc, const char *key, struct trust_wall value);

/* Hands over the text, malloc'd, and its size; the document is empty again. TRUST_FAIL_MEMORY. */
TRUST_MUST_USE enum trust_error api_doc_take(struct api_doc *doc, char **out_text,
                                             size_t *out_size);

#endif
