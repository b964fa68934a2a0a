/* The writing half of pins_text.h. */
#include <jansson.h>
#include <sodium.h>
#include <stdlib.h>

#include "base/date.h"
#include "guard/offer/pins_text.h"

static json_t *hex_of(const uint8_t *bytes, size_t size)
{
    char hex[2 * TRUST_SIGNATURE_SIZE + 1];
    (void)sodium_bin2hex(hex, sizeof hex, bytes, size);
    return json_string(hex);
}

static json_t *date_of(uint64_t unix_s)
{
    char date[TRUST_DATE_SIZE];
    trust_date_encode(date, unix_s);
    return json_string(date);
}

static json_t *form_of(const struct pins_form *form)
{
    if (form->text == NULL)
        return json_null();
    return json_pack("{s:o,s:s}", "digest", hex_of(form->digest, DIGEST_SIZE), "definition",
                     form->text);
}

static json_t *server_of(const struct pins_server *server)
{
    const struct manifest_extras *extras = &server->extras;
    if (server->text == NULL)
        return json_null();
    return json_pack("{s:o,s:o,s:o,s:s}", "instructions", hex_of(extras->instructions, DIGEST_SIZE),
                     "prompts", hex_of(extras->prompts, DIGEST_SIZE), "templates",
                     hex_of(extras->templates, DIGEST_SIZE), "greeting", server->text);
}

static json_t *tool_of(const struct pins_tool *tool)
{
    return json_pack("{s:s,s:o,s:o,s:o,s:o}", "name", tool->name, "since", date_of(tool->since_s),
                     "pinned", form_of(&tool->pinned), "offered", form_of(&tool->offered),
                     "rejected",
                     tool->is_rejected ? hex_of(tool->rejected, DIGEST_SIZE) : json_null());
}

static json_t *acceptance_of(const struct pins_entry *entry)
{
    if (entry->accepted_s == 0)
        return json_null();
    return json_pack("{s:o,s:o}", "time", date_of(entry->accepted_s), "signature",
                     entry->has_signature ? hex_of(entry->signature, TRUST_SIGNATURE_SIZE)
                                          : json_null());
}

/* NULL: no memory. */
static json_t *entry_of(const struct pins_entry *entry)
{
    json_t *tools = json_array();
    for (size_t i = 0; i < entry->count; i++) {
        if (json_array_append_new(tools, tool_of(&entry->tools[i])) != 0) {
            json_decref(tools);
            return NULL;
        }
    }
    return json_pack("{s:s,s:o,s:o,s:o,s:o,s:o,s:o,s:o}", "subject", entry->subject, "capabilities",
                     hex_of(entry->capabilities, DIGEST_SIZE), "first", date_of(entry->first_s),
                     "seen", date_of(entry->seen_s), "accepted", acceptance_of(entry), "pinned",
                     server_of(&entry->pinned), "offered", server_of(&entry->offered), "tools",
                     tools);
}

enum trust_error pins_text_write(char **out_text, size_t *out_size, const struct pins_book *book)
{
    json_t *pins = json_array();
    char *text = NULL;
    for (size_t i = 0; i < book->count; i++) {
        if (json_array_append_new(pins, entry_of(&book->entries[i])) != 0) {
            json_decref(pins);
            return TRUST_FAIL_MEMORY;
        }
    }
    json_t *document = json_pack("{s:i,s:o}", "version", PINS_TEXT_VERSION, "pins", pins);
    if (document != NULL)
        text = json_dumps(document, JSON_INDENT(1));
    json_decref(document);
    if (text == NULL)
        return TRUST_FAIL_MEMORY;
    *out_text = text;
    *out_size = strlen(text);
    return TRUST_OK;
}
