/*
 * The audit log: what became of each server's quarantine, as text that is only ever appended to and
 * whose lines form a chain of hashes.
 *
 *   HASH LINE
 *
 * HASH is the BLAKE2b-256, in hex, of the hash before it and LINE; LINE is an entry
 * (shield/audit.h), or `1 SEQ TIME_MS segment LOST`, which begins a new chain from 32 zero bytes:
 * what stands before it was cut short by a crash, or LOST entries could not be written. A line that
 * was changed, taken out or put in breaks the chain, unless every hash behind it is made anew or
 * the end is cut off: that shows by a mark, a place of the chain that is kept elsewhere. A log
 * without the line of its mark goes on with a new chain whose SEQ leaves a gap, which stays seen.
 */
#ifndef AUDIT_H
#define AUDIT_H

#include <stdbool.h>
#include <stdint.h>

#include "trust/error.h"

#include "host/home.h"
#include "shield/audit.h"

#define AUDIT_HASH_SIZE 32

/* A place in the chain: behind a line. */
struct audit_mark {
    uint64_t next_seq;             /* up to 1: nothing is known */
    uint8_t head[AUDIT_HASH_SIZE]; /* hash of the line */
};

struct audit {
    char path[TRUST_HOME_PATH_SIZE];
    int fd; /* -1: could not be opened, tried again with the next entry */
    uint64_t next_seq;
    uint8_t head[AUDIT_HASH_SIZE]; /* hash of the last line */
    bool is_cut;                   /* the last line has no end */
    bool needs_segment;            /* a new chain begins with the next entry */
    uint64_t lost;                 /* entries that could not be written */
    struct audit_mark known;       /* the log has this place, or is damaged */
};

/* What a walk over the file found. */
struct audit_check {
    uint64_t entries;
    uint64_t segments;      /* chains after the first */
    uint64_t torn;          /* lines cut short by a crash, with a new chain behind them */
    uint64_t damaged;       /* other lines that do not fit the chain */
    uint64_t first_damaged; /* number of the first of them, from 1 */
    uint64_t next_seq;
    uint8_t head[AUDIT_HASH_SIZE];
    bool ends_badly; /* the last line is one of those */
    bool is_cut;     /* the last line has no end */
    bool is_behind;  /* it has not the place that is known */
};

struct audit_line {
    uint64_t number; /* from 1 */
    bool is_good;    /* it fits the chain */
    struct trust_audit_entry entry;
};

/* Told of every line that reads as an entry; views are valid during the call. */
typedef void audit_visit(void *context, const struct audit_line *line);

/*
 * Opens or makes the log, walks over it, and begins a new chain if its end is damaged or the known
 * place is not in it. On an error
 * the log is closed and opened again with the next entry. TRUST_NO_FILE: a link or no regular file;
 * TRUST_NO_PERMISSION, TRUST_NO_ROOM, TRUST_FAIL_IO.
 */
TRUST_MUST_USE enum trust_error audit_open(struct audit *audit, const char *path,
                                           const struct audit_mark *known,
                                           struct audit_check *out_check, struct trust_wall now);
void audit_close(struct audit *audit);

/*
 * Appends an entry, whose seq is set here, and syncs it to the disk. On an error it counts as lost,
 * and the next one that can be written begins a new chain.
 */
TRUST_MUST_USE enum trust_error
audit_write(struct audit *audit, const struct trust_audit_entry *entry, struct trust_wall now);

/* Reads the whole file; visit may be NULL. A file that is not there has no lines. */
TRUST_MUST_USE enum trust_error audit_walk(const char *path, struct audit_check *out_check,
                                           audit_visit *visit, void *context);

/* True if the file that was walked is whole, and ends where this log does. */
bool audit_is_whole(const struct audit *audit, const struct audit_check *check);

#endif
