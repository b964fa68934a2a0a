/*
 * See pins_text.h. Every object has a table of its members; reading and writing follow the same
 * table. Definitions are texts within the text, byte for byte as the server wrote them, since that
 * is what the client is shown.
 */
#include "guard/offer/pins_text.h"

#include <jansson.h>
#include <sodium.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "trust/subject.h"

#include "base/date.h"
#include "base/utf8.h"
#include "guard/offer/manifest.h"

/* The reading of one text. */
struct reader {
    struct pins_place *place;
    char path[96]; /* of the object that is read */
};

static enum trust_error refuse(struct reader *reader, enum trust_error error, const char *format,
                               ...) __attribute__((format(printf, 3, 4)));

static enum trust_error refuse(struct reader *reader, enum trust_error error, const char *format,
                               ...)
{
    char text[PINS_PLACE_SIZE - 96];
    va_list arguments;
    va_start(arguments, format);
    (void)vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    (void)snprintf(reader->place->text, sizeof reader->place->text, "%s%s", reader->path, text);
    trust_utf8_make_plain(reader->place->text);
    return error;
}

/* ---- members ---- */

/* names: NULL-terminated. */
static enum trust_error check_members(struct reader *reader, json_t *object,
                                      const char *const *names)
{
    const char *key;
    json_t *value;
    if (!json_is_object(object))
        return refuse(reader, TRUST_NO_TYPE, ": is no object");
    json_object_foreach(object, key, value)
    {
        size_t i = 0;
        while (names[i] != NULL && strcmp(names[i], key) != 0)
            i++;
        if (names[i] == NULL)
            return refuse(reader, TRUST_NO_OPTION, ".%.32s: is not known", key);
    }
    return TRUST_OK;
}

static enum trust_error read_text(struct reader *reader, const char **out_text, json_t *object,
                                  const char *name)
{
    const json_t *value = json_object_get(object, name);
    if (!json_is_string(value))
        return refuse(reader, TRUST_NO_TYPE, ".%s: is no text", name);
    if (strlen(json_string_value(value)) != json_string_length(value))
        return refuse(reader, TRUST_NO_RANGE, ".%s: has a NUL", name);
    *out_text = json_string_value(value);
    return TRUST_OK;
}

static enum trust_error read_hex(struct reader *reader, uint8_t *out_bytes, size_t size,
                                 json_t *object, const char *name)
{
    const char *text = NULL;
    size_t read = 0;
    enum trust_error error = read_text(reader, &text, object, name);
    if (error != TRUST_OK)
        return error;
    if (strlen(text) != 2 * size ||
        sodium_hex2bin(out_bytes, size, text, 2 * size, NULL, &read, NULL) != 0 || read != size)
        return refuse(reader, TRUST_NO_RANGE, ".%s: is not %zu hex digits", name, 2 * size);
    return TRUST_OK;
}

static enum trust_error read_date(struct reader *reader, uint64_t *out_s, json_t *object,
                                  const char *name)
{
    const char *text = NULL;
    enum trust_error error = read_text(reader, &text, object, name);
    if (error == TRUST_OK && !trust_date_decode(out_s, trust_bytes_text(text)))
        error = refuse(reader, TRUST_NO_RANGE, ".%s: is no date", name);
    return error;
}

/* ---- definitions ---- */

/* What a text gives when it is read as a server's. */
static enum trust_error read_again(struct manifest **out_manifest, const char *tool,
                                   const char *server)
{
    struct manifest *manifest = NULL;
    enum trust_error error = manifest_new(&manifest);
    if (error == TRUST_OK && tool != NULL)
        error = manifest_add_tool(manifest, trust_bytes_text(tool));
    if (error == TRUST_OK && server != NULL)
        error = manifest_set_server(manifest, trust_bytes_text(server));
    if (error != TRUST_OK) {
        manifest_free(manifest);
        return error;
    }
    manifest_finish(manifest);
    *out_manifest = manifest;
    return TRUST_OK;
}

static bool is_definition(const char *text, const char *name, const uint8_t digest[DIGEST_SIZE])
{
    struct manifest *manifest = NULL;
    if (read_again(&manifest, text, NULL) != TRUST_OK)
        return false;
    const struct manifest_tool *tool =
        manifest_count(manifest) == 1 ? manifest_at(manifest, 0) : NULL;
    bool is_it = tool != NULL && !tool->is_bad &&
                 trust_bytes_equal(tool->name, trust_bytes_text(name)) &&
                 memcmp(tool->digest, digest, DIGEST_SIZE) == 0;
    manifest_free(manifest);
    return is_it;
}

static enum trust_error read_form(struct reader *reader, struct pins_form *out_form, json_t *object,
                                  const char *name)
{
    static const char *const members[] = {"digest", "definition", NULL};
    const char *text = NULL;
    if (json_is_null(object))
        return TRUST_OK;
    enum trust_error error = check_members(reader, object, members);
    if (error == TRUST_OK)
        error = read_hex(reader, out_form->digest, DIGEST_SIZE, object, "digest");
    if (error == TRUST_OK)
        error = read_text(reader, &text, object, "definition");
    if (error == TRUST_OK && !is_definition(text, name, out_form->digest))
        error = refuse(reader, TRUST_FAIL_CORRUPT, ".definition: is not that of the digest");
    if (error == TRUST_OK)
        out_form->text = strdup(text);
    return error == TRUST_OK && out_form->text == NULL ? TRUST_FAIL_MEMORY : error;
}

static enum trust_error check_greeting(struct reader *reader, const struct pins_server *server,
                                       const char *text)
{
    struct manifest *manifest = NULL;
    enum trust_error error = read_again(&manifest, NULL, text);
    if (error < TRUST_OK)
        return error;
    if (error != TRUST_OK)
        return refuse(reader, TRUST_NO_RANGE, ".greeting: is no answer of a server");
    bool is_it = memcmp(manifest_extras(manifest)->instructions, server->extras.instructions,
                        DIGEST_SIZE) == 0;
    manifest_free(manifest);
    return is_it ? TRUST_OK
                 : refuse(reader, TRUST_FAIL_CORRUPT, ".greeting: is not that of the digest");
}

static enum trust_error read_server(struct reader *reader, struct pins_server *out_server,
                                    json_t *object)
{
    static const char *const members[] = {"instructions", "prompts", "templates", "greeting", NULL};
    const char *text = NULL;
    struct manifest_extras *extras = &out_server->extras;
    if (json_is_null(object))
        return TRUST_OK;
    enum trust_error error = check_members(reader, object, members);
    if (error == TRUST_OK)
        error = read_hex(reader, extras->instructions, DIGEST_SIZE, object, "instructions");
    if (error == TRUST_OK)
        error = read_hex(reader, extras->prompts, DIGEST_SIZE, object, "prompts");
    if (error == TRUST_OK)
        error = read_hex(reader, extras->templates, DIGEST_SIZE, object, "templates");
    if (error == TRUST_OK)
        error = read_text(reader, &text, object, "greeting");
    if (error == TRUST_OK)
        error = check_greeting(reader, out_server, text);
    if (error == TRUST_OK)
        out_server->text = strdup(text);
    return error == TRUST_OK && out_server->text == NULL ? TRUST_FAIL_MEMORY : error;
}

/* ---- tools ---- */

/* Reads the member below its own path. */
static enum trust_error read_form_at(struct reader *reader, struct pins_form *out_form,
                                     json_t *object, const char *member, const char *name)
{
    struct reader inner = {.place = reader->place};
    (void)snprintf(inner.path, sizeof inner.path, "%.80s.%s", reader->path, member);
    return read_form(&inner, out_form, json_object_get(object, member), name);
}

static enum trust_error read_tool_members(struct reader *reader, struct pins_tool *tool,
                                          json_t *object)
{
    enum trust_error error = read_date(reader, &tool->since_s, object, "since");
    if (error == TRUST_OK)
        error = read_form_at(reader, &tool->pinned, object, "pinned", tool->name);
    if (error == TRUST_OK)
        error = read_form_at(reader, &tool->offered, object, "offered", tool->name);
    if (error == TRUST_OK && tool->pinned.text == NULL && tool->offered.text == NULL)
        error = refuse(reader, TRUST_NO_RANGE, ": is neither pinned nor offered");
    tool->is_rejected = !json_is_null(json_object_get(object, "rejected"));
    if (error == TRUST_OK && tool->is_rejected)
        error = read_hex(reader, tool->rejected, DIGEST_SIZE, object, "rejected");
    return error;
}

static enum trust_error read_tool(struct reader *reader, struct pins_entry *entry, json_t *object)
{
    static const char *const members[] = {"name", "since", "pinned", "offered", "rejected", NULL};
    const char *name = NULL;
    enum trust_error error = check_members(reader, object, members);
    if (error == TRUST_OK)
        error = read_text(reader, &name, object, "name");
    if (error != TRUST_OK)
        return error;
    if (pins_entry_find(entry, trust_bytes_text(name)) != NULL)
        return refuse(reader, TRUST_NO_DUPLICATE, ".name: stands there twice");
    if (entry->count == TRUST_PINS_TOOLS_MAX)
        return refuse(reader, TRUST_NO_ROOM, ": is one tool too many");
    struct pins_tool *tool = pins_entry_add(entry, trust_bytes_text(name));
    return tool == NULL ? TRUST_FAIL_MEMORY : read_tool_members(reader, tool, object);
}

static enum trust_error read_tools(struct reader *reader, struct pins_entry *entry, json_t *tools)
{
    if (!json_is_array(tools))
        return refuse(reader, TRUST_NO_TYPE, ".tools: is no list");
    for (size_t i = 0; i < json_array_size(tools); i++) {
        struct reader inner = {.place = reader->place};
        (void)snprintf(inner.path, sizeof inner.path, "%.60s.tools[%zu]", reader->path, i);
        enum trust_error error = read_tool(&inner, entry, json_array_get(tools, i));
        if (error != TRUST_OK)
            return error;
    }
    return TRUST_OK;
}

/* ---- entries ---- */

static enum trust_error read_acceptance(struct reader *reader, struct pins_entry *entry,
                                        json_t *object)
{
    static const char *const members[] = {"time", "signature", NULL};
    if (json_is_null(object))
        return TRUST_OK;
    struct reader inner = {.place = reader->place};
    (void)snprintf(inner.path, sizeof inner.path, "%.80s.accepted", reader->path);
    enum trust_error error = check_members(&inner, object, members);
    if (error == TRUST_OK)
        error = read_date(&inner, &entry->accepted_s, object, "time");
    if (error == TRUST_OK && entry->accepted_s == 0)
        error = refuse(&inner, TRUST_NO_RANGE, ".time: is no time");
    entry->has_signature = !json_is_null(json_object_get(object, "signature"));
    if (error == TRUST_OK && entry->has_signature)
        error = read_hex(&inner, entry->signature, TRUST_SIGNATURE_SIZE, object, "signature");
    return error;
}

static enum trust_error read_server_at(struct reader *reader, struct pins_server *out_server,
                                       json_t *object, const char *member)
{
    struct reader inner = {.place = reader->place};
    (void)snprintf(inner.path, sizeof inner.path, "%.80s.%s", reader->path, member);
    return read_server(&inner, out_server, json_object_get(object, member));
}

static enum trust_error read_entry_members(struct reader *reader, struct pins_entry *entry,
                                           json_t *object)
{
    enum trust_error error = read_date(reader, &entry->first_s, object, "first");
    if (error == TRUST_OK)
        error = read_date(reader, &entry->seen_s, object, "seen");
    if (error == TRUST_OK)
        error = read_acceptance(reader, entry, json_object_get(object, "accepted"));
    if (error == TRUST_OK)
        error = read_server_at(reader, &entry->pinned, object, "pinned");
    if (error == TRUST_OK)
        error = read_server_at(reader, &entry->offered, object, "offered");
    if (error == TRUST_OK)
        error = read_tools(reader, entry, json_object_get(object, "tools"));
    return error;
}

static enum trust_error read_entry(struct reader *reader, struct pins_book *book, json_t *object)
{
    static const char *const members[] = {"subject", "capabilities", "first", "seen", "accepted",
                                          "pinned",  "offered",      "tools", NULL};
    const char *subject = NULL;
    char canonical[TRUST_SUBJECT_TEXT_SIZE];
    uint8_t capabilities[DIGEST_SIZE];
    enum trust_error error = check_members(reader, object, members);
    if (error == TRUST_OK)
        error = read_text(reader, &subject, object, "subject");
    if (error == TRUST_OK)
        error = read_hex(reader, capabilities, DIGEST_SIZE, object, "capabilities");
    if (error != TRUST_OK)
        return error;
    if (trust_subject_canonical(canonical, trust_bytes_text(subject)) != TRUST_OK ||
        strcmp(canonical, subject) != 0)
        return refuse(reader, TRUST_NO_RANGE, ".subject: is no subject in canonical form");
    if (pins_book_find(book, subject, capabilities) != NULL)
        return refuse(reader, TRUST_NO_DUPLICATE, ".subject: stands there twice");
    if (book->count == TRUST_PINS_ENTRIES_MAX)
        return refuse(reader, TRUST_NO_ROOM, ": is one server too many");
    struct pins_entry *entry = pins_book_add(book, subject, capabilities, 0);
    return entry == NULL ? TRUST_FAIL_MEMORY : read_entry_members(reader, entry, object);
}

static enum trust_error read_book(struct reader *reader, struct pins_book *book, json_t *document)
{
    static const char *const members[] = {"version", "pins", NULL};
    const json_t *version = json_object_get(document, "version");
    const json_t *pins = json_object_get(document, "pins");
    (void)snprintf(reader->path, sizeof reader->path, "document");
    enum trust_error error = check_members(reader, document, members);
    if (error != TRUST_OK)
        return error;
    if (!json_is_integer(version) || json_integer_value(version) != PINS_TEXT_VERSION)
        return refuse(reader, TRUST_NO_VERSION, ".version: is not %d", PINS_TEXT_VERSION);
    if (!json_is_array(pins))
        return refuse(reader, TRUST_NO_TYPE, ".pins: is no list");
    for (size_t i = 0; error == TRUST_OK && i < json_array_size(pins); i++) {
        (void)snprintf(reader->path, sizeof reader->path, "pins[%zu]", i);
        error = read_entry(reader, book, json_array_get(pins, i));
    }
    return error;
}

enum trust_error pins_text_read(struct pins_book *out_book, struct pins_place *out_place,
                                struct trust_bytes text)
{
    struct pins_book book = {0};
    struct reader reader = {.place = out_place};
    json_error_t fault;
    json_t *document = json_loadb((const char *)text.data, text.size,
                                  JSON_REJECT_DUPLICATES | JSON_ALLOW_NUL, &fault);
    if (document == NULL) {
        if (json_error_code(&fault) == json_error_out_of_memory)
            return TRUST_FAIL_MEMORY;
        return refuse(&reader, TRUST_NO_SYNTAX, "%d:%d: %.40s", fault.line, fault.column,
                      fault.text);
    }
    enum trust_error error = read_book(&reader, &book, document);
    json_decref(document);
    if (error == TRUST_OK)
        *out_book = book;
    else
        pins_book_close(&book);
    return error;
}
