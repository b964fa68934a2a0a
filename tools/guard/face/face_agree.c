/* See face_agree.h. */
#include "guard/face/face_agree.h"

#include <math.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#include "base/bytes.h"
#include "wire/json.h"

#define ENCODED_BEGIN "=?base64?"
#define ENCODED_END "?="
#define INTEGER_MAX 9007199254740991.0
#define DIGITS_MAX 64

/* ---- values ---- */

/* Visible ASCII, space and tab: others stand in base64 alone. */
static bool is_plain(struct trust_bytes value)
{
    for (size_t i = 0; i < value.size; i++) {
        if ((value.data[i] < 0x20 && value.data[i] != '\t') || value.data[i] > 0x7e)
            return false;
    }
    return true;
}

static bool is_encoded(struct trust_bytes value)
{
    size_t begin = strlen(ENCODED_BEGIN);
    size_t end = strlen(ENCODED_END);
    return value.size >= begin + end && memcmp(value.data, ENCODED_BEGIN, begin) == 0 &&
           memcmp(value.data + value.size - end, ENCODED_END, end) == 0;
}

/* What the header means. room holds it where it was encoded. False: it is no value. */
static bool decode(struct trust_bytes *out_value, uint8_t room[TRUST_GUARD_HEADER_SIZE_MAX],
                   struct trust_bytes header)
{
    size_t begin = strlen(ENCODED_BEGIN);
    if (header.size > TRUST_GUARD_HEADER_SIZE_MAX || !is_plain(header))
        return false;
    *out_value = header;
    if (!is_encoded(header))
        return true;
    const char *text = (const char *)header.data + begin;
    size_t size = header.size - begin - strlen(ENCODED_END);
    out_value->data = room;
    return sodium_base642bin(room, TRUST_GUARD_HEADER_SIZE_MAX, text, size, NULL, &out_value->size,
                             NULL, sodium_base64_VARIANT_ORIGINAL) == 0;
}

/* UTF-8 of one character, as it stands at the front of text; its bytes are cut off. */
static bool take_same(struct trust_bytes *text, uint32_t character)
{
    uint8_t bytes[4];
    size_t size = 0;
    if (character < 0x80) {
        bytes[size++] = (uint8_t)character;
    } else if (character < 0x800) {
        bytes[size++] = (uint8_t)(0xc0 | character >> 6);
        bytes[size++] = (uint8_t)(0x80 | (character & 0x3f));
    } else if (character < 0x10000) {
        bytes[size++] = (uint8_t)(0xe0 | character >> 12);
        bytes[size++] = (uint8_t)(0x80 | (character >> 6 & 0x3f));
        bytes[size++] = (uint8_t)(0x80 | (character & 0x3f));
    } else {
        bytes[size++] = (uint8_t)(0xf0 | character >> 18);
        bytes[size++] = (uint8_t)(0x80 | (character >> 12 & 0x3f));
        bytes[size++] = (uint8_t)(0x80 | (character >> 6 & 0x3f));
        bytes[size++] = (uint8_t)(0x80 | (character & 0x3f));
    }
    if (text->size < size || memcmp(text->data, bytes, size) != 0)
        return false;
    text->data += size;
    text->size -= size;
    return true;
}

static bool is_string(struct trust_bytes text, struct trust_bytes string)
{
    struct trust_bytes raw = {.data = string.data + 1, .size = string.size - 2};
    uint32_t character = 0;
    enum trust_error error;
    while ((error = json_take_character(&raw, &character)) == TRUST_OK) {
        if (!take_same(&text, character))
            return false;
    }
    return error == TRUST_NO_FOUND && text.size == 0;
}

/* 42, 42.0 and 4.2e1 are one integer. */
static bool read_integer(double *out_number, struct trust_bytes text)
{
    char digits[DIGITS_MAX + 1];
    char *end = NULL;
    if (text.size == 0 || text.size > DIGITS_MAX || json_kind(text) != JSON_KIND_NUMBER ||
        json_trim(text).size != text.size || json_check(text) != TRUST_OK)
        return false;
    memcpy(digits, text.data, text.size);
    digits[text.size] = '\0';
    *out_number = strtod(digits, &end);
    return *end == '\0' && fabs(*out_number) <= INTEGER_MAX && floor(*out_number) == *out_number;
}

static bool is_integer(struct trust_bytes text, struct trust_bytes number)
{
    double a = 0;
    double b = 0;
    return read_integer(&a, text) && read_integer(&b, number) && a - b == 0;
}

bool face_agree_value(struct trust_bytes header, struct trust_bytes value)
{
    uint8_t room[TRUST_GUARD_HEADER_SIZE_MAX];
    struct trust_bytes text;
    if (!decode(&text, room, header))
        return false;
    switch (json_kind(value)) {
    case JSON_KIND_STRING:
        return is_string(text, value);
    case JSON_KIND_BOOL:
        return trust_bytes_equal(text, value);
    case JSON_KIND_NUMBER:
        return is_integer(text, value);
    case JSON_KIND_NONE:
    case JSON_KIND_NULL:
    case JSON_KIND_ARRAY:
    case JSON_KIND_OBJECT:
        break;
    }
    return false;
}

/* ---- messages ---- */

static enum face_verdict verdict_of(enum trust_error error)
{
    if (error == TRUST_NO_RANGE)
        return FACE_TOO_DEEP;
    bool is_text = error == TRUST_NO_TYPE || error == TRUST_NO_DUPLICATE;
    return is_text ? FACE_NO_MESSAGE : FACE_NO_JSON;
}

/* Both say a version, and the same one; or neither does. */
static enum face_verdict judge_version(struct face_post *post, const struct face_head *head)
{
    struct trust_bytes version = post->message.meta_version;
    enum era said = head->version.data == NULL ? ERA_LEGACY : face_head_era(head->version);
    post->era = ERA_LEGACY;
    if (version.size == 0 && post->message.method != METHOD_DISCOVER) {
        post->era = said;
        if (said == ERA_MODERN && post->message.kind == MESSAGE_REQUEST)
            return FACE_NO_META;
        return said == ERA_NONE ? FACE_VERSION_UNKNOWN : FACE_FINE;
    }
    post->era = ERA_MODERN;
    if (version.size == 0)
        return FACE_NO_META;
    if (head->version.data == NULL)
        return FACE_VERSION_MISSING;
    if (json_kind(version) != JSON_KIND_STRING || !face_agree_value(head->version, version))
        return FACE_VERSION_DIFFERS;
    return said == ERA_MODERN ? FACE_FINE : FACE_VERSION_UNKNOWN;
}

/* What Mcp-Name says of this method. False: nothing that is known, extensions may have theirs. */
static bool find_name(const struct message *message, struct trust_bytes *out_name)
{
    enum message_method method = message->method;
    bool has_name = method == METHOD_TOOLS_CALL || method == METHOD_PROMPTS_GET;
    bool has_uri = method == METHOD_RESOURCES_READ || method == METHOD_RESOURCES_SUBSCRIBE ||
                   method == METHOD_RESOURCES_UNSUBSCRIBE;
    *out_name = has_name ? message->name : message->uri;
    return has_name || has_uri;
}

static enum face_verdict judge_names(const struct face_post *post, const struct face_head *head)
{
    const struct message *message = &post->message;
    bool is_strict = post->era == ERA_MODERN && message->kind == MESSAGE_REQUEST;
    struct trust_bytes name;
    if (head->mcp_method.data == NULL && is_strict)
        return FACE_METHOD_MISSING;
    /* Methods are compared as they are: no base64. */
    if (head->mcp_method.data != NULL && !is_string(head->mcp_method, message->method_raw))
        return FACE_METHOD_DIFFERS;
    if (!find_name(message, &name))
        return FACE_FINE;
    if (head->mcp_name.data == NULL) {
        /* Subscribing is legacy's; without a name in the body it is the server's to refuse. */
        bool is_needed = name.size > 0 && message->method != METHOD_RESOURCES_SUBSCRIBE &&
                         message->method != METHOD_RESOURCES_UNSUBSCRIBE;
        return is_strict && is_needed ? FACE_NAME_MISSING : FACE_FINE;
    }
    bool is_same = json_kind(name) == JSON_KIND_STRING && face_agree_value(head->mcp_name, name);
    return is_same ? FACE_FINE : FACE_NAME_DIFFERS;
}

enum face_verdict face_agree_read(struct face_post *out_post, const struct face_head *head,
                                  struct trust_bytes body)
{
    *out_post = (struct face_post){.era = ERA_LEGACY};
    enum trust_error error = message_read(&out_post->message, body);
    if (error != TRUST_OK) {
        out_post->message = (struct message){0};
        return verdict_of(error);
    }
    const struct message *message = &out_post->message;
    if (message->kind == MESSAGE_BATCH)
        return FACE_BATCH;
    bool has_method = message->kind == MESSAGE_REQUEST || message->kind == MESSAGE_NOTIFICATION;
    enum face_verdict verdict = FACE_FINE;
    if (has_method) {
        verdict = judge_version(out_post, head);
        return verdict == FACE_FINE ? judge_names(out_post, head) : verdict;
    }
    enum era said = head->version.data == NULL ? ERA_LEGACY : face_head_era(head->version);
    if (said == ERA_MODERN)
        return FACE_NO_RESPONSES;
    return said == ERA_NONE ? FACE_VERSION_UNKNOWN : FACE_FINE;
}
