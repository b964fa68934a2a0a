/* See audit_note.h. */
#include "node/audit_note.h"

#include <string.h>

#include "trust/subject.h"

#include "base/assert.h"
#include "engine/servers.h"
#include "node/core.h"

static void complain(struct core *core, enum trust_error error)
{
    log_write(&core->log, LOG_ERROR, "audit",
              LOG_FIELDS(log_code("error", error), log_number("lost", (int64_t)core->audit.lost)));
}

void audit_note_open(struct core *core)
{
    char path[TRUST_HOME_PATH_SIZE];
    struct audit_check check = {0};
    trust_home_path(path, &core->home, TRUST_HOME_AUDIT);
    enum trust_error error =
        audit_open(&core->audit, path, &core->audit_mark, &check, core->now.wall);
    /* Of a last line alone a crash is the cause: a new chain begins behind it. */
    core->is_audit_damaged = check.is_behind || check.damaged > (uint64_t)check.ends_badly;
    if (error != TRUST_OK)
        complain(core, error);
    else if (core->is_audit_damaged || check.damaged > 0 || check.is_cut)
        log_write(&core->log, LOG_ERROR, "audit_damaged",
                  LOG_FIELDS(log_number("lines", (int64_t)check.damaged),
                             log_number("first", (int64_t)check.first_damaged),
                             log_number("is_cut", check.is_cut),
                             log_number("is_behind", check.is_behind)));
}

/* Flags are what these rules rest on. */
static bool rests_on_flags(enum trust_quarantine_rule rule)
{
    switch (rule) {
    case TRUST_QUARANTINE_RULE_SCANNERS:
    case TRUST_QUARANTINE_RULE_HELD_BACK:
    case TRUST_QUARANTINE_RULE_FLAG:
        return true;
    case TRUST_QUARANTINE_RULE_NONE:
    case TRUST_QUARANTINE_RULE_OPERATOR:
    case TRUST_QUARANTINE_RULE_FALL:
    case TRUST_QUARANTINE_RULE_MANIFEST:
    case TRUST_QUARANTINE_RULE_BANNED_BEFORE:
    case TRUST_QUARANTINE_RULE_TIME:
    case TRUST_QUARANTINE_RULE_FILE:
        return false;
    }
    return false;
}

/* What the server was seen to offer instead of what was approved. */
static void put_manifest(struct trust_audit_entry *entry, const struct core *core, uint32_t server)
{
    const struct trust_sights *sights = trust_engine_sights(core->engine, server);
    const struct trust_sight *worst = sights == NULL ? NULL : trust_sights_worst(sights);
    if (worst == NULL)
        return;
    memcpy(entry->manifest, worst->manifest, sizeof entry->manifest);
    entry->has_manifest = true;
}

/* The worst flags come first in a score. */
static void put_evidence(struct trust_audit_entry *entry, struct core *core)
{
    struct trust_score score;
    const struct trust_question question = {.subject = entry->subject};
    if (trust_scorer_score(trust_engine_scorer(core->engine, core->now), &score, &question,
                           core->now.wall) != TRUST_OK)
        return;
    const struct trust_ledger *ledger = trust_engine_ledger(core->engine);
    for (uint32_t i = 0; i < score.flags_shown; i++) {
        const struct trust_score_flag *flag = &score.flags[i];
        if (flag->severity < TRUST_SEVERITY_HIGH ||
            entry->evidence_count == TRUST_AUDIT_EVIDENCE_MAX)
            break;
        struct trust_ledger_view view = trust_ledger_view(ledger, flag->slot);
        memcpy(entry->evidence[entry->evidence_count++], view.ids[0]->bytes,
               sizeof entry->evidence[0]);
    }
}

void audit_note_reason(struct core *core, uint32_t server, const char *reason)
{
    struct trust_bytes text = trust_bytes_text(reason);
    assert(text.size <= sizeof core->audit_reason.text);
    core->audit_reason = (struct audit_reason){.server = server, .size = (uint32_t)text.size};
    memcpy(core->audit_reason.text, text.data, text.size);
}

static void put_reason(struct trust_audit_entry *entry, struct core *core, uint32_t server)
{
    struct audit_reason *reason = &core->audit_reason;
    if (reason->size == 0 || reason->server != server)
        return;
    memcpy(entry->reason, reason->text, reason->size);
    entry->reason_size = reason->size;
    reason->size = 0;
}

void audit_note_put(struct core *core, uint32_t server,
                    const struct trust_quarantine_change *change)
{
    char subject[TRUST_SUBJECT_TEXT_SIZE];
    char actor[TRUST_KEY_TEXT_SIZE] = "rule";
    uint32_t size = trust_engine_server_subject(core->engine, subject, server);
    if (change->rule == TRUST_QUARANTINE_RULE_OPERATOR && core->has_operator)
        trust_key_encode(actor, &core->operator_key, TRUST_KEY_OPERATOR);
    else if (change->rule == TRUST_QUARANTINE_RULE_OPERATOR)
        memcpy(actor, "operator", sizeof "operator");
    struct trust_audit_entry entry = {
        .subject = {.data = (const uint8_t *)subject, .size = size},
        .actor = trust_bytes_text(actor),
        .change = *change,
        .dry = true, /* nothing is cut off: no enforcement is configured */
    };
    if (change->rule == TRUST_QUARANTINE_RULE_MANIFEST)
        put_manifest(&entry, core, server);
    if (rests_on_flags(change->rule))
        put_evidence(&entry, core);
    if (change->rule == TRUST_QUARANTINE_RULE_OPERATOR)
        put_reason(&entry, core, server);
    enum trust_error error = audit_write(&core->audit, &entry, core->now.wall);
    if (error != TRUST_OK)
        complain(core, error);
}
