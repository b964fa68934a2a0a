/*
 * The audit log of quarantine: one text line an entry, and a snapshot line a cell.
 *
 *   1 SEQ TIME_MS FROM TO RULE TTL_S dry|live NFT EXEC ACTOR SUBJECT MANIFEST EVIDENCE
 *   2 ... EVIDENCE REASON
 *   1 SUBJECT MANIFEST STATE RULE SINCE_MS UNTIL_MS SEEN_MS EXCUSED_MS TIMES
 *
 * MANIFEST is 64 hex digits or -, EVIDENCE ids of records in hex with commas between them, or -.
 * REASON is what the operator gave as one, escaped; an entry without one is of the first form.
 * Both are canonical (base/line.h): an entry has one spelling, so that a chain of hashes over the
 * lines can be checked by anybody. The chain itself is the node's.
 */
#ifndef TRUST_SHIELD_AUDIT_H
#define TRUST_SHIELD_AUDIT_H

#include "base/limits.h"
#include "base/writer.h"
#include "shield/quarantine.h"

#define TRUST_AUDIT_EVIDENCE_MAX 8
#define TRUST_AUDIT_ACTOR_SIZE_MAX 64
/* A line with every field at its longest fits. */
#define TRUST_AUDIT_LINE_SIZE_MAX 2048
#define TRUST_QUARANTINE_LINE_SIZE_MAX 512

enum trust_hook_result {
    TRUST_HOOK_NONE = 0, /* no such enforcement is configured */
    TRUST_HOOK_DRY,      /* said what it would do */
    TRUST_HOOK_DONE,
    TRUST_HOOK_FAILED,
};

struct trust_audit_entry {
    uint64_t seq;
    struct trust_bytes subject; /* canonical text */
    uint8_t manifest[32];
    bool has_manifest;        /* false: every manifest of the server */
    struct trust_bytes actor; /* "rule", or the key's text; [A-Za-z0-9._-]{1,64} */
    struct trust_quarantine_change change;
    uint8_t evidence[TRUST_AUDIT_EVIDENCE_MAX][32]; /* ids of records, strongest first */
    uint32_t evidence_count;
    bool dry;
    enum trust_hook_result nft;
    enum trust_hook_result exec;
    uint8_t reason[TRUST_REASON_SIZE_MAX]; /* the operator's words */
    size_t reason_size;                    /* 0: none were given */
};

/* Appends the entry's line, without a line feed. Overflow shows in the writer. */
void trust_audit_encode(struct trust_writer *writer, const struct trust_audit_entry *entry);

/* Reads a line; subject and actor are borrowed from it. TRUST_NO_SYNTAX: anything but a canonical
 * line. */
TRUST_MUST_USE enum trust_error trust_audit_decode(struct trust_audit_entry *out_entry,
                                                   struct trust_bytes line);

/* A cell as it is kept over a restart, with what it belongs to. */
struct trust_quarantine_saved {
    struct trust_bytes subject;
    uint8_t manifest[32];
    bool has_manifest;
    struct trust_quarantine cell;
};

/* Appends the cell's line, without a line feed. */
void trust_quarantine_encode(struct trust_writer *writer,
                             const struct trust_quarantine_saved *saved);

/* Reads a line; the subject is borrowed from it. TRUST_NO_SYNTAX: anything but a canonical line. */
TRUST_MUST_USE enum trust_error trust_quarantine_decode(struct trust_quarantine_saved *out_saved,
                                                        struct trust_bytes line);

#endif
