/*
 * The connections of one socket: who has a seat, who has to go when there are too many, and who
 * takes too long.
 *
 * A connection may always be closed between requests, and clients connect anew; so one that is too
 * many takes the seat of the one of its user that was longest without a whole request, and is sent
 * away itself only if all of them are being served. No user has more than its share, so that nobody
 * is locked out by another user, and hardly by another program of its own.
 */
#ifndef API_CROWD_H
#define API_CROWD_H

#include <stdbool.h>
#include <stdint.h>

#include "trust/time.h"

enum crowd_phase {
    CROWD_FRESH,  /* connected, without a request so far */
    CROWD_IDLE,   /* between two requests */
    CROWD_HEAD,   /* its target is there, its head is not whole */
    CROWD_BODY,   /* its body is on the way */
    CROWD_MOVING, /* the answer is on the way */
    CROWD_SERVED, /* it waits for us, streams, or sends what may take long */
};

struct crowd_seat {
    struct crowd_seat *next;
    struct crowd_seat *previous;
    struct trust_mono since; /* of the phase */
    uint32_t uid;
    enum crowd_phase phase;
    bool is_leaving; /* it was told to; it counts no more */
};

struct crowd {
    uint32_t seats_max; /* of all users */
    uint32_t share_max; /* of one user */
    uint32_t count;     /* seats taken by who is not leaving */
    struct crowd_seat *first;
};

/* Takes a seat for who just connected; the seat is the caller's memory. */
void crowd_enter(struct crowd *crowd, struct crowd_seat *seat, uint32_t uid, struct trust_mono now);

void crowd_leave(struct crowd *crowd, struct crowd_seat *seat);

void crowd_turn(struct crowd_seat *seat, enum crowd_phase phase, struct trust_mono now);

/* Who has to go because of a newcomer, perhaps it itself; NULL: there is room. Marked as leaving.
 */
struct crowd_seat *crowd_squeeze(struct crowd *crowd, struct crowd_seat *newcomer);

/* Somebody whose time is over, marked as leaving, its phase as it was; NULL: nobody. */
struct crowd_seat *crowd_overdue(struct crowd *crowd, struct trust_mono now);

/* When the next one's time is over; UINT64_MAX: nobody's. */
struct trust_mono crowd_deadline(const struct crowd *crowd);

#endif
