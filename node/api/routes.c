/* The routes of the local API, in the order of docs/reference/api.md. This file only wires. */
#include "node/api/health.h"
#include "node/api/score.h"
#include "node/api/status.h"

#define A API_RIGHTS_AGENT
#define O API_RIGHTS_OPERATOR

static const struct api_route routes[] = {
    {API_GET, "/healthz", A, NULL, health_live, NULL},
    {API_GET, "/readyz", A, NULL, health_ready, NULL},
    {API_GET, "/v1/status", A, NULL, status_show, NULL},
    {API_POST, "/v1/score", A, NULL, score_ask, NULL},
};

const struct api_route_table api_routes = {
    .routes = routes,
    .count = sizeof routes / sizeof routes[0],
};
