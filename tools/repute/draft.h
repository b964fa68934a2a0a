/*
 * A draft: a statement that is written and not yet signed. It is a small text file that people may
 * read, one field a line, in one canonical form:
 *
 *   repute-draft 1
 *   kind rating
 *   created 2026-11-20T10:00:00Z
 *   life 15552000
 *   subject mcp:io.github.acme/search
 *   ...
 *
 * The life is in seconds and begins when the draft is published. A draft that is read passes the
 * rules of records: what decodes here can be signed.
 */
#ifndef REPUTE_DRAFT_H
#define REPUTE_DRAFT_H

#include <stdbool.h>
#include <stdint.h>

#include "trust/bytes.h"
#include "trust/error.h"
#include "trust/record.h"
#include "trust/subject.h"

#include "base/limits.h"
#include "base/writer.h"

/* The longest: an alias of two subjects, or a flag with every field at its longest. */
#define DRAFT_SIZE_MAX 1024
/* Eight hex digits of what the statement is about, so that a later draft replaces an earlier one;
 * with its NUL. */
#define DRAFT_ID_SIZE 9

struct draft {
    enum trust_kind kind; /* any but a revocation */
    uint64_t created_s;
    uint64_t life_s; /* 1 to TRUST_LIFE_S_MAX */

    char subject[TRUST_SUBJECT_TEXT_SIZE]; /* of a rating and a flag; the first of an alias */
    char second[TRUST_SUBJECT_TEXT_SIZE];  /* of an alias */
    bool has_manifest;
    uint8_t manifest[32];

    struct trust_vouch vouch; /* the numbers; subject views of these are not used */
    struct trust_rating rating;
    struct trust_flag flag;
    char rule[TRUST_RULE_SIZE_MAX + 1];
    uint8_t alias_state;
};

/* The record that the draft becomes; it borrows the draft. */
void draft_record(struct trust_record *out_record, const struct draft *draft,
                  const struct trust_key *author, uint64_t seq);

/* A draft of a record's content: of any kind but a revocation. */
void draft_from_record(struct draft *out_draft, const struct trust_record *record);

/* Whether it could be signed: TRUST_NO_RANGE, TRUST_NO_SUBJECT, TRUST_NO_SIZE. */
TRUST_MUST_USE enum trust_error draft_check(const struct draft *draft);

/* What the draft is about, as eight hex digits. */
void draft_id(char out_id[DRAFT_ID_SIZE], const struct draft *draft);

/* True if both would set the same register. */
bool draft_is_same_place(const struct draft *a, const struct draft *b);

/* Writes the text; it fits DRAFT_SIZE_MAX. */
void draft_encode(struct trust_writer *writer, const struct draft *draft);

/* TRUST_NO_SYNTAX: not the canonical text of a draft; and the verdicts of draft_check. */
TRUST_MUST_USE enum trust_error draft_decode(struct draft *out_draft, struct trust_bytes text);

#endif
