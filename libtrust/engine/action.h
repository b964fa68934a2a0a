/*
 * What the engine wants done. The shell carries actions out without looking into their meaning;
 * the core never does one itself.
 *
 * Views in an action are valid until the next call that changes the engine, so the shell copies or
 * finishes before it polls again.
 */
#ifndef TRUST_ENGINE_ACTION_H
#define TRUST_ENGINE_ACTION_H

#include <stdbool.h>

#include "trust/breaker.h"
#include "trust/error.h"
#include "trust/record.h"

#include "gossip/action.h"
#include "record/head.h"
#include "record/register.h"
#include "shield/quarantine.h"

enum trust_action_kind {
    TRUST_ACTION_SEND,    /* bytes: a frame for a peer's link; may be lost */
    TRUST_ACTION_VERIFY,  /* check a signature; answer with trust_engine_handle_verified */
    TRUST_ACTION_STORE,   /* a change of the store, in order; answer with handle_stored */
    TRUST_ACTION_READ,    /* read stored records; answer with trust_engine_handle_loaded */
    TRUST_ACTION_DROP,    /* end a peer's connection after what was sent before */
    TRUST_ACTION_NAMED,   /* an invited peer named its own key */
    TRUST_ACTION_VERDICT, /* the end of a local record: refused, or durable */
    TRUST_ACTION_BOARD,   /* agents should be shown something else of a server: publish its cell */
    TRUST_ACTION_UNBOARD, /* a server left the board */
    TRUST_ACTION_BREAKER, /* a transition of a server's shared breaker */
    TRUST_ACTION_QUARANTINE, /* a transition of a server's quarantine */
};

enum trust_store_kind {
    TRUST_STORE_PUT,
    TRUST_STORE_ERASE,
    TRUST_STORE_ERASE_AUTHOR, /* all but the record (seq, id), if id is not zero */
};

struct trust_store_action {
    enum trust_store_kind kind;
    bool is_urgent;  /* somebody waits for it */
    bool continues;  /* belongs into one transaction with the next */
    uint64_t number; /* ascending; told to handle_stored when it is durable; 0: not asked for */
    struct trust_key author;
    uint64_t seq;
    struct trust_id id;
    struct trust_register place;
    struct trust_head head; /* the author's afterwards */
};

struct trust_verify_action {
    uint64_t token;
    bool check_key; /* the author is new: its key must be a point of prime order */
};

struct trust_verdict_action {
    uint64_t ticket;
    enum trust_error error;
    struct trust_id id; /* with TRUST_OK and TRUST_NO_DUPLICATE */
};

struct trust_action {
    enum trust_action_kind kind;
    uint32_t peer;            /* SEND, DROP, NAMED */
    struct trust_bytes bytes; /* SEND: a frame; VERIFY, STORE (put): a record */
    union {
        struct trust_verify_action verify;
        struct trust_store_action store;
        struct trust_gossip_read read;
        struct trust_gossip_drop drop;
        struct trust_key key; /* NAMED */
        struct trust_verdict_action verdict;
        struct {
            uint32_t server; /* BOARD, BREAKER, QUARANTINE: see servers.h; UNBOARD: it had this */
            union {
                uint8_t digest[32]; /* UNBOARD: of the subject */
                struct trust_breaker_event breaker;
                struct trust_quarantine_change quarantine;
            };
        };
    };
};

#endif
