/* The `withheld` file: what no agent may be sent to, for the time when no node is left to ask. */
#ifndef WITHHELD_FILE_H
#define WITHHELD_FILE_H

#include "trust/error.h"
#include "trust/export.h"

struct core;

/* Writes it anew from the engine's quarantines: temporary name, fsync, rename. On an error the old
 * one stands, the log says why and the caller tries again. */
TRUST_MUST_USE enum trust_error withheld_file_write(struct core *core);

#endif
