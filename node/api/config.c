/* See config.h. Values that a server is started or called with may be secrets: they are not shown.
 */
#include "node/api/config.h"

#include <stdio.h>
#include <string.h>

#include "node/core.h"

#define ORIGIN_SIZE 400

static bool may_be_secret(const char *path)
{
    return strstr(path, ".env.") != NULL || strstr(path, ".headers.") != NULL;
}

static void put_origin(struct api_doc *doc, const struct trust_config_entry *entry)
{
    char origin[ORIGIN_SIZE] = "default";
    if (entry->inherited != NULL)
        (void)snprintf(origin, sizeof origin, "like %s", entry->inherited);
    else if (entry->mark.line != 0)
        (void)snprintf(origin, sizeof origin, "line %lu", (unsigned long)entry->mark.line);
    api_doc_text(doc, "origin", origin);
}

static void put_entry(struct api_doc *doc, const struct trust_config_entry *entry)
{
    api_doc_open_object(doc, NULL);
    api_doc_text(doc, "path", entry->path);
    api_doc_text(doc, "value", may_be_secret(entry->path) ? "(hidden)" : entry->value);
    put_origin(doc, entry);
    api_doc_close_object(doc);
}

/* A key file beside the configuration says what the configuration leaves out. */
static void put_operator(struct api_doc *doc, const struct core *core)
{
    if (!core->has_operator || core->config.operator_key.is_set)
        return;
    api_doc_open_object(doc, NULL);
    api_doc_text(doc, "path", "operator");
    api_doc_key(doc, "value", &core->operator_key, TRUST_KEY_OPERATOR);
    api_doc_text(doc, "origin", "keys/operator.pub");
    api_doc_close_object(doc);
}

void config_show(struct api_call *call)
{
    struct api_doc doc = api_doc_init();
    api_doc_open_array(&doc, NULL);
    put_operator(&doc, call->core);
    for (const struct trust_config_entry *entry = call->core->config.entries; entry != NULL;
         entry = entry->next)
        put_entry(&doc, entry);
    api_doc_close_array(&doc);
    api_answer(call, &doc);
}
