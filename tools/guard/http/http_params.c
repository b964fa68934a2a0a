/* See http_params.h. */
#include "guard/http/http_params.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/bytes.h"
#include "base/limits.h"
#include "base/writer.h"
#include "wire/json.h"

#define MARK "x-mcp-header"
#define SHOWN_SIZE 64

void http_params_close(struct http_params *params)
{
    for (size_t i = 0; i < params->count; i++) {
        free(params->tools[i].name);
        params_close(&params->tools[i].params);
    }
    free(params->tools);
    free(params->line);
    *params = (struct http_params){0};
}

static bool mentions(struct trust_bytes text)
{
    return text.size > 0 && memmem(text.data, text.size, MARK, sizeof MARK - 1) != NULL;
}

/* ---- the table ---- */

static struct http_params_tool *find(const struct http_params *params, const char *name)
{
    for (size_t i = 0; i < params->count; i++) {
        if (strcmp(params->tools[i].name, name) == 0)
            return &params->tools[i];
    }
    return NULL;
}

static struct http_params_tool *add(struct http_params *params, const char *name)
{
    if (params->count == params->capacity) {
        size_t capacity = params->capacity == 0 ? 8 : 2 * params->capacity;
        struct http_params_tool *tools = realloc(params->tools, capacity * sizeof *tools);
        if (tools == NULL)
            return NULL;
        params->tools = tools;
        params->capacity = capacity;
    }
    char *copy = strdup(name);
    if (copy == NULL)
        return NULL;
    params->tools[params->count] = (struct http_params_tool){.name = copy};
    return &params->tools[params->count++];
}

static void forget(struct http_params *params, struct http_params_tool *tool)
{
    free(tool->name);
    params_close(&tool->params);
    *tool = params->tools[--params->count];
}

/* Takes over found. */
static enum trust_error keep(struct http_params *params, const char *name, struct params *found)
{
    struct http_params_tool *tool = find(params, name);
    if (found->count == 0) {
        if (tool != NULL)
            forget(params, tool);
        return TRUST_OK;
    }
    if (tool == NULL && params->count < TRUST_PINS_TOOLS_MAX)
        tool = add(params, name);
    if (tool == NULL) {
        params_close(found);
        return TRUST_FAIL_MEMORY;
    }
    params_close(&tool->params);
    tool->params = *found;
    return TRUST_OK;
}

/* ---- one list ---- */

/* The name of a tool, with its NUL. A name that is none is the manifest's to judge. */
static bool read_name(char out_name[TRUST_TOOL_NAME_SIZE_MAX + 1], struct trust_bytes value)
{
    size_t size = 0;
    if (json_string_copy(out_name, TRUST_TOOL_NAME_SIZE_MAX, &size, value) != TRUST_OK ||
        memchr(out_name, '\0', size) != NULL)
        return false;
    out_name[size] = '\0';
    return true;
}

/* One line of it: what is no printable ASCII becomes a blank. */
static void clean(char *text)
{
    for (; *text != '\0'; text++) {
        if (*text < ' ' || *text > '~')
            *text = ' ';
    }
}

static void note(struct http_params *params, const char *name, const char *why)
{
    if (params->note[0] != '\0')
        return;
    (void)snprintf(params->note, sizeof params->note,
                   "has a tool %.*s whose " MARK " %s: it is left out", SHOWN_SIZE, name, why);
    clean(params->note);
}

/* out_is_good: it may be offered. */
static enum trust_error learn_tool(struct http_params *params, bool *out_is_good,
                                   struct trust_bytes tool)
{
    char name[TRUST_TOOL_NAME_SIZE_MAX + 1];
    struct trust_bytes name_value, schema;
    struct params found = {0};
    const char *why = "";
    *out_is_good = true;
    if (json_kind(tool) != JSON_KIND_OBJECT || json_find(&name_value, tool, "name") != TRUST_OK ||
        !read_name(name, name_value))
        return TRUST_OK;
    enum trust_error error = TRUST_OK;
    if (mentions(tool) && json_find(&schema, tool, "inputSchema") == TRUST_OK)
        error = params_read(&found, &why, schema);
    if (error == TRUST_NO_SYNTAX) {
        note(params, name, why);
        *out_is_good = false;
        error = TRUST_OK;
    }
    return error == TRUST_OK ? keep(params, name, &found) : error;
}

static struct trust_bytes between(const uint8_t *from, const uint8_t *to)
{
    return (struct trust_bytes){.data = from, .size = (size_t)(to - from)};
}

/* The answer, with those of its tools that may be offered. */
static enum trust_error write_anew(struct http_params *params, struct trust_bytes *out_line,
                                   const struct message *answer, struct trust_bytes tools)
{
    uint8_t *line = malloc(answer->whole.size);
    if (line == NULL)
        return TRUST_FAIL_MEMORY;
    struct trust_writer writer = trust_writer_init(line, answer->whole.size);
    struct json_walk walk = json_walk_array(tools);
    struct trust_bytes tool;
    bool is_first = true;
    bool is_good = true;
    enum trust_error error = TRUST_OK;
    trust_writer_put(&writer, between(answer->whole.data, tools.data));
    trust_writer_put(&writer, trust_bytes_text("["));
    while (error == TRUST_OK && json_next_item(&walk, &tool)) {
        error = learn_tool(params, &is_good, tool);
        if (error != TRUST_OK || !is_good)
            continue;
        trust_writer_put(&writer, trust_bytes_text(is_first ? "" : ","));
        trust_writer_put(&writer, tool);
        is_first = false;
    }
    trust_writer_put(&writer, trust_bytes_text("]"));
    trust_writer_put(&writer,
                     between(tools.data + tools.size, answer->whole.data + answer->whole.size));
    free(params->line);
    params->line = line;
    *out_line = (struct trust_bytes){.data = line, .size = writer.size};
    return error;
}

enum trust_error http_params_learn(struct http_params *params, struct trust_bytes *out_line,
                                   const struct message *answer)
{
    struct trust_bytes tools;
    params->note[0] = '\0';
    *out_line = answer->whole;
    bool is_list = json_kind(answer->result) == JSON_KIND_OBJECT &&
                   json_find(&tools, answer->result, "tools") == TRUST_OK &&
                   json_kind(tools) == JSON_KIND_ARRAY;
    if (!is_list || (!mentions(tools) && params->count == 0))
        return TRUST_OK;
    struct trust_bytes line;
    enum trust_error error = write_anew(params, &line, answer, tools);
    if (error == TRUST_OK && params->note[0] != '\0')
        *out_line = line;
    return error;
}

const struct params *http_params_find(const struct http_params *params,
                                      const struct message *message)
{
    char name[TRUST_TOOL_NAME_SIZE_MAX + 1];
    if (params->count == 0 || message->method != METHOD_TOOLS_CALL ||
        !read_name(name, message->name))
        return NULL;
    const struct http_params_tool *tool = find(params, name);
    return tool == NULL ? NULL : &tool->params;
}
