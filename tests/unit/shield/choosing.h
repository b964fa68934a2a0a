/* Candidates and a request to start from: at mono and wall 1,000,000 ms, agent "a", group "search".
 * A test changes what it is about. */
#ifndef UNIT_CHOOSING_H
#define UNIT_CHOOSING_H

#include <string.h>

#include "trust/select.h"

#define NOW_MS 1000000u

static inline struct trust_bytes text_of(const char *text)
{
    return (struct trust_bytes){.data = (const uint8_t *)text, .size = strlen(text)};
}

static inline struct trust_request plain_request(void)
{
    return (struct trust_request){
        .group = text_of("search"),
        .agent = text_of("a"),
        .seed = 1,
        .now = {.wall.ms = NOW_MS, .mono.ms = NOW_MS},
        .min_score_ppm = 500000,
        .window_ms = 30000,
    };
}

/* A cell with this lower bound that has all it takes to be vetted. */
static inline struct trust_board_cell good_cell(uint32_t lower_ppm)
{
    return (struct trust_board_cell){
        .lower_ppm = lower_ppm,
        .factor_ppm = TRUST_PPM,
        .cap_ppm = TRUST_PPM,
        .raters = 2,
        .first_hops = 2,
        .active.ms = NOW_MS - 1000,
        .manifest_state = TRUST_MANIFEST_PINNED,
    };
}

static inline struct trust_candidate
candidate_of(const char *text, const struct trust_board_cell *cell, uint8_t marks)
{
    return (struct trust_candidate){.subject = text_of(text), .cell = cell, .marks = marks};
}

static inline struct trust_gate gate_of(enum trust_breaker_state state, uint64_t until_ms)
{
    return (struct trust_gate){.state = (uint8_t)state, .until.ms = until_ms};
}

#endif
