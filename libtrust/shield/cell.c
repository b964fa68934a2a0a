/* Words for the states in a board cell. */
#include "trust/cell.h"

#include <stddef.h>

static const char *const manifests[] = {
    [TRUST_MANIFEST_NONE] = "none",
    [TRUST_MANIFEST_PINNED] = "pinned",
    [TRUST_MANIFEST_PENDING] = "pending",
    [TRUST_MANIFEST_CHANGED] = "changed",
};

static const char *const quarantines[] = {
    [TRUST_QUARANTINE_OK] = "ok",
    [TRUST_QUARANTINE_SUSPECT] = "suspect",
    [TRUST_QUARANTINE_QUARANTINED] = "quarantined",
    [TRUST_QUARANTINE_INVESTIGATING] = "investigating",
    [TRUST_QUARANTINE_RELEASED] = "released",
    [TRUST_QUARANTINE_BANNED] = "banned",
};

const char *trust_manifest_state_name(enum trust_manifest_state state)
{
    return (size_t)state < sizeof manifests / sizeof *manifests ? manifests[state] : "?";
}

const char *trust_quarantine_state_name(enum trust_quarantine_state state)
{
    return (size_t)state < sizeof quarantines / sizeof *quarantines ? quarantines[state] : "?";
}

bool trust_quarantine_is_withheld(enum trust_quarantine_state state)
{
    return state == TRUST_QUARANTINE_QUARANTINED || state == TRUST_QUARANTINE_INVESTIGATING ||
           state == TRUST_QUARANTINE_BANNED;
}
