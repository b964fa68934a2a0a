/* See names.h. */
#include "node/api/names.h"

#include <stdio.h>
#include <string.h>

#include "base/assert.h"
#include "node/api/api.h"
#include "node/api/body.h"
#include "node/api/consent.h"
#include "node/core.h"

#define MUTED "muted"
#define VERB_MUTE "mute"

static const char *const words[] = {KEYBOOK_NONE, MUTED};

static bool is_muted(const struct keybook_entry *entry)
{
    return strcmp(entry->word, MUTED) == 0;
}

/* A named author is kept whatever its weight; a muted one is cut off. */
static enum trust_error tell_engine(struct core *core, const struct keybook_entry *entry)
{
    enum trust_error error =
        trust_engine_name(core->engine, &entry->key, entry->name[0] != '\0', core->now);
    if (error == TRUST_OK)
        error = trust_engine_mute(core->engine, &entry->key, is_muted(entry));
    return error;
}

static enum trust_error tell_all(struct core *core)
{
    const struct keybook *book = &core->api->names;
    enum trust_error error = TRUST_OK;
    for (uint32_t i = 0; error == TRUST_OK && i < book->count; i++)
        error = tell_engine(core, &book->entries[i]);
    return error;
}

enum trust_error names_open(struct core *core)
{
    char path[TRUST_HOME_PATH_SIZE];
    uint32_t line = 0;
    trust_home_path(path, &core->home, TRUST_HOME_NAMES);
    enum trust_error error = keybook_open(&core->api->names, TRUST_KEY_OPERATOR, TRUST_NAMES_MAX);
    if (error == TRUST_OK)
        error = keybook_load(&core->api->names, &line, path);
    if (error == TRUST_OK)
        error = tell_all(core);
    if (error != TRUST_OK)
        log_write(
            &core->log, LOG_ERROR, "names",
            LOG_FIELDS(log_text("file", path), log_number("line", line), log_code("error", error)));
    return error;
}

static void put_entry(struct api_doc *doc, const struct keybook_entry *entry)
{
    api_doc_open_object(doc, NULL);
    api_doc_key(doc, "key", &entry->key, TRUST_KEY_OPERATOR);
    api_doc_text(doc, "name", entry->name[0] == '\0' ? NULL : entry->name);
    api_doc_flag(doc, "muted", is_muted(entry));
    api_doc_close_object(doc);
}

void names_list(struct api_call *call)
{
    const struct keybook *book = &call->api->names;
    struct api_doc doc = api_doc_init();
    api_doc_open_array(&doc, NULL);
    for (uint32_t i = 0; i < book->count; i++)
        put_entry(&doc, &book->entries[i]);
    api_doc_close_array(&doc);
    api_answer(call, &doc);
}

/* True if flags count by this key: its own, or those of keys that it vouches for. Without the key
 * what they withheld is offered again. */
static bool carries_flags(struct core *core, const struct trust_key *key)
{
    const struct trust_scorer *scorer = trust_engine_scorer(core->engine, core->now);
    uint32_t index = 0;
    if (!trust_keys_find(trust_engine_keys(core->engine), &index, key))
        return false;
    struct trust_weight weight = trust_scorer_weight(scorer, index);
    return weight.t_scan > 0 || weight.pi > 0;
}

/* The entry as it will be: what the body does not speak of stays. */
static bool read_entry(struct api_call *call, struct keybook_entry *out_entry,
                       struct consent *out_consent)
{
    struct keybook_entry entry = {.word = KEYBOOK_NONE};
    if (!api_check_key(call, &entry.key, "key", call->request.segments[2], TRUST_KEY_OPERATOR))
        return false;
    const struct keybook_entry *before = keybook_find(&call->api->names, &entry.key);
    if (before != NULL)
        entry = *before;
    struct api_body body = api_body_open(call);
    const char *name = api_body_optional_text(&body, "name", TRUST_PETNAME_SIZE_MAX, NULL);
    bool muted = api_body_optional_flag(&body, "muted", is_muted(&entry));
    bool unnames = api_body_is_null(&body, "name");
    *out_consent = consent_read(&body);
    if (!api_body_end(&body))
        return false;
    if (name != NULL || unnames)
        (void)snprintf(entry.name, sizeof entry.name, "%s", name == NULL ? "" : name);
    (void)snprintf(entry.word, sizeof entry.word, "%s", words[muted]);
    *out_entry = entry;
    return true;
}

static enum trust_error put_in_book(struct core *core, const struct keybook_entry *entry)
{
    struct keybook *book = &core->api->names;
    bool is_empty = entry->name[0] == '\0' && !is_muted(entry);
    if (!is_empty)
        return keybook_put(book, entry);
    return keybook_find(book, &entry->key) == NULL ? TRUST_OK : keybook_remove(book, &entry->key);
}

/* Takes an entry back to what it was before. The engine may have no room for the key itself: then
 * it has not taken the new one either. */
static void undo(struct core *core, const struct keybook_entry *before)
{
    enum trust_error error = put_in_book(core, before);
    assert(error == TRUST_OK); /* there was room for it before */
    error = tell_engine(core, before);
    if (error != TRUST_OK)
        log_write(&core->log, LOG_WARN, "names", LOG_FIELDS(log_code("error", error)));
}

/* False: the call was refused. */
static bool may_mute(struct api_call *call, const struct keybook_entry *entry,
                     const struct consent *consent)
{
    const struct consent_order order = {.verb = VERB_MUTE, .subject = call->request.segments[2]};
    return !is_muted(entry) || !carries_flags(call->core, &entry->key) ||
           consent_check(call, consent, &order);
}

void names_set(struct api_call *call)
{
    struct core *core = call->core;
    struct keybook_entry entry;
    struct consent consent;
    if (!read_entry(call, &entry, &consent) || !may_mute(call, &entry, &consent))
        return;
    struct keybook_entry before = {.key = entry.key, .word = KEYBOOK_NONE};
    const struct keybook_entry *found = keybook_find(&call->api->names, &entry.key);
    if (found != NULL)
        before = *found;
    char path[TRUST_HOME_PATH_SIZE];
    trust_home_path(path, &core->home, TRUST_HOME_NAMES);
    enum trust_error error = put_in_book(core, &entry);
    if (error == TRUST_OK)
        error = tell_engine(core, &entry);
    if (error == TRUST_OK)
        error = keybook_save(&call->api->names, path);
    if (error != TRUST_OK) {
        undo(core, &before);
        api_refuse(call, error, NULL, "the name could not be kept");
    } else {
        struct api_doc doc = api_doc_init();
        put_entry(&doc, &entry);
        api_answer(call, &doc);
    }
    pump_run(core);
}
