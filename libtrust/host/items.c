/* See items.h. */
#include "host/items.h"

#include <stdio.h>

#define TEXTS_MAX 256
#define TEXT_SIZE_MAX 4096

static enum trust_error check_shape(struct trust_loader *loader, trust_yaml_node *node,
                                    const char *path, const struct trust_items_shape *shape)
{
    enum trust_yaml_kind kind = trust_yaml_kind(node);
    if (kind != TRUST_YAML_NULL && kind != shape->kind)
        return trust_loader_refuse(
            loader, trust_yaml_mark(node), TRUST_NO_TYPE, "%s: expected %s", path,
            shape->kind == TRUST_YAML_LIST ? "a list" : "a section of names and their values");
    if (trust_yaml_count(node) > shape->most)
        return trust_loader_refuse(loader, trust_yaml_mark(node), TRUST_NO_RANGE,
                                   "%s: at most %zu are allowed", path, shape->most);
    return TRUST_OK;
}

/* Where an item comes from. */
struct source {
    trust_yaml_node *node; /* the list or map */
    size_t index;
    const char *path; /* of the list or map */
};

static enum trust_error load_item(struct trust_loader *loader, const struct source *source,
                                  const struct trust_items_shape *shape, void *out_item)
{
    trust_yaml_node *node = source->node;
    size_t index = source->index;
    const char *path = source->path;
    char inner[TRUST_FIELD_PATH_SIZE];
    if (shape->kind == TRUST_YAML_LIST) {
        (void)snprintf(inner, sizeof inner, "%s[%zu]", path, index);
        return shape->load(loader, NULL, trust_yaml_item(node, index), inner, out_item);
    }
    trust_yaml_node *key = NULL;
    trust_yaml_node *value = trust_yaml_member(node, index, &key);
    const char *name = trust_yaml_kind(key) == TRUST_YAML_SCALAR ? trust_yaml_text(key) : NULL;
    if (name == NULL)
        return trust_loader_refuse(loader, trust_yaml_mark(key), TRUST_NO_TYPE,
                                   "%s: expected a name", path);
    (void)snprintf(inner, sizeof inner, "%s.%s", path, name);
    return shape->load(loader, name, value, inner, out_item);
}

enum trust_error trust_items_load(struct trust_items *out_list, struct trust_loader *loader,
                                  trust_yaml_node *node, const char *path,
                                  const struct trust_items_shape *shape)
{
    enum trust_error error = check_shape(loader, node, path, shape);
    if (error != TRUST_OK)
        return error;
    struct trust_items list = {.count = trust_yaml_count(node)};
    if (list.count > 0) {
        list.items = trust_strings_take(loader->strings, list.count * shape->item_size);
        if (list.items == NULL)
            return TRUST_FAIL_MEMORY;
    }
    for (size_t i = 0; i < list.count; i++) {
        const struct source source = {.node = node, .index = i, .path = path};
        error = load_item(loader, &source, shape, (char *)list.items + i * shape->item_size);
        if (error != TRUST_OK)
            return error;
    }
    *out_list = list;
    return TRUST_OK;
}

static enum trust_error load_text(struct trust_loader *loader, const char *name,
                                  trust_yaml_node *node, const char *path, void *out_item)
{
    (void)name;
    static const struct trust_field row = {
        .name = "item", .type = TRUST_FIELD_TEXT, .most = TEXT_SIZE_MAX};
    return trust_field_load_value(loader, node, path, &row, out_item);
}

enum trust_error trust_text_list_load(struct trust_loader *loader, trust_yaml_node *node,
                                      const char *path, void *out_field)
{
    static const struct trust_items_shape shape = {.kind = TRUST_YAML_LIST,
                                                   .most = TEXTS_MAX,
                                                   .item_size = sizeof(const char *),
                                                   .load = load_text};
    struct trust_items list = {0};
    enum trust_error error = trust_items_load(&list, loader, node, path, &shape);
    if (error == TRUST_OK)
        *(struct trust_text_list *)out_field =
            (struct trust_text_list){.texts = list.items, .count = list.count};
    return error;
}
