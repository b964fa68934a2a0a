/*
 * An engine with a shell made of arrays: signatures are really checked, the "disk" keeps what STORE
 * actions say, commits happen when a test says so, and frames go to another rig. Time is a number.
 */
#ifndef TESTS_UNIT_ENGINE_RIG_H
#define TESTS_UNIT_ENGINE_RIG_H

#include "disk.h"

static inline struct trust_engine_limits rig_limits(void)
{
    return (struct trust_engine_limits){.keys = 4096,
                                        .authors = 1024,
                                        .registers = 65536,
                                        .servers = 4096,
                                        .watched = 64,
                                        .interest = 8192,
                                        .pending = 2048,
                                        .author_vouches = TRUST_AUTHOR_VOUCHES_MAX,
                                        .author_others = TRUST_AUTHOR_OTHERS_MAX};
}

static inline struct rig *rig_open_limited(const struct trust_key *operator_key, uint8_t number,
                                           const struct trust_engine_limits *limits)
{
    struct rig *rig = calloc(1, sizeof *rig);
    rig->now = (struct trust_now){.wall = {RIG_START_MS}, .mono = {1000}};
    assert_int_equal(trust_sodium_start(), TRUST_OK);
    assert_int_equal(trust_network_init(&rig->network, "test"), TRUST_OK);
    struct trust_engine_config config = {
        .limits = *limits, .network = rig->network, .relays = true};
    memset(config.seed, number, sizeof config.seed);
    memset(config.node_key.bytes, number, sizeof config.node_key.bytes);
    assert_int_equal(trust_engine_new(&rig->engine, &config, rig->now), TRUST_OK);
    if (operator_key != NULL)
        assert_int_equal(trust_engine_set_operator(rig->engine, operator_key, rig->now), TRUST_OK);
    return rig;
}

static inline struct rig *rig_open(const struct trust_key *operator_key, uint8_t number)
{
    const struct trust_engine_limits limits = rig_limits();
    return rig_open_limited(operator_key, number, &limits);
}

static inline void rig_close(struct rig *rig)
{
    trust_engine_free(rig->engine);
    free(rig->records);
    free(rig->inbox);
    free(rig);
}

static inline void rig_verify(struct rig *rig, const struct trust_action *action)
{
    struct trust_verified verified;
    enum trust_error error = trust_record_verify(&verified, action->bytes, &rig->network);
    if (error == TRUST_OK && action->verify.check_key &&
        !trust_key_is_prime_order(&verified.record.author))
        error = TRUST_NO_KEY;
    assert_true(rig->token_count < 256);
    rig->tokens[rig->token_count] = action->verify.token;
    rig->token_errors[rig->token_count++] = error;
}

static inline void rig_send(struct rig *rig, struct trust_bytes frame)
{
    struct rig *to = rig->peer;
    if (to == NULL)
        return;
    if (to->inbox_count == to->inbox_capacity) {
        to->inbox_capacity = to->inbox_capacity * 2 + 8;
        to->inbox = realloc(to->inbox, to->inbox_capacity * sizeof *to->inbox);
        assert_non_null(to->inbox);
    }
    struct rig_frame *at = &to->inbox[to->inbox_count++];
    at->size = frame.size;
    memcpy(at->bytes, frame.data, frame.size);
}

static inline void rig_carry_out(struct rig *rig, const struct trust_action *action)
{
    switch (action->kind) {
    case TRUST_ACTION_SEND:
        rig_send(rig, action->bytes);
        return;
    case TRUST_ACTION_VERIFY:
        rig_verify(rig, action);
        return;
    case TRUST_ACTION_STORE:
        rig_store(rig, action);
        return;
    case TRUST_ACTION_READ:
        assert_true(rig->read_count < 64);
        rig->reads[rig->read_count++] = action->read;
        return;
    case TRUST_ACTION_VERDICT:
        assert_true(rig->verdict_count < 64);
        rig->verdicts[rig->verdict_count++] =
            (struct rig_verdict){.ticket = action->verdict.ticket, .error = action->verdict.error};
        return;
    case TRUST_ACTION_BOARD:
        rig->boards++;
        struct trust_board_cell cell;
        trust_engine_cell(rig->engine, action->server, &cell, rig->now);
        return;
    case TRUST_ACTION_BREAKER:
        rig->breakers++;
        rig->last_breaker = action->breaker;
        return;
    case TRUST_ACTION_QUARANTINE:
        rig->quarantines++;
        rig->last_quarantine = action->quarantine;
        return;
    case TRUST_ACTION_DROP:
    case TRUST_ACTION_NAMED:
    case TRUST_ACTION_UNBOARD:
        return;
    }
}

/* Carries everything out until nothing is left to do at this instant. */
static inline void rig_run(struct rig *rig)
{
    struct trust_action action;
    for (;;) {
        while (trust_engine_poll_action(rig->engine, &action, true, rig->now))
            rig_carry_out(rig, &action);
        if (rig->token_count > 0) {
            rig->token_count--;
            trust_engine_handle_verified(rig->engine, rig->tokens[rig->token_count],
                                         rig->token_errors[rig->token_count], rig->now);
        } else if (rig->read_count > 0) {
            struct trust_gossip_read read = rig->reads[--rig->read_count];
            rig_load(rig, &read);
        } else if (!rig->holds_commits && rig->submitted > rig->committed) {
            rig->committed = rig->submitted;
            trust_engine_handle_stored(rig->engine, rig->committed, rig->now);
        } else {
            return;
        }
    }
}

static inline void rig_pass(struct rig *rig, uint64_t ms)
{
    rig->now.wall.ms += ms;
    rig->now.mono.ms += ms;
    trust_engine_handle_time(rig->engine, rig->now);
    rig_run(rig);
}

#endif
