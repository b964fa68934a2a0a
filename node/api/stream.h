/* GET /v1/events: what happens in the node, as server-sent events (WHATWG HTML, section 9.2). */
#ifndef API_STREAM_H
#define API_STREAM_H

#include "trust/time.h"

#include "node/api/route.h"

struct api;

/* Those who listen. Zeros: nobody. */
struct stream_readers {
    struct stream *readers[2 * TRUST_EVENTS_READERS_MAX];
    uint32_t agents;
    uint32_t operators;
    struct trust_mono beat_due;
};

api_handle stream_events;

/* Wakes those for whom there is something. */
void stream_turn(struct api *api, struct trust_mono now);
struct trust_mono stream_deadline(const struct api *api);

#endif
