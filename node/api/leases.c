/*
 * See leases.h. Only a half-open breaker gives leases; a closed one lets everybody call, and an
 * open one nobody. A withheld server gets no call at all.
 */
#include "node/api/leases.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "trust/answer.h"
#include "trust/select.h"

#include "base/line.h"
#include "base/reader.h"
#include "engine/servers.h"
#include "node/api/api.h"
#include "node/core.h"

void leases_format(char out_text[LEASES_TEXT_SIZE], const struct leases_lease *lease)
{
    (void)snprintf(out_text, LEASES_TEXT_SIZE, "%" PRIu32 "-%u-%u-%016" PRIx64,
                   lease->permit.generation, (unsigned)lease->permit.slot,
                   (unsigned)lease->permit.check, lease->holder);
}

/* Digits up to a dash, without leading zeros, at most max; *inout_text moves behind the dash. */
static bool take_number(const char **inout_text, uint64_t *out_number, uint64_t max)
{
    size_t digits = strspn(*inout_text, "0123456789");
    if (digits == 0 || digits > 10 || ((*inout_text)[0] == '0' && digits > 1) ||
        (*inout_text)[digits] != '-')
        return false;
    uint64_t number = 0;
    for (size_t i = 0; i < digits; i++)
        number = number * 10 + (uint64_t)((*inout_text)[i] - '0');
    *inout_text += digits + 1;
    *out_number = number;
    return number <= max;
}

enum trust_error leases_parse(struct leases_lease *out_lease, const char *text)
{
    uint64_t generation = 0;
    uint64_t slot = 0;
    uint64_t check = 0;
    uint8_t holder[8];
    if (!take_number(&text, &generation, UINT32_MAX) ||
        !take_number(&text, &slot, TRUST_PERMIT_NO_SLOT - 1) ||
        !take_number(&text, &check, UINT16_MAX) ||
        !trust_line_hex(holder, sizeof holder, trust_bytes_text(text)))
        return TRUST_NO_SYNTAX;
    struct trust_reader reader =
        trust_reader_init((struct trust_bytes){.data = holder, .size = sizeof holder});
    *out_lease = (struct leases_lease){.permit = {.generation = (uint32_t)generation,
                                                  .slot = (uint8_t)slot,
                                                  .check = (uint16_t)check},
                                       .holder = trust_reader_take_be(&reader, sizeof holder)};
    return TRUST_OK;
}

uint64_t leases_agent(const struct api_call *call)
{
    bool is_operator = call->request.rights == API_RIGHTS_OPERATOR;
    const struct agents_caller caller = {.uid = call->request.uid,
                                         .connection = is_operator ? 0 : call->request.connection};
    return agents_number(&call->api->identities, &caller, call->core->now.mono);
}

uint64_t leases_wait_ms(const struct trust_breaker_view *view, struct trust_mono now)
{
    switch (view->state) {
    case TRUST_BREAKER_OPEN:
    case TRUST_BREAKER_FORCED_OPEN:
        if (view->until.ms == TRUST_MONO_NEVER)
            return TRUST_NEVER_MS;
        return view->until.ms > now.ms ? view->until.ms - now.ms : 0;
    case TRUST_BREAKER_CLOSED:
    case TRUST_BREAKER_HALF_OPEN:
    case TRUST_BREAKER_FORCED_CLOSED:
    case TRUST_BREAKER_METRICS_ONLY:
        return 0;
    }
    return 0;
}

void leases_put_ms(struct api_doc *doc, const char *key, uint64_t ms)
{
    if (ms == TRUST_NEVER_MS)
        api_doc_null(doc, key);
    else
        api_doc_count(doc, key, ms);
}

void leases_note(const struct api_call *call, uint32_t server, const struct leases_lease *lease)
{
    struct leases_book *book = &call->api->leases;
    book->given[book->next++ % TRUST_API_LEASES_KEPT] = (struct leases_given){
        .connection = call->request.connection, .server = server, .lease = *lease};
}

void leases_end(struct api *api, uint64_t connection)
{
    struct core *core = api->core;
    for (uint32_t i = 0; i < TRUST_API_LEASES_KEPT && !api->is_stopping; i++) {
        struct leases_given *given = &api->leases.given[i];
        if (given->connection != connection)
            continue;
        given->connection = 0;
        trust_engine_return_lease(core->engine, given->server, &given->lease.permit,
                                  given->lease.holder, core->now);
        pump_run(core);
    }
}

struct lease {
    struct leases_lease told;
    struct trust_breaker_view view;
    bool is_withheld;
    bool is_given; /* leave to call; a lease if it has a slot */
};

static void answer(struct api_call *call, const char *subject, const struct lease *lease)
{
    char text[LEASES_TEXT_SIZE];
    bool is_lease = lease->is_given && lease->told.permit.slot != TRUST_PERMIT_NO_SLOT;
    uint64_t wait_ms = 0;
    if (lease->is_withheld)
        wait_ms = TRUST_NEVER_MS;
    else if (!lease->is_given && lease->view.state == TRUST_BREAKER_HALF_OPEN)
        wait_ms = TRUST_SELECT_SOON_MS;
    else if (!lease->is_given)
        wait_ms = leases_wait_ms(&lease->view, call->core->now.mono);
    if (is_lease)
        leases_format(text, &lease->told);
    struct api_doc doc = api_doc_init();
    api_doc_open_object(&doc, NULL);
    api_doc_text(&doc, "subject", subject);
    api_doc_text(&doc, "lease", is_lease ? text : NULL);
    api_doc_text(&doc, "state",
                 lease->is_withheld ? trust_candidate_state_name(TRUST_CANDIDATE_STATE_WITHHELD)
                                    : trust_breaker_state_name(lease->view.state));
    api_doc_count(&doc, "generation", lease->view.generation);
    leases_put_ms(&doc, "retry_after_ms", wait_ms);
    api_doc_text(&doc, "code", lease->is_given ? NULL : trust_error_name(TRUST_NO_LEASE));
    api_doc_close_object(&doc);
    api_answer(call, &doc);
}

void leases_ask(struct api_call *call)
{
    struct core *core = call->core;
    struct api_body body = api_body_open(call);
    struct trust_bytes subject = api_body_subject(&body, "subject");
    (void)api_body_optional_text(&body, "agent", TRUST_AGENT_NAME_SIZE_MAX, NULL);
    if (!api_body_end(&body))
        return;
    uint32_t server = 0;
    enum trust_error error =
        trust_engine_ask(core->engine, &server, subject, call->request.uid, core->now);
    if (error != TRUST_OK) {
        api_refuse(call, error, "try again in a moment", "the board has no room for this server");
        return;
    }
    struct lease lease = {.is_withheld = trust_quarantine_is_withheld(
                              trust_engine_quarantine(core->engine, server)->state)};
    lease.told.holder = leases_agent(call);
    lease.is_given =
        !lease.is_withheld && trust_engine_lease(core->engine, server, &lease.told.permit,
                                                 lease.told.holder, core->now) == TRUST_OK;
    if (lease.is_given && lease.told.permit.slot != TRUST_PERMIT_NO_SLOT)
        leases_note(call, server, &lease.told);
    trust_engine_read_breaker(core->engine, server, &lease.view, core->now);
    answer(call, (const char *)subject.data, &lease);
    pump_run(core);
}
