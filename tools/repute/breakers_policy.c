/* See breakers_policy.h. */
#include "repute/breakers_policy.h"

#include <stdio.h>
#include <string.h>

#include "base/assert.h"
#include "base/bytes.h"
#include "host/suggest.h"

#define KEYS_MAX 32

struct reader {
    const struct trust_yaml *yaml;
    struct trust_yaml_fault *fault;
    const char *keys[KEYS_MAX];
    size_t key_count;
};

static enum trust_error refuse(const struct reader *reader, trust_yaml_node *node,
                               enum trust_error error, const char *message)
{
    trust_yaml_fault_at(reader->fault, reader->yaml, trust_yaml_mark(node), message);
    return error;
}

static enum trust_error refuse_key(const struct reader *reader, trust_yaml_node *key,
                                   const char *name)
{
    char message[sizeof reader->fault->message];
    const char *near = trust_suggest(name, reader->keys, reader->key_count);
    if (near == NULL)
        (void)snprintf(message, sizeof message, "unknown key \"%.64s\"", name);
    else
        (void)snprintf(message, sizeof message, "unknown key \"%.64s\"; did you mean \"%s\"?", name,
                       near);
    return refuse(reader, key, TRUST_NO_OPTION, message);
}

static enum trust_error load_member(const struct reader *reader, trust_yaml_node *key,
                                    trust_yaml_node *value, struct trust_breaker_policy *policy)
{
    const char *name = trust_yaml_kind(key) == TRUST_YAML_SCALAR ? trust_yaml_text(key) : NULL;
    if (name == NULL)
        return refuse(reader, key, TRUST_NO_TYPE, "expected the name of a key");
    uint32_t index = 0;
    while (index < reader->key_count && strcmp(reader->keys[index], name) != 0)
        index++;
    if (index == reader->key_count)
        return refuse_key(reader, key, name);
    const char *text = trust_yaml_kind(value) == TRUST_YAML_SCALAR ? trust_yaml_text(value) : NULL;
    enum trust_error error = TRUST_NO_TYPE;
    if (text != NULL)
        error = trust_breaker_policy_set(policy, trust_bytes_text(name), trust_bytes_text(text));
    if (error == TRUST_OK)
        return TRUST_OK;
    char message[sizeof reader->fault->message];
    (void)snprintf(message, sizeof message, "%s: expected %s", name,
                   trust_breaker_policy_expected(index));
    return refuse(reader, value, error, message);
}

static enum trust_error check_whole(const struct reader *reader, trust_yaml_node *root,
                                    const struct trust_breaker_policy *policy)
{
    const char *wrong = NULL;
    enum trust_error error = trust_breaker_policy_check(policy, &wrong);
    if (error == TRUST_OK)
        return TRUST_OK;
    /* Every key was in its own range. */
    assert(strcmp(wrong, "min_calls") == 0);
    trust_yaml_node *at = trust_yaml_find(root, "min_calls");
    if (at == NULL)
        at = trust_yaml_find(root, "window_calls");
    char message[sizeof reader->fault->message];
    (void)snprintf(message, sizeof message,
                   "min_calls (%u) is more than window_calls (%u): the window never holds as many",
                   policy->min_calls, policy->window_calls);
    return refuse(reader, at, error, message);
}

static enum trust_error load_root(const struct reader *reader, trust_yaml_node *root,
                                  struct trust_breaker_policy *policy)
{
    enum trust_yaml_kind kind = trust_yaml_kind(root);
    if (kind != TRUST_YAML_NULL && kind != TRUST_YAML_MAP)
        return refuse(reader, root, TRUST_NO_TYPE,
                      "expected keys and values, as in \"window: 30s\"");
    for (size_t i = 0; i < trust_yaml_count(root); i++) {
        trust_yaml_node *key = NULL;
        trust_yaml_node *value = trust_yaml_member(root, i, &key);
        enum trust_error error = load_member(reader, key, value, policy);
        if (error != TRUST_OK)
            return error;
    }
    return check_whole(reader, root, policy);
}

enum trust_error breakers_policy_load(struct trust_breaker_policy *out_policy,
                                      struct trust_yaml_fault *out_fault, const char *name,
                                      struct trust_bytes text)
{
    struct trust_yaml *yaml = NULL;
    enum trust_error error = trust_yaml_open(&yaml, out_fault, name, text);
    if (error != TRUST_OK)
        return error;
    struct reader reader = {.yaml = yaml, .fault = out_fault};
    for (; trust_breaker_policy_key((uint32_t)reader.key_count) != NULL; reader.key_count++) {
        assert(reader.key_count < KEYS_MAX);
        reader.keys[reader.key_count] = trust_breaker_policy_key((uint32_t)reader.key_count);
    }
    struct trust_breaker_policy policy = trust_breaker_policy_default();
    error = load_root(&reader, trust_yaml_root(yaml), &policy);
    if (error == TRUST_OK)
        *out_policy = policy;
    trust_yaml_close(yaml);
    return error;
}
