/*
 * What agents say a server offers, next to what the operator approved: the last manifest of each
 * view of it. A view is a version of the server with the capabilities that a client offers, since a
 * server may rightly show other tools to another client.
 *
 * Agents are believed in one direction. A change that one of them tells stands for a day, whoever
 * says otherwise; the operator's acceptance ends it. Pure, in wall time.
 */
#ifndef TRUST_SHIELD_SIGHTS_H
#define TRUST_SHIELD_SIGHTS_H

#include <stdbool.h>
#include <stdint.h>

#include "trust/bytes.h"
#include "trust/cell.h"
#include "trust/error.h"
#include "trust/time.h"

#include "base/limits.h"
#include "base/writer.h"

#define TRUST_SIGHT_VIEW_SIZE 16

struct trust_sight {
    uint8_t view[TRUST_SIGHT_VIEW_SIZE];
    uint8_t manifest[32];
    struct trust_wall since; /* it was told so first */
    struct trust_wall seen;  /* and last */
    uint64_t agents[TRUST_SIGHT_AGENTS_MAX];
    uint16_t tools;      /* that are not as approved */
    uint8_t state;       /* enum trust_manifest_state; NONE: no sight */
    uint8_t agent_count; /* that told it, since the start */
    bool is_accepted;    /* the operator accepted this very manifest */
};

/* Of one server. Zeros: nothing was told. */
struct trust_sights {
    struct trust_sight sights[TRUST_SIGHTS_MAX];
};

/* What an agent tells. */
struct trust_sight_told {
    uint64_t agent; /* whatever number the caller gives it */
    uint8_t view[TRUST_SIGHT_VIEW_SIZE];
    uint8_t manifest[32];
    enum trust_manifest_state state; /* not NONE */
    uint16_t tools;
};

/* True if there is something new but the time: worth to be kept. With every place taken by a change
 * that stands there is no place for another view. */
bool trust_sights_tell(struct trust_sights *sights, const struct trust_sight_told *told,
                       struct trust_wall now);

/* The operator accepted at that time what a view shows: if it was first told by then it is as
 * approved. False: there is no such sight. */
bool trust_sights_accept(struct trust_sights *sights, const uint8_t view[TRUST_SIGHT_VIEW_SIZE],
                         struct trust_wall accepted, struct trust_wall now);

/* The one that matters most: changed before pending before pinned, of equals the last told. NULL:
 * there is none. */
const struct trust_sight *trust_sights_worst(const struct trust_sights *sights);

/* When the youngest change that was not accepted was first told; 0: there is none. */
struct trust_wall trust_sights_changed(const struct trust_sights *sights);

/* What is kept over a restart; agents are numbers of one process and are not. */
#define TRUST_SIGHT_BYTES (TRUST_SIGHT_VIEW_SIZE + 32 + 8 + 8 + 2 + 1 + 1)
#define TRUST_SIGHTS_BYTES_MAX (1 + TRUST_SIGHTS_MAX * TRUST_SIGHT_BYTES)

/* Appends them; nothing, where nothing was told. */
void trust_sights_save(const struct trust_sights *sights, struct trust_writer *writer);

/* TRUST_NO_SYNTAX: anything but what was saved. */
TRUST_MUST_USE enum trust_error trust_sights_load(struct trust_sights *out_sights,
                                                  struct trust_bytes bytes);

#endif
