/* What a test does with a rig: events, and the lines that they have to make. */
#ifndef DRIVE_H
#define DRIVE_H

#include "rig.h"

#define HELLO                                                                                      \
    "{\"jsonrpc\":\"2.0\",\"id\":0,\"method\":\"initialize\",\"params\":{\"protocolVersion\":"     \
    "\"2025-06-18\",\"capabilities\":{\"sampling\":{}},\"clientInfo\":{\"name\":\"c\","            \
    "\"version\":\"1\"}}}"

/* A request for a tool with arguments; id is a JSON value. */
#define CALL(id, tool, arguments)                                                                  \
    "{\"jsonrpc\":\"2.0\",\"id\":" id ",\"method\":\"tools/call\",\"params\":{\"name\":\"" tool    \
    "\",\"arguments\":" arguments "}}"
#define RESULT "{\"jsonrpc\":\"2.0\",\"id\":ID,\"result\":{\"content\":[]}}"
#define GONE "The connection broke while the call was under way"

static inline struct rig *rig_new(uint32_t backends)
{
    static const char *const subjects[] = {"npm:a", "npm:b", "npm:c", "npm:d"};
    struct rig *rig = calloc(1, sizeof *rig);
    assert_non_null(rig);
    struct router_config config = {.group = "search",
                                   .backend_count = backends,
                                   .call_timeout_ms = 1000,
                                   .deadline_ms = 5000,
                                   .connect_timeout_ms = 200,
                                   .offer = {.calls = &rig_offer, .context = rig}};
    memcpy(config.subjects, subjects, sizeof subjects);
    rig->is_pinned = true;
    rig->is_believed = true;
    rig->now.mono.ms = 100000;
    rig->reason = TRUST_REASON_NO_PROVIDER;
    rig->retry_ms = TRUST_NEVER_MS;
    assert_int_equal(router_new(&rig->r, &config), TRUST_OK);
    return rig;
}

static inline void rig_free(struct rig *rig)
{
    router_free(rig->r);
    free(rig->out.data);
    free(rig);
}

static inline const char *rig_out(struct rig *rig)
{
    text_put_bytes(&rig->out, (struct trust_bytes){.data = (const uint8_t *)"", .size = 1});
    rig->out.size--;
    return (const char *)rig->out.data;
}

static inline void clear(struct rig *rig)
{
    rig->out.size = 0;
}

/* Exactly these lines were made since the last look. */
static inline void expect(struct rig *rig, const char *lines)
{
    assert_string_equal(rig_out(rig), lines);
    clear(rig);
}

/* These words are somewhere in the lines since the last look. */
static inline void expect_words(struct rig *rig, const char *words)
{
    if (strstr(rig_out(rig), words) == NULL)
        print_error("no %s in\n%s\n", words, rig_out(rig));
    assert_non_null(strstr(rig_out(rig), words));
}

static inline void expect_none(struct rig *rig, const char *words)
{
    if (strstr(rig_out(rig), words) != NULL)
        print_error("%s in\n%s\n", words, rig_out(rig));
    assert_null(strstr(rig_out(rig), words));
}

/* line with ID written as number. */
static inline struct text with_id(const char *line, uint64_t number)
{
    struct text text = {0};
    const char *at;
    while ((at = strstr(line, "ID")) != NULL) {
        text_put_bytes(&text, (struct trust_bytes){.data = (const uint8_t *)line,
                                                   .size = (size_t)(at - line)});
        text_put_number(&text, number);
        line = at + 2;
    }
    text_put(&text, line);
    return text;
}

static inline void client(struct rig *rig, const char *line)
{
    struct text text = with_id(line, rig->asked);
    router_client_line(rig->r, text_bytes(&text), 0, rig->now);
    free(text.data);
    rig_turn(rig);
}

static inline void backend(struct rig *rig, uint32_t b, const char *line)
{
    struct text text = with_id(line, rig->last_id[b]);
    router_backend_line(rig->r, b, text_bytes(&text), rig->now);
    free(text.data);
    rig_turn(rig);
}

static inline void up(struct rig *rig, uint32_t b)
{
    rig->last_number[b] = 0;
    router_backend_up(rig->r, b, rig->now);
    rig_turn(rig);
}

/* written: how many of the messages to it left; those after them did not. */
static inline void down(struct rig *rig, uint32_t b, uint64_t written)
{
    struct router_loss loss = {
        .class_ = TRUST_OUTCOME_REFUSED, .written = written, .retry_ms = 250};
    router_backend_down(rig->r, b, &loss, rig->now);
    rig_turn(rig);
}

static inline void after(struct rig *rig, uint64_t ms)
{
    rig->now.mono.ms += ms;
    router_time(rig->r, rig->now);
    rig_turn(rig);
}

/* From ROUTER_START to ready. */
static inline void greet(struct rig *rig, uint32_t b)
{
    up(rig, b);
    backend(rig, b, "{\"jsonrpc\":\"2.0\",\"id\":ID,\"result\":" RIG_INITIALIZED "}");
    backend(rig, b, "{\"jsonrpc\":\"2.0\",\"id\":ID,\"result\":{\"tools\":" RIG_TOOL_LIST "}}");
    backend(rig, b, "{\"jsonrpc\":\"2.0\",\"id\":ID,\"result\":{\"resourceTemplates\":[]}}");
    assert_true(router_is_ready(rig->r, b));
}

#define NO_METHOD "{\"jsonrpc\":\"2.0\",\"id\":ID,\"error\":{\"code\":-32601,\"message\":\"no\"}}"
#define DISCOVERED                                                                                 \
    "{\"resultType\":\"complete\",\"supportedVersions\":[\"2026-07-28\"],\"capabilities\":{"       \
    "\"tools\":{},\"resources\":{},\"logging\":{}},\"ttlMs\":0,\"cacheScope\":\"private\"}"

/* The same of a backend that is modern, with a client that is legacy. */
static inline void greet_modern(struct rig *rig, uint32_t b)
{
    up(rig, b);
    if (strstr(rig_out(rig), "\"initialize\"") != NULL)
        backend(rig, b, NO_METHOD);
    backend(rig, b, "{\"jsonrpc\":\"2.0\",\"id\":ID,\"result\":" DISCOVERED "}");
    backend(rig, b, "{\"jsonrpc\":\"2.0\",\"id\":ID,\"result\":{\"tools\":" RIG_TOOL_LIST "}}");
    backend(rig, b, "{\"jsonrpc\":\"2.0\",\"id\":ID,\"result\":{\"resourceTemplates\":[]}}");
    assert_true(router_is_ready(rig->r, b));
}

/* A legacy client, with so many modern backends behind so many legacy ones. */
static inline struct rig *rig_mixed(uint32_t legacy, uint32_t modern)
{
    struct rig *rig = rig_new(legacy + modern);
    rig->is_pinned = false; /* so that all are started */
    client(rig, HELLO);
    for (uint32_t b = 0; b < legacy + modern; b++) {
        clear(rig);
        if (b < legacy)
            greet(rig, b);
        else
            greet_modern(rig, b);
    }
    clear(rig);
    return rig;
}

/* A router of so many backends, all of them ready, with a client that was greeted. */
static inline struct rig *rig_ready(uint32_t backends)
{
    struct rig *rig = rig_new(backends);
    rig->is_pinned = false; /* so that all are started */
    client(rig, HELLO);
    for (uint32_t b = 0; b < backends; b++)
        greet(rig, b);
    clear(rig);
    return rig;
}

/* A modern client's word of itself, and a request for a tool with it. */
#define MODERN_META                                                                                \
    "{\"io.modelcontextprotocol/protocolVersion\":\"2026-07-28\",\"io.modelcontextprotocol/"       \
    "clientCapabilities\":{\"elicitation\":{},\"roots\":{}}}"
#define MODERN_CALL(id, tool, more)                                                                \
    "{\"jsonrpc\":\"2.0\",\"id\":" id ",\"method\":\"tools/call\",\"params\":{\"name\":\"" tool    \
    "\"" more ",\"_meta\":" MODERN_META "}}"

/* A router whose client and backends are modern. */
static inline struct rig *rig_modern(uint32_t backends)
{
    struct rig *rig = rig_new(backends);
    rig->is_pinned = false;
    rig->discovered = "{\"supportedVersions\":[\"2026-07-28\"]}";
    client(rig, "{\"jsonrpc\":\"2.0\",\"id\":0,\"method\":\"server/discover\",\"params\":{"
                "\"_meta\":" MODERN_META "}}");
    for (uint32_t b = 0; b < backends; b++) {
        up(rig, b);
        backend(rig, b,
                "{\"jsonrpc\":\"2.0\",\"id\":ID,\"result\":{\"capabilities\":{\"tools\":"
                "{}},\"resultType\":\"complete\"}}");
        backend(rig, b, "{\"jsonrpc\":\"2.0\",\"id\":ID,\"result\":{\"tools\":[]}}");
        assert_true(router_is_ready(rig->r, b));
    }
    clear(rig);
    return rig;
}

/* A modern client of so many legacy backends, in front of so many modern ones. */
static inline struct rig *rig_crossed(uint32_t legacy, uint32_t modern)
{
    struct rig *rig = rig_new(legacy + modern);
    rig->is_pinned = false;
    rig->discovered = "{\"supportedVersions\":[\"2026-07-28\"]}";
    client(rig, "{\"jsonrpc\":\"2.0\",\"id\":0,\"method\":\"server/discover\",\"params\":{"
                "\"_meta\":" MODERN_META "}}");
    for (uint32_t b = 0; b < legacy + modern; b++) {
        up(rig, b);
        if (b < legacy)
            backend(rig, b, NO_METHOD);
        const char *greeting = b < legacy ? RIG_INITIALIZED : DISCOVERED;
        struct text line = {0};
        text_put(&line, "{\"jsonrpc\":\"2.0\",\"id\":ID,\"result\":");
        text_put(&line, greeting);
        text_put(&line, "}");
        text_put_bytes(&line, (struct trust_bytes){.data = (const uint8_t *)"", .size = 1});
        backend(rig, b, (const char *)line.data);
        free(line.data);
        backend(rig, b, "{\"jsonrpc\":\"2.0\",\"id\":ID,\"result\":{\"tools\":" RIG_TOOL_LIST "}}");
        backend(rig, b, "{\"jsonrpc\":\"2.0\",\"id\":ID,\"result\":{\"resourceTemplates\":[]}}");
        assert_true(router_is_ready(rig->r, b));
    }
    clear(rig);
    return rig;
}

#endif
