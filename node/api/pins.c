/*
 * See pins.h. An agent's word makes suspect at most; to take it back needs the operator's signature
 * over the pin, which `repute pins accept` writes beside it and shows to the node.
 */
#include "node/api/pins.h"

#include <sodium.h>
#include <stdio.h>
#include <string.h>

#include "base/date.h"
#include "engine/servers.h"
#include "node/api/api.h"
#include "node/api/pins_doc.h"
#include "node/core.h"
#include "record/statement.h"

/* A subject, a digest in hex and a date, a line each. */
#define STATEMENT_SIZE (TRUST_SUBJECT_TEXT_SIZE + 65 + TRUST_DATE_SIZE)

static const char *const states[] = {"pinned", "pending", "changed", NULL};

/* ---- reading ---- */

static bool is_shown(const struct api_call *call, uint32_t server)
{
    return call->request.rights == API_RIGHTS_OPERATOR ||
           (trust_engine_server_marks(call->core->engine, server) & TRUST_CELL_NAMED) != 0;
}

void pins_list(struct api_call *call)
{
    uint64_t limit = TRUST_API_ROWS_MAX;
    if (!api_check_count(call, "limit", TRUST_API_ROWS_MAX, &limit))
        return;
    struct api_doc doc = api_doc_init();
    api_doc_open_array(&doc, NULL);
    uint32_t cursor = 0;
    uint32_t server = 0;
    while (limit > 0 && trust_engine_next_server(call->core->engine, &cursor, &server)) {
        if (is_shown(call, server) && pins_doc_put(&doc, call->core, server))
            limit--;
    }
    api_doc_close_array(&doc);
    api_answer(call, &doc);
}

/* False: nobody told of the server in the path, and the call was refused. */
static bool find(struct api_call *call, uint32_t *out_server)
{
    const char *subject = call->request.segments[2];
    if (!api_check_subject(call, "id", subject))
        return false;
    uint32_t server = 0;
    if (trust_engine_find_server(call->core->engine, &server, trust_bytes_text(subject)) &&
        is_shown(call, server) && trust_engine_sights(call->core->engine, server) != NULL) {
        *out_server = server;
        return true;
    }
    api_refuse(call, TRUST_NO_FOUND, "a guard in front of it tells the node when it starts it",
               "no agent has told what this server offers");
    return false;
}

void pins_show(struct api_call *call)
{
    uint32_t server = 0;
    if (!find(call, &server))
        return;
    struct api_doc doc = api_doc_init();
    (void)pins_doc_put(&doc, call->core, server);
    api_answer(call, &doc);
}

/* ---- what an agent tells ---- */

/* A version of a server, as a client with certain capabilities sees it. */
static void make_view(uint8_t out_view[TRUST_SIGHT_VIEW_SIZE], struct trust_bytes subject,
                      const uint8_t capabilities[32])
{
    crypto_generichash_state state;
    (void)crypto_generichash_init(&state, NULL, 0, TRUST_SIGHT_VIEW_SIZE);
    (void)crypto_generichash_update(&state, capabilities, 32);
    (void)crypto_generichash_update(&state, subject.data, subject.size);
    (void)crypto_generichash_final(&state, out_view, TRUST_SIGHT_VIEW_SIZE);
}

static bool may_tell(struct api_call *call)
{
    uint64_t connection = call->request.connection;
    struct trust_mono now = call->core->now.mono;
    struct pins_teller *teller = &call->api->tellers.tellers[connection % TRUST_API_TELLERS_MAX];
    if (teller->connection != connection)
        *teller = (struct pins_teller){
            .connection = connection,
            .bucket = trust_bucket_init(TRUST_API_TELLS_A_SECOND, TRUST_API_TELLS_BURST, now)};
    if (trust_bucket_take(&teller->bucket, 1, now))
        return true;
    api_refuse(call, TRUST_NO_BUSY, "tell again in a second",
               "this connection tells of more manifests than servers change");
    return false;
}

struct told {
    struct trust_bytes subject;
    struct trust_sight_told sight;
};

static bool read_told(struct api_call *call, struct told *told)
{
    uint8_t capabilities[32];
    struct api_body body = api_body_open(call);
    *told = (struct told){.subject = api_body_subject(&body, "subject")};
    (void)api_body_hex(&body, "capabilities", capabilities, sizeof capabilities);
    (void)api_body_hex(&body, "manifest", told->sight.manifest, sizeof told->sight.manifest);
    told->sight.state =
        (enum trust_manifest_state)(TRUST_MANIFEST_PINNED + api_body_word(&body, "state", states));
    told->sight.tools = (uint16_t)api_body_optional_count(&body, "tools", TRUST_SIGHT_TOOLS_MAX, 0);
    (void)api_body_optional_text(&body, "agent", TRUST_AGENT_NAME_SIZE_MAX, NULL);
    if (!api_body_end(&body))
        return false;
    told->sight.agent = leases_agent(call);
    make_view(told->sight.view, told->subject, capabilities);
    return true;
}

static void log_told(struct core *core, const struct api_call *call, const struct told *told)
{
    char manifest[65];
    (void)sodium_bin2hex(manifest, sizeof manifest, told->sight.manifest,
                         sizeof told->sight.manifest);
    log_write(&core->log, LOG_WARN, "manifest_changed",
              LOG_FIELDS(log_text("subject", (const char *)told->subject.data),
                         log_text("manifest", manifest), log_number("tools", told->sight.tools),
                         log_number("uid", call->request.uid)));
}

void pins_tell(struct api_call *call)
{
    struct core *core = call->core;
    struct told told;
    uint32_t server = 0;
    if (!read_told(call, &told) || !may_tell(call))
        return;
    enum trust_error error =
        trust_engine_ask(core->engine, &server, told.subject, call->request.uid, core->now);
    if (error != TRUST_OK) {
        api_refuse(call, error, "try again in a moment", "the board has no room for this server");
        return;
    }
    if (trust_engine_tell_manifest(core->engine, server, &told.sight, core->now) &&
        told.sight.state == TRUST_MANIFEST_CHANGED)
        log_told(core, call, &told);
    pump_run(core);
    struct api_doc doc = api_doc_init();
    (void)pins_doc_put(&doc, core, server);
    api_answer(call, &doc);
}

/* ---- what the operator accepts ---- */

struct acceptance {
    uint8_t capabilities[32];
    uint8_t manifest[32];
    const char *time;
    uint64_t time_s;
    uint8_t signature[TRUST_SIGNATURE_SIZE];
    bool has_signature;
};

static bool read_acceptance(struct api_call *call, struct acceptance *acceptance)
{
    struct api_body body = api_body_open(call);
    *acceptance = (struct acceptance){.time_s = 0};
    (void)api_body_hex(&body, "capabilities", acceptance->capabilities,
                       sizeof acceptance->capabilities);
    (void)api_body_hex(&body, "manifest", acceptance->manifest, sizeof acceptance->manifest);
    acceptance->time = api_body_text(&body, "time", TRUST_DATE_SIZE - 1);
    if (api_body_has(&body, "signature"))
        acceptance->has_signature =
            api_body_hex(&body, "signature", acceptance->signature, sizeof acceptance->signature);
    if (!api_body_end(&body))
        return false;
    if (!trust_date_decode(&acceptance->time_s, trust_bytes_text(acceptance->time)))
        api_refuse(call, TRUST_NO_RANGE, "write it as 2027-01-15T08:00:00Z", "/time: no time");
    return !api_is_answered(call);
}

/* Who has no operator key has the permission of the socket, as of the file of pins. */
static bool is_signed(struct api_call *call, const struct acceptance *acceptance)
{
    char statement[STATEMENT_SIZE];
    char manifest[65];
    const struct core *core = call->core;
    if (!core->has_operator)
        return true;
    (void)sodium_bin2hex(manifest, sizeof manifest, acceptance->manifest,
                         sizeof acceptance->manifest);
    (void)snprintf(statement, sizeof statement, "%s\n%s\n%s", call->request.segments[2], manifest,
                   acceptance->time);
    if (acceptance->has_signature &&
        trust_statement_verify(acceptance->signature, &core->operator_key, TRUST_PURPOSE_PIN,
                               trust_bytes_text(statement)) == TRUST_OK)
        return true;
    api_refuse(call, TRUST_NO_CHALLENGE, "repute pins accept signs it and shows it to the node",
               acceptance->has_signature ? "the signature over this pin is not the operator's"
                                         : "what is accepted needs the operator's signature");
    return false;
}

void pins_accept(struct api_call *call)
{
    struct core *core = call->core;
    struct acceptance acceptance;
    uint8_t view[TRUST_SIGHT_VIEW_SIZE];
    uint32_t server = 0;
    if (!api_check_subject(call, "id", call->request.segments[2]) ||
        !read_acceptance(call, &acceptance) || !is_signed(call, &acceptance) ||
        !find(call, &server) || !keeping_begin(call))
        return;
    const char *subject = call->request.segments[2];
    make_view(view, trust_bytes_text(subject), acceptance.capabilities);
    audit_note_reason(core, server, "its tools were accepted");
    trust_engine_accept_manifest(core->engine, server, view,
                                 (struct trust_wall){.ms = acceptance.time_s * 1000 + 999},
                                 core->now);
    pump_run(core);
    audit_note_reason(core, server, "");
    log_write(&core->log, LOG_INFO, "manifest_accepted",
              LOG_FIELDS(log_text("subject", subject), log_number("uid", call->request.uid)));
    struct api_doc doc = api_doc_init();
    (void)pins_doc_put(&doc, core, server);
    keeping_answer(call, server, &doc);
}
