/* POST /v1/backup: a copy of the store, whole and compact, while the node runs. */
#ifndef API_BACKUP_H
#define API_BACKUP_H

#include "node/api/route.h"

struct core;

/* The backup being made. */
struct backup {
    struct api_call *call; /* NULL: none */
    const char *path;      /* borrows the call's document */
    uint64_t records;      /* stored when it began */
};

api_handle backup_make;

/* Answers the backup that has ended. */
void backup_turn(struct core *core);

#endif
