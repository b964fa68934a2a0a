/*
 * See breakers.h. An order that lets through what was refused, now or sooner than before, loosens
 * safety and needs the operator's signature.
 */
#include "node/api/breakers.h"

#include <string.h>

#include "engine/servers.h"
#include "node/api/body.h"
#include "node/api/consent.h"
#include "node/api/keeping.h"
#include "node/api/leases.h"
#include "node/core.h"

static void put(struct api_doc *doc, struct core *core, uint32_t server)
{
    char subject[TRUST_SUBJECT_TEXT_SIZE];
    (void)trust_engine_server_subject(core->engine, subject, server);
    struct trust_breaker_view view;
    trust_engine_read_breaker(core->engine, server, &view, core->now);
    api_doc_open_object(doc, NULL);
    api_doc_text(doc, "key", subject);
    api_doc_text(doc, "state", trust_breaker_state_name(view.state));
    api_doc_text(doc, "reason", trust_breaker_reason_name(view.reason));
    api_doc_count(doc, "calls", view.calls);
    api_doc_number(doc, "failures", view.half_failures / 2.0);
    api_doc_count(doc, "slow", view.slow);
    api_doc_count(doc, "streak", view.streak);
    leases_put_ms(doc, "opens_in_ms", leases_wait_ms(&view, core->now.mono));
    api_doc_count(doc, "generation", view.generation);
    api_doc_close_object(doc);
}

/* Agents are shown what the operator named; the operator also whatever was called. */
static bool is_shown(const struct api_call *call, uint32_t server)
{
    const struct trust_engine *engine = call->core->engine;
    return (trust_engine_server_marks(engine, server) & TRUST_CELL_NAMED) != 0 ||
           (call->request.rights == API_RIGHTS_OPERATOR && trust_engine_is_active(engine, server));
}

void breakers_list(struct api_call *call)
{
    uint64_t limit = TRUST_API_ROWS_MAX;
    if (!api_check_count(call, "limit", TRUST_API_ROWS_MAX, &limit))
        return;
    struct api_doc doc = api_doc_init();
    api_doc_open_array(&doc, NULL);
    uint32_t cursor = 0;
    uint32_t server = 0;
    while (limit > 0 && trust_engine_next_server(call->core->engine, &cursor, &server)) {
        if (!is_shown(call, server))
            continue;
        put(&doc, call->core, server);
        limit--;
    }
    api_doc_close_array(&doc);
    api_answer(call, &doc);
}

static void answer_one(struct api_call *call, uint32_t server)
{
    struct api_doc doc = api_doc_init();
    put(&doc, call->core, server);
    api_answer(call, &doc);
}

void breakers_show(struct api_call *call)
{
    const char *subject = call->request.segments[2];
    uint32_t server = 0;
    if (!api_check_subject(call, "id", subject))
        return;
    if (trust_engine_find_server(call->core->engine, &server, trust_bytes_text(subject)))
        answer_one(call, server);
    else
        api_refuse(call, TRUST_NO_FOUND, "check the id; a breaker begins with the first call",
                   "no breaker is kept for this server");
}

static const char *const verbs[] = {"force_open", "force_closed", "metrics_only",
                                    "close",      "reset",        NULL};

struct order {
    struct trust_breaker_order breaker;
    uint64_t expires_s; /* 0: none */
    const char *reason; /* the operator's words; NULL: none */
    struct consent consent;
};

static bool is_state(enum trust_breaker_verb verb)
{
    switch (verb) {
    case TRUST_BREAKER_FORCE_OPEN:
    case TRUST_BREAKER_FORCE_CLOSED:
    case TRUST_BREAKER_WATCH:
        return true;
    case TRUST_BREAKER_CLOSE:
    case TRUST_BREAKER_RESET:
        return false;
    }
    return false;
}

static bool read_order(struct api_call *call, struct order *order)
{
    struct trust_now now = call->core->now;
    struct api_body body = api_body_open(call);
    enum trust_breaker_verb verb = (enum trust_breaker_verb)api_body_word(&body, "verb", verbs);
    bool has_expiry = api_body_has(&body, "expires_s");
    *order = (struct order){
        .expires_s = api_body_optional_count(&body, "expires_s", TRUST_ORDER_S_MAX, 0),
        .reason = api_body_optional_text(&body, "reason", TRUST_REASON_SIZE_MAX, NULL),
        .consent = consent_read(&body)};
    /* The number of an order is its time: the log says the rest. */
    order->breaker = (struct trust_breaker_order){
        .verb = verb,
        .expires.ms =
            order->expires_s == 0 ? TRUST_MONO_NEVER : now.mono.ms + order->expires_s * 1000,
        .note = (uint32_t)(now.wall.ms / 1000)};
    if (!api_body_end(&body))
        return false;
    if (has_expiry && !is_state(verb))
        api_refuse(call, TRUST_NO_OPTION, "leave it out", "/expires_s: %s does not end",
                   verbs[verb]);
    else if (has_expiry && order->expires_s == 0)
        api_refuse(call, TRUST_NO_RANGE, "leave it out for an order without end",
                   "/expires_s: not from 1 to %d", TRUST_ORDER_S_MAX);
    return !api_is_answered(call);
}

/* Everything but keeping a server closed to calls at least as long as it is now. */
static bool loosens(struct core *core, const char *subject, const struct order *order)
{
    uint32_t server = 0;
    if (order->breaker.verb != TRUST_BREAKER_FORCE_OPEN)
        return true;
    if (!trust_engine_find_server(core->engine, &server, trust_bytes_text(subject)))
        return false;
    struct trust_breaker_view view;
    trust_engine_read_breaker(core->engine, server, &view, core->now);
    return (view.state == TRUST_BREAKER_OPEN || view.state == TRUST_BREAKER_FORCED_OPEN) &&
           order->breaker.expires.ms < view.until.ms;
}

void breakers_order(struct api_call *call)
{
    struct core *core = call->core;
    const char *subject = call->request.segments[2];
    struct order order;
    if (!api_check_subject(call, "id", subject) || !read_order(call, &order))
        return;
    const char *verb = verbs[order.breaker.verb];
    const struct consent_order signed_order = {
        .verb = verb, .subject = subject, .seconds = order.expires_s};
    if (loosens(core, subject, &order) && !consent_check(call, &order.consent, &signed_order))
        return;
    if (!keeping_begin(call))
        return;
    uint32_t server = 0;
    enum trust_error error =
        trust_engine_watch(core->engine, &server, trust_bytes_text(subject), 0, core->now);
    if (error != TRUST_OK) {
        api_refuse(call, error, "try again in a moment", "the board has no room for this server");
        return;
    }
    log_write(&core->log, LOG_WARN, "breaker_order",
              LOG_FIELDS(log_text("subject", subject), log_text("verb", verb),
                         log_number("expires_s", (int64_t)order.expires_s),
                         log_number("note", order.breaker.note),
                         log_number("uid", call->request.uid),
                         log_text("reason", order.reason == NULL ? "" : order.reason)));
    trust_engine_order_breaker(core->engine, server, &order.breaker, core->now);
    pump_run(core);
    struct api_doc doc = api_doc_init();
    put(&doc, core, server);
    keeping_answer(call, server, &doc);
}
