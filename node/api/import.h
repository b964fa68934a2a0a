/*
 * POST /v1/records with a record file: received to a spool, joined as one batch in turns of the
 * loop, answered when every accepted record is durable. One at a time.
 */
#ifndef API_IMPORT_H
#define API_IMPORT_H

#include "node/api/route.h"

struct core;
struct import;

#define IMPORT_TYPE "application/vnd.repute.records"

/* Of the route: record files are taken piece by piece. */
extern const struct api_intake import_intake;

/* The file is whole: the call is held until the import has ended. */
void import_run(struct api_call *call);

/* A turn of the import that runs, if one does. */
void import_turn(struct core *core);

/* True while its next turn has something to do. */
bool import_is_due(const struct core *core);

#endif
