/*
 * The servers that agents of this host may be sent to: those in the operator's groups, and those
 * that were asked for. Each has its shared breaker, its quarantine and a cell of the board.
 *
 * A server is named by an index below the limit, stable while it is watched. Whatever changes what
 * agents should see marks it, and the engine then offers a BOARD action for it.
 */
#ifndef TRUST_ENGINE_SERVERS_H
#define TRUST_ENGINE_SERVERS_H

#include "trust/cell.h"

#include "engine/engine.h"
#include "shield/persist.h"
#include "shield/quarantine.h"
#include "shield/shared.h"
#include "shield/sights.h"

/* ---- watching ---- */

/*
 * The server that this subject (with or without version) belongs to; marks are added (enum
 * trust_cell_mark: NAMED and ESSENTIAL). A server that nobody named makes room for another when it
 * was not asked for the longest and is neither withheld nor open: first one that no agent asked
 * for, then one of who asks, then one of who asked for the most. TRUST_NO_SUBJECT, TRUST_NO_ROOM.
 */
TRUST_MUST_USE enum trust_error trust_engine_watch(struct trust_engine *engine,
                                                   uint32_t *out_server, struct trust_bytes subject,
                                                   uint8_t marks, struct trust_now now);

/* The same for an agent of this user, who has TRUST_ASKER_SERVERS_MAX places: with more it is one
 * of its own that makes room. */
TRUST_MUST_USE enum trust_error trust_engine_ask(struct trust_engine *engine, uint32_t *out_server,
                                                 struct trust_bytes subject, uint32_t uid,
                                                 struct trust_now now);

/* The watched server of a subject; false: it is not watched. */
bool trust_engine_find_server(const struct trust_engine *engine, uint32_t *out_server,
                              struct trust_bytes subject);

/* Walks the watched servers: start with *cursor = 0; false at the end. */
bool trust_engine_next_server(const struct trust_engine *engine, uint32_t *cursor,
                              uint32_t *out_server);

/* The subject without version, NUL-terminated; returns its length. */
uint32_t trust_engine_server_subject(const struct trust_engine *engine, char out_text[201],
                                     uint32_t server);

/* BLAKE2b-256 of that subject: what the board names the server by. */
void trust_engine_server_digest(const struct trust_engine *engine, uint8_t out_digest[32],
                                uint32_t server);

/* What it is to the operator: bits of enum trust_cell_mark. */
uint8_t trust_engine_server_marks(const struct trust_engine *engine, uint32_t server);

/* True if there is something of it to keep over a restart: calls, a breaker that is not at rest, or
 * a quarantine. */
bool trust_engine_is_active(const struct trust_engine *engine, uint32_t server);

/* Members of a configured group, index 0..TRUST_ENGINE_GROUPS_MAX - 1: they become NAMED, and
 * ESSENTIAL if it is. Replaces what the group had; count 0 ends it. TRUST_NO_SUBJECT, _ROOM. */
struct trust_engine_group {
    uint32_t index;
    bool is_essential;
    const struct trust_bytes *subjects;
    uint32_t count; /* TRUST_ENGINE_GROUP_SERVERS_MAX at most */
};
TRUST_MUST_USE enum trust_error trust_engine_set_group(struct trust_engine *engine,
                                                       const struct trust_engine_group *group,
                                                       struct trust_now now);

/* ---- calls ---- */

/* One outcome of a call as an agent sent it: breaker, evidence, latency. */
void trust_engine_handle_outcome(struct trust_engine *engine, uint32_t server,
                                 const struct trust_shared_report *report, struct trust_now now);

/* Leave to call from the shared breaker: a lease while it is half-open. TRUST_NO_LEASE. */
TRUST_MUST_USE enum trust_error trust_engine_lease(struct trust_engine *engine, uint32_t server,
                                                   struct trust_permit *out_permit, uint64_t agent,
                                                   struct trust_now now);

/* Who holds this lease is gone: others may have its place. The server may be another by now. */
void trust_engine_return_lease(struct trust_engine *engine, uint32_t server,
                               const struct trust_permit *permit, uint64_t holder,
                               struct trust_now now);

/* An order of the operator on the shared breaker. Reset also forgets the garbage that counts
 * against the server. */
void trust_engine_order_breaker(struct trust_engine *engine, uint32_t server,
                                const struct trust_breaker_order *order, struct trust_now now);

/* The shared breaker as it stands. */
void trust_engine_read_breaker(const struct trust_engine *engine, uint32_t server,
                               struct trust_breaker_view *out_view, struct trust_now now);

/* ---- quarantine ---- */

/* An order of the operator; loosening ones were authorised by the caller. TRUST_NO_CONFLICT. */
TRUST_MUST_USE enum trust_error trust_engine_order_quarantine(struct trust_engine *engine,
                                                              uint32_t server,
                                                              enum trust_quarantine_order order,
                                                              uint64_t ttl_ms,
                                                              struct trust_now now);

const struct trust_quarantine *trust_engine_quarantine(const struct trust_engine *engine,
                                                       uint32_t server);

/* ---- manifests ---- */

/* What an agent says that a server offers; at most suspicion comes of it, and at a time of as many
 * servers as the rate cap allows in an hour. True if it is new. */
bool trust_engine_tell_manifest(struct trust_engine *engine, uint32_t server,
                                const struct trust_sight_told *told, struct trust_now now);

/* The operator accepted at that time what this view shows; the caller has checked the signature.
 * Ends suspicion that rests on what was told alone, unless another view has changed as well. */
void trust_engine_accept_manifest(struct trust_engine *engine, uint32_t server,
                                  const uint8_t view[TRUST_SIGHT_VIEW_SIZE],
                                  struct trust_wall accepted, struct trust_now now);

/* What was told of it; NULL: nothing. */
const struct trust_sights *trust_engine_sights(const struct trust_engine *engine, uint32_t server);

/* True if a change that was told waits until there is room for its suspicion. */
bool trust_engine_holds_change(const struct trust_engine *engine, uint32_t server);

/* How many automatic quarantines the rate cap turned into suspicion, since start. */
uint64_t trust_engine_held_back(const struct trust_engine *engine);

/* ---- what is kept over a restart ---- */

/* The saved breaker and quarantine of a watched server; both return what loading says. */
void trust_engine_save_breaker(const struct trust_engine *engine, uint32_t server,
                               uint8_t out_bytes[TRUST_BREAKER_SNAPSHOT_SIZE],
                               struct trust_now now);
TRUST_MUST_USE enum trust_error trust_engine_load_breaker(struct trust_engine *engine,
                                                          uint32_t server, struct trust_bytes bytes,
                                                          struct trust_now now);
bool trust_engine_own_calls(const struct trust_engine *engine, uint32_t server,
                            struct trust_own_calls *out_calls, struct trust_now now);
TRUST_MUST_USE enum trust_error trust_engine_load_calls(struct trust_engine *engine,
                                                        uint32_t server,
                                                        const struct trust_own_calls *calls,
                                                        struct trust_wall saved);
void trust_engine_load_quarantine(struct trust_engine *engine, uint32_t server,
                                  const struct trust_quarantine *quarantine, struct trust_now now);

/* What was told of a watched server before. */
void trust_engine_load_sights(struct trust_engine *engine, uint32_t server,
                              const struct trust_sights *sights);

/* The file `withheld` names this server: it is investigated from now on, if nothing that was loaded
 * withholds it. False: something does. */
bool trust_engine_regain_quarantine(struct trust_engine *engine, uint32_t server,
                                    struct trust_now now);

/* ---- the board ---- */

/* What agents are shown of a server. */
void trust_engine_cell(struct trust_engine *engine, uint32_t server,
                       struct trust_board_cell *out_cell, struct trust_now now);

#endif
