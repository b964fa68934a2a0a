/*
 * See stream.h. A reader has no queue of its own but a place in the ring of events: who is too slow
 * finds its place overwritten and is told of a gap. A waiting connection is suspended and would not
 * notice that its reader left, so all are written to every 15 s.
 */
#include "node/api/stream.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/assert.h"
#include "node/api/api.h"
#include "node/api/body.h"
#include "node/core.h"

/* id, event, the first three members and the event's own. */
#define TEXT_SIZE (TRUST_EVENT_SIZE_MAX + 256)
/* Numbers of events stay exact in JSON. */
#define SEQ_MAX (UINT64_C(1) << 53)

struct stream {
    struct api_call *call;
    struct events_cursor cursor;
    bool is_waiting;
    bool is_beaten; /* a comment is due */
    size_t size;    /* of the text being sent */
    size_t sent;
    char text[TEXT_SIZE];
};

/* ---- one event's text ---- */

static void put_text(struct stream *stream, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
static void put_text(struct stream *stream, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    int size = vsnprintf(stream->text, sizeof stream->text, format, arguments);
    va_end(arguments);
    assert(size > 0 && (size_t)size < sizeof stream->text);
    stream->size = (size_t)size;
    stream->sent = 0;
}

/* False: no memory. */
static bool put_event(struct stream *stream, const struct events_event *event)
{
    const char *name = events_type_name(event->type);
    char *head = NULL;
    size_t size = 0;
    struct api_doc doc = api_doc_init();
    api_doc_open_object(&doc, NULL);
    api_doc_count(&doc, "seq", event->seq);
    api_doc_time(&doc, "time", event->time);
    api_doc_text(&doc, "type", name);
    api_doc_close_object(&doc);
    if (api_doc_take(&doc, &head, &size) != TRUST_OK)
        return false;
    put_text(stream, "id: %" PRIu64 "\nevent: %s\ndata: %.*s,%.*s}\n\n", event->seq, name,
             (int)size - 1, head, (int)event->size, event->data);
    free(head);
    return true;
}

/* The next thing to send; false: nothing for now. */
static bool fill(struct stream *stream)
{
    const struct events_event *event = NULL;
    uint64_t gap_end = 0;
    uint64_t gap_begin = stream->cursor.next;
    switch (events_take(&stream->call->core->events, &stream->cursor, &event, &gap_end)) {
    case EVENTS_ONE:
        if (put_event(stream, event))
            return true;
        /* Told again as soon as there is memory. */
        stream->cursor.next = event->seq;
        return false;
    case EVENTS_GAP:
        put_text(stream,
                 "id: %" PRIu64 "\nevent: gap\ndata: {\"type\":\"gap\",\"from\":%" PRIu64
                 ",\"to\":%" PRIu64 "}\n\n",
                 gap_end - 1, gap_begin < gap_end ? gap_begin : gap_end, gap_end - 1);
        return true;
    case EVENTS_NONE:
        break;
    }
    if (!stream->is_beaten)
        return false;
    stream->is_beaten = false;
    put_text(stream, ": still here\n\n");
    return true;
}

static ssize_t produce(struct api_call *call, char *out_bytes, size_t size)
{
    struct stream *stream = call->state;
    if (stream->sent == stream->size && !fill(stream)) {
        stream->is_waiting = true;
        return API_STREAM_WAIT;
    }
    size_t left = stream->size - stream->sent;
    size_t taken = left < size ? left : size;
    memcpy(out_bytes, stream->text + stream->sent, taken);
    stream->sent += taken;
    return (ssize_t)taken;
}

/* ---- readers ---- */

static uint32_t *count_of(struct api_call *call)
{
    struct stream_readers *readers = &call->api->readers;
    return call->request.rights == API_RIGHTS_OPERATOR ? &readers->operators : &readers->agents;
}

static struct stream **place_of(struct stream_readers *readers, const struct stream *stream)
{
    const size_t count = sizeof readers->readers / sizeof readers->readers[0];
    size_t at = 0;
    while (at < count && readers->readers[at] != stream)
        at++;
    assert(at < count);
    return &readers->readers[at];
}

static void release(struct api_call *call)
{
    *place_of(&call->api->readers, call->state) = NULL;
    --*count_of(call);
    free(call->state);
}

static const char *const types[] = {"breaker", "quarantine", "peer", "import", "store", NULL};
static_assert(sizeof types / sizeof types[0] == EVENTS_TYPE_COUNT + 1, "a word for each type");

/* Which types the caller gets; false: refused. */
static bool read_types(struct api_call *call, uint32_t *out_types)
{
    const uint32_t of_agents = 1u << EVENTS_BREAKER | 1u << EVENTS_QUARANTINE;
    bool is_operator = call->request.rights == API_RIGHTS_OPERATOR;
    const char *text = api_request_param(&call->request, "type");
    *out_types = is_operator ? (1u << EVENTS_TYPE_COUNT) - 1 : of_agents;
    if (text == NULL)
        return true;
    uint32_t type = 0;
    while (types[type] != NULL && strcmp(types[type], text) != 0)
        type++;
    if (types[type] == NULL) {
        api_refuse(call, TRUST_NO_RANGE, NULL,
                   "type: not one of breaker, quarantine, peer, import, store");
        return false;
    }
    if ((*out_types & 1u << type) == 0) {
        api_refuse(call, TRUST_NO_PERMISSION, NULL, "agents are told of breakers and quarantines");
        return false;
    }
    *out_types = 1u << type;
    return true;
}

void stream_events(struct api_call *call)
{
    struct api *api = call->api;
    uint64_t since = 0;
    uint32_t wanted = 0;
    if (!api_check_count(call, "since", SEQ_MAX, &since) || !read_types(call, &wanted))
        return;
    if (*count_of(call) == TRUST_EVENTS_READERS_MAX) {
        api_refuse(call, TRUST_NO_BUSY, "close another reader of events",
                   "%d readers of events are connected already", TRUST_EVENTS_READERS_MAX);
        return;
    }
    struct stream *stream = calloc(1, sizeof *stream);
    if (stream == NULL) {
        api_refuse(call, TRUST_FAIL_MEMORY, NULL, "no memory for a reader");
        return;
    }
    stream->call = call;
    stream->cursor = events_cursor_init(&call->core->events, since);
    stream->cursor.types = wanted;
    stream->cursor.agents_only = call->request.rights != API_RIGHTS_OPERATOR;
    put_text(stream, ": after %" PRIu64 "\n\n", stream->cursor.next - 1);
    if (api->readers.agents + api->readers.operators == 0)
        api->readers.beat_due.ms = call->core->now.mono.ms + TRUST_EVENTS_BEAT_MS;
    *place_of(&api->readers, NULL) = stream;
    ++*count_of(call);
    call->state = stream;
    call->release = release;
    api_answer_stream(call, "text/event-stream", produce);
}

/* ---- turns ---- */

/* What the reader does not want is passed over, or it would be told of a gap where nothing of its
 * own is missing. */
static bool has_news(struct stream *stream)
{
    struct events_cursor ahead = stream->cursor;
    const struct events_event *event = NULL;
    uint64_t gap_end = 0;
    if (events_take(&stream->call->core->events, &ahead, &event, &gap_end) != EVENTS_NONE)
        return true;
    stream->cursor = ahead;
    return false;
}

void stream_turn(struct api *api, struct trust_mono now)
{
    struct stream_readers *readers = &api->readers;
    if (readers->agents + readers->operators == 0)
        return;
    bool is_beat = now.ms >= readers->beat_due.ms;
    if (is_beat)
        readers->beat_due.ms = now.ms + TRUST_EVENTS_BEAT_MS;
    for (size_t i = 0; i < sizeof readers->readers / sizeof readers->readers[0]; i++) {
        struct stream *stream = readers->readers[i];
        if (stream == NULL)
            continue;
        stream->is_beaten = stream->is_beaten || is_beat;
        if (stream->is_waiting && (stream->is_beaten || has_news(stream))) {
            stream->is_waiting = false;
            api_wake(stream->call);
        }
    }
}

struct trust_mono stream_deadline(const struct api *api)
{
    if (api->readers.agents + api->readers.operators == 0)
        return (struct trust_mono){.ms = UINT64_MAX};
    return api->readers.beat_due;
}
