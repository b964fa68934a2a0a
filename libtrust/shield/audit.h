/*
 * The audit log of quarantine: one text line an entry, and a snapshot line a cell.
 *
 * The line is canonical: an entry has one spelling, so that a chain of hashes over the lines can be
 * checked by anybody. The chain itself is the node's (docs/reference/quarantine.md): here are the
 * words, bounded and without allocation.
 */
#ifndef TRUST_SHIELD_AUDIT_H
#define TRUST_SHIELD_AUDIT_H

#include "base/writer.h"
#include "shield/quarantine.h"

#define TRUST_AUDIT_EVIDENCE_MAX 8
#define TRUST_AUDIT_LINE_SIZE_MAX 1280
#define TRUST_QUARANTINE_LINE_SIZE_MAX 448

enum trust_hook_result {
    TRUST_HOOK_NONE = 0, /* no such enforcement is configured */
    TRUST_HOOK_DRY,      /* said what it would do */
    TRUST_HOOK_DONE,
    TRUST_HOOK_FAILED,
};

struct trust_audit_entry {
    uint64_t seq;
    struct trust_bytes subject;  /* canonical text */
    struct trust_bytes manifest; /* size 0 or 32 */
    struct trust_bytes actor;    /* "rule", or the key's text; [A-Za-z0-9._-]{1,64} */
    struct trust_quarantine_change change;
    uint8_t evidence[TRUST_AUDIT_EVIDENCE_MAX][32]; /* ids of records, strongest first */
    uint32_t evidence_count;
    bool dry;
    enum trust_hook_result nft;
    enum trust_hook_result exec;
};

/* Appends the entry's line, without a line feed. Overflow shows in the writer. */
void trust_audit_encode(struct trust_writer *writer, const struct trust_audit_entry *entry);

/* Reads a line; out_entry borrows from it. TRUST_NO_SYNTAX: anything but a canonical line. */
TRUST_MUST_USE enum trust_error trust_audit_decode(struct trust_audit_entry *out_entry,
                                                   struct trust_bytes line);

/* A cell as it is kept over a restart, with what it belongs to. */
struct trust_quarantine_saved {
    struct trust_bytes subject;
    struct trust_bytes manifest; /* size 0 or 32 */
    struct trust_quarantine cell;
};

/* Appends the cell's line, without a line feed. */
void trust_quarantine_encode(struct trust_writer *writer,
                             const struct trust_quarantine_saved *saved);

/* Reads a line; the views borrow from it. TRUST_NO_SYNTAX: anything but a canonical line. */
TRUST_MUST_USE enum trust_error trust_quarantine_decode(struct trust_quarantine_saved *out_saved,
                                                        struct trust_bytes line);

#endif
