/*
 * The five bodies: what follows [1, kind, author, seq, expires] in a record of each kind.
 *
 * Reading takes every field first, so that bytes which are not canonical are called so whatever
 * they say; then it checks the envelope's fields and its own, in their order.
 */
#ifndef TRUST_RECORD_BODY_H
#define TRUST_RECORD_BODY_H

#include "trust/error.h"
#include "trust/record.h"

#include "base/reader.h"
#include "base/writer.h"

/* The fields in front of a body: version, kind, author, seq, expires. */
#define TRUST_ENVELOPE_COUNT 5u

/* Fields of each body, without the envelope. */
#define TRUST_VOUCH_COUNT 3u
#define TRUST_RATING_COUNT 6u
#define TRUST_FLAG_COUNT 6u
#define TRUST_ALIAS_COUNT 3u
#define TRUST_REVOCATION_COUNT 3u

/* What a body needs to know of the fields in front of it. */
struct trust_envelope {
    struct trust_bytes author;
    bool is_in_range; /* the author is 32 bytes, expires keeps its rule */
};

/* Each reads its body to the reader's end into the member of out_record that has its name, and
 * leaves the rest to the caller. TRUST_NO_CANONICAL, TRUST_NO_RANGE, TRUST_NO_SUBJECT. */
TRUST_MUST_USE enum trust_error trust_vouch_read(struct trust_record *out_record,
                                                 struct trust_reader *reader,
                                                 const struct trust_envelope *envelope);
TRUST_MUST_USE enum trust_error trust_rating_read(struct trust_record *out_record,
                                                  struct trust_reader *reader,
                                                  const struct trust_envelope *envelope);
TRUST_MUST_USE enum trust_error trust_flag_read(struct trust_record *out_record,
                                                struct trust_reader *reader,
                                                const struct trust_envelope *envelope);
TRUST_MUST_USE enum trust_error trust_alias_read(struct trust_record *out_record,
                                                 struct trust_reader *reader,
                                                 const struct trust_envelope *envelope);
TRUST_MUST_USE enum trust_error trust_revocation_read(struct trust_record *out_record,
                                                      struct trust_reader *reader,
                                                      const struct trust_envelope *envelope);

/* Each writes its body as it stands: encoding reads the result back before anyone sees it. */
void trust_vouch_write(struct trust_writer *writer, const struct trust_vouch *vouch);
void trust_rating_write(struct trust_writer *writer, const struct trust_rating *rating);
void trust_flag_write(struct trust_writer *writer, const struct trust_flag *flag);
void trust_alias_write(struct trust_writer *writer, const struct trust_alias *alias);
void trust_revocation_write(struct trust_writer *writer, const struct trust_revocation *revocation);

/* After the last field: TRUST_NO_CANONICAL unless all were there and nothing follows, then
 * TRUST_NO_RANGE unless the envelope is in range. */
TRUST_MUST_USE static inline enum trust_error trust_body_end(const struct trust_reader *reader,
                                                             const struct trust_envelope *envelope)
{
    if (!trust_reader_is_done(reader))
        return TRUST_NO_CANONICAL;
    return envelope->is_in_range ? TRUST_OK : TRUST_NO_RANGE;
}

/* TRUST_NO_SUBJECT unless text is a canonical subject that a record may speak about. */
TRUST_MUST_USE enum trust_error trust_body_check_subject(struct trust_bytes text);

/* True for a digest or key that may be left out: 0 or 32 bytes. */
static inline bool trust_body_is_optional(struct trust_bytes content)
{
    return content.size == 0 || content.size == 32;
}

#endif
