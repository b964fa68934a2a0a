/*
 * conform: what checking an answer against its tool's output schema adds to a call, beside reading
 * the message that it came in; and making the schema ready, which is done once a server.
 */
#include "guard/offer/conform.h"

#include <stdio.h>

#include "base/assert.h"
#include "bench.h"
#include "wire/message.h"

static const char schema[] =
    "{\"$schema\":\"http://json-schema.org/draft-07/schema#\",\"type\":\"object\",\"properties\":{"
    "\"results\":{\"type\":\"array\",\"items\":{\"type\":\"object\",\"properties\":{\"path\":{"
    "\"type\":\"string\"},\"line\":{\"type\":\"integer\",\"minimum\":1},\"text\":{\"type\":"
    "\"string\"},\"kind\":{\"type\":\"string\",\"enum\":[\"match\",\"context\"]}},\"required\":["
    "\"path\",\"line\",\"text\"],\"additionalProperties\":false}},\"total\":{\"type\":\"integer\"},"
    "\"cursor\":{\"anyOf\":[{\"type\":\"string\"},{\"type\":\"null\"}]}},\"required\":[\"results\","
    "\"total\"],\"additionalProperties\":false}";
#define ITEM                                                                                       \
    "{\"path\":\"src/auth/session.ts\",\"line\":42,\"text\":\"the token is refreshed when it "     \
    "has less than a minute left\",\"kind\":\"match\"}"
#define CONTENT "{\"results\":[" ITEM "," ITEM "," ITEM "," ITEM "],\"total\":4,\"cursor\":null}"
static const char answer[] =
    "{\"jsonrpc\":\"2.0\",\"id\":4711,\"result\":{\"content\":[{\"type\":\"text\",\"text\":\"4 "
    "results\"}],\"structuredContent\":" CONTENT "}}";

static void check(void *context, uint64_t count)
{
    for (uint64_t i = 0; i < count; i++) {
        bool is_accepted = conform_accepts(context, trust_bytes_text(CONTENT));
        assert(is_accepted);
    }
}

static void read(void *context, uint64_t count)
{
    (void)context;
    for (uint64_t i = 0; i < count; i++) {
        struct message message;
        enum trust_error error = message_read(&message, trust_bytes_text(answer));
        assert(error == TRUST_OK);
        bench_keep(&message);
    }
}

static void make(void *context, uint64_t count)
{
    (void)context;
    for (uint64_t i = 0; i < count; i++) {
        struct conform *conform = NULL;
        enum trust_error error = conform_new(&conform, trust_bytes_text(schema));
        assert(error == TRUST_OK);
        conform_free(conform);
    }
}

int main(void)
{
    struct conform *conform = NULL;
    enum trust_error error = conform_new(&conform, trust_bytes_text(schema));
    assert(error == TRUST_OK);
    struct bench_timing timings[] = {{.body = check, .context = conform},
                                     {.body = read, .context = NULL},
                                     {.body = make, .context = NULL}};
    bench_time(timings, 3);
    bench_print(&(struct bench_line){.name = "an answer of 0.5 KB checked",
                                     .value = timings[0].ns / 1000,
                                     .unit = "us",
                                     .baseline_name = "reading its message",
                                     .baseline = timings[1].ns / 1000,
                                     .value_at_most = 5});
    bench_print(&(struct bench_line){.name = "its schema made ready",
                                     .value = timings[2].ns / 1000,
                                     .unit = "us",
                                     .value_at_most = 200});
    conform_free(conform);
    return 0;
}
