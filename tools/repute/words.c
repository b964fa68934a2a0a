/* See words.h. */
#include "repute/words.h"

#include <stdio.h>
#include <string.h>

#include "base/bytes.h"

const char *const words_categories[] = {"performance", "security", "overall", NULL};
const char *const words_origins[] = {"human", "measured", "scanner", "agent", NULL};
const char *const words_classes[] = {
    "injection",        "poisoning",     "shadowing", "malware",
    "exfiltration",     "vulnerability", "exposure",  "impersonation",
    "manifest_changed", "other",         NULL};
const char *const words_reasons[] = {"compromised", "retired", "superseded", NULL};
const char *const words_severities[] = {"cleared", "low", "medium", "high", "critical", NULL};

static const char *const scope_words[] = {"rate", "introduce", "scan", NULL};

void words_put_scopes(char out_text[WORDS_SCOPES_SIZE], uint8_t scopes)
{
    size_t size = 0;
    out_text[0] = '\0';
    for (unsigned i = 0; scope_words[i] != NULL; i++) {
        if ((scopes & 1u << i) == 0)
            continue;
        (void)snprintf(out_text + size, WORDS_SCOPES_SIZE - size, "%s%s", size == 0 ? "" : ",",
                       scope_words[i]);
        size = strlen(out_text);
    }
}

bool words_take_scopes(uint8_t *out_scopes, const char *text)
{
    unsigned scopes = 0;
    for (;;) {
        size_t size = strcspn(text, ",");
        size_t place = 0;
        const struct trust_bytes word = {.data = (const uint8_t *)text, .size = size};
        if (!words_find(&place, scope_words, word) || (scopes & 1u << place) != 0)
            return false;
        scopes |= 1u << place;
        if (text[size] == '\0')
            break;
        text += size + 1;
    }
    *out_scopes = (uint8_t)scopes;
    return true;
}

bool words_find(size_t *out_index, const char *const *table, struct trust_bytes word)
{
    for (size_t i = 0; table[i] != NULL; i++) {
        if (trust_bytes_equal(trust_bytes_text(table[i]), word)) {
            *out_index = i;
            return true;
        }
    }
    return false;
}

const char *words_kind(enum trust_kind kind)
{
    switch (kind) {
    case TRUST_KIND_VOUCH:
        return "vouch";
    case TRUST_KIND_RATING:
        return "rating";
    case TRUST_KIND_FLAG:
        return "flag";
    case TRUST_KIND_ALIAS:
        return "alias";
    case TRUST_KIND_REVOCATION:
        return "revocation";
    }
    return "unknown";
}
