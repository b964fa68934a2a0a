/*
 * Which resource answers a request. The table is in routes.c; dispatch checks method, rights and
 * query parameters before a handler sees the call.
 *
 * To add a resource:
 *   1. node/api/<name>.c and .h with `void <name>_handle(struct api_call *call)` for each route;
 *      one resource a file, and nothing of libmicrohttpd in it.
 *   2. A row in routes.c: method, path ("{}" is one segment of any text, read as
 *      call->request.segments[i]), rights, the query parameters it knows, the handler.
 *   3. A handler reads its body with body.h (each member once, then api_body_end), answers with
 *      api_answer or api_refuse (call.h) and returns. After anything that changes the engine it
 *      calls pump_run(call->core). What cannot be answered at once is held: api_hold, keep the
 *      pointer, later answer and api_wake; api_stop_held in api.h tells what must end at a stop.
 *   4. The route in docs/reference/openapi.json (a test compares both), a section in
 *      docs/reference/api.md, tests/api/<name>.py for what a caller sees.
 */
#ifndef API_ROUTE_H
#define API_ROUTE_H

#include "node/api/call.h"

typedef void api_handle(struct api_call *call);

/* For bodies that are not held in memory whole. */
struct api_intake {
    /* True: this body is taken piece by piece. It may refuse the call, then the body is skipped. */
    bool (*opens)(struct api_call *call);
    void (*take)(struct api_call *call, struct trust_bytes piece);
};

struct api_route {
    enum api_method method;
    const char *path; /* "/v1/servers/{}/explain" */
    enum api_rights rights;
    const char *params; /* names separated by blanks, NULL: none */
    api_handle *handle;
    const struct api_intake *intake; /* NULL: the body is gathered, up to its bound */
};

struct api_route_table {
    const struct api_route *routes;
    size_t count;
};

/* All routes of the node. */
extern const struct api_route_table api_routes;

/*
 * Sets call->route for a parsed request, or refuses the call: TRUST_NO_FOUND, TRUST_NO_METHOD,
 * TRUST_NO_PERMISSION, TRUST_NO_OPTION (an unknown parameter, or one given twice).
 */
bool api_route_find(struct api_call *call, const struct api_route_table *table);

#endif
