/*
 * The methods of MCP, of every version from 2024-11-05 to 2026-07-28, requests and notifications of
 * both sides. One table gives their names.
 */
#ifndef WIRE_MESSAGE_METHOD_H
#define WIRE_MESSAGE_METHOD_H

#include "base/bytes.h"

enum message_method {
    METHOD_OTHER, /* one that is not in the table: passed on as it is */
    METHOD_TOOLS_CALL,
    METHOD_PROGRESS,
    METHOD_INITIALIZE,
    METHOD_INITIALIZED,
    METHOD_PING,
    METHOD_DISCOVER,
    METHOD_TOOLS_LIST,
    METHOD_RESOURCES_LIST,
    METHOD_RESOURCES_TEMPLATES_LIST,
    METHOD_RESOURCES_READ,
    METHOD_RESOURCES_SUBSCRIBE,
    METHOD_RESOURCES_UNSUBSCRIBE,
    METHOD_PROMPTS_LIST,
    METHOD_PROMPTS_GET,
    METHOD_COMPLETE,
    METHOD_SET_LEVEL,
    METHOD_LISTEN,
    METHOD_TASKS_GET,
    METHOD_TASKS_RESULT,
    METHOD_TASKS_LIST,
    METHOD_TASKS_CANCEL,
    METHOD_TASKS_UPDATE,
    METHOD_CREATE_MESSAGE,
    METHOD_ELICIT,
    METHOD_ROOTS_LIST,
    METHOD_CANCELLED,
    METHOD_LOG,
    METHOD_TOOLS_CHANGED,
    METHOD_RESOURCES_CHANGED,
    METHOD_RESOURCE_UPDATED,
    METHOD_PROMPTS_CHANGED,
    METHOD_ROOTS_CHANGED,
    METHOD_LISTENING,
    METHOD_ELICITED,
    METHOD_TASK_STATUS,
};

/* The method of a string value, quotes and all. */
enum message_method message_method_of(struct trust_bytes value);

/* "tools/call"; NULL for METHOD_OTHER. Static. */
const char *message_method_name(enum message_method method);

#endif
