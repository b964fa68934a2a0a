/*
 * Reads a mapping of the configuration into a struct by a table of its fields: type, range and
 * default stand in one row each, so that no field is read by hand, an unknown key is always
 * noticed, and `config show` can say of every value where it came from.
 */
#ifndef TRUST_HOST_FIELDS_H
#define TRUST_HOST_FIELDS_H

#include "trust/key.h"

#include "host/strings.h"
#include "host/yaml.h"

enum trust_field_type {
    TRUST_FIELD_TEXT,     /* const char *: 1 to most bytes; NULL when absent */
    TRUST_FIELD_SUBJECT,  /* const char *: canonical id of a server */
    TRUST_FIELD_BOOL,     /* bool */
    TRUST_FIELD_RATIO,    /* double: 0 to 1 */
    TRUST_FIELD_WHOLE,    /* uint32_t: least to most */
    TRUST_FIELD_DURATION, /* uint64_t: milliseconds, least to most */
    TRUST_FIELD_SIZE,     /* uint64_t: bytes, least to most */
    TRUST_FIELD_CHOICE,   /* uint32_t: index into choices */
    TRUST_FIELD_OPERATOR, /* struct trust_field_key: rpt1... */
    TRUST_FIELD_NODE,     /* struct trust_field_key: rpn1... */
    TRUST_FIELD_NESTED,   /* whatever load makes of it */
};

struct trust_field_key {
    bool is_set;
    struct trust_key key;
};

struct trust_loader;

/* Reads a nested value at path into the field; node is NULL when the key is absent. */
typedef enum trust_error trust_field_load(struct trust_loader *loader, trust_yaml_node *node,
                                          const char *path, void *out_field);

/* A row; a table ends with a row without a name. */
struct trust_field {
    const char *name;
    enum trust_field_type type;
    size_t offset;              /* of the field in its struct */
    uint64_t least, most;       /* in the field's own unit */
    const char *fallback;       /* the default, as it would be written; NULL: unset */
    const char *inherited;      /* path of the value, read earlier, that an absent one takes */
    const char *const *choices; /* NULL-terminated */
    trust_field_load *load;
    bool is_required;
};

/* One value as loaded: for `config show`. */
struct trust_config_entry {
    const struct trust_config_entry *next;
    const char *path;            /* "link.listen", "groups.search.fallbacks[0].url" */
    const char *value;           /* as it would be written */
    const char *inherited;       /* path of the value it takes; NULL: its own */
    struct trust_yaml_mark mark; /* line 0: the default */
};

struct trust_loader {
    const struct trust_yaml *yaml;
    struct trust_yaml_fault *fault;
    struct trust_strings *strings;
    struct trust_config_entry *last; /* of the list, in the order read */
    struct trust_config_entry *first;
};

/* Room for a path of nested names. */
#define TRUST_FIELD_PATH_SIZE 320

/*
 * Reads map (NULL: every field takes its default) into out_struct.
 * TRUST_NO_OPTION: unknown or missing key; TRUST_NO_TYPE, TRUST_NO_SYNTAX, TRUST_NO_RANGE,
 * TRUST_NO_KEY, TRUST_NO_SUBJECT: a value; the loader's fault says where and what to write instead.
 */
TRUST_MUST_USE enum trust_error trust_fields_load(struct trust_loader *loader, trust_yaml_node *map,
                                                  const char *path,
                                                  const struct trust_field *fields,
                                                  void *out_struct);

/* Gives a field its row's default, or leaves it zero if it has none. */
TRUST_MUST_USE enum trust_error trust_field_load_default(struct trust_loader *loader,
                                                         const char *path,
                                                         const struct trust_field *field,
                                                         void *out_field);

/* Reads one scalar by its row; for lists of scalars. path names it in the entries. */
TRUST_MUST_USE enum trust_error trust_field_load_value(struct trust_loader *loader,
                                                       trust_yaml_node *node, const char *path,
                                                       const struct trust_field *field,
                                                       void *out_field);

/* Appends copies of what is said of a value to the entries. TRUST_FAIL_MEMORY. */
TRUST_MUST_USE enum trust_error trust_loader_note(struct trust_loader *loader,
                                                  struct trust_config_entry said);

/* TRUST_NO_OPTION with "did you mean" unless key is one of the known words. */
TRUST_MUST_USE enum trust_error trust_loader_check_key(struct trust_loader *loader,
                                                       trust_yaml_node *key, const char *path,
                                                       const char *const *known,
                                                       size_t known_count);

/* Sets the loader's fault at this place and returns error. */
enum trust_error trust_loader_refuse(struct trust_loader *loader, struct trust_yaml_mark mark,
                                     enum trust_error error, const char *format, ...)
    __attribute__((format(printf, 4, 5)));

#endif
