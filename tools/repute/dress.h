/*
 * What documents say, as people read it: keys as petname·short, times relative, spans in one unit.
 *
 * It changes members of a document in place, in the form of text alone: JSON and plain show what
 * the node said. A member that is absent, null or of another type stays as it is.
 */
#ifndef REPUTE_DRESS_H
#define REPUTE_DRESS_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "repute/context.h"

/* A pet name, its dot and the short key. */
#define DRESS_KEY_SIZE 96
#define DRESS_SPAN_SIZE 32

struct dress {
    bool is_on;      /* false: every function leaves its object as it is */
    json_t *names;   /* key: pet name; NULL: none */
    uint64_t now_ms; /* unix milliseconds */
};

/*
 * The dress of a command's output: on if its form is text. It asks the node for the pet names and
 * for the operator's key, who is "me"; a node that does not tell them, as agent.sock does not, only
 * makes names shorter. dress_close frees it.
 */
struct dress dress_open(struct context *context);
void dress_close(struct dress *dress);

/* The key's pet name, a dot and its first seven characters. Another text is copied as it is. */
void dress_name(const struct dress *dress, char out_text[DRESS_KEY_SIZE], const char *key);

/* "850 ms", "3.2 s", "12 s", "5 min", "3 h", "2 d", "4 y": rounded to the nearest. */
void dress_span_text(char out_text[DRESS_SPAN_SIZE], uint64_t ms);

/* A key, or a list of keys. */
void dress_key(const struct dress *dress, json_t *object, const char *member);

/* An RFC 3339 time becomes "3 h ago" or "in 5 s". */
void dress_time(const struct dress *dress, json_t *object, const char *member);

/* A number of units of unit_ms milliseconds becomes a span. */
void dress_span(const struct dress *dress, json_t *object, const char *member, uint64_t unit_ms);

/* The first eight characters of a record's id or of a digest. */
void dress_digest(const struct dress *dress, json_t *object, const char *member);

#endif
