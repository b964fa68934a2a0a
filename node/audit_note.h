/* Writes what became of a server's quarantine into the audit log, with who and why. */
#ifndef AUDIT_NOTE_H
#define AUDIT_NOTE_H

#include <stdint.h>

#include "base/limits.h"
#include "shield/quarantine.h"

struct core;

/* Opens the log of the home. Its damage is logged; so is a disk that fails, which stops nothing. */
void audit_note_open(struct core *core);

/* What the operator says of the order that is being given: it goes into the entry of the next
 * change of this server that the operator makes. */
struct audit_reason {
    uint32_t server;
    uint32_t size; /* 0: none */
    uint8_t text[TRUST_REASON_SIZE_MAX];
};

void audit_note_reason(struct core *core, uint32_t server, const char *reason);

void audit_note_put(struct core *core, uint32_t server,
                    const struct trust_quarantine_change *change);

#endif
