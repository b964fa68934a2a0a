/*
 * See measured.h. A measured rating has the same register as one that a person wrote, and would
 * take its place: it is offered only where the operator has none of that category yet, or a
 * measured one that is a day old.
 */
#include "node/api/measured.h"

#include "trust/subject.h"

#include "base/limits.h"
#include "engine/measured.h"
#include "engine/servers.h"
#include "node/api/api.h"
#include "node/api/body.h"
#include "node/core.h"

#define DAY_MS UINT64_C(86400000)

/* The operator's own record of performance on this server, whole; false: there is none. */
static bool find_standing(struct core *core, struct trust_record *out_record,
                          uint8_t bytes[TRUST_RECORD_SIZE_MAX], struct trust_bytes subject)
{
    const struct trust_ledger *ledger = trust_engine_ledger(core->engine);
    const struct trust_record wanted = {
        .kind = TRUST_KIND_RATING,
        .author = core->operator_key,
        .rating = {.subject = subject, .category = TRUST_CATEGORY_PERFORMANCE}};
    struct trust_register place;
    uint32_t slot = 0;
    trust_register_init(&place, &wanted);
    if (!trust_ledger_find_slot(ledger, &slot, &place))
        return false;
    struct trust_ledger_view view = trust_ledger_view(ledger, slot);
    const struct store_change row = {
        .author = core->operator_key, .seq = view.seq, .id = *view.ids[0]};
    size_t size = 0;
    return store_read_one(core->store, bytes, &size, &row) == TRUST_OK &&
           trust_record_decode(out_record, (struct trust_bytes){.data = bytes, .size = size}) ==
               TRUST_OK;
}

static bool is_offered(struct core *core, struct trust_bytes subject)
{
    struct trust_subject parsed;
    if (trust_subject_parse(&parsed, subject) != TRUST_OK || !trust_subject_is_signable(&parsed))
        return false;
    uint8_t bytes[TRUST_RECORD_SIZE_MAX];
    struct trust_record standing;
    uint64_t now_ms = core->now.wall.ms;
    if (!find_standing(core, &standing, bytes, subject))
        return true;
    if (standing.rating.value == TRUST_RATING_WITHDRAWN || standing.expires <= now_ms / 1000)
        return true;
    return standing.rating.origin == TRUST_ORIGIN_MEASURED && now_ms >= standing.seq &&
           now_ms - standing.seq >= DAY_MS;
}

static void put_row(struct api_doc *doc, const char *subject, const struct trust_measured *measured)
{
    api_doc_open_object(doc, NULL);
    api_doc_text(doc, "subject", subject);
    api_doc_text(doc, "category", "performance");
    api_doc_number(doc, "value", measured->value / 1000.0);
    api_doc_count(doc, "calls", measured->calls);
    api_doc_close_object(doc);
}

void measured_list(struct api_call *call)
{
    struct core *core = call->core;
    uint64_t limit = TRUST_API_ROWS_MAX;
    if (!api_check_count(call, "limit", TRUST_API_ROWS_MAX, &limit))
        return;
    if (!core->has_operator) {
        api_refuse(call, TRUST_NO_OPERATOR, NULL, "the node has no operator who could sign");
        return;
    }
    struct trust_measured measured;
    uint32_t cursor = 0;
    uint64_t count = 0;
    struct api_doc doc = api_doc_init();
    api_doc_open_array(&doc, NULL);
    while (count < limit &&
           trust_engine_next_measured(core->engine, &cursor, &measured, core->now)) {
        char subject[TRUST_SUBJECT_TEXT_SIZE];
        uint32_t size = trust_engine_server_subject(core->engine, subject, measured.server);
        if (!is_offered(core, (struct trust_bytes){(const uint8_t *)subject, size}))
            continue;
        put_row(&doc, subject, &measured);
        count++;
    }
    api_doc_close_array(&doc);
    api_answer(call, &doc);
}
