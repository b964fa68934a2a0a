/* The `withheld` file: what no agent may be sent to, for the time when no node is left to ask. */
#ifndef WITHHELD_FILE_H
#define WITHHELD_FILE_H

#include "trust/error.h"
#include "trust/export.h"

struct core;

/*
 * To be called when the store's quarantines are loaded, before the file is written anew: what it
 * withholds and they do not is investigated from now on. So neither an older store nor none lets a
 * server go. Lines that do not read are counted in core->showing, and the file is kept beside as
 * `withheld.damaged`.
 */
void withheld_file_load(struct core *core);

/* Writes it anew from the engine's quarantines: temporary name, fsync, rename. On an error the old
 * one stands, the log says why and the caller tries again. */
TRUST_MUST_USE enum trust_error withheld_file_write(struct core *core);

#endif
