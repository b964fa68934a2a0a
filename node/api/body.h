/*
 * Reading a request's body: strict JSON, member by member. Everything that is not right is refused
 * with the member's JSON pointer, and only the first such thing; after it every read gives a
 * harmless value, so that a handler reads all it needs and asks once, at api_body_end.
 *
 * Duplicate members, members that nobody read, trailing text and deep nesting are refused.
 */
#ifndef API_BODY_H
#define API_BODY_H

#include "node/api/call.h"

#define API_POINTER_SIZE 128
#define API_MEMBERS_MAX 16

/* One object of the body, being read. */
struct api_body {
    struct api_call *call;
    const struct json_t *object;
    char pointer[API_POINTER_SIZE]; /* of the object: "" for the whole body */
    const char *known[API_MEMBERS_MAX];
    uint32_t known_count;
};

/* An array of the body. */
struct api_list {
    const struct api_body *body;
    const struct json_t *array;
    const char *name;
    size_t count;
};

/* Parses the call's body, which must be an object. After a refusal the reads below may still be
 * made. */
struct api_body api_body_open(struct api_call *call);

/* True if every member was right and read; false: the call was refused. */
bool api_body_end(const struct api_body *body);

/* True if the member is there and not null. */
bool api_body_has(struct api_body *body, const char *name);

/* True if it is there and null, where that means something else than leaving it out. */
bool api_body_is_null(const struct api_body *body, const char *name);

/* Required members; "optional" ones have a value for when they are absent or null. */

/* 1 to size_max bytes of text without control characters. Refused: "". */
const char *api_body_text(struct api_body *body, const char *name, size_t size_max);
const char *api_body_optional_text(struct api_body *body, const char *name, size_t size_max,
                                   const char *otherwise);
bool api_body_optional_flag(struct api_body *body, const char *name, bool otherwise);
uint64_t api_body_optional_count(struct api_body *body, const char *name, uint64_t max,
                                 uint64_t otherwise);
double api_body_optional_ratio(struct api_body *body, const char *name, double otherwise);

/* One of these words, NULL-terminated; returns its index, refused: 0. */
uint32_t api_body_word(struct api_body *body, const char *name, const char *const *words);
uint32_t api_body_optional_word(struct api_body *body, const char *name, const char *const *words,
                                uint32_t otherwise);

/* A canonical subject; refused: an empty one. TRUST_NO_SUBJECT names the canonical form. */
struct trust_bytes api_body_subject(struct api_body *body, const char *name);

/* size bytes in hex; false: refused. */
bool api_body_hex(struct api_body *body, const char *name, uint8_t *out_bytes, size_t size);

/* ---- arrays ---- */

/* An array of min to max elements; refused: an empty one. */
struct api_list api_body_list(struct api_body *body, const char *name, size_t min, size_t max);

/* The element at index, an object. */
struct api_body api_list_object(const struct api_list *list, size_t index);

/* True if the element is a string. */
bool api_list_is_text(const struct api_list *list, size_t index);

const char *api_list_text(const struct api_list *list, size_t index, size_t size_max);
struct trust_bytes api_list_subject(const struct api_list *list, size_t index);

/* Refuses the call for an element of the list. */
void api_list_refuse(const struct api_list *list, size_t index, enum trust_error code,
                     const char *what);

/* ---- texts of paths and queries, by the same rules ---- */

/* False: refused. name is what the caller knows it by. */
bool api_check_subject(struct api_call *call, const char *name, const char *text);
bool api_check_key(struct api_call *call, struct trust_key *out_key, const char *name,
                   const char *text, enum trust_key_use use);
bool api_check_hex(struct api_call *call, const char *name, const char *text, uint8_t *out_bytes,
                   size_t size);
/* The query parameter, a whole number from min to max; absent: otherwise. */
bool api_check_count(struct api_call *call, const char *name, uint64_t max, uint64_t *inout_value);

#endif
