/*
 * The words for the enums of a record, as JSON, the command line and logs write them. Each
 * *_name gives the word, "?" outside the enum; each *_find reads one and answers false for any
 * other text.
 */
#ifndef TRUST_RECORD_WORDS_H
#define TRUST_RECORD_WORDS_H

#include <stdbool.h>

#include "trust/record.h"

/* "vouch", "rating", "flag", "alias", "revocation". */
const char *trust_kind_name(enum trust_kind kind);

/* "performance", "security", "overall". */
const char *trust_category_name(enum trust_category category);
bool trust_category_find(enum trust_category *out_category, const char *word);

/* "human", "measured", "scanner", "agent". */
const char *trust_origin_name(enum trust_origin origin);
bool trust_origin_find(enum trust_origin *out_origin, const char *word);

/* "cleared", "low", "medium", "high", "critical". */
const char *trust_severity_name(enum trust_severity severity);
bool trust_severity_find(enum trust_severity *out_severity, const char *word);

/* "injection", "poisoning", "shadowing", "malware", "exfiltration", "vulnerability", "exposure",
 * "impersonation", "manifest_changed", "other". */
const char *trust_class_name(enum trust_class class_);
bool trust_class_find(enum trust_class *out_class, const char *word);

/* "rate", "introduce", "scan". */
const char *trust_scope_name(enum trust_scope scope);
bool trust_scope_find(enum trust_scope *out_scope, const char *word);

/* "compromised", "retired", "superseded". */
const char *trust_revocation_reason_name(enum trust_revocation_reason reason);
bool trust_revocation_reason_find(enum trust_revocation_reason *out_reason, const char *word);

#endif
