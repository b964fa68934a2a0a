/*
 * A line of the `withheld` file: what no selection returns even when no node is left to ask.
 *
 *   SUBJECT MANIFEST STATE UNTIL
 *
 * MANIFEST is 64 hex digits or -, STATE quarantined, investigating or banned, UNTIL RFC 3339 in
 * UTC with seconds, or -. Pure: the node writes the file, clients read it.
 */
#ifndef TRUST_BOARD_WITHHELD_H
#define TRUST_BOARD_WITHHELD_H

#include "trust/bytes.h"
#include "trust/cell.h"
#include "trust/error.h"

#include "base/writer.h"

#define TRUST_WITHHELD_LINE_SIZE_MAX 320

struct trust_withheld {
    struct trust_bytes subject; /* canonical text; borrowed */
    uint8_t manifest[32];
    bool has_manifest; /* false: every manifest of the server */
    enum trust_quarantine_state state;
    struct trust_wall until; /* whole seconds; 0: no end by itself */
};

/* Appends the line with its line feed. Overflow shows in the writer. */
void trust_withheld_encode(struct trust_writer *writer, const struct trust_withheld *withheld);

/* Reads a line, without its line feed; the subject is borrowed from it.
 * TRUST_NO_SYNTAX: not such a line. A reader of the file must then withhold nothing less than the
 * lines it can read, and say that the file is damaged. */
TRUST_MUST_USE enum trust_error trust_withheld_decode(struct trust_withheld *out_withheld,
                                                      struct trust_bytes line);

/* What a withheld entry means now: a quarantine whose term is over goes on as investigating. */
enum trust_quarantine_state trust_withheld_state(const struct trust_withheld *withheld,
                                                 struct trust_wall now);

#endif
