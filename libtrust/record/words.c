/* See words.h. */
#include "record/words.h"

#include <stddef.h>
#include <string.h>

/* The words of one enum; the first stands for the value `first`. */
struct words {
    const char *const *words;
    size_t count;
    unsigned first;
};

#define WORDS(list, first_value)                                                                   \
    (struct words)                                                                                 \
    {                                                                                              \
        .words = (list), .count = sizeof(list) / sizeof *(list), .first = (first_value)            \
    }

static const char *const kinds[] = {"vouch", "rating", "flag", "alias", "revocation"};
static const char *const categories[] = {"performance", "security", "overall"};
static const char *const origins[] = {"human", "measured", "scanner", "agent"};
static const char *const severities[] = {"cleared", "low", "medium", "high", "critical"};
static const char *const classes[] = {
    "injection",     "poisoning", "shadowing",     "malware",          "exfiltration",
    "vulnerability", "exposure",  "impersonation", "manifest_changed", "other",
};
static const char *const reasons[] = {"compromised", "retired", "superseded"};

static const char *name_of(struct words words, unsigned value)
{
    return value >= words.first && value - words.first < words.count
               ? words.words[value - words.first]
               : "?";
}

static bool find(struct words words, unsigned *out_value, const char *word)
{
    for (size_t i = 0; i < words.count; i++) {
        if (strcmp(words.words[i], word) == 0) {
            *out_value = words.first + (unsigned)i;
            return true;
        }
    }
    return false;
}

const char *trust_kind_name(enum trust_kind kind)
{
    return name_of(WORDS(kinds, TRUST_KIND_VOUCH), (unsigned)kind);
}

const char *trust_category_name(enum trust_category category)
{
    return name_of(WORDS(categories, TRUST_CATEGORY_PERFORMANCE), (unsigned)category);
}

bool trust_category_find(enum trust_category *out_category, const char *word)
{
    unsigned value = 0;
    if (!find(WORDS(categories, TRUST_CATEGORY_PERFORMANCE), &value, word))
        return false;
    *out_category = (enum trust_category)value;
    return true;
}

const char *trust_origin_name(enum trust_origin origin)
{
    return name_of(WORDS(origins, TRUST_ORIGIN_HUMAN), (unsigned)origin);
}

bool trust_origin_find(enum trust_origin *out_origin, const char *word)
{
    unsigned value = 0;
    if (!find(WORDS(origins, TRUST_ORIGIN_HUMAN), &value, word))
        return false;
    *out_origin = (enum trust_origin)value;
    return true;
}

const char *trust_severity_name(enum trust_severity severity)
{
    return name_of(WORDS(severities, TRUST_SEVERITY_CLEARED), (unsigned)severity);
}

bool trust_severity_find(enum trust_severity *out_severity, const char *word)
{
    unsigned value = 0;
    if (!find(WORDS(severities, TRUST_SEVERITY_CLEARED), &value, word))
        return false;
    *out_severity = (enum trust_severity)value;
    return true;
}

const char *trust_class_name(enum trust_class class_)
{
    return name_of(WORDS(classes, TRUST_CLASS_INJECTION), (unsigned)class_);
}

bool trust_class_find(enum trust_class *out_class, const char *word)
{
    unsigned value = 0;
    if (!find(WORDS(classes, TRUST_CLASS_INJECTION), &value, word))
        return false;
    *out_class = (enum trust_class)value;
    return true;
}

/* Scopes are bits, not a row. */
static const struct {
    enum trust_scope scope;
    const char *word;
} scopes[] = {
    {TRUST_SCOPE_RATES, "rate"},
    {TRUST_SCOPE_INTRODUCES, "introduce"},
    {TRUST_SCOPE_SCANS, "scan"},
};

const char *trust_scope_name(enum trust_scope scope)
{
    for (size_t i = 0; i < sizeof scopes / sizeof scopes[0]; i++) {
        if (scopes[i].scope == scope)
            return scopes[i].word;
    }
    return "?";
}

bool trust_scope_find(enum trust_scope *out_scope, const char *word)
{
    for (size_t i = 0; i < sizeof scopes / sizeof scopes[0]; i++) {
        if (strcmp(scopes[i].word, word) == 0) {
            *out_scope = scopes[i].scope;
            return true;
        }
    }
    return false;
}

const char *trust_revocation_reason_name(enum trust_revocation_reason reason)
{
    return name_of(WORDS(reasons, TRUST_REVOKED_COMPROMISED), (unsigned)reason);
}

bool trust_revocation_reason_find(enum trust_revocation_reason *out_reason, const char *word)
{
    unsigned value = 0;
    if (!find(WORDS(reasons, TRUST_REVOKED_COMPROMISED), &value, word))
        return false;
    *out_reason = (enum trust_revocation_reason)value;
    return true;
}
