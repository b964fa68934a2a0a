/* See quarantine.h; docs/reference/quarantine.md has the rules in words. */
#include "shield/quarantine.h"

#include "base/assert.h"
#include "base/limits.h"

#define HOUR_MS UINT64_C(3600000)
#define MINUTE_MS UINT64_C(60000)
#define SUSPECT_MS (24 * HOUR_MS)
#define PROBATION_MS (24 * HOUR_MS)
#define TERM_MS (24 * HOUR_MS)
/* A scanner counts for this much at most, so that one alone never quarantines... */
#define SCANNER_Q_MAX .9
/* ...unless I vouch for it this strongly and it says critical. */
#define TRUSTED_VOUCH .9
/* The q of several scanners are fractions of 1 that need not add up in binary. */
#define QUORUM (1 - 1e-9)

static const char *const rules[] = {
    [TRUST_QUARANTINE_RULE_NONE] = "none",
    [TRUST_QUARANTINE_RULE_OPERATOR] = "operator",
    [TRUST_QUARANTINE_RULE_SCANNERS] = "scanners",
    [TRUST_QUARANTINE_RULE_HELD_BACK] = "held_back",
    [TRUST_QUARANTINE_RULE_FLAG] = "flag",
    [TRUST_QUARANTINE_RULE_FALL] = "fall",
    [TRUST_QUARANTINE_RULE_MANIFEST] = "manifest",
    [TRUST_QUARANTINE_RULE_BANNED_BEFORE] = "banned_before",
    [TRUST_QUARANTINE_RULE_TIME] = "time",
    [TRUST_QUARANTINE_RULE_FILE] = "file",
};

const char *trust_quarantine_rule_name(enum trust_quarantine_rule rule)
{
    return (size_t)rule < sizeof rules / sizeof *rules ? rules[rule] : "?";
}

struct trust_quarantine trust_quarantine_init(bool banned_before, struct trust_wall now)
{
    if (!banned_before)
        return (struct trust_quarantine){.since = now};
    return (struct trust_quarantine){
        .since = now,
        .until.ms = now.ms + SUSPECT_MS,
        .state = TRUST_QUARANTINE_SUSPECT,
        .rule = TRUST_QUARANTINE_RULE_BANNED_BEFORE,
    };
}

/* Enters a state at an instant, for ms or, with 0, without an end. */
static void enter(struct trust_quarantine *cell, struct trust_quarantine_change *change,
                  enum trust_quarantine_state to, enum trust_quarantine_rule rule, uint64_t ms)
{
    struct trust_wall at = change->time;
    change->from = (enum trust_quarantine_state)cell->state;
    change->to = to;
    change->rule = rule;
    change->ttl_s = ms / 1000;
    cell->since = at;
    cell->until.ms = ms == 0 ? 0 : at.ms + ms;
    cell->state = (uint8_t)to;
    cell->rule = (uint8_t)rule;
}

struct trust_wall trust_quarantine_deadline(const struct trust_quarantine *cell)
{
    return cell->until;
}

bool trust_quarantine_expire(struct trust_quarantine *cell,
                             struct trust_quarantine_change *out_change, struct trust_wall now)
{
    if (cell->until.ms == 0 || cell->until.ms > now.ms)
        return false;
    enum trust_quarantine_state to = cell->state == TRUST_QUARANTINE_QUARANTINED
                                         ? TRUST_QUARANTINE_INVESTIGATING
                                         : TRUST_QUARANTINE_OK;
    out_change->time = cell->until;
    enter(cell, out_change, to, TRUST_QUARANTINE_RULE_TIME, 0);
    return true;
}

void trust_quarantine_regain(struct trust_quarantine *cell,
                             struct trust_quarantine_change *out_change, struct trust_wall now)
{
    out_change->time = now;
    enter(cell, out_change, TRUST_QUARANTINE_INVESTIGATING, TRUST_QUARANTINE_RULE_FILE, 0);
}

static bool is_compromise(enum trust_class class_)
{
    switch (class_) {
    case TRUST_CLASS_INJECTION:
    case TRUST_CLASS_POISONING:
    case TRUST_CLASS_SHADOWING:
    case TRUST_CLASS_MALWARE:
    case TRUST_CLASS_EXFILTRATION:
    case TRUST_CLASS_IMPERSONATION:
        return true;
    case TRUST_CLASS_VULNERABILITY:
    case TRUST_CLASS_EXPOSURE:
    case TRUST_CLASS_MANIFEST_CHANGED:
    case TRUST_CLASS_OTHER:
        return false;
    }
    return false;
}

/* High or critical, from a scanner with weight; exposure and other count as medium at most. */
static bool is_grave(const struct trust_quarantine_flag *flag)
{
    if (flag->class_ == TRUST_CLASS_EXPOSURE || flag->class_ == TRUST_CLASS_OTHER)
        return false;
    return flag->severity >= TRUST_SEVERITY_HIGH && flag->q > 0;
}

static double share(const struct trust_quarantine_flag *flag)
{
    bool is_trusted = flag->own_vouch >= TRUSTED_VOUCH && flag->severity == TRUST_SEVERITY_CRITICAL;
    double most = is_trusted ? 1 : SCANNER_Q_MAX;
    return flag->q < most ? flag->q : most;
}

/* Whether the scanners together say compromise; each counts once, with its weightiest flag. */
static bool has_quorum(const struct trust_quarantine *cell,
                       const struct trust_quarantine_evidence *evidence)
{
    double sum = 0;
    double best = 0;
    for (size_t i = 0; i < evidence->flag_count; i++) {
        const struct trust_quarantine_flag *flag = &evidence->flags[i];
        if (i > 0 && flag->scanner != evidence->flags[i - 1].scanner) {
            sum += best;
            best = 0;
        }
        bool counts =
            is_grave(flag) && is_compromise(flag->class_) && flag->time.ms > cell->excused.ms;
        if (counts && share(flag) > best)
            best = share(flag);
    }
    return sum + best >= QUORUM;
}

/* The newest reason for suspicion, and when it arose. */
struct suspicion {
    enum trust_quarantine_rule rule;
    uint64_t at_ms;
};

static void consider(struct suspicion *suspicion, enum trust_quarantine_rule rule, uint64_t at_ms)
{
    if (at_ms > suspicion->at_ms)
        *suspicion = (struct suspicion){.rule = rule, .at_ms = at_ms};
}

/* Only what is newer than the suspicion already served and than the operator's release counts. */
static struct suspicion suspect(const struct trust_quarantine *cell,
                                const struct trust_quarantine_evidence *evidence)
{
    uint64_t served_ms = cell->seen.ms > cell->excused.ms ? cell->seen.ms : cell->excused.ms;
    struct suspicion suspicion = {.rule = TRUST_QUARANTINE_RULE_NONE, .at_ms = served_ms};
    for (size_t i = 0; i < evidence->flag_count; i++) {
        if (is_grave(&evidence->flags[i]))
            consider(&suspicion, TRUST_QUARANTINE_RULE_FLAG, evidence->flags[i].time.ms);
    }
    consider(&suspicion, TRUST_QUARANTINE_RULE_FALL, evidence->fell.ms);
    return suspicion;
}

bool trust_quarantine_is_told(const struct trust_quarantine *cell)
{
    return cell->state == TRUST_QUARANTINE_SUSPECT && cell->rule == TRUST_QUARANTINE_RULE_MANIFEST;
}

/* What an agent tells is the least of reasons: it comes where there is no other, prolongs nothing
 * that rests on something else, and waits where there is too much of it. */
static bool is_told_anew(const struct trust_quarantine *cell,
                         const struct trust_quarantine_evidence *evidence,
                         const struct trust_quarantine_bounds *bounds)
{
    if (evidence->changed.ms <= cell->seen.ms || evidence->changed.ms <= cell->excused.ms)
        return false;
    if (trust_quarantine_is_told(cell))
        return true;
    return cell->state != TRUST_QUARANTINE_SUSPECT && !bounds->holds_changes;
}

static bool take_from_cap(struct trust_quarantine_cap *cap, uint32_t servers, struct trust_wall now)
{
    uint64_t minute = now.ms / MINUTE_MS;
    for (uint32_t i = 0; i < TRUST_QUARANTINE_CAP_BUCKETS && cap->minute < minute; i++) {
        cap->minute++;
        cap->counts[cap->minute % TRUST_QUARANTINE_CAP_BUCKETS] = 0;
    }
    /* After more than an hour every bucket is empty; a clock that goes back refills nothing. */
    if (cap->minute < minute)
        cap->minute = minute;
    uint64_t count = 0;
    for (uint32_t i = 0; i < TRUST_QUARANTINE_CAP_BUCKETS; i++)
        count += cap->counts[i];
    uint64_t most = servers / TRUST_QUARANTINE_CAP_DIVISOR;
    if (count >= (most > 1 ? most : 1))
        return false;
    cap->counts[cap->minute % TRUST_QUARANTINE_CAP_BUCKETS]++;
    return true;
}

static uint64_t term_ms_of(uint32_t times)
{
    uint64_t term_ms = TERM_MS;
    for (uint32_t i = 0; i < times && term_ms < TRUST_QUARANTINE_TERM_MS_MAX; i++)
        term_ms *= 2;
    return term_ms < TRUST_QUARANTINE_TERM_MS_MAX ? term_ms : TRUST_QUARANTINE_TERM_MS_MAX;
}

static void quarantine(struct trust_quarantine *cell, struct trust_quarantine_change *change,
                       enum trust_quarantine_rule rule, uint64_t ttl_ms)
{
    uint64_t term_ms = ttl_ms != 0 ? ttl_ms : term_ms_of(cell->times);
    enter(cell, change, TRUST_QUARANTINE_QUARANTINED, rule, term_ms);
    if (cell->times < UINT32_MAX)
        cell->times++;
}

/* The scanners agree, but this one may not go: suspect as long as they do. */
static bool hold_back(struct trust_quarantine *cell, struct trust_quarantine_change *change,
                      struct trust_quarantine_cap *cap)
{
    if (cell->rule == TRUST_QUARANTINE_RULE_HELD_BACK) {
        cell->until.ms = change->time.ms + SUSPECT_MS;
        return false;
    }
    cap->held_back++;
    enter(cell, change, TRUST_QUARANTINE_SUSPECT, TRUST_QUARANTINE_RULE_HELD_BACK, SUSPECT_MS);
    return true;
}

bool trust_quarantine_judge(struct trust_quarantine *cell,
                            struct trust_quarantine_change *out_change,
                            const struct trust_quarantine_evidence *evidence,
                            const struct trust_quarantine_bounds *bounds, struct trust_wall now)
{
    if (trust_quarantine_is_withheld((enum trust_quarantine_state)cell->state))
        return false;
    struct suspicion suspicion = suspect(cell, evidence);
    if (suspicion.rule == TRUST_QUARANTINE_RULE_NONE && is_told_anew(cell, evidence, bounds))
        suspicion = (struct suspicion){.rule = TRUST_QUARANTINE_RULE_MANIFEST,
                                       .at_ms = evidence->changed.ms};
    bool is_new = suspicion.rule != TRUST_QUARANTINE_RULE_NONE;
    bool is_more =
        trust_quarantine_is_told(cell) && suspicion.rule != TRUST_QUARANTINE_RULE_MANIFEST;
    if (is_new)
        cell->seen.ms = suspicion.at_ms;
    struct trust_quarantine_change change = {.time = now};
    bool changed = false;
    if (has_quorum(cell, evidence)) {
        bool may_go = !bounds->last_provider && take_from_cap(bounds->cap, bounds->servers, now);
        changed = may_go || hold_back(cell, &change, bounds->cap);
        if (may_go)
            quarantine(cell, &change, TRUST_QUARANTINE_RULE_SCANNERS, 0);
    } else if (is_new && cell->state == TRUST_QUARANTINE_SUSPECT && !is_more) {
        cell->until.ms = now.ms + SUSPECT_MS;
    } else if (is_new) {
        enter(cell, &change, TRUST_QUARANTINE_SUSPECT, suspicion.rule, SUSPECT_MS);
        changed = true;
    }
    if (changed)
        *out_change = change;
    return changed;
}

/* Of a server that is withheld for a term it makes that longer, and is no new quarantine. */
static enum trust_error add(struct trust_quarantine *cell, struct trust_quarantine_change *change,
                            uint64_t ttl_ms)
{
    if (cell->state == TRUST_QUARANTINE_BANNED)
        return TRUST_NO_CONFLICT;
    if (ttl_ms > TRUST_QUARANTINE_TERM_MS_MAX)
        return TRUST_NO_RANGE;
    if (cell->state != TRUST_QUARANTINE_QUARANTINED) {
        quarantine(cell, change, TRUST_QUARANTINE_RULE_OPERATOR, ttl_ms);
        return TRUST_OK;
    }
    uint64_t term_ms = ttl_ms != 0 ? ttl_ms : term_ms_of(cell->times > 0 ? cell->times - 1 : 0);
    if (change->time.ms + term_ms <= cell->until.ms)
        return TRUST_NO_CONFLICT;
    enter(cell, change, TRUST_QUARANTINE_QUARANTINED, TRUST_QUARANTINE_RULE_OPERATOR, term_ms);
    return TRUST_OK;
}

static enum trust_error release(struct trust_quarantine *cell,
                                struct trust_quarantine_change *change)
{
    if (cell->state == TRUST_QUARANTINE_OK || cell->state == TRUST_QUARANTINE_RELEASED)
        return TRUST_NO_CONFLICT;
    enter(cell, change, TRUST_QUARANTINE_RELEASED, TRUST_QUARANTINE_RULE_OPERATOR, PROBATION_MS);
    cell->excused = change->time;
    return TRUST_OK;
}

enum trust_error trust_quarantine_command(struct trust_quarantine *cell,
                                          struct trust_quarantine_change *out_change,
                                          enum trust_quarantine_order order, uint64_t ttl_ms,
                                          struct trust_wall now)
{
    bool is_banned = cell->state == TRUST_QUARANTINE_BANNED;
    struct trust_quarantine_change change = {.time = now};
    enum trust_error error = TRUST_OK;
    switch (order) {
    case TRUST_QUARANTINE_ORDER_ADD:
        error = add(cell, &change, ttl_ms);
        break;
    case TRUST_QUARANTINE_ORDER_RELEASE:
        error = release(cell, &change);
        break;
    case TRUST_QUARANTINE_ORDER_BAN:
        if (is_banned)
            return TRUST_NO_CONFLICT;
        enter(cell, &change, TRUST_QUARANTINE_BANNED, TRUST_QUARANTINE_RULE_OPERATOR, 0);
        break;
    }
    if (error == TRUST_OK)
        *out_change = change;
    return error;
}

bool trust_quarantine_accept(struct trust_quarantine *cell,
                             struct trust_quarantine_change *out_change, struct trust_wall now)
{
    if (!trust_quarantine_is_told(cell))
        return false;
    out_change->time = now;
    enter(cell, out_change, TRUST_QUARANTINE_OK, TRUST_QUARANTINE_RULE_OPERATOR, 0);
    return true;
}
