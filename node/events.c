/* See events.h. */
#include "node/events.h"

#include <stdlib.h>
#include <string.h>

#include "base/assert.h"

enum trust_error events_open(struct events *events, struct trust_wall now)
{
    *events = (struct events){.first = now.ms, .next = now.ms};
    events->ring = calloc(TRUST_EVENTS_MAX, sizeof *events->ring);
    return events->ring == NULL ? TRUST_FAIL_MEMORY : TRUST_OK;
}

void events_close(struct events *events)
{
    free(events->ring);
    events->ring = NULL;
}

void events_add(struct events *events, const struct events_news *news, struct trust_wall now)
{
    assert(news->data.size <= TRUST_EVENT_SIZE_MAX);
    if (events->next - events->first == TRUST_EVENTS_MAX)
        events->first++;
    struct events_event *event = &events->ring[events->next % TRUST_EVENTS_MAX];
    event->seq = events->next++;
    event->time = now;
    event->type = news->type;
    event->is_for_agents = news->is_for_agents;
    event->size = (uint16_t)news->data.size;
    memcpy(event->data, news->data.data, news->data.size);
}

struct events_cursor events_cursor_init(const struct events *events, uint64_t since)
{
    return (struct events_cursor){.next = since == 0 ? events->next : since + 1,
                                  .types = (1u << EVENTS_TYPE_COUNT) - 1};
}

static bool is_wanted(const struct events_cursor *cursor, const struct events_event *event)
{
    return (cursor->types & 1u << event->type) != 0 &&
           (event->is_for_agents || !cursor->agents_only);
}

enum events_step events_take(const struct events *events, struct events_cursor *cursor,
                             const struct events_event **out_event, uint64_t *out_gap_end)
{
    /* A number that was not given yet is one of a life with another clock. */
    if (cursor->next < events->first || cursor->next > events->next) {
        *out_gap_end = events->first;
        cursor->next = events->first;
        return EVENTS_GAP;
    }
    while (cursor->next < events->next) {
        const struct events_event *event = &events->ring[cursor->next++ % TRUST_EVENTS_MAX];
        if (is_wanted(cursor, event)) {
            *out_event = event;
            return EVENTS_ONE;
        }
    }
    return EVENTS_NONE;
}

const char *events_type_name(enum events_type type)
{
    static const char *const names[EVENTS_TYPE_COUNT] = {"breaker", "quarantine", "peer", "import",
                                                         "store"};
    assert(type < EVENTS_TYPE_COUNT);
    return names[type];
}
