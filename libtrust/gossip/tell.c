/* The exchange of interest: what we ask of each link, and what it asks of us. */
#include "base/assert.h"
#include "base/limits.h"
#include "gossip/machine.h"

void trust_tell_soon(struct trust_gossip *gossip, struct trust_now now)
{
    trust_machine_sooner(&gossip->tell_ms, now.mono.ms + TRUST_INTEREST_TELL_MS);
}

void trust_tell_peer(struct trust_gossip *gossip, uint32_t peer, struct trust_now now)
{
    trust_interest_touch(&gossip->interest, peer);
    trust_machine_sooner(&gossip->peers[peer].link.tell_ms, now.mono.ms);
}

static void ask_for_all(struct trust_gossip *gossip, uint32_t peer, struct trust_now now)
{
    struct trust_peer_link *link = &gossip->peers[peer].link;
    if (link->reset_ms != 0 && now.mono.ms < link->reset_ms + TRUST_INTEREST_RESET_MS)
        return;
    struct trust_frame frame = {.type = TRUST_FRAME_INTEREST_RESET};
    if (trust_greet_send(gossip, peer, &frame))
        link->reset_ms = now.mono.ms;
}

/* protocol: Interest whose count or digest does not match is answered with interest_reset */
void trust_tell_hear(struct trust_gossip *gossip, uint32_t peer,
                     const struct trust_interest_delta *delta, struct trust_now now)
{
    struct trust_peer *from = &gossip->peers[peer];
    uint32_t cost = trust_interest_hear_cost(&gossip->interest, peer, delta);
    if (!trust_peer_take(from, &from->buckets.sync, cost + 1, now.mono)) {
        from->link.has_heard = false;
        trust_greet_note(gossip, peer, TRUST_MANNER_QUOTA, now);
        return;
    }
    enum trust_error error = trust_interest_hear(&gossip->interest, peer, delta);
    from->link.has_heard = error != TRUST_NO_CONFLICT;
    if (error == TRUST_NO_CONFLICT)
        ask_for_all(gossip, peer, now);
    if (trust_interest_stale(&gossip->interest) != 0)
        trust_tell_soon(gossip, now);
    /* The other side checks what it told; so do we, if we did not lately. */
    if (now.mono.ms >= from->link.told_ms + TRUST_SYNC_PERIOD_MS / 2)
        trust_tell_peer(gossip, peer, now);
}

void trust_tell_reset(struct trust_gossip *gossip, uint32_t peer, struct trust_now now)
{
    struct trust_peer_link *link = &gossip->peers[peer].link;
    uint64_t due_ms = now.mono.ms;
    if (link->retold_ms != 0 && link->retold_ms + TRUST_INTEREST_RETELL_MS > due_ms)
        due_ms = link->retold_ms + TRUST_INTEREST_RETELL_MS;
    trust_machine_sooner(&link->retell_ms, due_ms);
}

/* One frame; the next one follows a little later. */
static void tell(struct trust_gossip *gossip, uint32_t peer, struct trust_now now)
{
    struct trust_peer_link *link = &gossip->peers[peer].link;
    if (!trust_gossip_actions_has_room(&gossip->actions))
        return;
    struct trust_writer buffer = trust_machine_buffer(gossip, peer);
    struct trust_frame frame = {.type = TRUST_FRAME_INTEREST};
    if (!trust_interest_tell(&gossip->interest, &frame.interest, peer, &buffer)) {
        link->tell_ms = TRUST_NEVER_MS;
        return;
    }
    bool sent = trust_greet_send(gossip, peer, &frame);
    assert(sent);
    link->told_ms = now.mono.ms;
    bool is_over = !trust_interest_has_more(&gossip->interest, peer);
    link->tell_ms = is_over ? TRUST_NEVER_MS : now.mono.ms + TRUST_INTEREST_PACE_MS;
}

static void tell_changes(struct trust_gossip *gossip, struct trust_now now)
{
    gossip->tell_ms = TRUST_NEVER_MS;
    uint64_t stale = trust_interest_stale(&gossip->interest);
    for (uint32_t peer = 0; peer < TRUST_PEERS_MAX; peer++) {
        if ((stale >> peer & 1) == 0 || !trust_peer_is_up(&gossip->peers[peer]))
            continue;
        trust_machine_sooner(&gossip->peers[peer].link.tell_ms, now.mono.ms);
        trust_reconcile_soon(gossip, peer, TRUST_SYNC_SOON_MS, now);
    }
}

void trust_tell_time(struct trust_gossip *gossip, struct trust_now now)
{
    if (now.mono.ms >= gossip->tell_ms)
        tell_changes(gossip, now);
    for (uint32_t peer = 0; peer < TRUST_PEERS_MAX; peer++) {
        struct trust_peer_link *link = &gossip->peers[peer].link;
        if (!trust_peer_is_up(&gossip->peers[peer]))
            continue;
        if (now.mono.ms >= link->retell_ms) {
            trust_interest_retell(&gossip->interest, peer);
            link->retell_ms = TRUST_NEVER_MS;
            link->retold_ms = now.mono.ms;
            link->tell_ms = now.mono.ms;
        }
        if (now.mono.ms >= link->tell_ms)
            tell(gossip, peer, now);
    }
}

uint64_t trust_tell_due_ms(const struct trust_gossip *gossip)
{
    uint64_t due_ms = gossip->tell_ms;
    for (uint32_t peer = 0; peer < TRUST_PEERS_MAX; peer++) {
        const struct trust_peer_link *link = &gossip->peers[peer].link;
        if (!trust_peer_is_up(&gossip->peers[peer]))
            continue;
        trust_machine_sooner(&due_ms, link->tell_ms);
        trust_machine_sooner(&due_ms, link->retell_ms);
    }
    return due_ms;
}
