/*
 * See ignored.h. A flag is named by its record's id, or as much of it as no other flag has, or by
 * its register, which does not change when the scanner signs it anew and is known when nobody holds
 * a record of it any more. What is signed is always the whole id.
 */
#include "node/api/ignored.h"

#include <sodium.h>
#include <string.h>

#include "base/assert.h"
#include "base/bytes.h"
#include "base/line.h"
#include "node/api/api.h"
#include "node/api/body.h"
#include "node/api/consent.h"
#include "node/core.h"
#include "record/words.h"

#define ID_DIGITS 64
#define ID_DIGITS_MIN 8
#define REGISTER_DIGITS 32

/* A flag that was asked for. */
struct found {
    struct flagbook_entry entry;
    bool is_ignored;
};

/* What is held of a flag, as far as anything is. */
struct held {
    struct trust_id id;
    bool is_held;
    bool is_read; /* flag points into bytes */
    struct trust_record flag;
    uint8_t bytes[TRUST_RECORD_SIZE_MAX];
};

enum trust_error ignored_open(struct core *core)
{
    char path[TRUST_HOME_PATH_SIZE];
    uint32_t line = 0;
    trust_home_path(path, &core->home, TRUST_HOME_IGNORED);
    enum trust_error error = flagbook_open(&core->ignored, TRUST_IGNORED_FLAGS_MAX);
    if (error == TRUST_OK)
        error = flagbook_load(&core->ignored, &line, path);
    for (uint32_t i = 0; error == TRUST_OK && i < core->ignored.count; i++)
        error = trust_engine_ignore_flag(core->engine, &core->ignored.entries[i].place, true);
    if (error != TRUST_OK)
        log_write(
            &core->log, LOG_ERROR, "ignored",
            LOG_FIELDS(log_text("file", path), log_number("line", line), log_code("error", error)));
    return error;
}

/* ---- what the node holds ---- */

/* The record of a slot. It may not be on the disk yet, or damaged there. */
static void read_slot(const struct core *core, struct held *out_held, uint32_t slot)
{
    struct trust_ledger_view view = trust_ledger_view(trust_engine_ledger(core->engine), slot);
    size_t size = 0;
    const struct store_change place = {
        .author = *trust_keys_at(trust_engine_keys(core->engine), view.author),
        .seq = view.seq,
        .id = *view.ids[0]};
    out_held->id = place.id;
    out_held->is_held = true;
    out_held->is_read =
        store_read_one(core->store, out_held->bytes, &size, &place) == TRUST_OK &&
        trust_record_decode(&out_held->flag, (struct trust_bytes){.data = out_held->bytes,
                                                                  .size = size}) == TRUST_OK;
}

static void read_place(const struct core *core, struct held *out_held,
                       const struct trust_register *place)
{
    uint32_t slot = 0;
    out_held->is_held = false;
    out_held->is_read = false;
    if (trust_ledger_find_slot(trust_engine_ledger(core->engine), &slot, place))
        read_slot(core, out_held, slot);
}

/* ---- documents ---- */

static void put_entry(struct api_doc *doc, const struct flagbook_entry *entry)
{
    api_doc_hex(
        doc, "register",
        (struct trust_bytes){.data = entry->place.digest, .size = sizeof entry->place.digest});
    api_doc_key(doc, "scanner", &entry->author, TRUST_KEY_OPERATOR);
    api_doc_text(doc, "subject", entry->subject);
    if (entry->has_manifest)
        api_doc_hex(doc, "manifest",
                    (struct trust_bytes){.data = entry->manifest, .size = sizeof entry->manifest});
    else
        api_doc_null(doc, "manifest");
    api_doc_text(doc, "class", trust_class_name(entry->class_));
    api_doc_text(doc, "rule", entry->rule);
}

static void put_row(struct api_doc *doc, const struct core *core, const struct found *found)
{
    struct held held;
    read_place(core, &held, &found->entry.place);
    api_doc_open_object(doc, NULL);
    if (held.is_held)
        api_doc_id(doc, "record", &held.id);
    else
        api_doc_null(doc, "record");
    put_entry(doc, &found->entry);
    api_doc_text(doc, "severity",
                 held.is_read ? trust_severity_name(held.flag.flag.severity) : NULL);
    api_doc_time(doc, "time", (struct trust_wall){.ms = held.is_read ? held.flag.seq : 0});
    api_doc_flag(doc, "ignored", found->is_ignored);
    api_doc_close_object(doc);
}

static void answer(struct api_call *call, const struct found *found)
{
    struct api_doc doc = api_doc_init();
    put_row(&doc, call->core, found);
    api_answer(call, &doc);
}

void ignored_list(struct api_call *call)
{
    const struct flagbook *book = &call->core->ignored;
    struct api_doc doc = api_doc_init();
    api_doc_open_array(&doc, NULL);
    for (uint32_t i = 0; i < book->count; i++) {
        const struct found found = {.entry = book->entries[i], .is_ignored = true};
        put_row(&doc, call->core, &found);
    }
    api_doc_close_array(&doc);
    api_answer(call, &doc);
}

/* ---- which flag ---- */

/* The bytes of a prefix, an odd digit in the upper half of the last; false: no hex digits. */
static bool read_prefix(struct trust_id *out_prefix, const char *text, size_t digits)
{
    char whole[ID_DIGITS + 1];
    memset(whole, '0', sizeof whole);
    memcpy(whole, text, digits);
    return trust_line_hex(out_prefix->bytes, sizeof out_prefix->bytes,
                          (struct trust_bytes){.data = (const uint8_t *)whole, .size = ID_DIGITS});
}

static bool find_register(const struct core *core, struct found *out_found, const char *text)
{
    struct trust_register place;
    if (!trust_line_hex(place.digest, sizeof place.digest, trust_bytes_text(text)))
        return false;
    const struct flagbook_entry *entry = flagbook_find(&core->ignored, &place);
    if (entry != NULL)
        *out_found = (struct found){.entry = *entry, .is_ignored = true};
    return entry != NULL;
}

static void refuse_search(struct api_call *call, enum trust_error error)
{
    if (error == TRUST_NO_CONFLICT)
        api_refuse(call, error, "give more digits", "the ids of several flags begin so");
    else
        api_refuse(call, error, "the score's `flags` and GET /v1/ignored have the ids",
                   "no flag of this id is held or ignored");
}

/* The flag of a slot; refused while its record is not on the disk. */
static bool take_slot(struct api_call *call, struct found *out_found, uint32_t slot)
{
    struct held held;
    struct trust_ledger_view view =
        trust_ledger_view(trust_engine_ledger(call->core->engine), slot);
    const struct flagbook_entry *entry = flagbook_find(&call->core->ignored, &view.place);
    *out_found = (struct found){.is_ignored = entry != NULL};
    if (entry != NULL) {
        out_found->entry = *entry;
        return true;
    }
    read_slot(call->core, &held, slot);
    if (!held.is_read) {
        api_refuse(call, TRUST_NO_BUSY, "try again in a second", "the record is not on the disk");
        return false;
    }
    out_found->entry = flagbook_entry_of(&held.flag);
    return true;
}

/* False: refused. */
static bool find(struct api_call *call, struct found *out_found)
{
    const char *text = call->request.segments[2];
    size_t digits = strlen(text);
    struct trust_id prefix;
    uint32_t slot = 0;
    if (digits < ID_DIGITS_MIN || digits > ID_DIGITS || !read_prefix(&prefix, text, digits)) {
        api_refuse(call, TRUST_NO_RANGE, NULL, "record: not %d to %d hex digits", ID_DIGITS_MIN,
                   ID_DIGITS);
        return false;
    }
    if (digits == REGISTER_DIGITS && find_register(call->core, out_found, text))
        return true;
    enum trust_error error =
        trust_engine_find_flag(call->core->engine, &slot, &prefix, (uint32_t)digits);
    if (error == TRUST_OK)
        return take_slot(call, out_found, slot);
    refuse_search(call, error);
    return false;
}

void ignored_show(struct api_call *call)
{
    struct found found;
    if (find(call, &found))
        answer(call, &found);
}

/* ---- orders ---- */

struct order {
    bool ignored;
    const char *reason; /* the operator's words; NULL: none */
    struct consent consent;
};

static bool read_order(struct api_call *call, struct order *order)
{
    struct api_body body = api_body_open(call);
    bool is_said = api_body_has(&body, "ignored");
    order->ignored = api_body_optional_flag(&body, "ignored", false);
    order->reason = api_body_optional_text(&body, "reason", TRUST_REASON_SIZE_MAX, NULL);
    order->consent = consent_read(&body);
    if (!api_body_end(&body))
        return false;
    if (!is_said)
        api_refuse(call, TRUST_NO_TYPE, NULL, "/ignored: missing");
    return is_said;
}

/* Over the whole id, so that nobody can put another flag of the same first digits in its place. */
static bool has_consent(struct api_call *call, const struct order *order, const struct found *found)
{
    char id[ID_DIGITS + 1];
    struct held held;
    read_place(call->core, &held, &found->entry.place);
    assert(held.is_held);
    (void)sodium_bin2hex(id, sizeof id, held.id.bytes, sizeof held.id.bytes);
    const struct consent_order signed_order = {.verb = "ignore", .subject = id};
    return consent_check(call, &order->consent, &signed_order);
}

static enum trust_error put_in_book(struct core *core, const struct flagbook_entry *entry,
                                    bool ignored)
{
    return ignored ? flagbook_add(&core->ignored, entry)
                   : flagbook_remove(&core->ignored, &entry->place);
}

/* The file is written before the answer; what it does not take is as it was. */
static enum trust_error carry_out(struct core *core, const struct flagbook_entry *entry,
                                  bool ignored)
{
    char path[TRUST_HOME_PATH_SIZE];
    trust_home_path(path, &core->home, TRUST_HOME_IGNORED);
    enum trust_error error = put_in_book(core, entry, ignored);
    if (error != TRUST_OK)
        return error;
    error = flagbook_save(&core->ignored, path);
    if (error != TRUST_OK) {
        enum trust_error undone = put_in_book(core, entry, !ignored);
        assert(undone == TRUST_OK); /* there was room for it before */
        return error;
    }
    error = trust_engine_ignore_flag(core->engine, &entry->place, ignored);
    assert(error == TRUST_OK); /* the engine has as much room as the book */
    return TRUST_OK;
}

static void note(const struct api_call *call, const struct order *order, const struct found *found)
{
    log_write(&call->core->log, LOG_WARN, "flag_order",
              LOG_FIELDS(log_text("subject", found->entry.subject),
                         log_text("class", trust_class_name(found->entry.class_)),
                         log_text("rule", found->entry.rule), log_number("ignored", order->ignored),
                         log_number("uid", call->request.uid),
                         log_text("reason", order->reason == NULL ? "" : order->reason)));
}

void ignored_set(struct api_call *call)
{
    struct order order;
    struct found found;
    if (!read_order(call, &order) || !find(call, &found))
        return;
    if (order.ignored == found.is_ignored) {
        answer(call, &found);
        return;
    }
    if (order.ignored && !has_consent(call, &order, &found))
        return;
    enum trust_error error = carry_out(call->core, &found.entry, order.ignored);
    if (error == TRUST_NO_ROOM && call->core->ignored.count == TRUST_IGNORED_FLAGS_MAX) {
        api_refuse(call, error, "hear some of them again", "%d flags are ignored already",
                   TRUST_IGNORED_FLAGS_MAX);
    } else if (error != TRUST_OK) {
        api_refuse(call, error, NULL, "the order could not be kept");
    } else {
        note(call, &order, &found);
        found.is_ignored = order.ignored;
        answer(call, &found);
    }
    pump_run(call->core);
}
