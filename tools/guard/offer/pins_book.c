/* See pins_book.h. */
#include "guard/offer/pins_book.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/assert.h"
#include "base/date.h"
#include "record/statement.h"

/* seen_s only says which entry makes room: it need not be stored at each start. */
#define DAY_S 86400

const char *pins_state_name(enum pin_state state)
{
    static const char *const names[PIN_STATES] = {
        [PIN_FIRST] = "first",     [PIN_SAME] = "same",         [PIN_CHANGED] = "changed",
        [PIN_PENDING] = "pending", [PIN_REJECTED] = "rejected", [PIN_BAD] = "bad",
    };
    return names[state];
}

/* ---- memory ---- */

static char *copy(struct trust_bytes bytes)
{
    char *text = malloc(bytes.size + 1);
    if (text == NULL)
        return NULL;
    if (bytes.size > 0)
        memcpy(text, bytes.data, bytes.size);
    text[bytes.size] = '\0';
    return text;
}

static void clear_form(struct pins_form *form)
{
    free(form->text);
    *form = (struct pins_form){0};
}

static void clear_server(struct pins_server *server)
{
    free(server->text);
    *server = (struct pins_server){0};
}

static void clear_entry(struct pins_entry *entry)
{
    for (size_t i = 0; i < entry->count; i++) {
        free(entry->tools[i].name);
        clear_form(&entry->tools[i].pinned);
        clear_form(&entry->tools[i].offered);
    }
    free(entry->tools);
    clear_server(&entry->pinned);
    clear_server(&entry->offered);
    *entry = (struct pins_entry){0};
}

void pins_book_close(struct pins_book *book)
{
    for (size_t i = 0; i < book->count; i++)
        clear_entry(&book->entries[i]);
    free(book->entries);
    *book = (struct pins_book){0};
}

static bool grow(void **array, size_t *capacity, size_t count, size_t item_size)
{
    if (count < *capacity)
        return true;
    size_t more = *capacity == 0 ? 8 : 2 * *capacity;
    void *larger = realloc(*array, more * item_size);
    if (larger == NULL)
        return false;
    *array = larger;
    *capacity = more;
    return true;
}

/* ---- entries ---- */

struct pins_entry *pins_book_find(const struct pins_book *book, const char *subject,
                                  const uint8_t capabilities[DIGEST_SIZE])
{
    for (size_t i = 0; i < book->count; i++) {
        struct pins_entry *entry = &book->entries[i];
        if (strcmp(entry->subject, subject) == 0 &&
            memcmp(entry->capabilities, capabilities, DIGEST_SIZE) == 0)
            return entry;
    }
    return NULL;
}

static struct pins_entry *oldest(const struct pins_book *book)
{
    struct pins_entry *found = &book->entries[0];
    for (size_t i = 1; i < book->count; i++)
        if (book->entries[i].seen_s < found->seen_s)
            found = &book->entries[i];
    return found;
}

struct pins_entry *pins_book_add(struct pins_book *book, const char *subject,
                                 const uint8_t capabilities[DIGEST_SIZE], uint64_t now_s)
{
    struct pins_entry *entry = NULL;
    if (book->count == TRUST_PINS_ENTRIES_MAX) {
        entry = oldest(book);
        clear_entry(entry);
    } else {
        void *entries = book->entries;
        bool has_grown = grow(&entries, &book->capacity, book->count, sizeof *book->entries);
        book->entries = entries;
        if (!has_grown)
            return NULL;
        entry = &book->entries[book->count++];
    }
    *entry = (struct pins_entry){.first_s = now_s, .seen_s = now_s};
    assert(strlen(subject) < sizeof entry->subject);
    (void)snprintf(entry->subject, sizeof entry->subject, "%s", subject);
    memcpy(entry->capabilities, capabilities, DIGEST_SIZE);
    return entry;
}

struct pins_tool *pins_entry_find(const struct pins_entry *entry, struct trust_bytes name)
{
    for (size_t i = 0; i < entry->count; i++)
        if (trust_bytes_equal(trust_bytes_text(entry->tools[i].name), name))
            return &entry->tools[i];
    return NULL;
}

struct pins_tool *pins_entry_add(struct pins_entry *entry, struct trust_bytes name)
{
    char *text = copy(name);
    void *tools = entry->tools;
    bool has_grown =
        text != NULL && grow(&tools, &entry->capacity, entry->count, sizeof *entry->tools);
    entry->tools = tools;
    if (!has_grown) {
        free(text);
        return NULL;
    }
    struct pins_tool *tool = &entry->tools[entry->count++];
    *tool = (struct pins_tool){.name = text};
    return tool;
}

/* ---- belief ---- */

enum trust_error pins_entry_digest(uint8_t out_digest[DIGEST_SIZE], const struct pins_entry *entry)
{
    uint8_t(*digests)[DIGEST_SIZE] = calloc(entry->count + 1, DIGEST_SIZE);
    size_t count = 0;
    if (digests == NULL)
        return TRUST_FAIL_MEMORY;
    for (size_t i = 0; i < entry->count; i++)
        if (entry->tools[i].pinned.text != NULL)
            memcpy(digests[count++], entry->tools[i].pinned.digest, DIGEST_SIZE);
    manifest_hash(out_digest, digests, count, &entry->pinned.extras);
    free(digests);
    return TRUST_OK;
}

enum trust_error pins_entry_statement(char out_text[PINS_STATEMENT_SIZE],
                                      const struct pins_entry *entry)
{
    uint8_t digest[DIGEST_SIZE];
    char hex[DIGEST_HEX_SIZE];
    char date[TRUST_DATE_SIZE];
    enum trust_error error = pins_entry_digest(digest, entry);
    if (error != TRUST_OK)
        return error;
    digest_hex(hex, digest);
    trust_date_encode(date, entry->accepted_s);
    (void)snprintf(out_text, PINS_STATEMENT_SIZE, "%s\n%s\n%s", entry->subject, hex, date);
    return TRUST_OK;
}

bool pins_entry_is_believed(const struct pins_entry *entry, const struct trust_key *operator_key,
                            bool is_confirmed)
{
    char statement[PINS_STATEMENT_SIZE];
    if (entry->accepted_s == 0)
        return !is_confirmed;
    if (operator_key == NULL)
        return true;
    return entry->has_signature && pins_entry_statement(statement, entry) == TRUST_OK &&
           trust_statement_verify(entry->signature, operator_key, TRUST_PURPOSE_PIN,
                                  trust_bytes_text(statement)) == TRUST_OK;
}

/* ---- judging ---- */

struct bout {
    const struct pins_sight *sight;
    struct pins_entry *entry;
    struct pins_verdict *verdict;
    bool is_first;    /* all that is seen is pinned */
    bool is_believed; /* what is pinned counts */
};

static bool set_form(struct pins_form *form, const struct manifest_tool *tool)
{
    char *text = copy(tool->definition);
    if (text == NULL)
        return false;
    clear_form(form);
    form->text = text;
    memcpy(form->digest, tool->digest, DIGEST_SIZE);
    return true;
}

static bool is_form(const struct pins_form *form, const struct manifest_tool *tool)
{
    return form->text != NULL && memcmp(form->digest, tool->digest, DIGEST_SIZE) == 0;
}

static bool is_refused(const struct pins_tool *row, const struct manifest_tool *tool)
{
    return row->is_rejected && memcmp(row->rejected, tool->digest, DIGEST_SIZE) == 0;
}

static enum trust_error judge_known(struct bout *bout, struct pins_tool *row,
                                    const struct manifest_tool *tool, enum pin_state *out_state)
{
    if (is_form(&row->pinned, tool)) {
        if (row->offered.text != NULL)
            bout->verdict->has_changed = true;
        clear_form(&row->offered);
        *out_state = bout->is_believed ? PIN_SAME : PIN_PENDING;
    } else {
        if (!is_form(&row->offered, tool)) {
            if (!set_form(&row->offered, tool))
                return TRUST_FAIL_MEMORY;
            row->since_s = bout->sight->now_s;
            bout->verdict->has_changed = true;
        }
        *out_state = bout->sight->is_confirmed || !bout->is_believed ? PIN_PENDING : PIN_CHANGED;
        bout->verdict->changed += bout->is_believed;
    }
    if (is_refused(row, tool))
        *out_state = PIN_REJECTED;
    return TRUST_OK;
}

static enum trust_error judge_tool(struct bout *bout, const struct manifest_tool *tool,
                                   enum pin_state *out_state)
{
    *out_state = PIN_BAD;
    if (tool->is_bad)
        return TRUST_OK;
    struct pins_tool *row = pins_entry_find(bout->entry, tool->name);
    if (row != NULL)
        return judge_known(bout, row, tool, out_state);
    *out_state = PIN_CHANGED;
    if (bout->entry->count == TRUST_PINS_TOOLS_MAX) {
        bout->verdict->changed++;
        return TRUST_OK;
    }
    row = pins_entry_add(bout->entry, tool->name);
    if (row == NULL)
        return TRUST_FAIL_MEMORY;
    if (!bout->is_first)
        return judge_known(bout, row, tool, out_state);
    row->since_s = bout->sight->now_s;
    *out_state = PIN_FIRST;
    return set_form(&row->pinned, tool) ? TRUST_OK : TRUST_FAIL_MEMORY;
}

static bool is_text(const struct pins_server *server, struct trust_bytes text)
{
    return server->text != NULL && trust_bytes_equal(trust_bytes_text(server->text), text);
}

/* What is pinned of prompts and templates is the digest of all of them, so they wait together.
 * Where there are none there is nothing to withhold. */
static void judge_extras(struct bout *bout)
{
    const struct manifest *manifest = bout->sight->manifest;
    const struct manifest_extras *extras = manifest_extras(manifest);
    const struct pins_server *pinned = &bout->entry->pinned;
    bool is_known = bout->is_believed && pinned->text != NULL;
    bool has_prompts =
        is_known && memcmp(pinned->extras.prompts, extras->prompts, DIGEST_SIZE) == 0;
    bool has_templates =
        is_known && memcmp(pinned->extras.templates, extras->templates, DIGEST_SIZE) == 0;
    bout->verdict->holds_prompts = !has_prompts && manifest_lists(manifest, MANIFEST_PROMPTS);
    bout->verdict->holds_templates = !has_templates && manifest_lists(manifest, MANIFEST_TEMPLATES);
}

/* Of the greeting only what is pinned matters; the rest is kept as it was last. */
static enum trust_error judge_server(struct bout *bout)
{
    struct pins_entry *entry = bout->entry;
    struct trust_bytes text = manifest_server(bout->sight->manifest);
    const struct manifest_extras *extras = manifest_extras(bout->sight->manifest);
    bool is_same =
        entry->pinned.text != NULL && memcmp(&entry->pinned.extras, extras, sizeof *extras) == 0;
    struct pins_server *place = bout->is_first || is_same ? &entry->pinned : &entry->offered;
    if (text.size == 0)
        text = trust_bytes_text("{}");
    bout->verdict->is_server_changed = place == &entry->offered && entry->pinned.text != NULL;
    if (place == &entry->pinned && entry->offered.text != NULL) {
        clear_server(&entry->offered);
        bout->verdict->has_changed = true;
    }
    if (is_text(place, text) && memcmp(&place->extras, extras, sizeof *extras) == 0)
        return TRUST_OK;
    char *kept = copy(text);
    if (kept == NULL)
        return TRUST_FAIL_MEMORY;
    free(place->text);
    place->text = kept;
    place->extras = *extras;
    bout->verdict->has_changed = true;
    return TRUST_OK;
}

static enum trust_error open_bout(struct bout *bout, struct pins_book *book)
{
    const struct pins_sight *sight = bout->sight;
    bout->entry = pins_book_find(book, sight->subject, sight->capabilities);
    if (bout->entry == NULL) {
        bout->entry = pins_book_add(book, sight->subject, sight->capabilities, sight->now_s);
        if (bout->entry == NULL)
            return TRUST_FAIL_MEMORY;
        bout->is_first = !sight->is_confirmed;
        bout->is_believed = bout->is_first;
        bout->verdict->has_changed = true;
        return TRUST_OK;
    }
    bout->is_believed =
        pins_entry_is_believed(bout->entry, sight->operator_key, sight->is_confirmed);
    bout->verdict->is_forged = !bout->is_believed && bout->entry->accepted_s > 0;
    if (sight->now_s >= bout->entry->seen_s + DAY_S) {
        bout->entry->seen_s = sight->now_s;
        bout->verdict->has_changed = true;
    }
    return TRUST_OK;
}

enum trust_error pins_book_judge(struct pins_book *book, struct pins_verdict *out_verdict,
                                 enum pin_state *out_states, const struct pins_sight *sight)
{
    struct pins_verdict verdict = {0};
    struct bout bout = {.sight = sight, .verdict = &verdict};
    enum trust_error error = open_bout(&bout, book);
    for (size_t i = 0; error == TRUST_OK && i < manifest_count(sight->manifest); i++) {
        error = judge_tool(&bout, manifest_at(sight->manifest, i), &out_states[i]);
        if (error == TRUST_OK)
            verdict.counts[out_states[i]]++;
    }
    if (error == TRUST_OK)
        error = judge_server(&bout);
    if (error == TRUST_OK) {
        judge_extras(&bout);
        *out_verdict = verdict;
    }
    return error;
}

enum pin_state pins_tool_state(const struct pins_tool *tool)
{
    const struct pins_form *shown = tool->offered.text != NULL ? &tool->offered : &tool->pinned;
    if (tool->is_rejected && memcmp(tool->rejected, shown->digest, DIGEST_SIZE) == 0)
        return PIN_REJECTED;
    if (tool->pinned.text == NULL)
        return PIN_PENDING;
    return tool->offered.text != NULL ? PIN_CHANGED : PIN_SAME;
}

/* ---- the operator ---- */

static void accept_tool(struct pins_tool *tool)
{
    if (tool->offered.text != NULL) {
        clear_form(&tool->pinned);
        tool->pinned = tool->offered;
        tool->offered = (struct pins_form){0};
    }
    tool->is_rejected = false;
}

/* Back to what waits for the operator. */
static void doubt(struct pins_entry *entry)
{
    for (size_t i = 0; i < entry->count; i++) {
        struct pins_tool *tool = &entry->tools[i];
        if (tool->offered.text == NULL)
            tool->offered = tool->pinned;
        else
            clear_form(&tool->pinned);
        tool->pinned = (struct pins_form){0};
    }
    if (entry->offered.text == NULL)
        entry->offered = entry->pinned;
    else
        clear_server(&entry->pinned);
    entry->pinned = (struct pins_server){0};
}

enum trust_error pins_entry_accept(struct pins_entry *entry, const char *tool, bool is_believed,
                                   uint64_t now_s)
{
    struct pins_tool *row = NULL;
    if (tool != NULL) {
        row = pins_entry_find(entry, trust_bytes_text(tool));
        if (row == NULL)
            return TRUST_NO_FOUND;
    }
    if (!is_believed)
        doubt(entry);
    if (row != NULL)
        accept_tool(row);
    for (size_t i = 0; row == NULL && i < entry->count; i++)
        accept_tool(&entry->tools[i]);
    if (row == NULL && entry->offered.text != NULL) {
        clear_server(&entry->pinned);
        entry->pinned = entry->offered;
        entry->offered = (struct pins_server){0};
    }
    entry->accepted_s = now_s;
    entry->has_signature = false;
    return TRUST_OK;
}

static void reject_form(struct pins_tool *tool, const struct pins_form *form)
{
    tool->is_rejected = true;
    memcpy(tool->rejected, form->digest, DIGEST_SIZE);
}

enum trust_error pins_entry_reject(struct pins_entry *entry, const char *tool)
{
    if (tool != NULL) {
        struct pins_tool *row = pins_entry_find(entry, trust_bytes_text(tool));
        if (row == NULL)
            return TRUST_NO_FOUND;
        reject_form(row, row->offered.text != NULL ? &row->offered : &row->pinned);
        return TRUST_OK;
    }
    for (size_t i = 0; i < entry->count; i++)
        if (entry->tools[i].offered.text != NULL)
            reject_form(&entry->tools[i], &entry->tools[i].offered);
    return TRUST_OK;
}
