/*
 * wire: a message of MCP read in one pass, a call of 300 bytes and results of 100 kB, beside
 * looking at the same bytes once (memchr) and beside a library that builds a tree of them
 * (jansson).
 */
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/assert.h"
#include "bench.h"
#include "wire/jcs.h"
#include "wire/lines.h"
#include "wire/message.h"
#include "wire/splice.h"

#define RESULT_SIZE 100000u
#define MEMBERS_MAX 8192u

struct fixture {
    struct trust_bytes text;
    struct jcs_member *members;
    uint8_t *room;
    size_t room_size;
};

static const char call[] =
    "{\"jsonrpc\":\"2.0\",\"id\":4711,\"method\":\"tools/"
    "call\",\"params\":{\"name\":\"search_files\","
    "\"arguments\":{\"path\":\"/srv/projects/website\",\"pattern\":\"**/*.{ts,tsx}\",\"query\":"
    "\"where is the session token "
    "refreshed\",\"limit\":25,\"recursive\":true,\"exclude\":[\"dist\","
    "\"node_modules\"]},\"_meta\":{\"progressToken\":4711}}}";

static void read_message(void *context, uint64_t count)
{
    struct fixture *f = context;
    for (uint64_t i = 0; i < count; i++) {
        struct message message;
        enum trust_error error = message_read(&message, f->text);
        assert(error == TRUST_OK);
        bench_keep(&message);
    }
}

/* What a proxy does with a call: cut the line, read it, put another id and token into it. */
static void pass_on(void *context, uint64_t count)
{
    struct fixture *f = context;
    struct lines lines;
    lines_init(&lines, TRUST_WIRE_MESSAGE_SIZE_MAX);
    for (uint64_t i = 0; i < count; i++) {
        uint8_t *room;
        size_t size;
        struct trust_bytes line;
        struct message message;
        struct splice splice;
        enum trust_error error = lines_room(&lines, &room, &size);
        assert(error == TRUST_OK);
        memcpy(room, f->text.data, f->text.size);
        room[f->text.size] = '\n';
        lines_fed(&lines, f->text.size + 1);
        error = lines_next(&lines, &line);
        assert(error == TRUST_OK);
        error = message_read(&message, line);
        assert(error == TRUST_OK);
        splice_init(&splice, message.whole);
        splice_replace(&splice, message.id, trust_bytes_text("281474976710657"));
        splice_replace(&splice, message.meta_progress_token, trust_bytes_text("281474976710657"));
        struct trust_writer writer = trust_writer_init(f->room, f->room_size);
        splice_write(&splice, &writer);
        bench_keep(f->room);
    }
    lines_close(&lines);
}

static void write_canonical(void *context, uint64_t count)
{
    struct fixture *f = context;
    for (uint64_t i = 0; i < count; i++) {
        struct trust_writer writer = trust_writer_init(f->room, f->room_size);
        enum trust_error error = jcs_write(&writer, f->members, MEMBERS_MAX, f->text);
        assert(error == TRUST_OK);
        bench_keep(f->room);
    }
}

static void look_once(void *context, uint64_t count)
{
    struct fixture *f = context;
    for (uint64_t i = 0; i < count; i++) {
        const void *newline = memchr(f->text.data, '\n', f->text.size);
        bench_keep(newline);
    }
}

static void build_tree(void *context, uint64_t count)
{
    struct fixture *f = context;
    for (uint64_t i = 0; i < count; i++) {
        json_t *tree =
            json_loadb((const char *)f->text.data, f->text.size, JSON_REJECT_DUPLICATES, NULL);
        assert(tree != NULL);
        bench_keep(tree);
        json_decref(tree);
    }
}

static const char head[] = "{\"jsonrpc\":\"2.0\",\"id\":4711,\"result\":{\"content\":[";
static const char tail[] = "],\"isError\":false}}";
static const char prose[] = "A line of a file as a model reads it, with a \\\"quote\\\" or two,\\n"
                            "    and then another one.\\n";
static const char row[] = "{\"path\":\"src/auth/session.ts\",\"line\":128,\"score\":0.875,"
                          "\"exact\":true,\"tags\":[\"a\",\"b\"]},";

/* A result of about RESULT_SIZE bytes: before, the part again and again, after. */
static struct trust_bytes make(const char *before, const char *part, const char *after)
{
    char *text = malloc(RESULT_SIZE + 1024);
    assert(text != NULL);
    char *at = stpcpy(stpcpy(text, head), before);
    while ((size_t)(at - text) < RESULT_SIZE)
        at = stpcpy(at, part);
    at = stpcpy(stpcpy(at, after), tail);
    return (struct trust_bytes){.data = (uint8_t *)text, .size = (size_t)(at - text)};
}

/* Nanoseconds a message beside jansson, bytes a nanosecond beside memchr. */
static void run(struct fixture *f, const char *name, double ns_at_most)
{
    struct bench_timing timings[] = {
        {.body = read_message, .context = f},
        {.body = look_once, .context = f},
        {.body = build_tree, .context = f},
    };
    bench_time(timings, sizeof timings / sizeof *timings);
    char title[64];
    (void)snprintf(title, sizeof title, "wire: read %s, %zu bytes", name, f->text.size);
    bench_print(&(struct bench_line){.name = title,
                                     .value = timings[0].ns,
                                     .unit = "ns",
                                     .baseline_name = "jansson",
                                     .baseline = timings[2].ns,
                                     .value_at_most = ns_at_most});
    (void)snprintf(title, sizeof title, "wire: read %s", name);
    bench_print(&(struct bench_line){.name = title,
                                     .value = (double)f->text.size / timings[0].ns,
                                     .unit = "B/ns",
                                     .baseline_name = "memchr",
                                     .baseline = (double)f->text.size / timings[1].ns});
}

static void run_more(struct fixture *f)
{
    struct bench_timing timings[] = {
        {.body = pass_on, .context = f},
        {.body = write_canonical, .context = f},
        {.body = build_tree, .context = f},
    };
    bench_time(timings, sizeof timings / sizeof *timings);
    bench_print(&(struct bench_line){.name = "wire: cut, read and splice a call",
                                     .value = timings[0].ns,
                                     .unit = "ns",
                                     .baseline_name = "jansson",
                                     .baseline = timings[2].ns,
                                     .value_at_most = 1500});
    bench_print(&(struct bench_line){.name = "wire: canonical form of a call",
                                     .value = timings[1].ns,
                                     .unit = "ns",
                                     .baseline_name = "jansson",
                                     .baseline = timings[2].ns});
}

int main(void)
{
    struct fixture f = {
        .text = trust_bytes_text(call),
        .members = calloc(MEMBERS_MAX, sizeof *f.members),
        .room = malloc(4096),
        .room_size = 4096,
    };
    assert(f.members != NULL);
    assert(f.room != NULL);
    run(&f, "a call", 1000);
    run_more(&f);
    f.text = make("{\"type\":\"text\",\"text\":\"", prose, "\"}");
    run(&f, "a result of text", 0);
    free((void *)(uintptr_t)f.text.data);
    f.text = make("", row, "null");
    run(&f, "a result of rows", 0);
    free((void *)(uintptr_t)f.text.data);
    free(f.room);
    free(f.members);
    return 0;
}
