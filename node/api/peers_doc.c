/* See peers_doc.h. */
#include "node/api/peers_doc.h"

#include "base/assert.h"
#include "node/core.h"
#include "node/peering.h"

static const char *origin_name(const struct peering_label *label, enum trust_peer_origin origin)
{
    switch (origin) {
    case TRUST_PEER_CONFIGURED:
        return label->is_listed ? "configuration" : "added";
    case TRUST_PEER_NEWCOMER:
        return "newcomer";
    case TRUST_PEER_INVITED:
        return "invited";
    }
    return "newcomer";
}

static void put_label(struct api_doc *doc, const struct core *core, const struct trust_peer *peer)
{
    struct peering_label label = peering_label(core, &peer->key);
    api_doc_text(doc, "endpoint", label.endpoint[0] == '\0' ? NULL : label.endpoint);
    api_doc_text(doc, "name", label.name[0] == '\0' ? NULL : label.name);
    api_doc_text(doc, "origin", origin_name(&label, peer->origin));
}

static void put_counters(struct api_doc *doc, const struct trust_peer_counters *counters)
{
    api_doc_count(doc, "records_in", counters->records_in);
    api_doc_count(doc, "records_out", counters->records_out);
    api_doc_count(doc, "bytes_in", counters->bytes_in);
    api_doc_count(doc, "bytes_out", counters->bytes_out);
    api_doc_open_object(doc, "refused");
    for (int i = 1; i < TRUST_PEER_VERDICTS; i++) {
        if (counters->refused[i] != 0)
            api_doc_count(doc, trust_error_name((enum trust_error)i), counters->refused[i]);
    }
    api_doc_close_object(doc);
}

static void put_why(struct api_doc *doc, const struct core *core, uint32_t peer,
                    const struct trust_key *author)
{
    struct trust_gossip_why why =
        trust_gossip_why(trust_engine_gossip(core->engine), peer, author, core->now);
    uint32_t key = 0;
    struct trust_head head = {0};
    if (trust_keys_find(trust_engine_keys(core->engine), &key, author))
        head = trust_ledger_head(trust_engine_ledger(core->engine), key);
    api_doc_open_object(doc, "why");
    api_doc_key(doc, "author", author, TRUST_KEY_OPERATOR);
    api_doc_flag(doc, "weight", (why.wants & TRUST_WANT_WEIGHT) != 0);
    api_doc_flag(doc, "named", (why.wants & TRUST_WANT_NAMED) != 0);
    api_doc_flag(doc, "revoked", (why.wants & TRUST_WANT_REVOKED) != 0);
    api_doc_flag(doc, "relayed", why.is_relayed);
    api_doc_flag(doc, "peer_asks", why.asked != 0);
    api_doc_flag(doc, "we_ask", why.told != 0);
    api_doc_flag(doc, "day_used_up", why.is_day_used_up);
    api_doc_count(doc, "records", head.count);
    api_doc_close_object(doc);
}

void peers_doc_put(struct api_doc *doc, struct core *core, uint32_t peer,
                   const struct trust_key *why)
{
    const struct trust_gossip *gossip = trust_engine_gossip(core->engine);
    const struct trust_peer *known = trust_gossip_peer(gossip, peer);
    assert(known != NULL);
    uint64_t lag_ms = trust_gossip_lag_ms(gossip, peer, core->now);
    bool is_up = trust_peer_is_up(known);
    api_doc_open_object(doc, NULL);
    api_doc_key(doc, "key", &known->key, TRUST_KEY_NODE);
    put_label(doc, core, known);
    api_doc_text(doc, "state", trust_peer_state_name(known->state));
    if (lag_ms == TRUST_NEVER_MS)
        api_doc_null(doc, "lag_s");
    else
        api_doc_count(doc, "lag_s", lag_ms / 1000);
    put_counters(doc, &known->counters);
    api_doc_ratio(doc, "rtt_ms", is_up && known->link.rtt_ms != 0, known->link.rtt_ms);
    api_doc_ratio(doc, "skew_ms", is_up, (double)known->skew_ms);
    if (why != NULL)
        put_why(doc, core, peer, why);
    api_doc_close_object(doc);
}
