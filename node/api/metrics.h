/* GET /metrics: numbers in the text format of Prometheus; no label names a peer, a rater or a
 * server. */
#ifndef API_METRICS_H
#define API_METRICS_H

#include "node/api/route.h"

api_handle metrics_show;

#endif
