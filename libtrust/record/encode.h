/*
 * From a struct to the canonical body that is signed. What is written here always decodes: the
 * same rules refuse on both ways, so nothing that others would refuse is ever signed.
 */
#ifndef TRUST_RECORD_ENCODE_H
#define TRUST_RECORD_ENCODE_H

#include "trust/error.h"
#include "trust/record.h"

#include "base/writer.h"

/*
 * Appends the body of record (no signature). The verdicts are those of trust_record_decode:
 * TRUST_NO_SIZE (it does not fit a record or the writer), TRUST_NO_CANONICAL (no such kind),
 * TRUST_NO_RANGE, TRUST_NO_SUBJECT. The writer is unchanged unless TRUST_OK is returned.
 */
TRUST_MUST_USE enum trust_error trust_record_encode(struct trust_writer *writer,
                                                    const struct trust_record *record);

#endif
