/* Writes what became of a server's quarantine into the audit log, with who and why. */
#ifndef AUDIT_NOTE_H
#define AUDIT_NOTE_H

#include <stdint.h>

#include "shield/quarantine.h"

struct core;

/* Opens the log of the home. Its damage is logged; so is a disk that fails, which stops nothing. */
void audit_note_open(struct core *core);

void audit_note_put(struct core *core, uint32_t server,
                    const struct trust_quarantine_change *change);

#endif
