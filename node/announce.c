/* See announce.h. */
#include "node/announce.h"

#include <stdlib.h>

#include "trust/subject.h"

#include "base/assert.h"
#include "engine/servers.h"
#include "node/api/doc.h"
#include "node/core.h"

/* Takes the document, one object, and adds it without its braces. Without memory there is no event:
 * a gap that nobody is told of, in a node that has other troubles. */
static void add(struct core *core, struct api_doc *doc, enum events_type type, bool is_for_agents)
{
    char *text = NULL;
    size_t size = 0;
    api_doc_close_object(doc);
    if (api_doc_take(doc, &text, &size) != TRUST_OK)
        return;
    assert(size >= 2);
    const struct events_news news = {
        .type = type,
        .is_for_agents = is_for_agents,
        .data = {.data = (const uint8_t *)text + 1, .size = size - 2},
    };
    events_add(&core->events, &news, core->now.wall);
    free(text);
}

static struct api_doc begin(void)
{
    struct api_doc doc = api_doc_init();
    api_doc_open_object(&doc, NULL);
    return doc;
}

/* Opens an event about a server; true if the operator named it. */
static bool put_server(struct api_doc *doc, struct core *core, uint32_t server)
{
    char subject[TRUST_SUBJECT_TEXT_SIZE];
    (void)trust_engine_server_subject(core->engine, subject, server);
    api_doc_text(doc, "subject", subject);
    return (trust_engine_server_marks(core->engine, server) & TRUST_CELL_NAMED) != 0;
}

/* A monotonic time as the wall shows it; never: null. */
static void put_mono(struct api_doc *doc, const char *key, const struct core *core,
                     struct trust_mono time)
{
    struct trust_wall wall = {0};
    if (time.ms != TRUST_MONO_NEVER && core->now.wall.ms + time.ms >= core->now.mono.ms)
        wall.ms = core->now.wall.ms + time.ms - core->now.mono.ms;
    api_doc_time(doc, key, wall);
}

void announce_breaker(struct core *core, uint32_t server, const struct trust_breaker_event *event)
{
    struct api_doc doc = begin();
    bool is_named = put_server(&doc, core, server);
    api_doc_text(&doc, "from", trust_breaker_state_name(event->from));
    api_doc_text(&doc, "to", trust_breaker_state_name(event->to));
    api_doc_text(&doc, "reason", trust_breaker_reason_name(event->reason));
    api_doc_count(&doc, "threshold", event->threshold);
    api_doc_count(&doc, "observed", event->observed);
    put_mono(&doc, "since", core, event->time);
    put_mono(&doc, "until", core, event->until);
    api_doc_count(&doc, "generation", event->seq);
    add(core, &doc, EVENTS_BREAKER, is_named);
}

void announce_quarantine(struct core *core, uint32_t server,
                         const struct trust_quarantine_change *change)
{
    struct api_doc doc = begin();
    bool is_named = put_server(&doc, core, server);
    struct trust_wall until = {.ms =
                                   change->ttl_s == 0 ? 0 : change->time.ms + change->ttl_s * 1000};
    api_doc_text(&doc, "from", trust_quarantine_state_name(change->from));
    api_doc_text(&doc, "to", trust_quarantine_state_name(change->to));
    api_doc_text(&doc, "rule", trust_quarantine_rule_name(change->rule));
    api_doc_time(&doc, "since", change->time);
    api_doc_time(&doc, "until", until);
    add(core, &doc, EVENTS_QUARANTINE, is_named);
}

void announce_peer(struct core *core, const struct trust_key *key, bool is_up)
{
    struct api_doc doc = begin();
    api_doc_key(&doc, "key", key, TRUST_KEY_NODE);
    api_doc_text(&doc, "state", is_up ? "up" : "down");
    add(core, &doc, EVENTS_PEER, false);
}

void announce_import(struct core *core, const struct announce_import *import)
{
    struct api_doc doc = begin();
    api_doc_count(&doc, "import", import->ticket);
    api_doc_count(&doc, "records", import->records);
    api_doc_count(&doc, "accepted", import->accepted);
    api_doc_count(&doc, "duplicate", import->duplicate);
    api_doc_count(&doc, "refused", import->refused);
    api_doc_flag(&doc, "done", import->is_done);
    add(core, &doc, EVENTS_IMPORT, false);
}

void announce_store(struct core *core, enum trust_error fault)
{
    struct api_doc doc = begin();
    api_doc_text(&doc, "fault", fault == TRUST_OK ? NULL : trust_error_name(fault));
    add(core, &doc, EVENTS_STORE, false);
}
