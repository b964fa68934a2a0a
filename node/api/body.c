/* See body.h. */
#include "node/api/body.h"

#include <jansson.h>
#include <sodium.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "trust/subject.h"

#include "base/assert.h"

/* jansson's parser recurses: nesting is bounded before it starts. */
static bool is_shallow(struct trust_bytes text)
{
    uint32_t depth = 0;
    bool in_text = false;
    for (size_t i = 0; i < text.size; i++) {
        uint8_t c = text.data[i];
        if (in_text) {
            i += c == '\\';
            in_text = c != '"';
        } else if (c == '"') {
            in_text = true;
        } else if (c == '[' || c == '{') {
            depth++;
            if (depth > TRUST_API_DEPTH_MAX)
                return false;
        } else if ((c == ']' || c == '}') && depth > 0) {
            depth--;
        }
    }
    return true;
}

static void refuse_parse(struct api_call *call, const json_error_t *error)
{
    /* jansson calls a member that comes twice a syntax error of its own kind; so do we. What it
     * says of a NUL speaks of its own flags. */
    bool is_nul = json_error_code(error) == json_error_null_character ||
                  json_error_code(error) == json_error_null_byte_in_key;
    api_refuse(call, TRUST_NO_SYNTAX, NULL, "line %d, column %d: %s", error->line, error->column,
               is_nul ? "no text holds a NUL" : error->text);
}

static void parse(struct api_call *call)
{
    struct trust_bytes text = call->request.body;
    json_error_t error;
    if (text.size == 0) {
        api_refuse(call, TRUST_NO_SYNTAX, NULL, "the body is empty");
    } else if (!is_shallow(text)) {
        api_refuse(call, TRUST_NO_SYNTAX, NULL, "nested deeper than %d", TRUST_API_DEPTH_MAX);
    } else {
        call->document =
            json_loadb((const char *)text.data, text.size, JSON_REJECT_DUPLICATES, &error);
        if (call->document == NULL)
            refuse_parse(call, &error);
        else if (!json_is_object(call->document))
            api_refuse(call, TRUST_NO_TYPE, NULL, "the body is not an object");
    }
}

struct api_body api_body_open(struct api_call *call)
{
    assert(call->document == NULL);
    parse(call);
    return (struct api_body){.call = call, .object = api_is_answered(call) ? NULL : call->document};
}

/* "/subjects/3/manifest" */
static void refuse(const struct api_body *body, const char *name, enum trust_error code,
                   const char *format, ...) __attribute__((format(printf, 4, 5)));
static void refuse(const struct api_body *body, const char *name, enum trust_error code,
                   const char *format, ...)
{
    if (api_is_answered(body->call))
        return;
    char what[256];
    va_list arguments;
    va_start(arguments, format);
    (void)vsnprintf(what, sizeof what, format, arguments);
    va_end(arguments);
    api_refuse(body->call, code, NULL, "%s/%.64s: %s", body->pointer, name, what);
}

bool api_body_end(const struct api_body *body)
{
    if (api_is_answered(body->call))
        return false;
    const char *name;
    json_t *value;
    /* Iterating changes nothing; jansson's iterator has no const. */
    json_t *object = (json_t *)(uintptr_t)body->object;
    json_object_foreach(object, name, value)
    {
        bool is_known = false;
        for (uint32_t i = 0; i < body->known_count; i++)
            is_known = is_known || strcmp(body->known[i], name) == 0;
        if (!is_known) {
            refuse(body, name, TRUST_NO_OPTION, "unknown member");
            return false;
        }
    }
    return true;
}

/* The member, or NULL if it is absent, null, or something was refused before. */
static const json_t *member(struct api_body *body, const char *name)
{
    if (body->known_count < API_MEMBERS_MAX)
        body->known[body->known_count++] = name;
    if (body->object == NULL || api_is_answered(body->call))
        return NULL;
    const json_t *value = json_object_get(body->object, name);
    return json_is_null(value) ? NULL : value;
}

static const json_t *required(struct api_body *body, const char *name)
{
    const json_t *value = member(body, name);
    if (value == NULL)
        refuse(body, name, TRUST_NO_TYPE, "missing");
    return value;
}

bool api_body_has(struct api_body *body, const char *name)
{
    return member(body, name) != NULL;
}

bool api_body_is_null(const struct api_body *body, const char *name)
{
    return body->object != NULL && json_is_null(json_object_get(body->object, name));
}

/* ---- values ---- */

static bool has_control(const char *text)
{
    for (const char *at = text; *at != '\0'; at++) {
        if ((unsigned char)*at < 0x20 || *at == 0x7f)
            return true;
    }
    return false;
}

static const char *text_of(const struct api_body *body, const char *name, const json_t *value,
                           size_t size_max)
{
    if (value == NULL)
        return "";
    size_t size = json_string_length(value);
    if (!json_is_string(value))
        refuse(body, name, TRUST_NO_TYPE, "not a string");
    else if (size == 0 || size > size_max)
        refuse(body, name, TRUST_NO_RANGE, "not of 1 to %zu bytes", size_max);
    else if (has_control(json_string_value(value)))
        refuse(body, name, TRUST_NO_RANGE, "has control characters");
    else
        return json_string_value(value);
    return "";
}

const char *api_body_text(struct api_body *body, const char *name, size_t size_max)
{
    return text_of(body, name, required(body, name), size_max);
}

const char *api_body_optional_text(struct api_body *body, const char *name, size_t size_max,
                                   const char *otherwise)
{
    const json_t *value = member(body, name);
    return value == NULL ? otherwise : text_of(body, name, value, size_max);
}

bool api_body_optional_flag(struct api_body *body, const char *name, bool otherwise)
{
    const json_t *value = member(body, name);
    if (value == NULL)
        return otherwise;
    if (!json_is_boolean(value))
        refuse(body, name, TRUST_NO_TYPE, "not true or false");
    return json_is_true(value);
}

uint64_t api_body_optional_count(struct api_body *body, const char *name, uint64_t max,
                                 uint64_t otherwise)
{
    const json_t *value = member(body, name);
    if (value == NULL)
        return otherwise;
    if (!json_is_integer(value)) {
        refuse(body, name, TRUST_NO_TYPE, "not a whole number");
        return otherwise;
    }
    json_int_t number = json_integer_value(value);
    if (number < 0 || (uint64_t)number > max) {
        refuse(body, name, TRUST_NO_RANGE, "not from 0 to %llu", (unsigned long long)max);
        return otherwise;
    }
    return (uint64_t)number;
}

double api_body_optional_ratio(struct api_body *body, const char *name, double otherwise)
{
    const json_t *value = member(body, name);
    if (value == NULL)
        return otherwise;
    if (!json_is_number(value)) {
        refuse(body, name, TRUST_NO_TYPE, "not a number");
        return otherwise;
    }
    double number = json_number_value(value);
    if (!(number >= 0 && number <= 1)) {
        refuse(body, name, TRUST_NO_RANGE, "not from 0 to 1");
        return otherwise;
    }
    return number;
}

static uint32_t word_of(const struct api_body *body, const char *name, const json_t *value,
                        const char *const *words)
{
    const char *text = text_of(body, name, value, 64);
    if (text[0] == '\0')
        return 0;
    char list[192] = "";
    for (uint32_t i = 0; words[i] != NULL; i++) {
        if (strcmp(words[i], text) == 0)
            return i;
        size_t size = strlen(list);
        (void)snprintf(list + size, sizeof list - size, "%s%s", i == 0 ? "" : ", ", words[i]);
    }
    refuse(body, name, TRUST_NO_RANGE, "not one of %s", list);
    return 0;
}

uint32_t api_body_word(struct api_body *body, const char *name, const char *const *words)
{
    return word_of(body, name, required(body, name), words);
}

uint32_t api_body_optional_word(struct api_body *body, const char *name, const char *const *words,
                                uint32_t otherwise)
{
    const json_t *value = member(body, name);
    return value == NULL ? otherwise : word_of(body, name, value, words);
}

/* ---- subjects and hex ---- */

static struct trust_bytes view(const char *text)
{
    return (struct trust_bytes){.data = (const uint8_t *)text, .size = strlen(text)};
}

/* What is wrong with a subject, into what; false: nothing. */
static bool complain_subject(const char *text, char *out_what, size_t size)
{
    struct trust_subject subject;
    if (trust_subject_parse(&subject, view(text)) == TRUST_OK)
        return false;
    char canonical[TRUST_SUBJECT_TEXT_SIZE];
    if (trust_subject_canonical(canonical, view(text)) == TRUST_OK)
        (void)snprintf(out_what, size, "not canonical, write %s", canonical);
    else
        (void)snprintf(out_what, size, "no id of a server");
    return true;
}

static struct trust_bytes subject_of(const struct api_body *body, const char *name,
                                     const json_t *value)
{
    const char *text = text_of(body, name, value, 4 * TRUST_SUBJECT_SIZE_MAX);
    char what[TRUST_SUBJECT_TEXT_SIZE + 32];
    if (text[0] == '\0')
        return (struct trust_bytes){0};
    if (complain_subject(text, what, sizeof what)) {
        refuse(body, name, TRUST_NO_SUBJECT, "%s", what);
        return (struct trust_bytes){0};
    }
    return view(text);
}

struct trust_bytes api_body_subject(struct api_body *body, const char *name)
{
    return subject_of(body, name, required(body, name));
}

static bool read_hex(uint8_t *out_bytes, size_t size, const char *text)
{
    size_t length = 0;
    return strlen(text) == 2 * size &&
           sodium_hex2bin(out_bytes, size, text, 2 * size, NULL, &length, NULL) == 0 &&
           length == size;
}

bool api_body_hex(struct api_body *body, const char *name, uint8_t *out_bytes, size_t size)
{
    const char *text = text_of(body, name, required(body, name), 2 * size);
    if (text[0] == '\0')
        return false;
    if (!read_hex(out_bytes, size, text)) {
        refuse(body, name, TRUST_NO_RANGE, "not %zu hex digits", 2 * size);
        return false;
    }
    return true;
}

/* ---- arrays ---- */

struct api_list api_body_list(struct api_body *body, const char *name, size_t min, size_t max)
{
    struct api_list list = {.body = body, .name = name};
    const json_t *value = min > 0 ? required(body, name) : member(body, name);
    if (value == NULL)
        return list;
    size_t count = json_array_size(value);
    if (!json_is_array(value)) {
        refuse(body, name, TRUST_NO_TYPE, "not an array");
    } else if (count < min || count > max) {
        refuse(body, name, TRUST_NO_RANGE, "not of %zu to %zu elements", min, max);
    } else {
        list.array = value;
        list.count = count;
    }
    return list;
}

/* The body that an element's refusals speak of, and its name there: the index. */
static struct api_body element(const struct api_list *list, size_t index, char out_name[24])
{
    struct api_body body = {.call = list->body->call};
    (void)snprintf(body.pointer, sizeof body.pointer, "%.64s/%.32s", list->body->pointer,
                   list->name);
    (void)snprintf(out_name, 24, "%zu", index);
    return body;
}

void api_list_refuse(const struct api_list *list, size_t index, enum trust_error code,
                     const char *what)
{
    char name[24];
    struct api_body body = element(list, index, name);
    refuse(&body, name, code, "%s", what);
}

struct api_body api_list_object(const struct api_list *list, size_t index)
{
    char name[24];
    struct api_body body = element(list, index, name);
    const json_t *value = json_array_get(list->array, index);
    if (json_is_object(value))
        body.object = value;
    else
        refuse(&body, name, TRUST_NO_TYPE, "not an object");
    size_t size = strlen(body.pointer);
    (void)snprintf(body.pointer + size, sizeof body.pointer - size, "/%s", name);
    return body;
}

bool api_list_is_text(const struct api_list *list, size_t index)
{
    return json_is_string(json_array_get(list->array, index));
}

const char *api_list_text(const struct api_list *list, size_t index, size_t size_max)
{
    char name[24];
    struct api_body body = element(list, index, name);
    return text_of(&body, name, json_array_get(list->array, index), size_max);
}

struct trust_bytes api_list_subject(const struct api_list *list, size_t index)
{
    char name[24];
    struct api_body body = element(list, index, name);
    return subject_of(&body, name, json_array_get(list->array, index));
}

/* ---- paths and queries ---- */

bool api_check_subject(struct api_call *call, const char *name, const char *text)
{
    char what[TRUST_SUBJECT_TEXT_SIZE + 32];
    if (!complain_subject(text, what, sizeof what))
        return true;
    api_refuse(call, TRUST_NO_SUBJECT, NULL, "%s: %s", name, what);
    return false;
}

bool api_check_key(struct api_call *call, struct trust_key *out_key, const char *name,
                   const char *text, enum trust_key_use use)
{
    const char *prefix = use == TRUST_KEY_NODE ? "rpn1" : "rpt1";
    if (trust_key_decode(out_key, view(text), use) == TRUST_OK)
        return true;
    if (strncmp(text, prefix, strlen(prefix)) == 0)
        api_refuse(call, TRUST_NO_KEY, NULL, "%s: \"%.80s\" has a typing error", name, text);
    else
        api_refuse(call, TRUST_NO_KEY, NULL, "%s: \"%.80s\" is no key that begins with %s", name,
                   text, prefix);
    return false;
}

bool api_check_hex(struct api_call *call, const char *name, const char *text, uint8_t *out_bytes,
                   size_t size)
{
    if (read_hex(out_bytes, size, text))
        return true;
    api_refuse(call, TRUST_NO_RANGE, NULL, "%s: not %zu hex digits", name, 2 * size);
    return false;
}

bool api_check_count(struct api_call *call, const char *name, uint64_t max, uint64_t *inout_value)
{
    const char *text = api_request_param(&call->request, name);
    if (text == NULL)
        return true;
    size_t digits = strspn(text, "0123456789");
    /* 19 digits fit 64 bits. */
    uint64_t value = digits > 19 ? UINT64_MAX : strtoull(text, NULL, 10);
    if (digits == 0 || text[digits] != '\0') {
        api_refuse(call, TRUST_NO_TYPE, NULL, "%s: not a whole number", name);
        return false;
    }
    if (value > max) {
        api_refuse(call, TRUST_NO_RANGE, NULL, "%s: not from 0 to %llu", name,
                   (unsigned long long)max);
        return false;
    }
    *inout_value = value;
    return true;
}
