/*
 * See record_doc.h. The verdict is what the record would hear now: TRUST_OK while it says
 * something, TRUST_NO_EXPIRED behind its end; `void` marks the two halves of a proof.
 */
#include "node/api/record_doc.h"

#include <string.h>

#include "base/assert.h"
#include "node/core.h"
#include "record/life.h"
#include "record/words.h"

static void put_scopes(struct api_doc *doc, uint8_t scopes)
{
    api_doc_open_array(doc, "scopes");
    for (int bit = TRUST_SCOPE_RATES; bit <= TRUST_SCOPE_SCANS; bit *= 2) {
        if ((scopes & bit) != 0)
            api_doc_text(doc, NULL, trust_scope_name((enum trust_scope)bit));
    }
    api_doc_close_array(doc);
}

static void put_manifest(struct api_doc *doc, struct trust_bytes manifest)
{
    if (manifest.size == 0)
        api_doc_null(doc, "manifest");
    else
        api_doc_hex(doc, "manifest", manifest);
}

static void put_vouch(struct api_doc *doc, const struct trust_vouch *vouch)
{
    api_doc_key(doc, "subject", &vouch->subject, TRUST_KEY_OPERATOR);
    put_scopes(doc, vouch->scopes);
    api_doc_number(doc, "strength", vouch->strength / 1000.0);
}

static void put_rating(struct api_doc *doc, const struct trust_rating *rating)
{
    bool is_withdrawn = rating->value == TRUST_RATING_WITHDRAWN;
    api_doc_bytes(doc, "subject", rating->subject);
    put_manifest(doc, rating->manifest);
    api_doc_text(doc, "category", trust_category_name(rating->category));
    api_doc_ratio(doc, "value", !is_withdrawn, rating->value / 1000.0);
    api_doc_count(doc, "calls", rating->calls);
    api_doc_text(doc, "origin", trust_origin_name(rating->origin));
}

static void put_flag(struct api_doc *doc, const struct trust_flag *flag)
{
    api_doc_bytes(doc, "subject", flag->subject);
    put_manifest(doc, flag->manifest);
    api_doc_text(doc, "severity", trust_severity_name(flag->severity));
    api_doc_text(doc, "class", trust_class_name(flag->class_));
    api_doc_bytes(doc, "rule", flag->rule);
    api_doc_hex(
        doc, "output",
        (struct trust_bytes){.data = flag->output_digest, .size = sizeof flag->output_digest});
}

static void put_alias(struct api_doc *doc, const struct trust_alias *alias)
{
    api_doc_bytes(doc, "first", alias->first);
    api_doc_bytes(doc, "second", alias->second);
    api_doc_flag(doc, "joined", alias->state == 1);
}

static void put_revocation(struct api_doc *doc, const struct trust_revocation *revocation)
{
    struct trust_key successor;
    api_doc_text(doc, "reason", trust_revocation_reason_name(revocation->reason));
    api_doc_count(doc, "last_seq", revocation->last_seq);
    if (revocation->successor.size != sizeof successor) {
        api_doc_null(doc, "successor");
        return;
    }
    memcpy(&successor, revocation->successor.data, sizeof successor);
    api_doc_key(doc, "successor", &successor, TRUST_KEY_OPERATOR);
}

static void put_fields(struct api_doc *doc, const struct trust_record *record)
{
    switch (record->kind) {
    case TRUST_KIND_VOUCH:
        put_vouch(doc, &record->vouch);
        return;
    case TRUST_KIND_RATING:
        put_rating(doc, &record->rating);
        return;
    case TRUST_KIND_FLAG:
        put_flag(doc, &record->flag);
        return;
    case TRUST_KIND_ALIAS:
        put_alias(doc, &record->alias);
        return;
    case TRUST_KIND_REVOCATION:
        put_revocation(doc, &record->revocation);
        return;
    }
}

static bool is_void(const struct core *core, const struct trust_record *record)
{
    const struct trust_ledger *ledger = trust_engine_ledger(core->engine);
    struct trust_register place;
    uint32_t slot = 0;
    trust_register_init(&place, record);
    return trust_ledger_find_slot(ledger, &slot, &place) && trust_ledger_view(ledger, slot).is_void;
}

void record_doc_put(struct api_doc *doc, const struct core *core, struct trust_bytes record)
{
    struct trust_record decoded;
    struct trust_id id;
    enum trust_error error = trust_record_decode(&decoded, record);
    assert(error == TRUST_OK);
    trust_record_id(&id, record, &core->network);
    bool is_expired = trust_record_is_expired(&decoded, core->now.wall);
    api_doc_open_object(doc, NULL);
    api_doc_id(doc, "id", &id);
    api_doc_text(doc, "verdict", trust_error_name(is_expired ? TRUST_NO_EXPIRED : TRUST_OK));
    api_doc_flag(doc, "void", is_void(core, &decoded));
    api_doc_text(doc, "kind", trust_kind_name(decoded.kind));
    api_doc_key(doc, "author", &decoded.author, TRUST_KEY_OPERATOR);
    api_doc_count(doc, "seq", decoded.seq);
    api_doc_time(doc, "time", (struct trust_wall){.ms = decoded.seq});
    api_doc_time(doc, "expires", (struct trust_wall){.ms = decoded.expires * 1000});
    put_fields(doc, &decoded);
    api_doc_close_object(doc);
}
