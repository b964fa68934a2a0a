/* See server.h. */
#include "mcp/server.h"

#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#include "guard/router/era.h"
#include "mcp/request.h"
#include "mcp/resources.h"
#include "mcp/tools.h"
#include "wire/json_text.h"

#define MODERN_VERSION "2026-07-28"
#define META "io.modelcontextprotocol/"

static const char instructions[] =
    "What this host's operator knows of MCP servers. Before a server is used for the first time "
    "ask get_score; to find out which of several to call now ask choose_server; tell with "
    "send_outcome how calls went. Never call a server that is withheld.";

void server_init(struct server *server, struct view *view, struct reply reply)
{
    *server = (struct server){.view = view, .reply = reply};
    /* Without random numbers ids could be made to collide, by an agent against itself. */
    (void)!getrandom(server->told.seeds, sizeof server->told.seeds, GRND_NONBLOCK);
}

void server_close(struct server *server)
{
    watch_close(&server->watch);
}

/* ---- who speaks ---- */

static json_t *capabilities_of(bool is_modern)
{
    /* In the modern era to be told of changes is asked for with subscriptions/listen. */
    return is_modern ? json_pack("{s:{},s:{s:b}}", "tools", "resources", "subscribe", 1)
                     : json_pack("{s:{s:b},s:{s:b,s:b}}", "tools", "listChanged", 0, "resources",
                                 "subscribe", 1, "listChanged", 0);
}

static void initialize(const struct request *request)
{
    json_t *params = request_read(request->message->params);
    const char *asked = json_string_value(json_object_get(params, "protocolVersion"));
    if (asked == NULL || strlen(asked) > 64) {
        request_refuse(request, REPLY_PARAMS, "params.protocolVersion must be a version");
        json_decref(params);
        return;
    }
    char quoted[72];
    (void)snprintf(quoted, sizeof quoted, "\"%s\"", asked);
    /* One that we do not know becomes the latest. */
    struct trust_bytes spoken =
        era_negotiate(trust_bytes_text(quoted), trust_bytes_text("\"2025-11-25\""));
    json_t *version = json_loadb((const char *)spoken.data, spoken.size, JSON_DECODE_ANY, NULL);
    request->server->is_greeted = true;
    request_answer(request, json_pack("{s:o,s:o,s:{s:s,s:s,s:s},s:s}", "protocolVersion", version,
                                      "capabilities", capabilities_of(false), "serverInfo", "name",
                                      "repute", "title", "Trust in MCP servers", "version",
                                      REPUTE_VERSION, "instructions", instructions));
    json_decref(params);
}

static void discover(const struct request *request)
{
    request_answer_kept(request,
                        json_pack("{s:[s],s:o,s:s}", "supportedVersions", MODERN_VERSION,
                                  "capabilities", capabilities_of(true), "instructions",
                                  instructions),
                        REQUEST_KEEP_MS);
}

/* False: it may not speak so, and was told. */
static bool find_era(struct request *request)
{
    const struct message *message = request->message;
    struct server *server = request->server;
    if (message->meta_version.size == 0) {
        bool is_first = message->method == METHOD_INITIALIZE || message->method == METHOD_PING;
        if (message->method == METHOD_DISCOVER || message->method == METHOD_LISTEN)
            request_refuse(request, REPLY_PARAMS, "params._meta must have " META "protocolVersion");
        else if (!is_first && !server->is_greeted)
            request_refuse(request, REPLY_REQUEST,
                           "The first request must be initialize, or name its version in "
                           "params._meta");
        else
            return true;
        return false;
    }
    if (era_of_version(message->meta_version) != ERA_MODERN) {
        reply_error(&server->reply, message->id, REPLY_VERSION, "Unsupported protocol version",
                    json_pack("{s:[s]}", "supported", MODERN_VERSION));
        return false;
    }
    json_t *meta = request_read(message->meta);
    request->is_modern = json_is_object(json_object_get(meta, META "clientCapabilities"));
    json_decref(meta);
    if (!request->is_modern)
        request_refuse(request, REPLY_PARAMS, "params._meta must have " META "clientCapabilities");
    return request->is_modern;
}

/* ---- tools ---- */

static void list_tools(const struct request *request)
{
    json_t *list = tools_list();
    request_answer_kept(request, list == NULL ? NULL : json_pack("{s:o}", "tools", list),
                        REQUEST_KEEP_MS);
}

static void call_tool(const struct request *request)
{
    const struct message *message = request->message;
    struct server *server = request->server;
    char name[64];
    size_t size = 0;
    if (message->name.size == 0 || message->name.data[0] != '"') {
        request_refuse(request, REPLY_PARAMS, "params.name must be the name of a tool");
        return;
    }
    bool is_short = json_string_copy(name, sizeof name - 1, &size, message->name) == TRUST_OK;
    name[is_short ? size : 0] = '\0';
    const struct tool *tool = is_short && strlen(name) == size ? tools_find(name) : NULL;
    if (tool == NULL)
        request_refuse(request, REPLY_PARAMS, "There is no tool of this name: ask tools/list");
    else if (message->arguments.size > 0 && message->arguments.data[0] != '{')
        request_refuse(request, REPLY_PARAMS, "params.arguments must be an object");
    else
        request_answer(request, tools_call(tool, server->view, &server->told, message->arguments));
}

/* ---- the methods ---- */

struct method {
    enum message_method method;
    bool is_legacy, is_modern; /* in which era there is such a method */
    bool is_paged;
    void (*answer)(const struct request *request);
};

static void pong(const struct request *request)
{
    request_answer(request, json_object());
}

static const struct method methods[] = {
    {METHOD_INITIALIZE, true, false, false, initialize},
    {METHOD_PING, true, true, false, pong},
    {METHOD_DISCOVER, false, true, false, discover},
    {METHOD_TOOLS_LIST, true, true, true, list_tools},
    {METHOD_TOOLS_CALL, true, true, false, call_tool},
    {METHOD_RESOURCES_LIST, true, true, true, resources_list},
    {METHOD_RESOURCES_TEMPLATES_LIST, true, true, true, resources_templates},
    {METHOD_RESOURCES_READ, true, true, false, resources_read},
    {METHOD_RESOURCES_SUBSCRIBE, true, false, false, resources_subscribe},
    {METHOD_RESOURCES_UNSUBSCRIBE, true, false, false, resources_unsubscribe},
    {METHOD_LISTEN, false, true, false, resources_listen},
};

static const struct method *find_method(const struct request *request)
{
    for (size_t i = 0; i < sizeof methods / sizeof *methods; i++) {
        bool is_spoken = request->is_modern ? methods[i].is_modern : methods[i].is_legacy;
        if (methods[i].method == request->message->method)
            return is_spoken ? &methods[i] : NULL;
    }
    return NULL;
}

/* Every list has one page, so that no cursor is ours. */
static bool has_cursor(const struct message *message)
{
    json_t *params = request_read(message->params);
    const json_t *cursor = json_object_get(params, "cursor");
    bool has_one = cursor != NULL && !json_is_null(cursor);
    json_decref(params);
    return has_one;
}

static void take_request(struct server *server, const struct message *message)
{
    struct request request = {.server = server, .message = message};
    if (!find_era(&request))
        return;
    const struct method *method = find_method(&request);
    if (method == NULL)
        request_refuse(&request, REPLY_METHOD, "Method not found");
    else if (method->is_paged && has_cursor(message))
        request_refuse(&request, REPLY_PARAMS, "params.cursor: every list here has one page");
    else
        method->answer(&request);
}

static void take_unread(struct server *server, enum trust_error error)
{
    bool is_parsed = error == TRUST_NO_TYPE || error == TRUST_NO_DUPLICATE;
    const char *message = error == TRUST_NO_SYNTAX      ? "Not valid JSON in UTF-8"
                          : error == TRUST_NO_RANGE     ? "Nested deeper than 64 levels"
                          : error == TRUST_NO_DUPLICATE ? "A member stands there twice"
                                                        : "Not a JSON-RPC 2.0 request";
    reply_error(&server->reply, (struct trust_bytes){0}, is_parsed ? REPLY_REQUEST : REPLY_PARSE,
                message, NULL);
}

void server_line(struct server *server, struct trust_bytes line)
{
    struct message message;
    enum trust_error error = message_read(&message, line);
    if (error != TRUST_OK) {
        take_unread(server, error);
        return;
    }
    switch (message.kind) {
    case MESSAGE_REQUEST:
        take_request(server, &message);
        break;
    case MESSAGE_NOTIFICATION:
        /* Every other request is answered before the next line is read. */
        if (message.method == METHOD_CANCELLED)
            (void)watch_end(&server->watch, message.request_id);
        break;
    case MESSAGE_RESPONSE:
    case MESSAGE_ERROR:
        /* We ask nothing. */
        break;
    case MESSAGE_BATCH:
        reply_error(&server->reply, (struct trust_bytes){0}, REPLY_REQUEST,
                    "Batches are not taken: one message a line", NULL);
        break;
    }
}

void server_overlong(struct server *server)
{
    reply_error(&server->reply, (struct trust_bytes){0}, REPLY_REQUEST,
                "A message has at most 4 MiB", NULL);
}

/* ---- news ---- */

static bool look(void *context, const char *subject, uint64_t *out_mark)
{
    const struct server *server = context;
    return view_mark(server->view, subject, out_mark);
}

static void show(void *context, char subject[TRUST_SUBJECT_TEXT_SIZE])
{
    const struct server *server = context;
    char subjects[1][TRUST_SUBJECT_TEXT_SIZE];
    memcpy(subjects[0], subject, sizeof subjects[0]);
    json_decref(view_scores(server->view, subjects, 1));
}

static void tell(void *context, const struct watch_entry *entry)
{
    const struct server *server = context;
    struct trust_bytes stream = {0};
    if (entry->stream != NULL)
        stream = trust_bytes_text(entry->stream);
    reply_notice(&server->reply, "notifications/resources/updated", stream,
                 json_pack("{s:s}", "uri", entry->uri));
}

void server_tick(struct server *server, uint64_t now_ms)
{
    const struct watch_calls calls = {.look = look, .show = show, .tell = tell, .context = server};
    server->ticked_ms = now_ms;
    watch_poll(&server->watch, &calls, now_ms);
}

void server_look(struct server *server)
{
    server_tick(server, server->ticked_ms);
}

bool server_is_watching(const struct server *server)
{
    return server->watch.count > 0;
}

void server_end(struct server *server)
{
    for (uint32_t i = 0; i < server->watch.count; i++) {
        const struct watch_entry *entry = &server->watch.entries[i];
        if (entry->uri == NULL)
            reply_ended(&server->reply, trust_bytes_text(entry->stream));
    }
    watch_close(&server->watch);
}
