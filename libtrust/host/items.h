/* Reads a list or map of the configuration into an array of like items. See fields.h. */
#ifndef TRUST_HOST_ITEMS_H
#define TRUST_HOST_ITEMS_H

#include "host/fields.h"

/* Reads one item: name is its key in a map, NULL in a list. The item is zeroed before. */
typedef enum trust_error trust_item_load(struct trust_loader *loader, const char *name,
                                         trust_yaml_node *node, const char *path, void *out_item);

struct trust_items_shape {
    enum trust_yaml_kind kind; /* TRUST_YAML_LIST or TRUST_YAML_MAP */
    size_t most;               /* items at most */
    size_t item_size;
    trust_item_load *load;
};

/* An array of the shape's items. */
struct trust_items {
    void *items; /* NULL when empty */
    size_t count;
};

/* What trust_fields_load gives, and TRUST_NO_TYPE or TRUST_NO_RANGE for the list itself. An absent
 * node is an empty list. */
TRUST_MUST_USE enum trust_error trust_items_load(struct trust_items *out_list,
                                                 struct trust_loader *loader, trust_yaml_node *node,
                                                 const char *path,
                                                 const struct trust_items_shape *shape);

/* Texts, in the order written: of 1 to 4,096 bytes, at most 256. */
struct trust_text_list {
    const char *const *texts;
    size_t count;
};
trust_field_load trust_text_list_load; /* out_field is a struct trust_text_list */

#endif
