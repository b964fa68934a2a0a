/* See greeting.h. Every part is copied at most once. */
#include "guard/offer/greeting.h"

#include "wire/json.h"

#define OWN_META "io.repute/guard"
#define SERVER_INFO "io.modelcontextprotocol/serverInfo"

static struct trust_bytes member(struct trust_bytes object, const char *name)
{
    struct trust_bytes value;
    if (json_kind(object) != JSON_KIND_OBJECT || json_find(&value, object, name) != TRUST_OK)
        return (struct trust_bytes){0};
    return value;
}

static struct trust_bytes object_or(struct trust_bytes value, const char *other)
{
    return json_kind(value) == JSON_KIND_OBJECT ? value : trust_bytes_text(other);
}

static void put(struct trust_writer *writer, const char *text)
{
    trust_writer_put(writer, trust_bytes_text(text));
}

static void put_instructions(struct trust_writer *writer, struct trust_bytes greeting)
{
    struct trust_bytes instructions = member(greeting, "instructions");
    if (json_kind(instructions) != JSON_KIND_STRING)
        return;
    put(writer, ",\"instructions\":");
    trust_writer_put(writer, instructions);
}

bool greeting_is_legacy(struct trust_bytes greeting)
{
    return member(greeting, "protocolVersion").size > 0;
}

void greeting_write_legacy(struct trust_writer *writer, struct trust_bytes greeting)
{
    struct trust_bytes info = member(member(greeting, "_meta"), SERVER_INFO);
    if (json_kind(info) != JSON_KIND_OBJECT)
        info = member(greeting, "serverInfo"); /* as drafts of the version had it */
    put(writer, "{\"protocolVersion\":\"2025-11-25\",\"capabilities\":");
    trust_writer_put(writer, object_or(member(greeting, "capabilities"), "{}"));
    put(writer, ",\"serverInfo\":");
    trust_writer_put(writer, object_or(info, "{\"name\":\"unnamed\",\"version\":\"0\"}"));
    put_instructions(writer, greeting);
    put(writer, "}");
}

void greeting_write_modern(struct trust_writer *writer, struct trust_bytes greeting)
{
    struct trust_bytes info = member(greeting, "serverInfo");
    put(writer, "{\"resultType\":\"complete\",\"supportedVersions\":[\"2026-07-28\"],"
                "\"capabilities\":");
    trust_writer_put(writer, object_or(member(greeting, "capabilities"), "{}"));
    put_instructions(writer, greeting);
    put(writer, ",\"ttlMs\":0,\"cacheScope\":\"private\"");
    if (json_kind(info) == JSON_KIND_OBJECT) {
        put(writer, ",\"_meta\":{\"" SERVER_INFO "\":");
        trust_writer_put(writer, info);
        put(writer, "}");
    }
    put(writer, "}");
}

void greeting_take_out_own(struct splice *splice, struct trust_bytes greeting)
{
    struct trust_bytes meta = member(greeting, "_meta");
    struct trust_bytes old;
    if (json_kind(meta) != JSON_KIND_OBJECT)
        return;
    enum trust_error error = json_find(&old, meta, OWN_META);
    if (error == TRUST_OK)
        splice_replace(splice, old, trust_bytes_text("null"));
    else if (error != TRUST_NO_FOUND) /* twice */
        splice_replace(splice, meta, trust_bytes_text("{}"));
}
