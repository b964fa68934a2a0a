/* See crowd.h. A list: there are a few hundred seats at most, looked through once a turn. */
#include "node/api/crowd.h"

#include <stddef.h>

#include "base/assert.h"
#include "base/limits.h"

void crowd_enter(struct crowd *crowd, struct crowd_seat *seat, uint32_t uid, struct trust_mono now)
{
    *seat =
        (struct crowd_seat){.next = crowd->first, .since = now, .uid = uid, .phase = CROWD_FRESH};
    if (crowd->first != NULL)
        crowd->first->previous = seat;
    crowd->first = seat;
    crowd->count++;
}

static void mark_leaving(struct crowd *crowd, struct crowd_seat *seat)
{
    assert(!seat->is_leaving);
    seat->is_leaving = true;
    crowd->count--;
}

void crowd_leave(struct crowd *crowd, struct crowd_seat *seat)
{
    if (!seat->is_leaving)
        mark_leaving(crowd, seat);
    if (seat->previous != NULL)
        seat->previous->next = seat->next;
    else
        crowd->first = seat->next;
    if (seat->next != NULL)
        seat->next->previous = seat->previous;
}

void crowd_turn(struct crowd_seat *seat, enum crowd_phase phase, struct trust_mono now)
{
    seat->phase = phase;
    seat->since = now;
}

static uint32_t seats_of(const struct crowd *crowd, uint32_t uid)
{
    uint32_t count = 0;
    for (const struct crowd_seat *seat = crowd->first; seat != NULL; seat = seat->next)
        count += !seat->is_leaving && seat->uid == uid;
    return count;
}

/* The user with the most seats. */
static uint32_t widest_user(const struct crowd *crowd)
{
    uint32_t most = 0;
    uint32_t uid = 0;
    /* A user with more than half of the rest ends the search early: the usual case. */
    uint32_t unseen = crowd->count;
    for (const struct crowd_seat *seat = crowd->first; seat != NULL && most < unseen;
         seat = seat->next) {
        uint32_t count = seat->is_leaving ? 0 : seats_of(crowd, seat->uid);
        if (count > most) {
            most = count;
            uid = seat->uid;
        }
        unseen -= !seat->is_leaving;
    }
    return uid;
}

/* Of this user the one that is longest without being served. */
static struct crowd_seat *slowest_of(const struct crowd *crowd, uint32_t uid)
{
    struct crowd_seat *slowest = NULL;
    for (struct crowd_seat *seat = crowd->first; seat != NULL; seat = seat->next) {
        if (seat->is_leaving || seat->uid != uid || seat->phase == CROWD_SERVED)
            continue;
        /* The list has the newest first: of equals the eldest goes. */
        if (slowest == NULL || seat->since.ms <= slowest->since.ms)
            slowest = seat;
    }
    return slowest;
}

struct crowd_seat *crowd_squeeze(struct crowd *crowd, struct crowd_seat *newcomer)
{
    struct crowd_seat *leaving = NULL;
    if (seats_of(crowd, newcomer->uid) > crowd->share_max)
        leaving = slowest_of(crowd, newcomer->uid);
    else if (crowd->count > crowd->seats_max)
        leaving = slowest_of(crowd, widest_user(crowd));
    else
        return NULL;
    if (leaving == NULL)
        leaving = newcomer;
    mark_leaving(crowd, leaving);
    return leaving;
}

static uint64_t end_ms(const struct crowd_seat *seat)
{
    if (seat->is_leaving)
        return UINT64_MAX;
    switch (seat->phase) {
    case CROWD_FRESH:
    case CROWD_HEAD:
        return seat->since.ms + TRUST_API_HEAD_S * UINT64_C(1000);
    case CROWD_BODY:
        return seat->since.ms + TRUST_API_BODY_S * UINT64_C(1000);
    case CROWD_IDLE:
    case CROWD_MOVING:
        return seat->since.ms + TRUST_API_IDLE_S * UINT64_C(1000);
    case CROWD_SERVED:
        return UINT64_MAX;
    }
    return UINT64_MAX;
}

struct crowd_seat *crowd_overdue(struct crowd *crowd, struct trust_mono now)
{
    for (struct crowd_seat *seat = crowd->first; seat != NULL; seat = seat->next) {
        if (end_ms(seat) <= now.ms) {
            mark_leaving(crowd, seat);
            return seat;
        }
    }
    return NULL;
}

struct trust_mono crowd_deadline(const struct crowd *crowd)
{
    uint64_t due_ms = UINT64_MAX;
    for (const struct crowd_seat *seat = crowd->first; seat != NULL; seat = seat->next) {
        if (end_ms(seat) < due_ms)
            due_ms = end_ms(seat);
    }
    return (struct trust_mono){.ms = due_ms};
}
