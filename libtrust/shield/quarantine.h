/*
 * Quarantine of one (server, manifest): a state machine that is pure in wall time, since it
 * outlives the process that keeps it.
 *
 *   ok -> suspect -> quarantined -> investigating -> released (24 h) -> ok
 *                                                 \-> banned
 *
 * The operator may do anything. Rules of our own make suspect at most, or, where scanners agree and
 * the rate cap allows, quarantined. A breaker never does.
 */
#ifndef TRUST_SHIELD_QUARANTINE_H
#define TRUST_SHIELD_QUARANTINE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "trust/bytes.h"
#include "trust/cell.h"
#include "trust/error.h"
#include "trust/flag.h"
#include "trust/time.h"

/* Which rule made a transition. */
enum trust_quarantine_rule {
    TRUST_QUARANTINE_RULE_NONE = 0,
    TRUST_QUARANTINE_RULE_OPERATOR,
    TRUST_QUARANTINE_RULE_SCANNERS,      /* their q reach 1 on a compromise */
    TRUST_QUARANTINE_RULE_HELD_BACK,     /* the same, but the cap or an essential group forbids */
    TRUST_QUARANTINE_RULE_FLAG,          /* one weighted scanner at high or above */
    TRUST_QUARANTINE_RULE_FALL,          /* lower bound fell by more than .3 in 24 h */
    TRUST_QUARANTINE_RULE_MANIFEST,      /* the manifest changed */
    TRUST_QUARANTINE_RULE_BANNED_BEFORE, /* new manifest of a banned server */
    TRUST_QUARANTINE_RULE_TIME,          /* a term ended */
    TRUST_QUARANTINE_RULE_FILE,          /* only the file `withheld` knew of it at a start */
};

enum trust_quarantine_order {
    TRUST_QUARANTINE_ORDER_ADD,
    TRUST_QUARANTINE_ORDER_RELEASE, /* loosens: the caller has checked the operator's signature */
    TRUST_QUARANTINE_ORDER_BAN,
};

/* State of one (server, manifest). Zeros: ok, never touched. */
struct trust_quarantine {
    struct trust_wall since;   /* of the state */
    struct trust_wall until;   /* 0: no end by itself */
    struct trust_wall seen;    /* suspicion up to here was served */
    struct trust_wall excused; /* flags up to here were excused by the operator */
    uint32_t times;            /* quarantines so far: each doubles the next term */
    uint8_t state;             /* enum trust_quarantine_state */
    uint8_t rule;              /* enum trust_quarantine_rule that made it */
};

/* One live flag. The flags of one scanner stand next to each other. */
struct trust_quarantine_flag {
    double q;               /* weight of the scanner as scored, 0..1 */
    double own_vouch;       /* strength of my own vouch with `scans well`; 1 for me; else 0 */
    struct trust_wall time; /* of the record */
    uint32_t scanner;       /* who */
    enum trust_severity severity;
    enum trust_class class_;
};

struct trust_quarantine_evidence {
    const struct trust_quarantine_flag *flags;
    size_t flag_count;
    struct trust_wall fell;    /* when lower had last fallen by > .3 within 24 h; 0: it has not */
    struct trust_wall changed; /* when an agent first told of the manifest's change; 0: none has */
};

/* How many automatic quarantines the last hour saw; zeros: none. */
#define TRUST_QUARANTINE_CAP_BUCKETS 60u
struct trust_quarantine_cap {
    uint64_t minute; /* of the newest bucket */
    uint32_t counts[TRUST_QUARANTINE_CAP_BUCKETS];
    uint64_t held_back; /* quarantines that the cap or an essential group turned into suspicion */
};

/* What bounds the automatic rules at this instant. */
struct trust_quarantine_bounds {
    struct trust_quarantine_cap *cap;
    uint32_t servers;   /* in groups, or called in 30 days: 10 % of them an hour */
    bool last_provider; /* the only one left in a group marked essential */
    bool holds_changes; /* as many as may be are suspect by what agents told already */
};

/* A transition, as it is logged and audited. */
struct trust_quarantine_change {
    struct trust_wall time; /* when it became due */
    enum trust_quarantine_state from;
    enum trust_quarantine_state to;
    enum trust_quarantine_rule rule;
    uint64_t ttl_s; /* 0: no end by itself */
};

/* A cell that is ok, or, as the new manifest of a banned server, suspect. */
struct trust_quarantine trust_quarantine_init(bool banned_before, struct trust_wall now);

/* Ends a term that is over; true and out_change if one was. To be called until false: a long
 * absence can end several. */
bool trust_quarantine_expire(struct trust_quarantine *cell,
                             struct trust_quarantine_change *out_change, struct trust_wall now);

/* Withholds a server until the operator ends it, whatever its state was: the file `withheld` says
 * that it was withheld, and what it was saved with does not. */
void trust_quarantine_regain(struct trust_quarantine *cell,
                             struct trust_quarantine_change *out_change, struct trust_wall now);

/* When trust_quarantine_expire has something to do; 0: never. */
struct trust_wall trust_quarantine_deadline(const struct trust_quarantine *cell);

/* Applies the automatic rules; true and out_change if the state changed. Terms that are over must
 * have been ended. Evidence that was excused or served is passed over. */
bool trust_quarantine_judge(struct trust_quarantine *cell,
                            struct trust_quarantine_change *out_change,
                            const struct trust_quarantine_evidence *evidence,
                            const struct trust_quarantine_bounds *bounds, struct trust_wall now);

/*
 * Carries out the operator's order. ttl_ms is for ADD: 0 takes the rule's own term. An ADD to a
 * server that is quarantined makes its term longer.
 * TRUST_NO_CONFLICT: a banned server is to be quarantined or banned, a term shortened, or one
 * released that is ok or released already. TRUST_NO_RANGE: ttl_ms above 30 days. Then nothing is
 * changed.
 */
TRUST_MUST_USE enum trust_error trust_quarantine_command(struct trust_quarantine *cell,
                                                         struct trust_quarantine_change *out_change,
                                                         enum trust_quarantine_order order,
                                                         uint64_t ttl_ms, struct trust_wall now);

/* The operator accepted the manifest: suspicion that rests on its change alone ends. False: it does
 * not. */
bool trust_quarantine_accept(struct trust_quarantine *cell,
                             struct trust_quarantine_change *out_change, struct trust_wall now);

/* Suspect by what an agent told, and by nothing else. */
bool trust_quarantine_is_told(const struct trust_quarantine *cell);

/* Static; "?" for a value outside the enum. */
const char *trust_quarantine_rule_name(enum trust_quarantine_rule rule);

#endif
