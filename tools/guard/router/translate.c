/* See translate.h. */
#include "guard/router/translate.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "guard/router/rounds.h"
#include "wire/json.h"

#define KEY "io.modelcontextprotocol/"

static const char *const keys[] = {KEY "protocolVersion", KEY "clientInfo",
                                   KEY "clientCapabilities", KEY "logLevel"};
#define KEYS (sizeof keys / sizeof *keys)

static struct trust_bytes member(struct trust_bytes object, const char *name)
{
    struct trust_bytes value;
    if (json_kind(object) != JSON_KIND_OBJECT || json_find(&value, object, name) != TRUST_OK)
        return (struct trust_bytes){0};
    return value;
}

static struct trust_bytes of_kind(struct trust_bytes value, enum json_kind kind, const char *other)
{
    return json_kind(value) == kind ? value : trust_bytes_text(other);
}

static void put_member(struct text *text, const char *key, struct trust_bytes value)
{
    if (value.size == 0)
        return;
    text_put(text, text->size > 1 ? ",\"" : "\"");
    text_put(text, key);
    text_put(text, "\":");
    text_put_bytes(text, value);
}

/* ---- who speaks ---- */

static void write_meta(struct router *r, struct trust_bytes info, struct trust_bytes capabilities)
{
    r->meta.size = 0;
    text_put(&r->meta, "{");
    put_member(&r->meta, keys[0], trust_bytes_text("\"2026-07-28\""));
    put_member(&r->meta, keys[1], info);
    put_member(&r->meta, keys[2], capabilities);
    if (r->log_level != NULL)
        put_member(&r->meta, keys[3], trust_bytes_text(r->log_level));
    text_put(&r->meta, "}");
}

static void read_initialize(struct router *r)
{
    struct message hello;
    if (message_read(&hello, text_bytes(&r->hello)) != TRUST_OK)
        return; /* it was read before it was kept */
    write_meta(r, member(hello.params, "clientInfo"),
               of_kind(member(hello.params, "capabilities"), JSON_KIND_OBJECT, "{}"));
}

static void read_meta(struct router *r, const struct message *message)
{
    r->meta.size = 0;
    text_put(&r->meta, "{");
    for (size_t i = 0; i + 1 < KEYS; i++)
        put_member(&r->meta, keys[i], member(message->meta, keys[i]));
    text_put(&r->meta, "}");
    struct trust_bytes meta = text_bytes(&r->meta);
    text_put(&r->hello, "{\"jsonrpc\":\"2.0\",\"id\":0,\"method\":\"initialize\",\"params\":{"
                        "\"protocolVersion\":\"2025-11-25\",\"capabilities\":");
    text_put_bytes(&r->hello, of_kind(member(meta, keys[2]), JSON_KIND_OBJECT, "{}"));
    text_put(&r->hello, ",\"clientInfo\":");
    text_put_bytes(&r->hello,
                   of_kind(member(meta, keys[1]), JSON_KIND_OBJECT,
                           "{\"name\":\"repute-guard\",\"version\":\"" REPUTE_VERSION "\"}"));
    text_put(&r->hello, "}}");
}

void translate_hear(struct router *r, const struct message *message)
{
    r->hello_count++;
    r->hello.size = 0;
    if (r->era == ERA_MODERN) {
        read_meta(r, message);
        return;
    }
    text_put_bytes(&r->hello, message->whole);
    read_initialize(r);
}

void translate_level(struct router *r)
{
    if (r->era == ERA_LEGACY)
        read_initialize(r);
}

/* ---- requests ---- */

void translate_free(struct translate_room *room)
{
    free(room->meta.data);
    free(room->responses.data);
}

/* Who speaks, in a request of one that said so once and for all. */
static void add_meta(const struct router *r, struct splice *splice, struct translate_room *room,
                     const struct message *message)
{
    struct trust_bytes meta = text_bytes(&r->meta);
    if (message->params.size == 0) {
        text_put(&room->meta, "{");
        put_member(&room->meta, "_meta", meta);
        text_put(&room->meta, "}");
        splice_add_member(splice, message->whole, "params", text_bytes(&room->meta));
        return;
    }
    if (message->meta.size == 0) {
        splice_add_member(splice, message->params, "_meta", meta);
        return;
    }
    if (json_kind(message->meta) != JSON_KIND_OBJECT) {
        splice_replace(splice, message->meta, meta);
        return;
    }
    for (size_t i = 0; i < KEYS; i++) {
        struct trust_bytes value = member(meta, keys[i]);
        struct trust_bytes old = member(message->meta, keys[i]);
        if (value.size > 0 && old.size > 0)
            splice_replace(splice, old, value);
        else if (value.size > 0)
            splice_add_member(splice, message->meta, keys[i], value);
    }
}

/* Nobody speaks for a legacy backend: who it is was said once and for all. One that is reached by
 * HTTP would take such a request for a modern one. */
static void write_rest(struct text *text, struct trust_bytes meta, const char *token)
{
    struct json_walk walk = json_walk_object(meta);
    struct trust_bytes key, value;
    text_put(text, "{");
    while (json_next_member(&walk, &key, &value)) {
        bool is_said = false;
        for (size_t i = 0; i < KEYS; i++)
            is_said = is_said || json_raw_is(key, keys[i]);
        if (is_said)
            continue;
        text_put(text, text->size > 1 ? ",\"" : "\"");
        text_put_bytes(text, key);
        text_put(text, "\":");
        if (token != NULL && json_raw_is(key, "progressToken"))
            text_put(text, token);
        else
            text_put_bytes(text, value);
    }
    text_put(text, "}");
}

bool translate_request(const struct router *r, struct splice *splice, struct translate_room *room,
                       const struct call *call)
{
    const struct message *message = &call->message;
    if (translate_is_between(r, call->backend, ERA_LEGACY)) {
        add_meta(r, splice, room, message);
        rounds_put(call, splice, &room->responses);
        return json_kind(message->meta) != JSON_KIND_OBJECT;
    }
    if (!translate_is_between(r, call->backend, ERA_MODERN) ||
        json_kind(message->meta) != JSON_KIND_OBJECT)
        return false;
    char token[24];
    snprintf(token, sizeof token, "%" PRIu64, call->id);
    write_rest(&room->meta, message->meta, token);
    splice_replace(splice, message->meta, text_bytes(&room->meta));
    return true;
}

void translate_notice(const struct router *r, struct splice *splice, struct translate_room *room,
                      uint32_t backend, const struct message *message)
{
    if (!translate_is_between(r, backend, ERA_MODERN) ||
        json_kind(message->meta) != JSON_KIND_OBJECT)
        return;
    write_rest(&room->meta, message->meta, NULL);
    splice_replace(splice, message->meta, text_bytes(&room->meta));
}

/* ---- results ---- */

/* Every one of them says how long it may be kept. */
static bool is_cacheable(enum message_method method)
{
    return method == METHOD_RESOURCES_LIST || method == METHOD_RESOURCES_TEMPLATES_LIST ||
           method == METHOD_RESOURCES_READ || method == METHOD_PROMPTS_LIST;
}

static void add_member(struct splice *splice, struct trust_bytes result, const char *key,
                       const char *value)
{
    if (member(result, key).size == 0)
        splice_add_member(splice, result, key, trust_bytes_text(value));
}

void translate_result(const struct router *r, struct splice *splice, const struct call *call,
                      const struct message *message)
{
    if (!translate_is_between(r, call->backend, ERA_MODERN))
        return;
    if (message->result_type.size == 0)
        splice_add_member(splice, message->result, "resultType", trust_bytes_text("\"complete\""));
    if (!is_cacheable(call->message.method))
        return;
    add_member(splice, message->result, "ttlMs", "0");
    add_member(splice, message->result, "cacheScope", "\"private\"");
}
