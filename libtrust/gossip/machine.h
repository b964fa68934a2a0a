/* The inside of the gossip machine, for the files of this folder that are parts of it: gossip.c
 * wires, greet.c keeps the links, tell.c the interest, deliver.c the records that come in,
 * reconcile.c the sessions and exchange.c what is pulled in them. */
#ifndef TRUST_GOSSIP_MACHINE_H
#define TRUST_GOSSIP_MACHINE_H

#include "base/random.h"
#include "gossip/admission.h"
#include "gossip/gossip.h"
#include "gossip/push.h"
#include "gossip/session.h"

struct trust_gossip {
    struct trust_gossip_config config;
    struct trust_gossip_actions actions;
    struct trust_peer peers[TRUST_PEERS_MAX];
    struct trust_interest interest;
    struct trust_admission admission;
    struct trust_push push;
    struct trust_sessions sessions;
    struct trust_memo futile; /* pairs of heads whose pull brought nothing */
    struct trust_random random;
    uint8_t *scratch; /* TRUST_FRAME_SIZE_MAX: the list of the frame under construction */
    uint64_t tell_ms; /* when links hear of a changed interest; TRUST_NEVER_MS: it did not */
    uint64_t sync_ms; /* next periodic reconciliation */
};

/* A buffer for the list of a frame to this peer. */
struct trust_writer trust_machine_buffer(struct trust_gossip *gossip, uint32_t peer);

/* mean_ms, up to half of it more or less. */
uint64_t trust_machine_jitter(struct trust_gossip *gossip, uint64_t mean_ms);

/* Moves a due time forward, never back. */
static inline void trust_machine_sooner(uint64_t *at_ms, uint64_t ms)
{
    if (ms < *at_ms)
        *at_ms = ms;
}

/* ---- greet.c ---- */

/* Sends a frame; false: no room in this event. */
bool trust_greet_send(struct trust_gossip *gossip, uint32_t peer, const struct trust_frame *frame);

/* Says bye and ends the connection for a fault of the peer: it waits, longer each time. */
void trust_greet_send_away(struct trust_gossip *gossip, uint32_t peer, enum trust_bye_reason reason,
                           struct trust_now now);

/* The same without fault: it may come back soon. */
void trust_greet_part(struct trust_gossip *gossip, uint32_t peer, enum trust_bye_reason reason);

/* A record of the peer had a bad signature: the third within a day bans it. */
void trust_greet_forger(struct trust_gossip *gossip, uint32_t peer, struct trust_now now);

/* Forgets what belonged to the connection. */
void trust_greet_unlink(struct trust_gossip *gossip, uint32_t peer);

/* Notes manners and sends the peer away if it went too far. */
void trust_greet_note(struct trust_gossip *gossip, uint32_t peer, enum trust_manner manner,
                      struct trust_now now);

void trust_greet_up(struct trust_gossip *gossip, uint32_t peer, bool dialled, struct trust_now now);
void trust_greet_hello(struct trust_gossip *gossip, uint32_t peer, const struct trust_hello *hello,
                       struct trust_now now);
void trust_greet_bye(struct trust_gossip *gossip, uint32_t peer, const struct trust_bye *bye);
void trust_greet_pong(struct trust_gossip *gossip, uint32_t peer, uint64_t nonce,
                      struct trust_now now);
/* Sends a ping to a peer that is up; false: it is not. */
bool trust_greet_ping(struct trust_gossip *gossip, uint32_t peer, struct trust_now now);
void trust_greet_time(struct trust_gossip *gossip, uint32_t peer, struct trust_now now);
uint64_t trust_greet_due_ms(const struct trust_gossip *gossip, uint32_t peer);

/* ---- tell.c ---- */

/* Links hear within a second that our interest changed. */
void trust_tell_soon(struct trust_gossip *gossip, struct trust_now now);
/* The peer hears it now, if only the digest. */
void trust_tell_peer(struct trust_gossip *gossip, uint32_t peer, struct trust_now now);
void trust_tell_hear(struct trust_gossip *gossip, uint32_t peer,
                     const struct trust_interest_delta *delta, struct trust_now now);
void trust_tell_reset(struct trust_gossip *gossip, uint32_t peer, struct trust_now now);
void trust_tell_time(struct trust_gossip *gossip, struct trust_now now);
uint64_t trust_tell_due_ms(const struct trust_gossip *gossip);

/* ---- deliver.c ---- */

/* One record of a frame: TRUST_OK when it left as VERIFY. */
enum trust_error trust_deliver_record(struct trust_gossip *gossip, uint32_t peer,
                                      struct trust_bytes bytes, struct trust_now now);
/* Counts a refusal. */
void trust_deliver_count(struct trust_peer *from, enum trust_error verdict);
void trust_deliver_push(struct trust_gossip *gossip, uint32_t peer,
                        const struct trust_list *records, struct trust_now now);
void trust_deliver_proof(struct trust_gossip *gossip, uint32_t peer,
                         const struct trust_bytes proof[2], struct trust_now now);
void trust_deliver_verdict(struct trust_gossip *gossip, uint32_t peer, struct trust_bytes bytes,
                           enum trust_error verdict, struct trust_now now);
void trust_deliver_accepted(struct trust_gossip *gossip, const struct trust_accepted *accepted,
                            struct trust_now now);

/* ---- reconcile.c ---- */

/* Opens a session with the peer after delay_ms, once its rates and our telling allow. */
void trust_reconcile_soon(struct trust_gossip *gossip, uint32_t peer, uint64_t delay_ms,
                          struct trust_now now);
void trust_reconcile_sync(struct trust_gossip *gossip, uint32_t peer, const struct trust_sync *sync,
                          size_t size, struct trust_now now);
void trust_reconcile_time(struct trust_gossip *gossip, struct trust_now now);
uint64_t trust_reconcile_due_ms(const struct trust_gossip *gossip);

/* Sends what a session has to send next, and ends it when both sides lack nothing. */
void trust_reconcile_advance(struct trust_gossip *gossip, struct trust_session *session,
                             struct trust_now now);

/* Ends a session that broke; the next one with the peer goes on where it stood. */
void trust_reconcile_break(struct trust_gossip *gossip, struct trust_session *session);

/* ---- exchange.c ---- */

/* Looks at a list of the peer's heads and notes what to pull. */
void trust_exchange_compare(struct trust_gossip *gossip, struct trust_session *session,
                            const struct trust_list *heads, struct trust_now now);
/* Sends the next pull, or the last one again; false: no room or no quota. */
bool trust_exchange_ask(struct trust_gossip *gossip, struct trust_session *session,
                        struct trust_now now);
void trust_exchange_pull(struct trust_gossip *gossip, uint32_t peer, const struct trust_pull *pull,
                         struct trust_now now);
void trust_exchange_records(struct trust_gossip *gossip, uint32_t peer,
                            const struct trust_records *records, struct trust_now now);
void trust_exchange_loaded(struct trust_gossip *gossip, const struct trust_loaded *loaded,
                           struct trust_now now);
/* Sends an answer that waited for the peer's byte bucket. */
void trust_exchange_serve(struct trust_gossip *gossip, struct trust_session *session,
                          struct trust_now now);

#endif
