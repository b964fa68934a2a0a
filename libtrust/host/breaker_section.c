/* See breaker_section.h. The policy itself knows its keys' syntax and ranges; here stand the keys
 * that a configuration may set and their defaults as people write them. */
#include "host/breaker_section.h"

#include <stdio.h>
#include <string.h>

#include "base/assert.h"
#include "base/bytes.h"
#include "host/suggest.h"

struct row {
    const char *key;
    const char *fallback;
    const char *expected;
};

static const struct row rows[] = {
    {"window", "30s", "a duration from 10ms to 24h"},
    {"min_calls", "10", "a whole number from 1 to 1000000"},
    {"streak", "5", "a whole number from 0 (off) to 1000"},
    {"fail_pct", "50", "a whole number from 0 (off) to 100"},
    {"slow_pct", "80", "a whole number from 0 (off) to 100"},
    {"open", "5s", "a duration from 1ms to 1h"},
    {"open_max", "300s", "a duration from 1ms to 24h"},
    {"probes", "3", "a whole number from 1 to 10"},
};
#define ROW_COUNT (sizeof rows / sizeof *rows)

static enum trust_error check_keys(struct trust_loader *loader, trust_yaml_node *map,
                                   const char *path)
{
    const char *known[ROW_COUNT];
    for (size_t i = 0; i < ROW_COUNT; i++)
        known[i] = rows[i].key;
    for (size_t i = 0; i < trust_yaml_count(map); i++) {
        trust_yaml_node *key = NULL;
        (void)trust_yaml_member(map, i, &key);
        enum trust_error error = trust_loader_check_key(loader, key, path, known, ROW_COUNT);
        if (error != TRUST_OK)
            return error;
    }
    return TRUST_OK;
}

static enum trust_error load_row(struct trust_loader *loader, const struct row *row,
                                 trust_yaml_node *node, const char *path,
                                 struct trust_breaker_policy *policy)
{
    bool is_given = trust_yaml_kind(node) != TRUST_YAML_NULL;
    const char *text = row->fallback;
    if (is_given)
        text = trust_yaml_kind(node) == TRUST_YAML_SCALAR ? trust_yaml_text(node) : "";
    enum trust_error error =
        trust_breaker_policy_set(policy, trust_bytes_text(row->key), trust_bytes_text(text));
    assert(is_given || error == TRUST_OK);
    if (error != TRUST_OK)
        return trust_loader_refuse(loader, trust_yaml_mark(node), error, "%s.%s: expected %s", path,
                                   row->key, row->expected);
    char inner[TRUST_FIELD_PATH_SIZE];
    (void)snprintf(inner, sizeof inner, "%s.%s", path, row->key);
    return trust_loader_note(
        loader, (struct trust_config_entry){.path = inner,
                                            .value = text,
                                            .mark = is_given ? trust_yaml_mark(node)
                                                             : (struct trust_yaml_mark){0}});
}

enum trust_error trust_breaker_section_load(struct trust_loader *loader, trust_yaml_node *node,
                                            const char *path, void *out_field)
{
    struct trust_breaker_policy *policy = out_field;
    *policy = trust_breaker_policy_default();
    enum trust_yaml_kind kind = trust_yaml_kind(node);
    if (kind != TRUST_YAML_NULL && kind != TRUST_YAML_MAP)
        return trust_loader_refuse(loader, trust_yaml_mark(node), TRUST_NO_TYPE,
                                   "%s: expected a section of keys and values", path);
    enum trust_error error = check_keys(loader, node, path);
    for (size_t i = 0; error == TRUST_OK && i < ROW_COUNT; i++)
        error = load_row(loader, &rows[i], trust_yaml_find(node, rows[i].key), path, policy);
    const char *wrong = NULL;
    if (error == TRUST_OK && trust_breaker_policy_check(policy, &wrong) != TRUST_OK)
        return trust_loader_refuse(loader, trust_yaml_mark(node), TRUST_NO_RANGE,
                                   "%s: \"%s\" does not go with the others", path, wrong);
    return error;
}
