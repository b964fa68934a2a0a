/*
 * `repute watch`: what happens on the node, as it happens: breakers, quarantine, peers, imports,
 * the store. It goes on until it is interrupted.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "repute/commands.h"
#include "repute/context.h"
#include "repute/output_cell.h"
#include "wire/sse.h"

/* An event of the node has under 1 KiB. */
#define EVENT_SIZE_MAX 8192

enum { TYPE, SINCE, COUNT };

static const char *const types[] = {"breaker", "quarantine", "peer", "import", "store", NULL};

static const struct command_option options[] = {
    [TYPE] = {.name = "type",
              .kind = COMMAND_CHOICE,
              .shown = "T",
              .about = "breaker, quarantine, peer, import or store alone",
              .choices = types},
    [SINCE] = {.name = "since",
               .kind = COMMAND_WHOLE,
               .shown = "SEQ",
               .about = "begin with what came after this event",
               .least = 1,
               .most = UINT64_C(1) << 53},
    [COUNT] = {.name = "count",
               .kind = COMMAND_WHOLE,
               .shown = "N",
               .about = "end after so many events",
               .least = 1,
               .most = UINT32_MAX},
    [COUNT + 1] = {0},
};

static const struct output_field plain_columns[] = {
    {"", "seq", OUTPUT_AS_IT_IS},
    {"", "time", OUTPUT_AS_IT_IS},
    {"", "type", OUTPUT_AS_IT_IS},
    {"", "rest", OUTPUT_AS_IT_IS},
    {0},
};

struct watch {
    struct sse sse;
    const struct output *output;
    uint64_t left; /* events to show; 0: no end */
    bool is_done;
    enum trust_error error;
};

static bool is_of_every_event(const char *member)
{
    return strcmp(member, "seq") == 0 || strcmp(member, "time") == 0 || strcmp(member, "type") == 0;
}

/* "2026-11-20T09:42:12Z  breaker  subject=... to=open" */
static void print_text(const struct output *output, json_t *event)
{
    struct output_cell cell;
    const char *member = NULL;
    json_t *value = NULL;
    output_cell_init(&cell, json_object_get(event, "time"), OUTPUT_AS_IT_IS, output->form);
    output_say(output, "%-24s", cell.text);
    output_cell_init(&cell, json_object_get(event, "type"), OUTPUT_AS_IT_IS, output->form);
    output_say(output, "  %-10s", cell.text);
    json_object_foreach(event, member, value)
    {
        if (is_of_every_event(member))
            continue;
        output_cell_init(&cell, value, OUTPUT_AS_IT_IS, output->form);
        output_say(output, "  %s=%s", member, cell.text);
    }
    output_say(output, "\n");
}

/* The members of its own as one column of JSON. */
static enum trust_error print_plain(const struct output *output, json_t *event)
{
    json_t *rest = json_copy(event);
    (void)json_object_del(rest, "seq");
    (void)json_object_del(rest, "time");
    (void)json_object_del(rest, "type");
    char *text = json_dumps(rest, JSON_COMPACT);
    (void)json_object_set_new(event, "rest", json_string(text == NULL ? "" : text));
    free(text);
    json_decref(rest);
    json_t *rows = json_pack("[O]", event);
    enum trust_error error = output_list(output, rows, plain_columns, "");
    json_decref(rows);
    return error;
}

static enum trust_error print(const struct output *output, json_t *event)
{
    switch (output->form) {
    case OUTPUT_TEXT:
        print_text(output, event);
        return output_is_whole(output) ? TRUST_OK : TRUST_FAIL_IO;
    case OUTPUT_PLAIN:
        return print_plain(output, event);
    case OUTPUT_JSON:
        return output_json(output, event);
    }
    return TRUST_OK;
}

/* False ends the stream. */
static bool show_event(struct watch *watch, struct trust_bytes data)
{
    json_t *event = json_loadb((const char *)data.data, data.size, 0, NULL);
    if (!json_is_object(event)) {
        json_decref(event);
        return true;
    }
    watch->error = print(watch->output, event);
    json_decref(event);
    if (watch->left > 0)
        watch->is_done = --watch->left == 0;
    return watch->error == TRUST_OK && !watch->is_done;
}

static bool take_piece(void *context, struct trust_bytes piece)
{
    struct watch *watch = context;
    struct sse_event event;
    for (;;) {
        enum trust_error error = sse_take(&watch->sse, &event, &piece);
        if (error == TRUST_NO_FOUND)
            return true;
        /* No event of the node is over the bound: one that is belongs to nobody. */
        if (error == TRUST_OK && !show_event(watch, event.data))
            return false;
    }
}

static enum trust_error run(struct context *context, const struct command_arguments *arguments)
{
    const struct command_setting *values = arguments->values;
    char path[CONTEXT_PATH_SIZE];
    size_t size = (size_t)snprintf(path, sizeof path, "/v1/events");
    if (values[TYPE].is_given)
        size += (size_t)snprintf(path + size, sizeof path - size, "?type=%s", values[TYPE].text);
    if (values[SINCE].is_given)
        (void)snprintf(path + size, sizeof path - size, "%csince=%" PRIu64,
                       values[TYPE].is_given ? '&' : '?', values[SINCE].whole);
    struct watch watch = {.output = &context->output, .left = values[COUNT].whole};
    sse_init(&watch.sse, EVENT_SIZE_MAX);
    const struct trust_http_request request = {
        .method = TRUST_REQUEST_GET, .path = path, .sink = take_piece, .context = &watch};
    struct trust_reply reply = {0};
    enum trust_error error = context_send(context, &reply, &request);
    sse_close(&watch.sse);
    if (error == TRUST_OK)
        return context_refuse(context, TRUST_NO_NODE, "look at its log, and start it again",
                              "the node ended the stream: it stops");
    if (!watch.is_done && watch.error == TRUST_OK)
        return error;
    /* It was us who ended the stream. */
    context->failure = (struct failure){0};
    return watch.error;
}

const struct command watch_command = {
    .name = "watch",
    .words = "",
    .summary = "what happens on the node, as it happens",
    .options = options,
    .run = run,
};
