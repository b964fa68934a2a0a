/* See tools.h. */
#include "mcp/tools.h"

#include <stdlib.h>
#include <string.h>

const struct tool *const tools_all[] = {
    &tool_get_score,
    &tool_choose_server,
    &tool_explain_score,
    &tool_compare_servers,
    &tool_list_withheld,
    &tool_send_outcome,
    NULL,
};

const struct tool *tools_find(const char *name)
{
    size_t i = 0;
    while (tools_all[i] != NULL && strcmp(name, tools_all[i]->name) != 0)
        i++;
    return tools_all[i];
}

/* The schema of the results. */
static json_t *output_of(const struct tool *tool)
{
    json_t *schema = json_loads(tool->output, 0, NULL);
    json_t *base = tool->extends == NULL ? NULL : json_loads(tool->extends->output, 0, NULL);
    if (base != NULL) {
        (void)json_object_update(json_object_get(schema, "properties"),
                                 json_object_get(base, "properties"));
        (void)json_array_extend(json_object_get(schema, "required"),
                                json_object_get(base, "required"));
    }
    json_decref(base);
    return schema;
}

static json_t *describe(const struct tool *tool)
{
    json_t *annotations =
        json_pack("{s:s,s:b,s:b,s:b,s:b}", "title", tool->title, "readOnlyHint", !tool->is_writing,
                  "destructiveHint", 0, "idempotentHint", 1, "openWorldHint", 0);
    return json_pack("{s:s,s:s,s:s,s:o,s:o,s:o}", "name", tool->name, "title", tool->title,
                     "description", tool->description, "inputSchema",
                     json_loads(tool->input, 0, NULL), "outputSchema", output_of(tool),
                     "annotations", annotations);
}

json_t *tools_list(void)
{
    json_t *list = json_array();
    for (size_t i = 0; tools_all[i] != NULL; i++) {
        if (json_array_append_new(list, describe(tools_all[i])) != 0) {
            json_decref(list);
            return NULL;
        }
    }
    return list;
}

static json_t *refusal_of(const struct arguments *arguments)
{
    return json_pack("{s:[{s:s,s:s}],s:b}", "content", "type", "text", "text", arguments->refusal,
                     "isError", 1);
}

static json_t *result_of(json_t *content)
{
    char *text = json_dumps(content, JSON_COMPACT | JSON_REAL_PRECISION(6));
    json_t *result = NULL;
    if (text != NULL)
        result = json_pack("{s:[{s:s,s:s}],s:O,s:b}", "content", "type", "text", "text", text,
                           "structuredContent", content, "isError", 0);
    free(text);
    return result;
}

json_t *tools_call(const struct tool *tool, struct view *view, struct told *told,
                   struct trust_bytes raw)
{
    struct arguments arguments;
    struct tool_call call = {.view = view, .told = told, .arguments = &arguments};
    json_t *result = NULL;
    arguments_open(&arguments, raw, tool->arguments);
    json_t *content = arguments_is_good(&arguments) ? tool->run(&call) : NULL;
    if (content != NULL)
        result = result_of(content);
    else if (!arguments_is_good(&arguments))
        result = refusal_of(&arguments);
    json_decref(content);
    arguments_close(&arguments);
    return result;
}
