/*
 * What the node shows its agents and keeps of its servers: the board, the `withheld` file, the
 * saved breakers and quarantines. It follows the engine's BOARD, UNBOARD, BREAKER and QUARANTINE
 * actions.
 */
#ifndef SHOWING_H
#define SHOWING_H

#include <stdbool.h>

#include "trust/error.h"
#include "trust/time.h"

#include "board/writer.h"
#include "engine/action.h"

struct core;

struct showing {
    struct trust_board_writer *writer; /* NULL: closed */
    bool is_withheld_stale;            /* the file must be written again... */
    struct trust_mono withheld_due;    /* ...not before */
    enum trust_error withheld_error;   /* of the last attempt */
    uint32_t withheld_damaged;         /* its lines that did not read at the start */
    struct trust_mono beat_due;
    struct trust_mono renew_due; /* the board may be made anew */
};

/* Makes the board and watches the servers of the configured groups, each with its saved breaker and
 * quarantine; those that are withheld (also by the file alone) or open are watched too, though
 * nobody names them.
 * TRUST_FAIL_MEMORY, TRUST_FAIL_SYSTEM, TRUST_FAIL_IO, TRUST_NO_ROOM. */
TRUST_MUST_USE enum trust_error showing_open(struct core *core);

/* Publishes what the first actions brought: from now on agents see this board. */
TRUST_MUST_USE enum trust_error showing_publish(struct core *core);

/* The last heartbeat stays in the file: agents see that the node went. */
void showing_close(struct core *core);

/* Gives the groups of the configuration to the engine, replacing earlier ones. */
TRUST_MUST_USE enum trust_error showing_groups(struct core *core);

void showing_put(struct core *core, uint32_t server);
void showing_remove(struct core *core, uint32_t server, const uint8_t digest[32]);
void showing_breaker(struct core *core, uint32_t server, const struct trust_breaker_event *event);
void showing_quarantine(struct core *core, uint32_t server,
                        const struct trust_quarantine_change *change);

/*
 * To be called after an order to the engine about a server, before it is answered: shows it, writes
 * the withheld file and the server's rows. The order holds from now on; the number is for
 * showing_kept.
 */
uint64_t showing_keep(struct core *core, uint32_t server);

/*
 * Whether an order outlives kill -9 by now. TRUST_NO_BUSY: not yet; it is asked again after the
 * store's next progress. TRUST_NO_ROOM, TRUST_FAIL_*: the disk does not take it; it holds as long
 * as this process lives, and is written as soon as there is room.
 */
TRUST_MUST_USE enum trust_error showing_kept(const struct core *core, uint64_t number);

/* Heartbeat and the withheld file: whatever is due. */
void showing_tick(struct core *core);
struct trust_mono showing_deadline(const struct showing *showing);

#endif
