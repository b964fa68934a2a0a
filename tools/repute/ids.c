/* See ids.h. */
#include "repute/ids.h"

#include <stdio.h>
#include <string.h>

#include "base/assert.h"
#include "base/bytes.h"

#define HASH_DIGITS 64

enum trust_error ids_subject(struct context *context, char out_subject[TRUST_SUBJECT_TEXT_SIZE],
                             const char *typed)
{
    enum trust_error error = trust_subject_canonical(out_subject, trust_bytes_text(typed));
    if (error == TRUST_OK)
        return TRUST_OK;
    if (strncasecmp(typed, "http://", 7) == 0)
        return context_misuse(context, error, "name it by https, or by a registry or a package",
                              "\"%.200s\": who answers over http is not proven", typed);
    if (strncasecmp(typed, "https://", 8) == 0 && strpbrk(typed, "?#") != NULL)
        return context_misuse(context, error, "leave out what begins with ? or #",
                              "\"%.200s\": the id of a server has no query and no fragment", typed);
    return context_misuse(context, error,
                          "ids look like mcp:io.github.acme/search, pkg:npm/%40acme/search or "
                          "https://mcp.acme.dev/mcp",
                          "\"%.200s\" is no id of a server", typed);
}

/* The key with this pet name, or NULL. */
static const char *find_key(const json_t *names, const char *typed, const char *prefix)
{
    for (size_t i = 0; i < json_array_size(names); i++) {
        const json_t *row = json_array_get(names, i);
        const char *key = json_string_value(json_object_get(row, "key"));
        const char *name = json_string_value(json_object_get(row, "name"));
        if (key != NULL && name != NULL && strcmp(name, typed) == 0 &&
            strncmp(key, prefix, strlen(prefix)) == 0)
            return key;
    }
    return NULL;
}

enum trust_error ids_key(struct context *context, char out_key[TRUST_KEY_TEXT_SIZE],
                         const char *typed, enum trust_key_use use)
{
    struct trust_key key;
    const char *prefix = use == TRUST_KEY_OPERATOR ? "rpt1" : "rpn1";
    enum trust_error error = trust_key_decode(&key, trust_bytes_text(typed), use);
    if (error == TRUST_OK) {
        trust_key_encode(out_key, &key, use);
        return TRUST_OK;
    }
    enum trust_key_use other = use == TRUST_KEY_OPERATOR ? TRUST_KEY_NODE : TRUST_KEY_OPERATOR;
    if (trust_key_decode(&key, trust_bytes_text(typed), other) == TRUST_OK)
        return use == TRUST_KEY_OPERATOR
                   ? context_misuse(context, error, "ask for its operator's key: rpt1...",
                                    "\"%.80s\" is the key of a node, not of an operator", typed)
                   : context_misuse(context, error, "ask for its node's key: rpn1...",
                                    "\"%.80s\" is the key of an operator, not of a node", typed);
    if (strncasecmp(typed, "rpt1", 4) == 0 || strncasecmp(typed, "rpn1", 4) == 0)
        return context_misuse(context, error, "compare it with where it was copied from",
                              "\"%.80s\" is no key: it begins with %s and has 62 characters, and a "
                              "typing error shows",
                              typed, prefix);
    json_t *names = NULL;
    error = context_ask(context, &names, TRUST_REQUEST_GET, "/v1/names", NULL);
    if (error != TRUST_OK)
        return error;
    const char *found = find_key(names, typed, prefix);
    if (found != NULL)
        (void)snprintf(out_key, TRUST_KEY_TEXT_SIZE, "%s", found);
    else
        error = context_misuse(context, TRUST_NO_KEY, "give the key itself",
                               "\"%.80s\" is no key and no pet name", typed);
    json_decref(names);
    return error;
}

enum trust_error ids_check_hash(struct context *context, const char *what, const char *typed)
{
    size_t digits = strspn(typed, "0123456789abcdefABCDEF");
    if (digits == HASH_DIGITS && typed[digits] == '\0')
        return TRUST_OK;
    return context_misuse(context, TRUST_NO_SYNTAX, NULL, "--%s: expected 64 hex digits", what);
}

void ids_path(char out_path[CONTEXT_PATH_SIZE], const char *before, const char *id,
              const char *behind)
{
    (void)snprintf(out_path, CONTEXT_PATH_SIZE, "%s", before);
    /* Ids and keys were checked: at most 200 bytes, each three when escaped. */
    enum trust_error error = trust_request_escape(out_path, CONTEXT_PATH_SIZE, id);
    assert(error == TRUST_OK);
    size_t size = strlen(out_path);
    (void)snprintf(out_path + size, CONTEXT_PATH_SIZE - size, "%s", behind);
}
