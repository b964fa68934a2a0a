/* See settle.h. */
#include "guard/router/settle.h"

#include <stdlib.h>

#include "guard/router/degraded.h"
#include "guard/router/forward.h"
#include "guard/router/holds.h"
#include "guard/router/local.h"
#include "guard/router/requests.h"
#include "guard/router/send.h"

/* A backend that is stopped at the same time as a call's patience ends says why, and when it is
 * started again. */
#define LAST_WAIT_MS 50

static void add_try(struct call *call, enum trust_outcome_class class_, bool is_sent)
{
    if (call->try_count < ROUTER_BACKENDS_MAX)
        call->tries[call->try_count++] =
            (struct call_try){.backend = call->backend, .class_ = class_, .is_sent = is_sent};
}

/* These classes say by themselves that nothing was executed, or that it was answered. */
static bool is_without_answer(enum trust_outcome_class class_)
{
    return class_ == TRUST_OUTCOME_REFUSED || class_ == TRUST_OUTCOME_TIMEOUT ||
           class_ == TRUST_OUTCOME_GARBAGE || class_ == TRUST_OUTCOME_HTTP5XX;
}

/* Executed or not, it changed nothing. */
static bool is_harmless(const struct call *call)
{
    return call->kind == RESEND_READ ||
           (call->kind == RESEND_CALL && call->is_believed && call->hints.is_read_only);
}

void settle_remember(struct router *r, const struct call *call, uint64_t now)
{
    if (call->kind != RESEND_CALL)
        return;
    struct trust_bytes tool = {.data = (const uint8_t *)call->tool, .size = call->tool_size};
    struct recall_digest digest = recall_digest(tool, call->message.arguments);
    recall_add(&r->recall, &digest, now);
}

static void pass_error(struct router *r, const struct call *call)
{
    struct text text = {0};
    text_put(&text, "{\"jsonrpc\":\"2.0\",\"id\":");
    text_put_bytes(&text, call->message.id);
    text_put(&text, ",\"error\":");
    text_put_bytes(&text, text_bytes(&call->error));
    text_put(&text, "}");
    send_client(r, text, call->tag);
}

/* The last attempt says more than a selection that left it out. */
static enum trust_reason reason_of(const struct call *call, const struct router_choice *choice)
{
    if (call->try_count > 0) {
        enum trust_outcome_class class_ = call->tries[call->try_count - 1].class_;
        if (class_ == TRUST_OUTCOME_TIMEOUT)
            return TRUST_REASON_TIMEOUT;
        if (class_ == TRUST_OUTCOME_RATE_LIMITED)
            return TRUST_REASON_RATE_LIMITED;
    }
    if (choice == NULL || choice->answer.reason == TRUST_REASON_NONE)
        return TRUST_REASON_NO_PROVIDER;
    return choice->answer.reason;
}

void settle_refused(struct router *r, struct call *call, const struct router_choice *choice,
                    enum trust_reason reason, uint64_t now)
{
    if (call->is_doubtful) {
        settle_remember(r, call, now);
        reason = TRUST_REASON_OUTCOME_UNKNOWN;
    }
    if (reason == TRUST_REASON_NONE)
        reason = reason_of(call, choice);
    struct degraded facts = {.reason = reason,
                             .retry_after_ms = call->retry_after_ms,
                             .basis = r->basis,
                             .is_executed = call->is_executed,
                             .tries = call->tries,
                             .try_count = call->try_count,
                             .group = r->group,
                             .subjects = r->subjects,
                             .era = r->era};
    if (choice != NULL) {
        facts.candidates = choice->candidates;
        facts.alternatives = choice->alternatives;
        if (choice->answer.retry_after_ms < facts.retry_after_ms)
            facts.retry_after_ms = choice->answer.retry_after_ms;
    }
    if (reason == TRUST_REASON_OUTCOME_UNKNOWN) {
        facts.retry_after_ms = TRUST_NEVER_MS;
        facts.is_executed = true;
        r->stats.unknown++;
    }
    if (call->error.size > 0 && !call->is_doubtful)
        pass_error(r, call);
    else
        send_client(r, degraded_answer(&call->message, &facts), call->tag);
    calls_end(&r->calls, call);
}

static enum resend_verdict verdict_of(const struct router *r, const struct call *call,
                                      const struct settle_cause *cause)
{
    struct resend_case fact = {.kind = call->kind,
                               .class_ = cause->class_,
                               .hints = call->hints,
                               .is_believed = call->is_believed,
                               .is_sent = cause->is_sent,
                               .is_consumed = call->is_consumed,
                               .is_state_shared = r->config.is_state_shared,
                               .is_auth_elsewhere = r->config.is_auth_elsewhere,
                               .is_repeated = call->losses > 0};
    /* Nothing of it was given to one that did not become ready, which says nothing of the call. */
    enum resend_verdict verdict = call->state == CALL_SENT ? resend_rule(&fact) : RESEND_ANYWHERE;
    if (verdict == RESEND_SAME && cause->class_ != TRUST_OUTCOME_SESSION_LOST && call->has_returned)
        return RESEND_UNKNOWN;
    return verdict;
}

/* To the same server: now if it lives, else when it is back. */
static void return_to(struct router *r, struct call *call, const struct settle_cause *cause,
                      uint64_t now)
{
    if (cause->class_ == TRUST_OUTCOME_SESSION_LOST)
        call->losses++;
    else
        call->has_returned = true;
    enum state_phase phase = r->backends[call->backend].phase;
    if (call->is_doubtful)
        call->excluded = ~state_bit(call->backend);
    if (phase == BACKEND_READY) {
        forward_choose(r, call);
        return;
    }
    calls_renew(&r->calls, call);
    call->state = CALL_PARKED;
    call->until_ms = now + r->config.connect_timeout_ms;
    if (call->until_ms > call->deadline_ms)
        call->until_ms = call->deadline_ms;
    state_due(r, call->until_ms);
}

/* What another server wanted to know is nothing to the next one: it begins anew there. */
static void forget_round(struct call *call)
{
    if (call->round == NULL)
        return;
    round_free(call->round);
    call->round = NULL;
    call->excluded = 0;
    for (uint32_t i = 0; i < call->try_count; i++)
        call->excluded |= state_bit(call->tries[i].backend);
}

static void go_on(struct router *r, struct call *call, uint64_t now)
{
    /* One that may have taken effect here goes nowhere else. */
    if (!call->is_consumed && !call->is_doubtful)
        forget_round(call);
    call->excluded |= state_bit(call->backend);
    if (now < call->deadline_ms)
        forward_choose(r, call);
    else
        settle_refused(r, call, NULL, TRUST_REASON_TIMEOUT, now);
}

void settle_attempt(struct router *r, struct call *call, const struct settle_cause *cause,
                    uint64_t now)
{
    if (cause->retry_after_ms < call->retry_after_ms)
        call->retry_after_ms = cause->retry_after_ms;
    call->pause_ms = cause->retry_after_ms;
    send_settle(r, call, cause->class_, now);
    add_try(call, cause->class_, cause->is_sent);
    enum resend_verdict verdict = verdict_of(r, call, cause);
    if (cause->is_sent && is_without_answer(cause->class_)) {
        call->is_executed = true;
        if (!is_harmless(call) || verdict == RESEND_UNKNOWN)
            call->is_doubtful = true;
    }
    switch (verdict) {
    case RESEND_ANYWHERE:
        go_on(r, call, now);
        break;
    case RESEND_SAME:
        return_to(r, call, cause, now);
        break;
    case RESEND_UNKNOWN:
        settle_refused(r, call, NULL, TRUST_REASON_OUTCOME_UNKNOWN, now);
        break;
    case RESEND_ANSWER:
        settle_refused(r, call, NULL, TRUST_REASON_NONE, now);
        break;
    case RESEND_NOTHING:
        send_silence(r, call->tag);
        calls_end(&r->calls, call);
        break;
    }
}

void settle_there(struct router *r, struct call *call, const struct settle_cause *cause,
                  uint64_t now)
{
    if (call->state == CALL_HELD)
        holds_lost(r, call, cause, now);
    else
        settle_attempt(r, call, cause, now);
}

void settle_backend(struct router *r, uint32_t backend, const struct router_loss *loss,
                    uint64_t now)
{
    for (uint32_t i = r->calls.count; i-- > 0;) {
        struct call *call = calls_at(&r->calls, i);
        bool is_given = call->state == CALL_SENT || call->state == CALL_HELD;
        if (call->backend != backend || (!is_given && call->state != CALL_WAITING))
            continue;
        struct settle_cause cause = {.class_ = is_given ? loss->class_
                                                        : r->backends[backend].unready_class,
                                     .is_sent = is_given && call->number <= loss->written,
                                     .retry_after_ms = loss->retry_ms};
        settle_there(r, call, &cause, now);
    }
}

void settle_garbage(struct router *r, uint32_t backend, uint64_t now)
{
    struct settle_cause cause = {
        .class_ = TRUST_OUTCOME_GARBAGE, .is_sent = true, .retry_after_ms = TRUST_NEVER_MS};
    for (uint32_t i = r->calls.count; i-- > 0;) {
        struct call *call = calls_at(&r->calls, i);
        bool is_there = call->state == CALL_SENT || call->state == CALL_HELD;
        if (call->backend == backend && is_there)
            settle_there(r, call, &cause, now);
    }
}

void settle_cancelled(struct router *r, struct call *call, uint64_t now)
{
    if (call->state == CALL_ASKING)
        requests_drop_call(r, call->id);
    send_settle(r, call, TRUST_OUTCOME_CANCELLED, now);
    send_silence(r, call->tag);
    calls_end(&r->calls, call);
}

/* A backend that asked the client something waits itself, for a person maybe. */
static bool is_asking(const struct router *r, const struct call *call, uint64_t now)
{
    return r->backends[call->backend].open_requests > 0 && now < call->deadline_ms;
}

static void time_out(struct router *r, struct call *call, uint64_t now)
{
    if (is_asking(r, call, now)) {
        state_touch(r, call, now);
        return;
    }
    send_cancel(r, call, "timeout");
    settle_attempt(r, call,
                   &(struct settle_cause){.class_ = TRUST_OUTCOME_TIMEOUT,
                                          .is_sent = true,
                                          .retry_after_ms = TRUST_NEVER_MS},
                   now);
}

/* It is given up, or will be in a moment. */
static bool is_ending(const struct backend *backend, uint64_t now)
{
    return backend->phase == BACKEND_STOPPING ||
           (backend->phase == BACKEND_HANDSHAKING && backend->asked_id != 0 &&
            backend->asked_until_ms < now + LAST_WAIT_MS);
}

/* The backend that was chosen did not become ready in time. A start that may take longer than the
 * selection waits for is no failure. */
static void give_up_waiting(struct router *r, struct call *call, uint64_t now)
{
    if (is_ending(&r->backends[call->backend], now) && !call->is_last_wait &&
        now < call->deadline_ms) {
        call->is_last_wait = true;
        call->until_ms = now + LAST_WAIT_MS;
        return;
    }
    if (call->is_short_wait) {
        send_settle(r, call, TRUST_OUTCOME_CANCELLED, now);
        go_on(r, call, now);
        return;
    }
    settle_attempt(
        r, call,
        &(struct settle_cause){.class_ = TRUST_OUTCOME_REFUSED, .retry_after_ms = TRUST_NEVER_MS},
        now);
}

static void end_state(struct router *r, struct call *call, uint64_t now)
{
    switch (call->state) {
    case CALL_LEARNING:
        local_late(r, call);
        break;
    case CALL_CHOOSING:
        settle_refused(r, call, NULL, TRUST_REASON_NONE, now);
        break;
    case CALL_WAITING:
        give_up_waiting(r, call, now);
        break;
    case CALL_PARKED:
        settle_refused(r, call, NULL, TRUST_REASON_NONE, now);
        break;
    case CALL_SENT:
        time_out(r, call, now);
        break;
    case CALL_HELD:
        holds_end(r, call, "timeout", now);
        break;
    case CALL_ASKING:
        requests_drop_call(r, call->id);
        settle_refused(r, call, NULL, TRUST_REASON_TIMEOUT, now);
        break;
    case CALL_FREE:
        break;
    }
}

void settle_time(struct router *r, uint64_t now)
{
    for (uint32_t i = r->calls.count; i-- > 0;) {
        struct call *call = calls_at(&r->calls, i);
        if (call->until_ms <= now)
            end_state(r, call, now);
    }
    /* Anew, for what has moved since it was said to be due. */
    for (uint32_t i = 0; i < r->calls.count; i++)
        state_due(r, calls_at(&r->calls, i)->until_ms);
}
