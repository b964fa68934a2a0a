/* See watch.h. */
#include "mcp/watch.h"

#include <stdlib.h>
#include <string.h>

#include "guard/router/text.h"

static void drop(struct watch *watch, uint32_t place)
{
    free(watch->entries[place].stream);
    free(watch->entries[place].uri);
    watch->entries[place] = watch->entries[--watch->count];
}

void watch_close(struct watch *watch)
{
    while (watch->count > 0)
        drop(watch, watch->count - 1);
}

static bool is_of(const struct watch_entry *entry, struct trust_bytes stream)
{
    if (entry->stream == NULL || stream.size == 0)
        return entry->stream == NULL && stream.size == 0;
    return trust_bytes_equal(trust_bytes_text(entry->stream), stream);
}

/* uri NULL: the stream itself. */
static uint32_t find(const struct watch *watch, struct trust_bytes stream, const char *uri)
{
    uint32_t i = 0;
    for (; i < watch->count; i++) {
        const struct watch_entry *entry = &watch->entries[i];
        bool is_same =
            uri == NULL ? entry->uri == NULL : entry->uri != NULL && strcmp(entry->uri, uri) == 0;
        if (is_same && is_of(entry, stream))
            break;
    }
    return i;
}

static struct watch_entry *take(struct watch *watch, struct trust_bytes stream)
{
    struct watch_entry *entry = &watch->entries[watch->count++];
    *entry = (struct watch_entry){.stream = stream.size == 0 ? NULL : text_copy(stream)};
    return entry;
}

enum trust_error watch_open(struct watch *watch, struct trust_bytes stream)
{
    if (find(watch, stream, NULL) < watch->count)
        return TRUST_NO_DUPLICATE;
    if (watch->count == TRUST_MCP_WATCH_MAX)
        return TRUST_NO_ROOM;
    (void)take(watch, stream);
    return TRUST_OK;
}

bool watch_end(struct watch *watch, struct trust_bytes stream)
{
    bool is_found = false;
    for (uint32_t i = watch->count; stream.size > 0 && i-- > 0;) {
        if (!is_of(&watch->entries[i], stream))
            continue;
        drop(watch, i);
        is_found = true;
    }
    return is_found;
}

enum trust_error watch_add(struct watch *watch, struct trust_bytes stream, const char *uri,
                           const char *subject)
{
    if (find(watch, stream, uri) < watch->count)
        return TRUST_OK;
    if (watch->count == TRUST_MCP_WATCH_MAX)
        return TRUST_NO_ROOM;
    struct watch_entry *entry = take(watch, stream);
    entry->uri = text_copy(trust_bytes_text(uri));
    memcpy(entry->subject, subject, strlen(subject) + 1);
    return TRUST_OK;
}

bool watch_remove(struct watch *watch, const char *uri)
{
    uint32_t place = find(watch, (struct trust_bytes){0}, uri);
    if (place == watch->count)
        return false;
    drop(watch, place);
    return true;
}

static void look_at(struct watch_entry *entry, const struct watch_calls *calls, uint64_t now_ms)
{
    uint64_t mark = 0;
    bool is_shown = calls->look(calls->context, entry->subject, &mark);
    if (!is_shown && entry->ask_ms <= now_ms) {
        entry->ask_ms = now_ms + TRUST_MCP_SHOW_MS;
        calls->show(calls->context, entry->subject);
    }
    bool is_news = entry->has_mark && entry->mark != mark;
    entry->has_mark = true;
    entry->mark = mark;
    if (is_news)
        calls->tell(calls->context, entry);
}

void watch_poll(struct watch *watch, const struct watch_calls *calls, uint64_t now_ms)
{
    for (uint32_t i = 0; i < watch->count; i++) {
        if (watch->entries[i].uri != NULL)
            look_at(&watch->entries[i], calls, now_ms);
    }
}
