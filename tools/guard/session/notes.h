/*
 * What the guard says on standard error: one line each, for the log that a client keeps of it.
 *
 * A client that does not read them must not stop the guard, and a server that fails again and again
 * must not fill a disk: a line that finds no room, or is one too many in its minute, is dropped.
 */
#ifndef GUARD_NOTES_H
#define GUARD_NOTES_H

#include <stdint.h>

#include "trust/time.h"

#include "guard/offer/catalogue.h"
#include "guard/router/router.h"

#define NOTES_A_MINUTE 60u

struct notes {
    int fd;
    struct trust_mono minute; /* when it began */
    uint32_t said;            /* in it */
};

void notes_init(struct notes *notes, int fd);

/* Any line, without its newline. */
void notes_say(struct notes *notes, struct trust_mono now, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* A server of the group that cannot be reached as it is configured. */
void notes_skipped(struct notes *notes, const char *subject, const char *why,
                   struct trust_mono now);

/* What the router has to say; subject is of the backend it speaks of. */
void notes_router(struct notes *notes, enum router_note note, const char *subject,
                  struct trust_mono now);

/* What a backend offers was compared with its pins: what is withheld, and what could not be stored.
 * If all is as pinned there is nothing to say. */
void notes_judged(struct notes *notes, const char *subject, const struct catalogue_news *news,
                  struct trust_mono now);

#endif
