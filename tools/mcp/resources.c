/* See resources.h. */
#include "mcp/resources.h"

#include <stdlib.h>
#include <string.h>

#include "base/bytes.h"
#include "mcp/resource.h"
#include "wire/json_text.h"

#define JSON_TYPE "application/json"
/* Longer than every URI of ours in any spelling. */
#define URI_SIZE 2048

void resources_list(const struct request *request)
{
    json_t *servers = view_configured(request->server->view, NULL);
    json_t *list = json_array();
    size_t index;
    const json_t *server;
    json_array_foreach(servers, index, server)
    {
        char uri[RESOURCE_URI_SIZE];
        const char *subject = json_string_value(server);
        resource_uri(uri, subject);
        (void)json_array_append_new(
            list, json_pack("{s:s,s:s,s:s}", "uri", uri, "name", subject, "mimeType", JSON_TYPE));
    }
    json_decref(servers);
    request_answer_kept(request, json_pack("{s:o}", "resources", list), 0);
}

void resources_templates(const struct request *request)
{
    request_answer_kept(
        request,
        json_pack("{s:[{s:s,s:s,s:s,s:s,s:s}]}", "resourceTemplates", "uriTemplate",
                  RESOURCE_TEMPLATE, "name", "score", "title", "Score of an MCP server",
                  "description",
                  "What get_score says of the server; it can be subscribed to. The subject is "
                  "escaped.",
                  "mimeType", JSON_TYPE),
        REQUEST_KEEP_MS);
}

/* A URI of the client's and its server. */
struct named {
    char uri[URI_SIZE + 1];
    char subject[TRUST_SUBJECT_TEXT_SIZE];
};

static void refuse_uri(const struct request *request, bool is_there)
{
    if (!is_there)
        request_refuse(request, REPLY_PARAMS, "params.uri must be a text");
    else
        request_refuse(request, request->is_modern ? REPLY_PARAMS : REPLY_RESOURCE,
                       "No such resource: a URI here is repute://score/ and the escaped id of a "
                       "server");
}

/* The URI of params; what is none is refused. */
static bool name(const struct request *request, struct named *out_named)
{
    size_t size = 0;
    struct trust_bytes uri = request->message->uri;
    enum trust_error error =
        uri.size == 0 ? TRUST_NO_TYPE : json_string_copy(out_named->uri, URI_SIZE, &size, uri);
    if (error == TRUST_OK) {
        out_named->uri[size] = '\0';
        error = resource_subject(
            out_named->subject,
            (struct trust_bytes){.data = (const uint8_t *)out_named->uri, .size = size});
    }
    if (error != TRUST_OK)
        refuse_uri(request, error != TRUST_NO_TYPE);
    return error == TRUST_OK;
}

void resources_read(const struct request *request)
{
    struct named named;
    char subjects[1][TRUST_SUBJECT_TEXT_SIZE];
    if (!name(request, &named))
        return;
    memcpy(subjects[0], named.subject, sizeof subjects[0]);
    json_t *docs = view_scores(request->server->view, subjects, 1);
    char *text = json_dumps(json_array_get(docs, 0), JSON_COMPACT | JSON_REAL_PRECISION(6));
    json_t *result = NULL;
    if (text != NULL)
        result = json_pack("{s:[{s:s,s:s,s:s}]}", "contents", "uri", named.uri, "mimeType",
                           JSON_TYPE, "text", text);
    free(text);
    json_decref(docs);
    request_answer_kept(request, result, 0);
}

void resources_subscribe(const struct request *request)
{
    struct named named;
    if (!name(request, &named))
        return;
    struct watch *watch = &request->server->watch;
    if (watch_add(watch, (struct trust_bytes){0}, named.uri, named.subject) != TRUST_OK) {
        request_refuse(request, REPLY_INTERNAL, "There are 256 subscriptions: end one first");
        return;
    }
    /* Before the answer: what changes behind that is news. */
    server_look(request->server);
    request_answer(request, json_object());
}

void resources_unsubscribe(const struct request *request)
{
    struct named named;
    if (!name(request, &named))
        return;
    (void)watch_remove(&request->server->watch, named.uri);
    request_answer(request, json_object());
}

/* ---- streams ---- */

/* Watches what is asked for; an array of what there is to watch, or NULL if there is no room. */
static json_t *watch_all(const struct request *request, const json_t *uris)
{
    json_t *honoured = json_array();
    size_t index;
    const json_t *uri;
    json_array_foreach(uris, index, uri)
    {
        char subject[TRUST_SUBJECT_TEXT_SIZE];
        const struct trust_bytes text = {.data = (const uint8_t *)json_string_value(uri),
                                         .size = json_string_length(uri)};
        if (text.size > URI_SIZE || resource_subject(subject, text) != TRUST_OK)
            continue;
        if (watch_add(&request->server->watch, request->message->id, json_string_value(uri),
                      subject) != TRUST_OK) {
            json_decref(honoured);
            return NULL;
        }
        (void)json_array_append_new(honoured, json_string(json_string_value(uri)));
    }
    return honoured;
}

static void listen_to(const struct request *request, const json_t *filter)
{
    struct server *server = request->server;
    struct trust_bytes id = request->message->id;
    const json_t *uris = json_object_get(filter, "resourceSubscriptions");
    if (watch_open(&server->watch, id) != TRUST_OK) {
        request_refuse(request, REPLY_REQUEST, "There is a stream of this id, or too many");
        return;
    }
    json_t *honoured = watch_all(request, uris);
    if (honoured == NULL) {
        (void)watch_end(&server->watch, id);
        request_refuse(request, REPLY_PARAMS, "At most 256 resources are watched at a time");
        return;
    }
    json_t *params = json_pack("{s:{}}", "notifications");
    if (uris != NULL)
        (void)json_object_set(json_object_get(params, "notifications"), "resourceSubscriptions",
                              honoured);
    json_decref(honoured);
    server_look(server);
    reply_notice(&server->reply, "notifications/subscriptions/acknowledged", id, params);
}

void resources_listen(const struct request *request)
{
    json_t *params = request_read(request->message->params);
    const json_t *filter = json_object_get(params, "notifications");
    const json_t *uris = json_object_get(filter, "resourceSubscriptions");
    if (request->message->id.size > TRUST_MCP_STREAM_ID_SIZE_MAX)
        request_refuse(request, REPLY_REQUEST, "The id of a stream has at most 1024 bytes");
    else if (!json_is_object(filter) || (uris != NULL && !json_is_array(uris)))
        request_refuse(request, REPLY_PARAMS,
                       "params.notifications must be an object, its resourceSubscriptions a list "
                       "of URIs");
    else
        listen_to(request, filter);
    json_decref(params);
}
