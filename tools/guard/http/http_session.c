/* See http_session.h. */
#include "guard/http/http_session.h"

#include <curl/curl.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "base/assert.h"
#include "guard/http/http_value.h"
#include "wire/json.h"

#define PARAM_PREFIX "Mcp-Param-"

static_assert(HTTP_VALUE_SIZE_MAX + PARAMS_NAME_SIZE_MAX + 16 < TRUST_GUARD_HEADER_SIZE_MAX,
              "what is made of a message fits a header");

/* Set by the transport or by libcurl, whatever is configured. */
static const char *const own_headers[] = {
    "Accept",
    "Connection",
    "Content-Length",
    "Content-Type",
    "Expect",
    "Host",
    "Last-Event-ID",
    "Mcp-Method",
    "Mcp-Name",
    "Mcp-Session-Id",
    "MCP-Protocol-Version",
    "TE",
    "Trailer",
    "Transfer-Encoding",
    "Upgrade",
};

/* ---- what is configured ---- */

static bool is_token(const char *text)
{
    static const char others[] = "!#$%&'*+-.^_`|~";
    if (*text == '\0')
        return false;
    for (; *text != '\0'; text++) {
        bool is_letter = (*text >= 'a' && *text <= 'z') || (*text >= 'A' && *text <= 'Z');
        bool is_digit = *text >= '0' && *text <= '9';
        if (!is_letter && !is_digit && strchr(others, *text) == NULL)
            return false;
    }
    return true;
}

static bool is_value(const char *text)
{
    for (; *text != '\0'; text++)
        if (((uint8_t)*text < 0x20 && *text != '\t') || *text == 0x7f)
            return false;
    return true;
}

enum trust_error http_session_check(const struct http_header *headers, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (!is_token(headers[i].name) || !is_value(headers[i].value))
            return TRUST_NO_SYNTAX;
        if (strlen(headers[i].name) + strlen(headers[i].value) + 3 > TRUST_GUARD_HEADER_SIZE_MAX)
            return TRUST_NO_SIZE;
        for (size_t k = 0; k < sizeof own_headers / sizeof *own_headers; k++)
            if (strcasecmp(headers[i].name, own_headers[k]) == 0)
                return TRUST_NO_CONFLICT;
        if (strncasecmp(headers[i].name, PARAM_PREFIX, sizeof PARAM_PREFIX - 1) == 0)
            return TRUST_NO_CONFLICT;
    }
    return TRUST_OK;
}

/* ---- what is agreed ---- */

/* Visible ASCII, as the specification demands of ids, and all versions are. */
static bool is_visible(const char *text, size_t size)
{
    for (size_t i = 0; i < size; i++)
        if (text[i] < 0x21 || text[i] > 0x7e)
            return false;
    return size > 0;
}

static void take_version(struct http_session *session, struct trust_bytes value)
{
    char version[TRUST_GUARD_HTTP_VERSION_SIZE_MAX];
    size_t size = 0;
    if (json_string_copy(version, sizeof version, &size, value) != TRUST_OK ||
        !is_visible(version, size))
        return;
    memcpy(session->version, version, size);
    session->version[size] = '\0';
}

void http_session_lost(struct http_session *session)
{
    *session = (struct http_session){.life = session->life + 1};
}

void http_session_asked(struct http_session *session, const struct message *message)
{
    if (message->method == METHOD_INITIALIZE && message->kind == MESSAGE_REQUEST) {
        http_session_lost(session);
    } else if (message->meta_version.size > 0) {
        session->is_modern = true;
        take_version(session, message->meta_version);
    }
}

void http_session_begun(struct http_session *session, const char *id, const struct message *answer)
{
    struct trust_bytes version;
    if (json_find(&version, answer->result, "protocolVersion") == TRUST_OK)
        take_version(session, version);
    size_t size = id == NULL ? 0 : strlen(id);
    if (size <= TRUST_GUARD_SESSION_ID_SIZE_MAX && is_visible(id, size))
        memcpy(session->id, id, size + 1);
}

/* ---- headers ---- */

/* Headers so far; NULL once memory ended. */
static struct curl_slist *add_line(struct curl_slist *list, bool *is_good, const char *line)
{
    struct curl_slist *longer = *is_good ? curl_slist_append(list, line) : NULL;
    *is_good = longer != NULL;
    return longer == NULL ? list : longer;
}

static struct curl_slist *add(struct curl_slist *list, bool *is_good, const char *name,
                              const char *value)
{
    char line[TRUST_GUARD_HEADER_SIZE_MAX];
    size_t name_size = strlen(name);
    size_t size = strlen(value);
    if (name_size + size + 3 > sizeof line) {
        *is_good = false;
        return list;
    }
    memcpy(line, name, name_size);
    /* libcurl's word for a header without a value ends with a semicolon. */
    memcpy(line + name_size, size == 0 ? "; " : ": ", 2);
    memcpy(line + name_size + 2, value, size);
    line[size == 0 ? name_size + 1 : name_size + 2 + size] = '\0';
    return add_line(list, is_good, line);
}

static struct curl_slist *add_name(struct curl_slist *list, bool *is_good, struct trust_bytes value)
{
    char text[HTTP_VALUE_SIZE_MAX];
    /* What cannot be said in a header stands in the body still. */
    if (http_value_write(text, value) != TRUST_OK || text[0] == '\0')
        return list;
    return add(list, is_good, "Mcp-Name", text);
}

static struct curl_slist *add_params(struct curl_slist *list, bool *is_good,
                                     const struct params *params, struct trust_bytes arguments)
{
    char name[sizeof PARAM_PREFIX + PARAMS_NAME_SIZE_MAX];
    char text[HTTP_VALUE_SIZE_MAX];
    for (uint32_t i = 0; i < params->count; i++) {
        const struct param *param = &params->items[i];
        struct trust_bytes value = params_value(param, arguments);
        if (value.size == 0 || http_value_write(text, value) != TRUST_OK)
            continue;
        (void)snprintf(name, sizeof name, PARAM_PREFIX "%s", param->name);
        list = add(list, is_good, name, text);
    }
    return list;
}

static struct trust_bytes name_of(const struct message *message)
{
    bool has_name = message->method == METHOD_TOOLS_CALL || message->method == METHOD_PROMPTS_GET;
    bool has_uri = message->method == METHOD_RESOURCES_READ ||
                   message->method == METHOD_RESOURCES_SUBSCRIBE ||
                   message->method == METHOD_RESOURCES_UNSUBSCRIBE;
    if (has_name)
        return message->name;
    return has_uri ? message->uri : (struct trust_bytes){0};
}

static struct curl_slist *add_message(struct curl_slist *list, bool *is_good,
                                      const struct http_session *session,
                                      const struct http_session_request *request)
{
    const struct message *message = request->message;
    char method[HTTP_VALUE_SIZE_MAX];
    list = add(list, is_good, "Content-Type", "application/json");
    bool has_method = message->kind == MESSAGE_REQUEST || message->kind == MESSAGE_NOTIFICATION;
    if (!session->is_modern || !has_method)
        return list;
    if (http_value_write(method, message->method_raw) == TRUST_OK && http_value_is_plain(method))
        list = add(list, is_good, "Mcp-Method", method);
    if (message->method == METHOD_TOOLS_CALL && request->params != NULL)
        list = add_params(list, is_good, request->params, message->arguments);
    return add_name(list, is_good, name_of(message));
}

struct curl_slist *http_session_headers(const struct http_session *session,
                                        const struct http_session_request *request)
{
    bool is_good = true;
    struct curl_slist *list = NULL;
    char event_id[TRUST_WIRE_EVENT_ID_SIZE_MAX + 1];
    for (size_t i = 0; i < request->header_count; i++)
        list = add(list, &is_good, request->headers[i].name, request->headers[i].value);
    list =
        add(list, &is_good, "Accept",
            request->message != NULL ? "application/json, text/event-stream" : "text/event-stream");
    list = add_line(list, &is_good, "Expect:");
    if (request->message != NULL)
        list = add_message(list, &is_good, session, request);
    if (session->version[0] != '\0')
        list = add(list, &is_good, "MCP-Protocol-Version", session->version);
    if (session->id[0] != '\0')
        list = add(list, &is_good, "Mcp-Session-Id", session->id);
    if (request->last_event_id.size > 0 && request->last_event_id.size < sizeof event_id) {
        memcpy(event_id, request->last_event_id.data, request->last_event_id.size);
        event_id[request->last_event_id.size] = '\0';
        if (is_value(event_id))
            list = add(list, &is_good, "Last-Event-ID", event_id);
    }
    if (is_good)
        return list;
    curl_slist_free_all(list);
    return NULL;
}
