/* The routes of the local API, in the order of docs/reference/api.md. This file only wires. */
#include "node/api/backup.h"
#include "node/api/breakers.h"
#include "node/api/config.h"
#include "node/api/explain.h"
#include "node/api/export.h"
#include "node/api/health.h"
#include "node/api/history.h"
#include "node/api/ignored.h"
#include "node/api/import.h"
#include "node/api/invites.h"
#include "node/api/leases.h"
#include "node/api/measured.h"
#include "node/api/metrics.h"
#include "node/api/names.h"
#include "node/api/nonces.h"
#include "node/api/openapi.h"
#include "node/api/outcomes.h"
#include "node/api/peers.h"
#include "node/api/ping.h"
#include "node/api/pins.h"
#include "node/api/publish.h"
#include "node/api/quarantine.h"
#include "node/api/raters.h"
#include "node/api/score.h"
#include "node/api/select.h"
#include "node/api/servers.h"
#include "node/api/status.h"
#include "node/api/stream.h"

#define A API_RIGHTS_AGENT
#define O API_RIGHTS_OPERATOR

static const struct api_route routes[] = {
    {API_GET, "/healthz", A, NULL, health_live, NULL},
    {API_GET, "/readyz", A, NULL, health_ready, NULL},
    {API_GET, "/metrics", A, NULL, metrics_show, NULL},
    {API_GET, "/openapi.json", A, NULL, openapi_show, NULL},
    {API_GET, "/v1/status", A, NULL, status_show, NULL},
    {API_POST, "/v1/score", A, NULL, score_ask, NULL},
    {API_GET, "/v1/servers", A, "limit", servers_list, NULL},
    {API_GET, "/v1/servers/{}", A, "manifest", servers_show, NULL},
    {API_GET, "/v1/servers/{}/explain", A, "manifest", explain_show, NULL},
    {API_GET, "/v1/raters", O, "limit seen", raters_list, NULL},
    {API_GET, "/v1/measured", O, "limit", measured_list, NULL},
    {API_GET, "/v1/names", O, NULL, names_list, NULL},
    {API_PUT, "/v1/names/{}", O, NULL, names_set, NULL},
    {API_GET, "/v1/ignored", O, NULL, ignored_list, NULL},
    {API_GET, "/v1/ignored/{}", O, NULL, ignored_show, NULL},
    {API_PUT, "/v1/ignored/{}", O, NULL, ignored_set, NULL},
    {API_GET, "/v1/peers", O, NULL, peers_list, NULL},
    {API_POST, "/v1/peers", O, NULL, peers_post, NULL},
    {API_GET, "/v1/peers/{}", O, "why", peers_show, NULL},
    {API_DELETE, "/v1/peers/{}", O, NULL, peers_delete, NULL},
    {API_POST, "/v1/peers/{}/ping", O, NULL, ping_peer, NULL},
    {API_POST, "/v1/invites", O, NULL, invites_make, NULL},
    {API_POST, "/v1/join", O, NULL, invites_join, NULL},
    {API_POST, "/v1/records", O, NULL, publish_records, &import_intake},
    {API_GET, "/v1/records", O, "author format", export_records, NULL},
    {API_GET, "/v1/config", O, NULL, config_show, NULL},
    {API_POST, "/v1/backup", O, NULL, backup_make, NULL},
    {API_POST, "/v1/select", A, NULL, select_choose, NULL},
    {API_POST, "/v1/leases", A, NULL, leases_ask, NULL},
    {API_POST, "/v1/outcomes", A, NULL, outcomes_take, NULL},
    {API_GET, "/v1/breakers", A, "limit", breakers_list, NULL},
    {API_GET, "/v1/breakers/{}", A, NULL, breakers_show, NULL},
    {API_POST, "/v1/breakers/{}", O, NULL, breakers_order, NULL},
    {API_GET, "/v1/quarantine", A, "limit", quarantine_list, NULL},
    {API_POST, "/v1/quarantine", O, NULL, quarantine_order, NULL},
    {API_GET, "/v1/quarantine/history", O, "subject limit verify", history_list, NULL},
    {API_POST, "/v1/nonces", O, NULL, nonces_make, NULL},
    {API_GET, "/v1/pins", A, "limit", pins_list, NULL},
    {API_POST, "/v1/pins", A, NULL, pins_tell, NULL},
    {API_GET, "/v1/pins/{}", A, NULL, pins_show, NULL},
    {API_POST, "/v1/pins/{}", O, NULL, pins_accept, NULL},
    {API_GET, "/v1/events", A, "since type", stream_events, NULL},
};

const struct api_route_table api_routes = {
    .routes = routes,
    .count = sizeof routes / sizeof routes[0],
};
