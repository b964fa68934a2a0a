/*
 * A router between a client and three servers of both eras, all of them at random: servers die,
 * hang, answer twice, late, wrongly or for others; the client cancels, repeats and leaves; permits
 * come late. A model keeps which server executed what. Whatever the order:
 *
 *   a request has one answer, or none after its cancellation;
 *   a call that is neither read-only nor idempotent is executed at most once, an idempotent one by
 *   one server alone, and one that was answered as not executed never;
 *   a permit that was given is settled once;
 *   nothing is kept once everything has ended.
 */
#include "guard_server.h"

#define STEPS 1200
#define SCHEDULES 3000
#define SEED 20260728

/* What happened in all schedules: a simulation in which little happens proves little. */
struct tally {
    uint64_t executions;
    uint64_t failovers;
    uint64_t unknown;
    uint64_t late;
    uint64_t foreign;
    uint64_t retries;
    uint64_t repeated; /* executions of idempotent calls beyond the first */
};

static void choose(struct world *w)
{
    if (w->choice_count == 0)
        return;
    uint32_t i = below(w, w->choice_count);
    struct router_action action = w->choices[i];
    w->choices[i] = w->choices[--w->choice_count];
    struct router_choice choice = {
        .is_believed = true,
        .wait_ms = below(w, 4) == 0 ? 100 : 0,
        .answer = {.reason = TRUST_REASON_ALL_OPEN, .retry_after_ms = 1000}};
    if (action.able != 0 && below(w, 10) != 0) {
        choice.is_found = true;
        do
            choice.backend = below(w, SERVERS);
        while ((action.able >> choice.backend & 1) == 0);
        assert_true(w->given_count < REQUESTS * 64);
        w->given[w->given_count++] = action.call;
    }
    router_chosen(w->r, action.call, &choice, w->now);
}

static void client_says(struct world *w, const char *line)
{
    router_client_line(w->r, trust_bytes_text(line), 0, w->now);
}

static void ask(struct world *w)
{
    if (w->request_count == REQUESTS)
        return;
    uint32_t place = w->request_count++;
    struct request *request = &w->requests[place];
    *request = (struct request){.is_call = below(w, 5) != 0, .tool = below(w, 3), .n = place};
    /* Sometimes the same as one that has been answered. */
    uint32_t other = below(w, place + 1);
    if (other < place && w->requests[other].answers == 1 && w->requests[other].is_call &&
        below(w, 3) == 0) {
        request->is_call = true;
        request->tool = w->requests[other].tool;
        request->n = w->requests[other].n;
    }
    /* Of an unknown outcome the router has to know by itself. */
    if (!w->deeds[request->n].is_unknown)
        w->deeds[request->n].allowed++;
    char id[16];
    snprintf(id, sizeof id, below(w, 2) == 0 ? "%u" : "\"r%u\"", place);
    memcpy(request->id, id, sizeof id);
    char line[400];
    if (request->is_call)
        snprintf(line, sizeof line,
                 "{\"jsonrpc\":\"2.0\",\"id\":%s,\"method\":\"tools/call\",\"params\":{\"name\":"
                 "\"%s\",\"arguments\":{\"n\":%u},\"_meta\":{\"progressToken\":\"p%u\",\"io."
                 "modelcontextprotocol/clientCapabilities\":{\"elicitation\":{},\"roots\":{}}}}}",
                 id, rig_tools[request->tool], (unsigned)request->n, place);
    else
        snprintf(line, sizeof line, "{\"jsonrpc\":\"2.0\",\"id\":%s,\"method\":\"%s\"}", id,
                 below(w, 2) == 0 ? "resources/list" : "tools/list");
    client_says(w, line);
}

static void cancel(struct world *w)
{
    if (w->request_count == 0)
        return;
    uint32_t place = below(w, w->request_count);
    struct request *request = &w->requests[place];
    if (request->answers > 0)
        return;
    char line[160];
    snprintf(line, sizeof line,
             "{\"jsonrpc\":\"2.0\",\"method\":\"notifications/cancelled\",\"params\":{"
             "\"requestId\":%u}}",
             place);
    uint32_t before = router_stats(w->r).in_flight;
    client_says(w, line);
    request->is_cancelled = request->is_cancelled || router_stats(w->r).in_flight < before;
}

/* A modern client comes again with what it was asked. */
static void come_again(struct world *w, struct request *request)
{
    char line[500];
    snprintf(
        line, sizeof line,
        "{\"jsonrpc\":\"2.0\",\"id\":%s,\"method\":\"tools/call\",\"params\":{\"name\":\"%s\","
        "\"arguments\":{\"n\":%u},\"requestState\":\"%s\",\"inputResponses\":{\"r1\":{},\"r2\":{},"
        "\"r3\":{}}}}",
        request->id, rig_tools[request->tool], (unsigned)request->n, request->state);
    request->state[0] = '\0';
    w->retries++;
    client_says(w, line);
}

static void reply(struct world *w)
{
    for (uint32_t i = 0; i < w->request_count; i++) {
        if (w->requests[i].state[0] != '\0' && below(w, 2) == 0) {
            come_again(w, &w->requests[i]);
            return;
        }
    }
    if (w->open_ask_count == 0)
        return;
    uint32_t i = below(w, w->open_ask_count);
    char line[96];
    snprintf(line, sizeof line, "{\"jsonrpc\":\"2.0\",\"id\":%llu,\"result\":{}}",
             (unsigned long long)w->open_asks[i]);
    w->open_asks[i] = w->open_asks[--w->open_ask_count];
    client_says(w, line);
}

static void pass_time(struct world *w, uint32_t ms)
{
    w->now.mono.ms += ms;
    if (router_deadline(w->r).ms <= w->now.mono.ms)
        router_time(w->r, w->now);
}

static void step(struct world *w)
{
    uint32_t dice = below(w, 100);
    if (dice < 6)
        ask(w);
    else if (dice < 7)
        cancel(w);
    else if (dice < 10)
        reply(w);
    else if (dice < 22)
        choose(w);
    else if (dice < 26)
        pass_time(w, below(w, 120));
    else
        server_step(w, below(w, SERVERS));
    turn(w);
}

static bool has_question(const struct world *w)
{
    for (uint32_t i = 0; i < w->request_count; i++)
        if (w->requests[i].state[0] != '\0')
            return true;
    return false;
}

static void finish(struct world *w)
{
    for (int i = 0; i < 400 && (router_stats(w->r).in_flight > 0 || has_question(w)); i++) {
        reply(w);
        turn(w);
        choose(w);
        turn(w);
        pass_time(w, 100);
        turn(w);
    }
    while (w->choice_count > 0) {
        choose(w);
        turn(w);
    }
    while (w->open_ask_count > 0) {
        reply(w);
        turn(w);
    }
}

static void check_deeds(const struct world *w)
{
    for (uint32_t i = 0; i < w->request_count; i++) {
        const struct request *request = &w->requests[i];
        const struct deed *deed = &w->deeds[request->n];
        if (!w->is_gone)
            assert_int_equal(request->answers + (request->is_cancelled ? 1 : 0), 1);
        if (request->is_call && request->tool == 2)
            assert_in_range(deed->executions, 0, deed->allowed);
        if (request->is_call && request->tool == 1 && deed->allowed == 1)
            assert_false(deed->is_spread);
    }
}

static void add_up(struct tally *tally, const struct world *w)
{
    struct router_stats stats = router_stats(w->r);
    tally->failovers += stats.failovers;
    tally->unknown += stats.unknown;
    tally->late += stats.late;
    tally->foreign += stats.foreign;
    tally->retries += w->retries;
    for (uint32_t i = 0; i < w->request_count; i++) {
        tally->executions += w->deeds[i].executions;
        if (w->requests[i].tool == 1 && w->deeds[i].allowed == 1 && w->deeds[i].executions > 1)
            tally->repeated++;
    }
}

static void run(uint64_t seed, struct tally *tally)
{
    struct world *w = calloc(1, sizeof *w);
    assert_non_null(w);
    w->random = trust_random_init(seed);
    w->now.mono.ms = 5000;
    w->rig.is_pinned = below(w, 4) != 0;
    bool is_modern = below(w, 3) == 0;
    for (uint32_t b = 0; b < SERVERS; b++)
        w->servers[b].is_modern =
            below(w, 3) == (is_modern ? 1 : 0) || (is_modern && below(w, 2) == 0);
    struct router_config config = {.group = "g",
                                   .subjects = {"npm:a", "npm:b", "npm:c"},
                                   .backend_count = SERVERS,
                                   .call_timeout_ms = 1000,
                                   .deadline_ms = 3000,
                                   .connect_timeout_ms = 1000,
                                   .offer = {.calls = &rig_offer, .context = &w->rig}};
    assert_int_equal(router_new(&w->r, &config), TRUST_OK);
    w->request_count = 1;
    if (is_modern) {
        w->rig.discovered = "{\"supportedVersions\":[\"2026-07-28\"]}";
        client_says(w, "{\"jsonrpc\":\"2.0\",\"id\":0,\"method\":\"server/discover\"}");
    } else {
        client_says(w, "{\"jsonrpc\":\"2.0\",\"id\":0,\"method\":\"initialize\",\"params\":{"
                       "\"protocolVersion\":\"2025-06-18\",\"capabilities\":{}}}");
    }
    for (int i = 0; i < STEPS; i++)
        step(w);
    w->is_gone = below(w, 4) == 0;
    if (w->is_gone) {
        router_client_gone(w->r, w->now);
        turn(w);
    }
    finish(w);
    check_deeds(w);
    assert_int_equal(w->given_count, 0);
    assert_int_equal(router_stats(w->r).in_flight, 0);
    assert_int_equal(router_stats(w->r).held_size, 0);
    assert_int_equal(router_stats(w->r).asked, 0);
    add_up(tally, w);
    router_free(w->r);
    free(w);
}

static void whatever_happens_each_request_is_answered_once(void **state)
{
    (void)state;
    struct tally tally = {0};
    for (uint64_t i = 0; i < SCHEDULES; i++) {
        if (i % 500 == 0)
            print_message("# schedules from seed %llu\n", (unsigned long long)(SEED + i));
        run(SEED + i, &tally);
    }
    print_message("# %llu executions, %llu failovers, %llu unknown, %llu late, %llu foreign, %llu "
                  "retries, %llu repeated\n",
                  (unsigned long long)tally.executions, (unsigned long long)tally.failovers,
                  (unsigned long long)tally.unknown, (unsigned long long)tally.late,
                  (unsigned long long)tally.foreign, (unsigned long long)tally.retries,
                  (unsigned long long)tally.repeated);
    assert_true(tally.executions > 10 * (uint64_t)SCHEDULES);
    assert_true(tally.failovers > SCHEDULES);
    assert_true(tally.unknown > SCHEDULES);
    assert_true(tally.late > SCHEDULES);
    assert_true(tally.foreign > SCHEDULES);
    assert_true(tally.retries > SCHEDULES / 3);
    assert_true(tally.repeated > 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(whatever_happens_each_request_is_answered_once),
    };
    return cmocka_run_group_tests_name("sim/guard_router", tests, NULL, NULL);
}
