/*
 * The resources that the client wants to hear of. Legacy clients subscribe to one URI at a time;
 * modern ones open streams, each with an id and its URIs. A change is looked for on the board, in
 * memory that the node writes anyway: watching costs the node nothing.
 */
#ifndef MCP_WATCH_H
#define MCP_WATCH_H

#include <stdbool.h>
#include <stdint.h>

#include "trust/error.h"
#include "trust/export.h"
#include "trust/subject.h"

#include "base/bytes.h"
#include "base/limits.h"

struct watch_entry {
    char *stream; /* the raw id of its listen request; NULL: of a legacy subscription */
    char *uri;    /* as the client wrote it; NULL: the stream itself */
    char subject[TRUST_SUBJECT_TEXT_SIZE];
    bool has_mark;
    uint64_t mark;   /* of what the client can have read last */
    uint64_t ask_ms; /* when the node is asked next to show the server */
};

/* Zeros: nothing is watched. */
struct watch {
    struct watch_entry entries[TRUST_MCP_WATCH_MAX];
    uint32_t count;
};

/* How a watch looks and tells. */
struct watch_calls {
    /* False: the board does not show the server. */
    bool (*look)(void *context, const char *subject, uint64_t *out_mark);
    /* Asks the node to show it. */
    void (*show)(void *context, char subject[TRUST_SUBJECT_TEXT_SIZE]);
    void (*tell)(void *context, const struct watch_entry *entry);
    void *context;
};

void watch_close(struct watch *watch);

/* Opens a stream. TRUST_NO_ROOM; TRUST_NO_DUPLICATE: there is one of this id. */
TRUST_MUST_USE enum trust_error watch_open(struct watch *watch, struct trust_bytes stream);

/* Ends a stream and what it watches; false: there is none. */
bool watch_end(struct watch *watch, struct trust_bytes stream);

/* Watches subject as uri, of a stream or, if that is empty, of a legacy subscription. What is
 * watched already stays as it is. TRUST_NO_ROOM. */
TRUST_MUST_USE enum trust_error watch_add(struct watch *watch, struct trust_bytes stream,
                                          const char *uri, const char *subject);

/* Ends a legacy subscription; false: there is none. */
bool watch_remove(struct watch *watch, const char *uri);

/* Looks at everything; tells what has changed since the last look. */
void watch_poll(struct watch *watch, const struct watch_calls *calls, uint64_t now_ms);

#endif
