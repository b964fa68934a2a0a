/* See doc.h. */
#include "node/api/doc.h"

#include <math.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/assert.h"
#include "base/utf8.h"

#define FIRST_CAPACITY 1024

struct api_doc api_doc_init(void)
{
    return (struct api_doc){0};
}

void api_doc_close(struct api_doc *doc)
{
    free(doc->text);
    *doc = (struct api_doc){0};
}

/* Room for size more bytes and a NUL. */
static bool reserve(struct api_doc *doc, size_t size)
{
    if (doc->failed)
        return false;
    if (doc->capacity - doc->size > size)
        return true;
    size_t capacity = doc->capacity == 0 ? FIRST_CAPACITY : doc->capacity;
    while (capacity - doc->size <= size)
        capacity *= 2;
    char *text = realloc(doc->text, capacity);
    doc->failed = text == NULL;
    if (doc->failed)
        return false;
    doc->text = text;
    doc->capacity = capacity;
    return true;
}

static void put(struct api_doc *doc, const char *text, size_t size)
{
    if (!reserve(doc, size))
        return;
    memcpy(doc->text + doc->size, text, size);
    doc->size += size;
}

static void put_text(struct api_doc *doc, const char *text)
{
    put(doc, text, strlen(text));
}

static void put_string(struct api_doc *doc, struct trust_bytes text)
{
    put_text(doc, "\"");
    for (size_t i = 0; i < text.size;) {
        uint8_t c = text.data[i];
        size_t size =
            trust_utf8_next((struct trust_bytes){.data = text.data + i, .size = text.size - i});
        char escaped[8];
        if (size == 0) {
            put_text(doc, "\\ufffd");
        } else if (c == '"' || c == '\\') {
            (void)snprintf(escaped, sizeof escaped, "\\%c", c);
            put_text(doc, escaped);
        } else if (c < 0x20 || c == 0x7f) {
            (void)snprintf(escaped, sizeof escaped, "\\u%04x", c);
            put_text(doc, escaped);
        } else {
            put(doc, (const char *)text.data + i, size);
        }
        i += size == 0 ? 1 : size;
    }
    put_text(doc, "\"");
}

/* What stands before every value. */
static void begin(struct api_doc *doc, const char *key)
{
    if (doc->has_sibling)
        put_text(doc, ",");
    doc->has_sibling = true;
    if (key == NULL)
        return;
    put_text(doc, "\"");
    put_text(doc, key);
    put_text(doc, "\":");
}

static void open_container(struct api_doc *doc, const char *key, const char *mark)
{
    begin(doc, key);
    put_text(doc, mark);
    doc->has_sibling = false;
}

static void close_container(struct api_doc *doc, const char *mark)
{
    put_text(doc, mark);
    doc->has_sibling = true;
}

void api_doc_open_object(struct api_doc *doc, const char *key)
{
    open_container(doc, key, "{");
}

void api_doc_close_object(struct api_doc *doc)
{
    close_container(doc, "}");
}

void api_doc_open_array(struct api_doc *doc, const char *key)
{
    open_container(doc, key, "[");
}

void api_doc_close_array(struct api_doc *doc)
{
    close_container(doc, "]");
}

void api_doc_bytes(struct api_doc *doc, const char *key, struct trust_bytes value)
{
    begin(doc, key);
    put_string(doc, value);
}

void api_doc_text(struct api_doc *doc, const char *key, const char *value)
{
    if (value == NULL) {
        api_doc_null(doc, key);
        return;
    }
    api_doc_bytes(doc, key,
                  (struct trust_bytes){.data = (const uint8_t *)value, .size = strlen(value)});
}

void api_doc_hex(struct api_doc *doc, const char *key, struct trust_bytes value)
{
    begin(doc, key);
    put_text(doc, "\"");
    size_t size = value.size * 2;
    if (reserve(doc, size)) {
        (void)sodium_bin2hex(doc->text + doc->size, size + 1, value.data, value.size);
        doc->size += size;
    }
    put_text(doc, "\"");
}

void api_doc_key(struct api_doc *doc, const char *key, const struct trust_key *value,
                 enum trust_key_use use)
{
    char text[TRUST_KEY_TEXT_SIZE];
    trust_key_encode(text, value, use);
    api_doc_text(doc, key, text);
}

void api_doc_id(struct api_doc *doc, const char *key, const struct trust_id *value)
{
    api_doc_hex(doc, key, (struct trust_bytes){.data = value->bytes, .size = sizeof value->bytes});
}

void api_doc_count(struct api_doc *doc, const char *key, uint64_t value)
{
    char text[24];
    (void)snprintf(text, sizeof text, "%llu", (unsigned long long)value);
    begin(doc, key);
    put_text(doc, text);
}

void api_doc_flag(struct api_doc *doc, const char *key, bool value)
{
    begin(doc, key);
    put_text(doc, value ? "true" : "false");
}

void api_doc_null(struct api_doc *doc, const char *key)
{
    begin(doc, key);
    put_text(doc, "null");
}

void api_doc_number(struct api_doc *doc, const char *key, double value)
{
    if (!isfinite(value)) {
        api_doc_null(doc, key);
        return;
    }
    char text[32];
    int digits = 15;
    do {
        (void)snprintf(text, sizeof text, "%.*g", digits, value);
        digits++;
    } while (digits <= 17 && strtod(text, NULL) != value);
    begin(doc, key);
    put_text(doc, text);
}

void api_doc_ratio(struct api_doc *doc, const char *key, bool is_known, double value)
{
    if (is_known)
        api_doc_number(doc, key, value);
    else
        api_doc_null(doc, key);
}

void api_doc_time(struct api_doc *doc, const char *key, struct trust_wall value)
{
    /* gmtime's year is an int: what lies behind the year 9999 has no RFC 3339 form. */
    static const uint64_t ms_max = UINT64_C(253402300800000);
    time_t seconds = (time_t)(value.ms / 1000);
    struct tm parts;
    if (value.ms == 0 || value.ms >= ms_max || gmtime_r(&seconds, &parts) == NULL) {
        api_doc_null(doc, key);
        return;
    }
    char text[40];
    size_t size = strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%S", &parts);
    unsigned ms = (unsigned)(value.ms % 1000);
    if (ms != 0)
        size += (size_t)snprintf(text + size, sizeof text - size, ".%03u", ms);
    assert(size + 2 <= sizeof text);
    text[size] = 'Z';
    text[size + 1] = '\0';
    api_doc_text(doc, key, text);
}

enum trust_error api_doc_take(struct api_doc *doc, char **out_text, size_t *out_size)
{
    /* An empty document is none: the caller wrote a value, or memory ran out. */
    assert(doc->size > 0 || doc->failed);
    if (doc->failed) {
        api_doc_close(doc);
        return TRUST_FAIL_MEMORY;
    }
    *out_text = doc->text;
    *out_size = doc->size;
    *doc = (struct api_doc){0};
    return TRUST_OK;
}
