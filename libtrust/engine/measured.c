/* See measured.h. */
#include "engine/measured.h"

#include "trust/rating.h"

#include "engine/servers.h"
#include "engine/state.h"

static bool measure(const struct trust_own_calls *calls, struct trust_measured *out_measured)
{
    double all = calls->good + calls->bad;
    if (all < TRUST_MEASURED_CALLS_MIN)
        return false;
    out_measured->value = (uint16_t)(calls->good / all * 1000 + .5);
    out_measured->calls =
        all < TRUST_RATING_CALLS_MAX ? (uint32_t)all : (uint32_t)TRUST_RATING_CALLS_MAX;
    return true;
}

bool trust_engine_next_measured(const struct trust_engine *engine, uint32_t *cursor,
                                struct trust_measured *out_measured, struct trust_now now)
{
    if (trust_scorer_uplink_is_down(&engine->scorer))
        return false;
    struct trust_measured measured = {0};
    while (trust_engine_next_server(engine, cursor, &measured.server)) {
        struct trust_own_calls calls = {0};
        if (trust_engine_own_calls(engine, measured.server, &calls, now) &&
            measure(&calls, &measured)) {
            *out_measured = measured;
            return true;
        }
    }
    return false;
}
