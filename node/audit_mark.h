/*
 * The mark of the audit log (audit.h), kept as a row of the store's state: so a log that was cut
 * short, replaced or taken away while the node did not run is found at the next start. The row
 * follows the log, which is synced first, and is never ahead of it.
 */
#ifndef AUDIT_MARK_H
#define AUDIT_MARK_H

#include "trust/error.h"
#include "trust/export.h"

struct core;

/* Reads it into core->audit_mark; a row that does not read is logged, and nothing is known then.
 * TRUST_FAIL_IO, TRUST_NO_ROOM. */
TRUST_MUST_USE enum trust_error audit_mark_load(struct core *core);

/* Writes it if the log went on. A store that takes nothing now is asked again by the next call. */
void audit_mark_save(struct core *core);

#endif
