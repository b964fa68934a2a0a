/*
 * What is kept of a server over a restart, as rows of the store's state table: its shared breaker
 * (in remaining times), its own calls, and its quarantine.
 */
#ifndef SERVER_STATE_H
#define SERVER_STATE_H

#include <stdint.h>

#include "trust/error.h"
#include "trust/export.h"

struct core;

/* Watches every server that has rows and gives them to the engine. A row that does not read is left
 * where it is, and logged. TRUST_FAIL_IO, TRUST_NO_ROOM. */
TRUST_MUST_USE enum trust_error server_state_load(struct core *core);

/* Writes the rows of one server; a server without anything to keep loses them. */
void server_state_save(struct core *core, uint32_t server);

/* The same for every watched server that has calls, an open breaker or a quarantine. */
void server_state_save_all(struct core *core);

#endif
