/* See fields.h. */
#include "host/fields.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "trust/subject.h"

#include "base/assert.h"
#include "base/bytes.h"
#include "host/quantity.h"
#include "host/suggest.h"

#define KNOWN_MAX 32

enum trust_error trust_loader_refuse(struct trust_loader *loader, struct trust_yaml_mark mark,
                                     enum trust_error error, const char *format, ...)
{
    char message[sizeof loader->fault->message];
    va_list arguments;
    va_start(arguments, format);
    (void)vsnprintf(message, sizeof message, format, arguments);
    va_end(arguments);
    trust_yaml_fault_at(loader->fault, loader->yaml, mark, message);
    return error;
}

enum trust_error trust_loader_note(struct trust_loader *loader, struct trust_config_entry said)
{
    struct trust_config_entry *entry = trust_strings_take(loader->strings, sizeof *entry);
    if (entry == NULL)
        return TRUST_FAIL_MEMORY;
    *entry = said;
    entry->path = trust_strings_copy(loader->strings, said.path);
    entry->value = trust_strings_copy(loader->strings, said.value);
    if (entry->path == NULL || entry->value == NULL)
        return TRUST_FAIL_MEMORY;
    if (loader->last == NULL)
        loader->first = entry;
    else
        loader->last->next = entry;
    loader->last = entry;
    return TRUST_OK;
}

/* What a value of this type looks like, for messages. */
static const char *expected(enum trust_field_type type)
{
    switch (type) {
    case TRUST_FIELD_TEXT:
        return "a text";
    case TRUST_FIELD_SUBJECT:
        return "the id of a server such as mcp:io.github.acme/search or https://mcp.acme.dev/mcp";
    case TRUST_FIELD_BOOL:
        return "true or false";
    case TRUST_FIELD_RATIO:
        return "a number from 0 to 1";
    case TRUST_FIELD_WHOLE:
        return "a whole number";
    case TRUST_FIELD_DURATION:
        return "a duration with its unit, such as 250ms, 30s, 5m or 2h";
    case TRUST_FIELD_SIZE:
        return "a size with its unit, such as 64KiB or 8GiB";
    case TRUST_FIELD_CHOICE:
        return "one of the known words";
    case TRUST_FIELD_OPERATOR:
        return "an operator key (rpt1..., 62 characters)";
    case TRUST_FIELD_NODE:
        return "a node key (rpn1..., 62 characters)";
    case TRUST_FIELD_NESTED:
        return "a section";
    }
    return "a value";
}

static enum trust_error parse_text(struct trust_loader *loader, const struct trust_field *field,
                                   const char *text, void *out_field)
{
    if (*text == '\0' || strlen(text) > field->most)
        return TRUST_NO_RANGE;
    char *copy = trust_strings_copy(loader->strings, text);
    if (copy == NULL)
        return TRUST_FAIL_MEMORY;
    memcpy(out_field, &copy, sizeof copy);
    return TRUST_OK;
}

static enum trust_error parse_subject(struct trust_loader *loader, const char *text,
                                      void *out_field)
{
    char canonical[TRUST_SUBJECT_TEXT_SIZE];
    enum trust_error error = trust_subject_canonical(canonical, trust_bytes_text(text));
    if (error != TRUST_OK)
        return error;
    char *copy = trust_strings_copy(loader->strings, canonical);
    if (copy == NULL)
        return TRUST_FAIL_MEMORY;
    memcpy(out_field, &copy, sizeof copy);
    return TRUST_OK;
}

static enum trust_error parse_choice(const struct trust_field *field, const char *text,
                                     uint32_t *out_choice)
{
    for (uint32_t i = 0; field->choices[i] != NULL; i++) {
        if (strcmp(field->choices[i], text) == 0) {
            *out_choice = i;
            return TRUST_OK;
        }
    }
    return TRUST_NO_RANGE;
}

static enum trust_error parse_bool(const char *text, bool *out_value)
{
    bool is_true = strcmp(text, "true") == 0;
    if (!is_true && strcmp(text, "false") != 0)
        return TRUST_NO_SYNTAX;
    *out_value = is_true;
    return TRUST_OK;
}

static enum trust_error parse_ratio(const char *text, double *out_value)
{
    double value = 0;
    enum trust_error error = trust_number_parse(&value, text);
    if (error != TRUST_OK)
        return error;
    if (value < 0 || value > 1)
        return TRUST_NO_RANGE;
    *out_value = value;
    return TRUST_OK;
}

static enum trust_error parse_quantity(const struct trust_field *field, const char *text,
                                       void *out_field)
{
    uint64_t value = 0;
    enum trust_error error = TRUST_OK;
    if (field->type == TRUST_FIELD_DURATION)
        error = trust_duration_parse(&value, text);
    else if (field->type == TRUST_FIELD_SIZE)
        error = trust_size_parse(&value, text);
    else
        error = trust_whole_parse(&value, text);
    if (error != TRUST_OK)
        return error;
    if (value < field->least || value > field->most)
        return TRUST_NO_RANGE;
    if (field->type == TRUST_FIELD_WHOLE) {
        assert(value <= UINT32_MAX);
        *(uint32_t *)out_field = (uint32_t)value;
    } else {
        *(uint64_t *)out_field = value;
    }
    return TRUST_OK;
}

static enum trust_error parse_key(enum trust_key_use use, const char *text,
                                  struct trust_field_key *out_key)
{
    struct trust_field_key key = {.is_set = true};
    enum trust_error error = trust_key_decode(&key.key, trust_bytes_text(text), use);
    if (error == TRUST_OK)
        *out_key = key;
    return error;
}

static enum trust_error parse(struct trust_loader *loader, const struct trust_field *field,
                              const char *text, void *out_field)
{
    switch (field->type) {
    case TRUST_FIELD_TEXT:
        return parse_text(loader, field, text, out_field);
    case TRUST_FIELD_SUBJECT:
        return parse_subject(loader, text, out_field);
    case TRUST_FIELD_BOOL:
        return parse_bool(text, out_field);
    case TRUST_FIELD_RATIO:
        return parse_ratio(text, out_field);
    case TRUST_FIELD_WHOLE:
    case TRUST_FIELD_DURATION:
    case TRUST_FIELD_SIZE:
        return parse_quantity(field, text, out_field);
    case TRUST_FIELD_CHOICE:
        return parse_choice(field, text, out_field);
    case TRUST_FIELD_OPERATOR:
        return parse_key(TRUST_KEY_OPERATOR, text, out_field);
    case TRUST_FIELD_NODE:
        return parse_key(TRUST_KEY_NODE, text, out_field);
    case TRUST_FIELD_NESTED:
        break;
    }
    return TRUST_NO_TYPE;
}

/* "30s to 10m", or the known words, or what the type looks like. */
static void describe(char *out_text, size_t size, const struct trust_field *field)
{
    char least[TRUST_QUANTITY_TEXT_SIZE];
    char most[TRUST_QUANTITY_TEXT_SIZE];
    if (field->type == TRUST_FIELD_CHOICE) {
        assert(field->choices != NULL);
        size_t used = (size_t)snprintf(out_text, size, "one of");
        for (size_t i = 0; field->choices[i] != NULL && used < size; i++)
            used += (size_t)snprintf(out_text + used, size - used, "%s %s", i == 0 ? "" : ",",
                                     field->choices[i]);
    } else if (field->type == TRUST_FIELD_DURATION) {
        trust_duration_format(least, field->least);
        trust_duration_format(most, field->most);
        (void)snprintf(out_text, size, "a duration from %s to %s", least, most);
    } else if (field->type == TRUST_FIELD_SIZE) {
        trust_size_format(least, field->least);
        trust_size_format(most, field->most);
        (void)snprintf(out_text, size, "a size from %s to %s", least, most);
    } else if (field->type == TRUST_FIELD_WHOLE) {
        (void)snprintf(out_text, size, "a whole number from %llu to %llu",
                       (unsigned long long)field->least, (unsigned long long)field->most);
    } else if (field->type == TRUST_FIELD_TEXT) {
        (void)snprintf(out_text, size, "a text of 1 to %llu bytes",
                       (unsigned long long)field->most);
    } else {
        (void)snprintf(out_text, size, "%s", expected(field->type));
    }
}

static bool wants_plain(enum trust_field_type type)
{
    return type == TRUST_FIELD_BOOL || type == TRUST_FIELD_RATIO || type == TRUST_FIELD_WHOLE;
}

static enum trust_error refuse_value(struct trust_loader *loader, trust_yaml_node *node,
                                     const struct trust_field *field, enum trust_error error)
{
    const char *text = trust_yaml_text(node);
    const char *near = NULL;
    size_t count = 0;
    while (field->choices != NULL && field->choices[count] != NULL)
        count++;
    if (text != NULL && field->type == TRUST_FIELD_CHOICE)
        near = trust_suggest(text, field->choices, count);
    char wanted[160];
    describe(wanted, sizeof wanted, field);
    return trust_loader_refuse(loader, trust_yaml_mark(node), error, "%s: expected %s%s%s%s",
                               field->name, wanted, near == NULL ? "" : "; did you mean \"",
                               near == NULL ? "" : near, near == NULL ? "" : "\"?");
}

enum trust_error trust_field_load_value(struct trust_loader *loader, trust_yaml_node *node,
                                        const char *path, const struct trust_field *field,
                                        void *out_field)
{
    if (trust_yaml_kind(node) != TRUST_YAML_SCALAR)
        return refuse_value(loader, node, field, TRUST_NO_TYPE);
    if (wants_plain(field->type) && !trust_yaml_is_plain(node))
        return refuse_value(loader, node, field, TRUST_NO_TYPE);
    const char *text = trust_yaml_text(node);
    enum trust_error error = parse(loader, field, text, out_field);
    if (error < TRUST_OK)
        return error;
    if (error != TRUST_OK)
        return refuse_value(loader, node, field, error);
    return trust_loader_note(
        loader,
        (struct trust_config_entry){.path = path, .value = text, .mark = trust_yaml_mark(node)});
}

static void join(char out_path[TRUST_FIELD_PATH_SIZE], const char *path, const char *name)
{
    (void)snprintf(out_path, TRUST_FIELD_PATH_SIZE, "%s%s%s", path, *path == '\0' ? "" : ".", name);
}

enum trust_error trust_loader_check_key(struct trust_loader *loader, trust_yaml_node *key,
                                        const char *path, const char *const *known,
                                        size_t known_count)
{
    const char *name = trust_yaml_kind(key) == TRUST_YAML_SCALAR ? trust_yaml_text(key) : "";
    for (size_t i = 0; i < known_count; i++) {
        if (strcmp(known[i], name) == 0)
            return TRUST_OK;
    }
    const char *near = trust_suggest(name, known, known_count);
    const char *where = *path == '\0' ? "the configuration" : path;
    if (near != NULL)
        return trust_loader_refuse(loader, trust_yaml_mark(key), TRUST_NO_OPTION,
                                   "unknown key \"%.64s\" in %s; did you mean \"%s\"?", name, where,
                                   near);
    return trust_loader_refuse(loader, trust_yaml_mark(key), TRUST_NO_OPTION,
                               "unknown key \"%.64s\" in %s", name, where);
}

static enum trust_error check_keys(struct trust_loader *loader, trust_yaml_node *map,
                                   const char *path, const struct trust_field *fields)
{
    const char *known[KNOWN_MAX];
    size_t count = 0;
    for (; fields[count].name != NULL; count++) {
        assert(count < KNOWN_MAX);
        known[count] = fields[count].name;
    }
    for (size_t i = 0; i < trust_yaml_count(map); i++) {
        trust_yaml_node *key = NULL;
        (void)trust_yaml_member(map, i, &key);
        enum trust_error error = trust_loader_check_key(loader, key, path, known, count);
        if (error != TRUST_OK)
            return error;
    }
    return TRUST_OK;
}

static enum trust_error inherit(struct trust_loader *loader, const char *path,
                                const struct trust_field *field, void *out_field)
{
    const struct trust_config_entry *entry = loader->first;
    while (entry != NULL && strcmp(entry->path, field->inherited) != 0)
        entry = entry->next;
    assert(entry != NULL);
    enum trust_error error = parse(loader, field, entry->value, out_field);
    if (error != TRUST_OK)
        return error;
    return trust_loader_note(loader, (struct trust_config_entry){.path = path,
                                                                 .value = entry->value,
                                                                 .inherited = field->inherited,
                                                                 .mark = entry->mark});
}

enum trust_error trust_field_load_default(struct trust_loader *loader, const char *path,
                                          const struct trust_field *field, void *out_field)
{
    if (field->inherited != NULL)
        return inherit(loader, path, field, out_field);
    if (field->fallback == NULL)
        return TRUST_OK;
    enum trust_error error = parse(loader, field, field->fallback, out_field);
    assert(error <= TRUST_OK);
    if (error != TRUST_OK)
        return error;
    return trust_loader_note(loader,
                             (struct trust_config_entry){.path = path, .value = field->fallback});
}

enum trust_error trust_fields_load(struct trust_loader *loader, trust_yaml_node *map,
                                   const char *path, const struct trust_field *fields,
                                   void *out_struct)
{
    enum trust_yaml_kind kind = trust_yaml_kind(map);
    if (kind != TRUST_YAML_NULL && kind != TRUST_YAML_MAP)
        return trust_loader_refuse(loader, trust_yaml_mark(map), TRUST_NO_TYPE,
                                   "%s%sexpected a section of keys and values", path,
                                   path[0] == '\0' ? "" : ": ");
    enum trust_error error = check_keys(loader, map, path, fields);
    for (; error == TRUST_OK && fields->name != NULL; fields++) {
        char inner[TRUST_FIELD_PATH_SIZE];
        join(inner, path, fields->name);
        void *out_field = (char *)out_struct + fields->offset;
        trust_yaml_node *node = trust_yaml_find(map, fields->name);
        if (fields->load != NULL)
            error = fields->load(loader, node, inner, out_field);
        else if (trust_yaml_kind(node) != TRUST_YAML_NULL)
            error = trust_field_load_value(loader, node, inner, fields, out_field);
        else if (fields->is_required)
            error = trust_loader_refuse(loader, trust_yaml_mark(map), TRUST_NO_OPTION,
                                        "%s: \"%s\" is missing", path, fields->name);
        else
            error = trust_field_load_default(loader, inner, fields, out_field);
    }
    return error;
}
