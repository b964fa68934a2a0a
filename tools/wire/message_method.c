/* See message_method.h. */
#include "wire/message_method.h"

#include <string.h>

#include "wire/json.h"

#define METHODS (METHOD_TASK_STATUS + 1)

/* The size of the value that says it without an escape: the name and two quotes. */
#define ROW(method, text) [method] = {.name = (text), .size = sizeof(text) + 1}

static const struct row {
    const char *name;
    size_t size;
} rows[METHODS] = {
    ROW(METHOD_TOOLS_CALL, "tools/call"),
    ROW(METHOD_PROGRESS, "notifications/progress"),
    ROW(METHOD_INITIALIZE, "initialize"),
    ROW(METHOD_INITIALIZED, "notifications/initialized"),
    ROW(METHOD_PING, "ping"),
    ROW(METHOD_DISCOVER, "server/discover"),
    ROW(METHOD_TOOLS_LIST, "tools/list"),
    ROW(METHOD_RESOURCES_LIST, "resources/list"),
    ROW(METHOD_RESOURCES_TEMPLATES_LIST, "resources/templates/list"),
    ROW(METHOD_RESOURCES_READ, "resources/read"),
    ROW(METHOD_RESOURCES_SUBSCRIBE, "resources/subscribe"),
    ROW(METHOD_RESOURCES_UNSUBSCRIBE, "resources/unsubscribe"),
    ROW(METHOD_PROMPTS_LIST, "prompts/list"),
    ROW(METHOD_PROMPTS_GET, "prompts/get"),
    ROW(METHOD_COMPLETE, "completion/complete"),
    ROW(METHOD_SET_LEVEL, "logging/setLevel"),
    ROW(METHOD_LISTEN, "subscriptions/listen"),
    ROW(METHOD_TASKS_GET, "tasks/get"),
    ROW(METHOD_TASKS_RESULT, "tasks/result"),
    ROW(METHOD_TASKS_LIST, "tasks/list"),
    ROW(METHOD_TASKS_CANCEL, "tasks/cancel"),
    ROW(METHOD_TASKS_UPDATE, "tasks/update"),
    ROW(METHOD_CREATE_MESSAGE, "sampling/createMessage"),
    ROW(METHOD_ELICIT, "elicitation/create"),
    ROW(METHOD_ROOTS_LIST, "roots/list"),
    ROW(METHOD_CANCELLED, "notifications/cancelled"),
    ROW(METHOD_LOG, "notifications/message"),
    ROW(METHOD_TOOLS_CHANGED, "notifications/tools/list_changed"),
    ROW(METHOD_RESOURCES_CHANGED, "notifications/resources/list_changed"),
    ROW(METHOD_RESOURCE_UPDATED, "notifications/resources/updated"),
    ROW(METHOD_PROMPTS_CHANGED, "notifications/prompts/list_changed"),
    ROW(METHOD_ROOTS_CHANGED, "notifications/roots/list_changed"),
    ROW(METHOD_LISTENING, "notifications/subscriptions/acknowledged"),
    ROW(METHOD_ELICITED, "notifications/elicitation/complete"),
    ROW(METHOD_TASK_STATUS, "notifications/tasks/status"),
};

static bool is_row(struct trust_bytes value, const struct row *row)
{
    return value.size == row->size && value.data[0] == '"' && value.data[value.size - 1] == '"' &&
           memcmp(value.data + 1, row->name, row->size - 2) == 0;
}

enum message_method message_method_of(struct trust_bytes value)
{
    for (int i = METHOD_OTHER + 1; i < METHODS; i++) {
        if (is_row(value, &rows[i]))
            return (enum message_method)i;
    }
    bool has_escape = value.size > 0 && memchr(value.data, '\\', value.size) != NULL;
    for (int i = METHOD_OTHER + 1; has_escape && i < METHODS; i++) {
        if (json_is_string(value, rows[i].name))
            return (enum message_method)i;
    }
    return METHOD_OTHER;
}

const char *message_method_name(enum message_method method)
{
    return rows[method].name;
}
