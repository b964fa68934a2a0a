/* See finding.h. */
#include "repute/finding.h"

#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/bytes.h"
#include "record/charset.h"

#define FIRST_CAPACITY 64
#define HASH_BYTES 4
#define RULE_SET                                                                                   \
    (TRUST_CHARSET_ALNUM | TRUST_CHARSET_DOT | TRUST_CHARSET_UNDERSCORE | TRUST_CHARSET_HYPHEN)

enum trust_error finding_add(struct findings *findings, const struct finding *finding)
{
    if (findings->count == FINDING_COUNT_MAX)
        return TRUST_NO_ROOM;
    if (findings->count == findings->capacity) {
        size_t capacity = findings->capacity == 0 ? FIRST_CAPACITY : 2 * findings->capacity;
        struct finding *items = realloc(findings->items, capacity * sizeof *items);
        if (items == NULL)
            return TRUST_FAIL_MEMORY;
        findings->items = items;
        findings->capacity = capacity;
    }
    findings->items[findings->count] = *finding;
    findings->items[findings->count].count = 1;
    findings->count++;
    return TRUST_OK;
}

void finding_free(struct findings *findings)
{
    free(findings->items);
    *findings = (struct findings){0};
}

/* ---- joining ---- */

/* What makes two findings one: for a flag its register, else all that is shown. */
static int compare_place(const struct finding *a, const struct finding *b)
{
    if (a->fate != b->fate)
        return a->fate < b->fate ? -1 : 1;
    int order = strcmp(a->subject, b->subject);
    if (order == 0 && a->fate != FINDING_TAKEN)
        order = strcmp(a->server, b->server);
    if (order == 0)
        order = strcmp(a->rule, b->rule);
    if (order == 0)
        order = (a->class_ > b->class_) - (a->class_ < b->class_);
    return order;
}

/* Equal places together, the worst of them first, then the first name, so that the outcome does not
 * hang on the order of the report. */
static int compare_to_join(const void *first, const void *second)
{
    const struct finding *a = first;
    const struct finding *b = second;
    int order = compare_place(a, b);
    if (order == 0)
        order = (a->severity < b->severity) - (a->severity > b->severity);
    return order == 0 ? strcmp(a->server, b->server) : order;
}

static int compare_to_show(const void *first, const void *second)
{
    const struct finding *a = first;
    const struct finding *b = second;
    if (a->fate != b->fate)
        return a->fate < b->fate ? -1 : 1;
    if (a->severity != b->severity)
        return a->severity > b->severity ? -1 : 1;
    return compare_place(a, b);
}

void finding_join(struct findings *findings)
{
    size_t kept = 0;
    if (findings->count == 0)
        return;
    qsort(findings->items, findings->count, sizeof *findings->items, compare_to_join);
    for (size_t i = 1; i < findings->count; i++) {
        if (compare_place(&findings->items[kept], &findings->items[i]) == 0)
            findings->items[kept].count += findings->items[i].count;
        else
            findings->items[++kept] = findings->items[i];
    }
    findings->count = kept + 1;
    qsort(findings->items, findings->count, sizeof *findings->items, compare_to_show);
}

const char *finding_fate_word(enum finding_fate fate)
{
    switch (fate) {
    case FINDING_TAKEN:
        return "draft";
    case FINDING_NO_SUBJECT:
        return "no_subject";
    case FINDING_LOCAL:
        return "local";
    case FINDING_NO_VERSION:
        return "no_version";
    case FINDING_RULE_NAME:
        return "rule_name";
    case FINDING_UNSCANNED:
        return "unscanned";
    case FINDING_CONFIGURATION:
        return "configuration";
    case FINDING_NOT_SERVER:
        return "not_a_server";
    case FINDING_NOTICE:
        return "notice";
    case FINDING_SUPPRESSED:
        return "suppressed";
    }
    return "unknown";
}

/* ---- names ---- */

void finding_name_server(char out_name[FINDING_SERVER_SIZE], const char *name)
{
    size_t size = 0;
    for (; name != NULL && name[size] != '\0' && size + 1 < FINDING_SERVER_SIZE; size++)
        out_name[size] = (char)(name[size] >= ' ' && name[size] <= '~' ? name[size] : '?');
    out_name[size] = '\0';
}

/* What stands between the parts of a name where dots are not the custom: "js/sql-injection". */
static bool is_separator(char c)
{
    return c != '\0' && strchr("/:@#+~,", c) != NULL;
}

static bool put_character(char out_rule[TRUST_RULE_SIZE_MAX + 1], size_t at, char c)
{
    bool is_plain = trust_charset_has(RULE_SET, (uint8_t)c);
    if (!is_plain && !is_separator(c))
        return false;
    if (at < TRUST_RULE_SIZE_MAX)
        out_rule[at] = (char)(is_plain ? c : '.');
    return true;
}

static void end_in_hash(char out_rule[TRUST_RULE_SIZE_MAX + 1], const char *scanner,
                        const char *name)
{
    uint8_t digest[crypto_generichash_BYTES];
    char hex[2 * HASH_BYTES + 1];
    crypto_generichash_state state;
    (void)crypto_generichash_init(&state, NULL, 0, sizeof digest);
    (void)crypto_generichash_update(&state, (const uint8_t *)scanner, strlen(scanner) + 1);
    (void)crypto_generichash_update(&state, (const uint8_t *)name, strlen(name));
    (void)crypto_generichash_final(&state, digest, sizeof digest);
    (void)sodium_bin2hex(hex, sizeof hex, digest, HASH_BYTES);
    size_t at = TRUST_RULE_SIZE_MAX - 2 * HASH_BYTES;
    out_rule[at - 1] = '-';
    memcpy(out_rule + at, hex, sizeof hex);
}

bool finding_name_rule(char out_rule[TRUST_RULE_SIZE_MAX + 1], const char *scanner,
                       const char *name)
{
    char rule[TRUST_RULE_SIZE_MAX + 1];
    size_t size = 0;
    if (name[0] == '\0')
        return false;
    for (const char *at = scanner; *at != '\0'; at++) {
        if (!put_character(rule, size++, *at))
            return false;
    }
    (void)put_character(rule, size++, '.');
    for (const char *at = name; *at != '\0'; at++) {
        if (!put_character(rule, size++, *at))
            return false;
    }
    rule[size < TRUST_RULE_SIZE_MAX ? size : TRUST_RULE_SIZE_MAX] = '\0';
    if (size > TRUST_RULE_SIZE_MAX)
        end_in_hash(rule, scanner, name);
    memcpy(out_rule, rule, sizeof rule);
    return true;
}
