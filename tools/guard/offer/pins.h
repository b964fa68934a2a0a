/*
 * The pins of a group in their file, pins/GROUP.json, which all guards of the group and the command
 * line share. The file is the truth: every change reads it anew under a lock, applies itself, and
 * replaces the file whole, so that of two that store at once neither loses what the other pinned.
 * docs/reference/pins.md describes the file.
 */
#ifndef GUARD_PINS_H
#define GUARD_PINS_H

#include "guard/offer/pins_book.h"

#define PINS_FAULT_SIZE 256

/* What is wrong with a file: "/x/pins/search.json:12:7: ..." or "...: pins[2].tools[0].digest:
 * ...", plain UTF-8. */
struct pins_fault {
    char text[PINS_FAULT_SIZE];
};

struct pins;

/*
 * Reads the file, which need not be there; path NULL: pins are kept in memory alone.
 * TRUST_NO_SYNTAX, TRUST_NO_TYPE, TRUST_NO_RANGE, TRUST_NO_VERSION, TRUST_NO_SIZE,
 * TRUST_NO_DUPLICATE, TRUST_FAIL_CORRUPT (a definition is not that of its digest): the fault says
 * where, and nothing is ever written over it. TRUST_NO_PERMISSION, TRUST_NO_FILE, TRUST_FAIL_IO,
 * TRUST_FAIL_MEMORY.
 */
TRUST_MUST_USE enum trust_error pins_open(struct pins **out_pins, struct pins_fault *out_fault,
                                          const char *path);
void pins_close(struct pins *pins); /* NULL does nothing */

/*
 * Judges a server and stores what that pinned. TRUST_OK: out_states and out_verdict are right.
 * out_stored says what became of the storing: where it is not TRUST_OK the pins of this process
 * stay in memory from here on, and the file as it is. A file that was taken away is written again.
 * TRUST_FAIL_MEMORY.
 */
TRUST_MUST_USE enum trust_error pins_judge(struct pins *pins, struct pins_verdict *out_verdict,
                                           enum pin_state *out_states, enum trust_error *out_stored,
                                           const struct pins_sight *sight);

/* True if somebody else has changed the file since, and it was read again. What cannot be read is
 * left for later. */
bool pins_refresh(struct pins *pins);

/* Grows whenever a file that somebody else has changed was read, by whatever call. */
uint64_t pins_revision(const struct pins *pins);

/*
 * What is pinned of a server, as a finished manifest that the caller frees; its greeting is the
 * pinned one, or else what was offered without its instructions. Tools that are not believed, or
 * that the operator refused, are not in it. TRUST_NO_FOUND: it was never seen. sight->manifest is
 * not looked at.
 */
TRUST_MUST_USE enum trust_error pins_manifest(struct pins *pins, struct manifest **out_manifest,
                                              const struct pins_sight *sight);

/* ---- changes by hand ---- */

/*
 * Takes the lock and reads the file anew. TRUST_NO_BUSY: another holds it for over a second; else
 * as pins_open.
 */
TRUST_MUST_USE enum trust_error pins_lock(struct pins *pins, struct pins_fault *out_fault);

/* The book: to be read, or, under the lock, changed. */
struct pins_book *pins_book(struct pins *pins);

/* Replaces the file with the book and gives the lock back, whatever comes of it. TRUST_NO_SIZE:
 * over TRUST_PINS_FILE_SIZE_MAX; TRUST_NO_ROOM, TRUST_NO_PERMISSION, TRUST_NO_FILE, TRUST_FAIL_IO,
 * TRUST_FAIL_MEMORY: the file stands as it was. */
TRUST_MUST_USE enum trust_error pins_save(struct pins *pins);

/* Gives the lock back without storing. */
void pins_unlock(struct pins *pins);

#endif
