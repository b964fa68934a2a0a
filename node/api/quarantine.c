/*
 * See quarantine.h. Agents are shown the servers that the operator named. A release, of a ban too,
 * needs the operator's signature; nothing else ends or shortens what withholds a server.
 */
#include "node/api/quarantine.h"

#include "base/date.h"
#include "engine/servers.h"
#include "node/api/body.h"
#include "node/api/consent.h"
#include "node/api/keeping.h"
#include "node/core.h"

/* What it is suspect for, if an agent told of it. */
static void put_manifest(struct api_doc *doc, const struct core *core, uint32_t server)
{
    const struct trust_sights *sights = trust_engine_sights(core->engine, server);
    const struct trust_sight *worst = sights == NULL ? NULL : trust_sights_worst(sights);
    if (worst == NULL || !trust_quarantine_is_told(trust_engine_quarantine(core->engine, server)))
        api_doc_null(doc, "manifest");
    else
        api_doc_hex(doc, "manifest",
                    (struct trust_bytes){.data = worst->manifest, .size = sizeof worst->manifest});
}

static void put(struct api_doc *doc, struct core *core, uint32_t server)
{
    char subject[TRUST_SUBJECT_TEXT_SIZE];
    (void)trust_engine_server_subject(core->engine, subject, server);
    const struct trust_quarantine *cell = trust_engine_quarantine(core->engine, server);
    api_doc_open_object(doc, NULL);
    api_doc_text(doc, "subject", subject);
    put_manifest(doc, core, server);
    api_doc_text(doc, "state",
                 trust_quarantine_state_name((enum trust_quarantine_state)cell->state));
    api_doc_text(doc, "rule",
                 cell->rule == TRUST_QUARANTINE_RULE_NONE
                     ? NULL
                     : trust_quarantine_rule_name((enum trust_quarantine_rule)cell->rule));
    api_doc_time(doc, "since", cell->since);
    api_doc_time(doc, "until", cell->until);
    api_doc_count(doc, "times", cell->times);
    api_doc_close_object(doc);
}

static bool is_shown(const struct api_call *call, uint32_t server)
{
    const struct trust_engine *engine = call->core->engine;
    if (trust_engine_quarantine(engine, server)->state == TRUST_QUARANTINE_OK)
        return false;
    return call->request.rights == API_RIGHTS_OPERATOR ||
           (trust_engine_server_marks(engine, server) & TRUST_CELL_NAMED) != 0;
}

void quarantine_list(struct api_call *call)
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

static const char *const orders[] = {"add", "release", "ban", NULL};

struct order {
    struct trust_bytes subject;
    enum trust_quarantine_order kind;
    uint64_t ttl_s;     /* 0: the rule's own */
    const char *reason; /* the operator's words; NULL: none */
    struct consent consent;
};

static bool read_order(struct api_call *call, struct order *order)
{
    struct api_body body = api_body_open(call);
    *order = (struct order){.subject = api_body_subject(&body, "subject")};
    order->kind = (enum trust_quarantine_order)api_body_word(&body, "order", orders);
    bool has_ttl = api_body_has(&body, "ttl_s");
    order->ttl_s = api_body_optional_count(&body, "ttl_s", TRUST_QUARANTINE_TERM_MS_MAX / 1000, 0);
    order->reason = api_body_optional_text(&body, "reason", TRUST_REASON_SIZE_MAX, NULL);
    order->consent = consent_read(&body);
    if (!api_body_end(&body))
        return false;
    if (has_ttl && order->kind != TRUST_QUARANTINE_ORDER_ADD)
        api_refuse(call, TRUST_NO_OPTION, "leave it out", "/ttl_s: a %s has no term",
                   orders[order->kind]);
    else if (has_ttl && order->ttl_s == 0)
        api_refuse(call, TRUST_NO_RANGE, "leave it out for the usual term",
                   "/ttl_s: not from 1 to %d", (int)(TRUST_QUARANTINE_TERM_MS_MAX / 1000));
    return !api_is_answered(call);
}

static void refuse(struct api_call *call, const struct order *order, uint32_t server,
                   enum trust_error error)
{
    const struct trust_quarantine *cell = trust_engine_quarantine(call->core->engine, server);
    const char *state = trust_quarantine_state_name((enum trust_quarantine_state)cell->state);
    if (cell->state == TRUST_QUARANTINE_QUARANTINED && order->kind == TRUST_QUARANTINE_ORDER_ADD) {
        char until[TRUST_DATE_SIZE];
        trust_date_encode(until, cell->until.ms / 1000);
        api_refuse(
            call, error, "`repute quarantine release` ends a term; `--ttl` may lengthen it",
            "add changes nothing: the server is withheld until %s, and no order shortens that",
            until);
        return;
    }
    api_refuse(call, error, "`repute quarantine list` shows what is withheld",
               "%s changes nothing: the server is %s", orders[order->kind], state);
}

void quarantine_order(struct api_call *call)
{
    struct core *core = call->core;
    struct order order;
    if (!read_order(call, &order))
        return;
    const char *subject = (const char *)order.subject.data;
    const struct consent_order signed_order = {
        .verb = orders[order.kind], .subject = subject, .seconds = order.ttl_s};
    if (order.kind == TRUST_QUARANTINE_ORDER_RELEASE &&
        !consent_check(call, &order.consent, &signed_order))
        return;
    if (!keeping_begin(call))
        return;
    uint32_t server = 0;
    enum trust_error error = trust_engine_watch(core->engine, &server, order.subject, 0, core->now);
    if (error != TRUST_OK) {
        api_refuse(call, error, "try again in a moment", "the board has no room for this server");
        return;
    }
    error = trust_engine_order_quarantine(core->engine, server, order.kind, order.ttl_s * 1000,
                                          core->now);
    if (error != TRUST_OK) {
        refuse(call, &order, server, error);
        return;
    }
    audit_note_reason(core, server, order.reason == NULL ? "" : order.reason);
    log_write(&core->log, LOG_WARN, "quarantine_order",
              LOG_FIELDS(log_text("subject", subject), log_text("order", orders[order.kind]),
                         log_number("ttl_s", (int64_t)order.ttl_s),
                         log_number("uid", call->request.uid),
                         log_text("reason", order.reason == NULL ? "" : order.reason)));
    pump_run(core);
    struct api_doc doc = api_doc_init();
    put(&doc, core, server);
    keeping_answer(call, server, &doc);
}
