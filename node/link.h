/*
 * The core's end of the link: the process that holds every ZeroMQ socket.
 *
 * It is started as a program of its own, has one end of a SEQPACKET socketpair and the transport
 * key, and nothing else. Its death is an event and a restart with back-off; connections come and go
 * by handle, a number that the link gives each of them and never uses for another until it was
 * restarted. A peer is known by the CURVE key that ZAP proved, never by a routing id.
 * Threads: one.
 */
#ifndef LINK_H
#define LINK_H

#include <stdbool.h>

#include "trust/bytes.h"
#include "trust/error.h"
#include "trust/key.h"
#include "trust/time.h"

#include "base/limits.h"

struct link;

struct link_options {
    const char *program;   /* executed for the link process; borrowed while the link is open */
    const uint8_t *secret; /* 32 bytes: X25519 secret of the transport key; copied, wiped */
    struct trust_key key;  /* its public half */
    const char *listen;    /* tcp://address:port, or NULL */
    bool newcomers;        /* let keys in that nobody listed, into a bounded pool */
};

enum link_event_kind {
    LINK_STARTED, /* the process runs and listens; handles of an earlier one are void */
    LINK_LOST,    /* it died: every handle is gone; it is restarted by link_tick */
    LINK_UP,      /* a connection: handle, key, dialled */
    LINK_DOWN,    /* handle is gone */
    LINK_BYTES,   /* one frame from handle */
    LINK_REFUSED, /* a caller with this key was not let in (banned, unknown or full) */
};

struct link_event {
    enum link_event_kind kind;
    uint32_t handle;
    bool dialled;
    struct trust_key key;
    struct trust_bytes bytes; /* valid until the next call */
};

/* Starts the process. TRUST_FAIL_SYSTEM; of the address, TRUST_NO_CONFLICT: it is in use;
 * TRUST_NO_FOUND: it is none of this machine's; TRUST_NO_PERMISSION: its port is not for us. */
TRUST_MUST_USE enum trust_error link_open(struct link **out_link,
                                          const struct link_options *options, struct trust_now now);

/* Stops the process, whose last messages have two seconds to leave, and waits for it. */
void link_close(struct link *link);

/* The descriptor to watch; changes with every LINK_STARTED. -1 while there is no process. */
int link_fd(const struct link *link);

/* The next event, or false when none waits. */
bool link_poll(struct link *link, struct link_event *out_event, struct trust_now now);

/* True if link_poll has an event though link_fd shows none. */
bool link_has_event(const struct link *link);

/* Hands a frame over, or drops it when the link is behind: frames may be lost, the link never makes
 * the core wait. */
void link_send(struct link *link, uint32_t handle, struct trust_bytes frame);

/* Ends a connection after what was sent before. */
void link_drop(struct link *link, uint32_t handle);

/* Lets a key in and, with an endpoint, dials it until it is forgotten. Survives restarts. */
TRUST_MUST_USE enum trust_error link_allow(struct link *link, const struct trust_key *key,
                                           const char *endpoint);
void link_forget(struct link *link, const struct trust_key *key);

/* The same, and dials with the invite's one-time secret (copied) and our own key in turn, until our
 * own is let in. */
TRUST_MUST_USE enum trust_error link_join(struct link *link, const struct trust_key *key,
                                          const char *endpoint, const uint8_t secret[32]);

/* Neither lets a key in nor dials it before this much time has passed. */
void link_hold_off(struct link *link, const struct trust_key *key, uint64_t ms, bool banned);

/* Restarts a dead process when its back-off is over, ends a stuck one, and hands over orders that
 * found no room: they are not lost. */
void link_tick(struct link *link, struct trust_now now);
struct trust_mono link_deadline(const struct link *link);

/* For `status`. */
struct link_state {
    bool is_running;
    int pid;
    uint32_t restarts; /* since open */
    uint32_t connections;
    uint64_t frames_lost; /* not handed over because the link was behind */
    bool has_seccomp;
    bool has_landlock;
};
void link_state(const struct link *link, struct link_state *out_state);

#endif
