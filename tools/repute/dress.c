/* See dress.h. */
#include "repute/dress.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "trust/key.h"

#include "base/bytes.h"
#include "base/date.h"

/* A float of JSON above this is no span of anything. */
#define SPAN_MS_MAX 4.0e18

/* An answer that is not given is no failure of the command. */
static json_t *ask_gently(struct context *context, const char *path)
{
    const struct failure before = context->failure;
    json_t *answer = NULL;
    if (context_ask(context, &answer, TRUST_REQUEST_GET, path, NULL) != TRUST_OK)
        context->failure = before;
    return answer;
}

struct dress dress_open(struct context *context)
{
    struct dress dress = {.is_on = context->output.form == OUTPUT_TEXT};
    if (!dress.is_on)
        return dress;
    dress.now_ms = context_now_ms();
    dress.names = json_object();
    json_t *names = ask_gently(context, "/v1/names");
    for (size_t i = 0; i < json_array_size(names); i++) {
        const json_t *row = json_array_get(names, i);
        const char *key = json_string_value(json_object_get(row, "key"));
        json_t *name = json_object_get(row, "name");
        if (key != NULL && json_is_string(name))
            (void)json_object_set(dress.names, key, name);
    }
    json_decref(names);
    json_t *status = ask_gently(context, "/v1/status");
    const char *me = json_string_value(json_object_get(status, "operator"));
    if (me != NULL)
        (void)json_object_set_new(dress.names, me, json_string("me"));
    json_decref(status);
    return dress;
}

void dress_close(struct dress *dress)
{
    json_decref(dress->names);
    *dress = (struct dress){0};
}

static bool decode_key(struct trust_key *out_key, const char *text)
{
    struct trust_bytes bytes = trust_bytes_text(text);
    return trust_key_decode(out_key, bytes, TRUST_KEY_OPERATOR) == TRUST_OK ||
           trust_key_decode(out_key, bytes, TRUST_KEY_NODE) == TRUST_OK;
}

void dress_name(const struct dress *dress, char out_text[DRESS_KEY_SIZE], const char *key)
{
    struct trust_key decoded;
    char brief[TRUST_KEY_SHORT_SIZE];
    if (!decode_key(&decoded, key)) {
        (void)snprintf(out_text, DRESS_KEY_SIZE, "%s", key);
        return;
    }
    const char *name = json_string_value(json_object_get(dress->names, key));
    trust_key_short(brief, &decoded);
    (void)snprintf(out_text, DRESS_KEY_SIZE, "%.64s\u00b7%s", name == NULL ? "" : name, brief);
}

void dress_span_text(char out_text[DRESS_SPAN_SIZE], uint64_t ms)
{
    static const struct {
        const char *name;
        uint64_t ms;
        uint64_t below; /* the unit is used for spans below this */
    } units[] = {
        {"s", 1000, UINT64_C(60000)},
        {"min", 60000, UINT64_C(3600000)},
        {"h", 3600000, UINT64_C(172800000)},
        {"d", 86400000, UINT64_C(63072000000)},
        {"y", UINT64_C(31536000000), UINT64_MAX},
    };
    if (ms < 1000) {
        (void)snprintf(out_text, DRESS_SPAN_SIZE, "%" PRIu64 " ms", ms);
        return;
    }
    uint64_t tenths = (ms + 50) / 100;
    if (tenths < 100) {
        (void)snprintf(out_text, DRESS_SPAN_SIZE, "%" PRIu64 ".%" PRIu64 " s", tenths / 10,
                       tenths % 10);
        return;
    }
    size_t i = 0;
    uint64_t count = (ms + units[0].ms / 2) / units[0].ms;
    while (i + 1 < sizeof units / sizeof *units && count * units[i].ms >= units[i].below) {
        i++;
        count = (ms + units[i].ms / 2) / units[i].ms;
    }
    (void)snprintf(out_text, DRESS_SPAN_SIZE, "%" PRIu64 " %s", count, units[i].name);
}

static void replace(json_t *object, const char *member, const char *text)
{
    /* Out of memory leaves the plain value, which says the same. */
    (void)json_object_set_new(object, member, json_string(text));
}

static void dress_key_list(const struct dress *dress, json_t *list)
{
    char name[DRESS_KEY_SIZE];
    for (size_t i = 0; i < json_array_size(list); i++) {
        const char *key = json_string_value(json_array_get(list, i));
        if (key == NULL)
            continue;
        dress_name(dress, name, key);
        (void)json_array_set_new(list, i, json_string(name));
    }
}

void dress_key(const struct dress *dress, json_t *object, const char *member)
{
    json_t *value = json_object_get(object, member);
    char name[DRESS_KEY_SIZE];
    if (!dress->is_on)
        return;
    if (json_is_array(value))
        dress_key_list(dress, value);
    if (!json_is_string(value))
        return;
    dress_name(dress, name, json_string_value(value));
    replace(object, member, name);
}

/* RFC 3339 as the node writes it: whole seconds, or milliseconds behind a point. */
static bool read_time(uint64_t *out_ms, const char *text)
{
    char whole[TRUST_DATE_SIZE];
    unsigned ms = 0;
    uint64_t unix_s = 0;
    size_t size = strlen(text);
    if (size < TRUST_DATE_SIZE - 1)
        return false;
    if (size > TRUST_DATE_SIZE - 1 && sscanf(text + TRUST_DATE_SIZE - 2, ".%3uZ", &ms) != 1)
        return false;
    (void)snprintf(whole, sizeof whole, "%.*sZ", TRUST_DATE_SIZE - 2, text);
    if (!trust_date_decode(&unix_s, trust_bytes_text(whole)))
        return false;
    *out_ms = unix_s * 1000 + ms;
    return true;
}

void dress_time(const struct dress *dress, json_t *object, const char *member)
{
    const char *text = json_string_value(json_object_get(object, member));
    uint64_t time_ms = 0;
    char span[DRESS_SPAN_SIZE];
    char shown[DRESS_SPAN_SIZE + 8];
    if (!dress->is_on || text == NULL || !read_time(&time_ms, text))
        return;
    bool is_past = time_ms <= dress->now_ms;
    dress_span_text(span, is_past ? dress->now_ms - time_ms : time_ms - dress->now_ms);
    if (is_past && dress->now_ms - time_ms < 1000)
        (void)snprintf(shown, sizeof shown, "now");
    else
        (void)snprintf(shown, sizeof shown, is_past ? "%s ago" : "in %s", span);
    replace(object, member, shown);
}

void dress_span(const struct dress *dress, json_t *object, const char *member, uint64_t unit_ms)
{
    const json_t *value = json_object_get(object, member);
    char span[DRESS_SPAN_SIZE];
    double ms = json_number_value(value) * (double)unit_ms;
    if (!dress->is_on || !json_is_number(value) || !(ms >= 0 && ms < SPAN_MS_MAX))
        return;
    dress_span_text(span, (uint64_t)ms);
    replace(object, member, span);
}

void dress_digest(const struct dress *dress, json_t *object, const char *member)
{
    const char *text = json_string_value(json_object_get(object, member));
    char brief[9];
    if (!dress->is_on || text == NULL || strlen(text) < sizeof brief)
        return;
    (void)snprintf(brief, sizeof brief, "%.8s", text);
    replace(object, member, brief);
}
