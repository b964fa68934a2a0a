/* See scrub.h. */
#include "node/scrub.h"

#include "node/core.h"

#define FIRST_MS 60000
#define ROUND_MS UINT64_C(86400000)
/* 16 records take about 0.8 ms: with this pause 4 % of a core. */
#define STEP_RECORDS 16
#define STEP_MS 20
#define STUCK_MS 1000

void scrub_init(struct scrub *scrub, struct trust_mono now)
{
    *scrub = (struct scrub){.due = {.ms = now.ms + FIRST_MS}};
}

static void report(struct core *core, const struct store_bad *bad)
{
    core->scrub.damaged++;
    log_write(&core->log, LOG_ERROR, "damaged",
              LOG_FIELDS(log_hex("author", (struct trust_bytes){bad->author.bytes, 32}),
                         log_number("seq", (int64_t)bad->seq)));
    trust_engine_handle_damaged(core->engine, &bad->author, bad->seq);
    pump_run(core);
}

void scrub_tick(struct core *core)
{
    struct scrub *scrub = &core->scrub;
    struct store_bad read_bad;
    if (core->pump.is_store_stuck) {
        /* What is found makes more work for a store that is behind. */
        if (core->now.mono.ms >= scrub->due.ms)
            scrub->due.ms = core->now.mono.ms + STUCK_MS;
        return;
    }
    while (store_take_bad(core->store, &read_bad))
        report(core, &read_bad);
    if (core->now.mono.ms < scrub->due.ms)
        return;
    struct store_bad bad = {0};
    enum trust_error error = store_scrub_step(core->store, &bad, STEP_RECORDS);
    if (error == TRUST_OK && bad.found)
        report(core, &bad);
    struct store_stats stats;
    store_stats(core->store, &stats);
    bool is_over = error != TRUST_OK || stats.scrub_rounds != scrub->round;
    scrub->round = stats.scrub_rounds;
    scrub->due.ms = core->now.mono.ms + (is_over ? ROUND_MS : STEP_MS);
}

struct trust_mono scrub_deadline(const struct scrub *scrub)
{
    return scrub->due;
}
