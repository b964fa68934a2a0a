/* A live backup on a thread of its own; the writer goes on meanwhile. */
#ifndef STORE_BACKUP_H
#define STORE_BACKUP_H

#include "node/store_core.h"

/* Stops a backup that is still under way, whose temporary file is removed, and joins its thread. */
void store_backup_stop(struct store *store);

#endif
