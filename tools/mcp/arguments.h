/*
 * The arguments of a tool, read one by one. The first that is wrong ends it: what is said of it is
 * a sentence of ours with the argument's name, never a word of what was sent.
 */
#ifndef MCP_ARGUMENTS_H
#define MCP_ARGUMENTS_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "trust/bytes.h"
#include "trust/export.h"
#include "trust/subject.h"

struct arguments {
    json_t *object;
    char refusal[256]; /* empty: all that was read is good */
};

/*
 * raw is params.arguments as it came, empty if it was left out. names, NULL-terminated, are those
 * that there are: any other is refused. To be closed in any case.
 */
void arguments_open(struct arguments *arguments, struct trust_bytes raw, const char *const *names);
void arguments_close(struct arguments *arguments);

bool arguments_is_good(const struct arguments *arguments);

/* Refuses with a sentence. */
void arguments_refuse(struct arguments *arguments, const char *sentence);

/* The argument is there, and not null. */
bool arguments_has(const struct arguments *arguments, const char *name);

/* A server in any spelling, made canonical. It must be there. */
void arguments_subject(struct arguments *arguments, char out_subject[TRUST_SUBJECT_TEXT_SIZE],
                       const char *name);

/* A list of least to most of them; returns how many. None, if it may be left out (least is 0). */
size_t arguments_subjects(struct arguments *arguments,
                          char (*out_subjects)[TRUST_SUBJECT_TEXT_SIZE], const char *name,
                          size_t least, size_t most);

/* A text of 1 to most bytes, borrowed; NULL if it was left out, which must not be if is_needed. */
const char *arguments_text(struct arguments *arguments, const char *name, size_t most,
                           bool is_needed);

/* A list of at most most texts of at most size bytes; returns how many. */
size_t arguments_texts(struct arguments *arguments, const char **out_texts, const char *name,
                       size_t most, size_t size);

/* 0 to 1 in parts per million; 0 if it was left out. */
uint32_t arguments_ratio(struct arguments *arguments, const char *name);

/* 0 to most; otherwise if it was left out. */
uint32_t arguments_whole(struct arguments *arguments, const char *name, uint32_t most,
                         uint32_t otherwise);

#endif
