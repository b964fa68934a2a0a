/* See hall_answer.h. */
#include "guard/hall/hall_answer.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/assert.h"
#include "base/limits.h"

#define BLOCK_SIZE 32768
/* An answer up to this is handed to the library whole, and leaves with its head. */
#define WHOLE_SIZE_MAX 65536
#define ORIGIN_SIZE_MAX 256

static bool add(struct MHD_Response *response, const char *name, const char *value)
{
    return MHD_add_response_header(response, name, value) == MHD_YES;
}

/* A page of a listed origin may read what it asked for. */
static bool add_origin(struct MHD_Response *response, const struct hall_visit *visit)
{
    char origin[ORIGIN_SIZE_MAX];
    struct trust_bytes from = visit->head.origin;
    if (!face_head_is_listed(&visit->head, &visit->ground->rules) || from.size >= sizeof origin)
        return true;
    memcpy(origin, from.data, from.size);
    origin[from.size] = '\0';
    return add(response, MHD_HTTP_HEADER_ACCESS_CONTROL_ALLOW_ORIGIN, origin) &&
           add(response, "Access-Control-Expose-Headers", "Mcp-Session-Id") &&
           add(response, MHD_HTTP_HEADER_VARY, MHD_HTTP_HEADER_ORIGIN);
}

/* response is used up, and may be NULL: no memory. */
static enum MHD_Result queue(struct hall_visit *visit, unsigned status,
                             struct MHD_Response *response, const char *type)
{
    if (response == NULL)
        return MHD_NO;
    bool is_whole = (type == NULL || add(response, MHD_HTTP_HEADER_CONTENT_TYPE, type)) &&
                    add(response, MHD_HTTP_HEADER_CACHE_CONTROL, "no-store") &&
                    add_origin(response, visit);
    enum MHD_Result result =
        is_whole ? MHD_queue_response(visit->connection, status, response) : MHD_NO;
    MHD_destroy_response(response);
    visit->state = VISIT_ANSWERED;
    return result;
}

static struct MHD_Response *make_empty(void)
{
    return MHD_create_response_from_buffer(0, NULL, MHD_RESPMEM_PERSISTENT);
}

/* data is the response's. */
static struct MHD_Response *make_text(uint8_t *data, size_t size)
{
    struct MHD_Response *response =
        MHD_create_response_from_buffer(size, data, MHD_RESPMEM_MUST_FREE);
    if (response == NULL)
        free(data);
    return response;
}

enum MHD_Result hall_answer_empty(struct hall_visit *visit, unsigned status)
{
    return queue(visit, status, make_empty(), NULL);
}

enum MHD_Result hall_answer_preflight(struct hall_visit *visit)
{
    struct MHD_Response *response = make_empty();
    if (response == NULL)
        return MHD_NO;
    if (!add(response, "Access-Control-Allow-Methods", "GET, POST, DELETE") ||
        !add(response, "Access-Control-Allow-Headers", "*") ||
        !add(response, "Access-Control-Max-Age", "600")) {
        MHD_destroy_response(response);
        return MHD_NO;
    }
    return queue(visit, MHD_HTTP_NO_CONTENT, response, NULL);
}

/* The version that was asked for, as JSON: as the body has it, else the header. */
static void put_version(struct text *text, const struct hall_visit *visit)
{
    struct trust_bytes version = visit->post.message.meta_version;
    if (visit->head.method == FACE_POST && version.size > 0)
        text_put_bytes(text, version);
    else if (visit->head.version.data != NULL)
        text_put_string(text, visit->head.version);
}

enum MHD_Result hall_answer_refuse(struct hall_visit *visit)
{
    const struct face_refusal *refusal = face_refusal(visit->verdict);
    struct text version = {0};
    struct text text = {0};
    char retry[16];
    put_version(&version, visit);
    face_refusal_put(&text, visit->verdict, visit->post.message.id, text_bytes(&version));
    free(version.data);
    struct MHD_Response *response = make_text(text.data, text.size);
    if (response == NULL)
        return MHD_NO;
    (void)snprintf(retry, sizeof retry, "%u", refusal->retry_s);
    if ((refusal->allow != NULL && !add(response, MHD_HTTP_HEADER_ALLOW, refusal->allow)) ||
        /* Two readers might differ on where this request ends. */
        (face_verdict_is_frame(visit->verdict) &&
         !add(response, MHD_HTTP_HEADER_CONNECTION, "close")) ||
        (refusal->retry_s > 0 && !add(response, MHD_HTTP_HEADER_RETRY_AFTER, retry))) {
        MHD_destroy_response(response);
        return MHD_NO;
    }
    return queue(visit, refusal->status, response, "application/json");
}

static struct MHD_Response *make_json(struct hall_visit *visit)
{
    struct face_http_request *request = &visit->request;
    size_t size = face_stream_waiting(&request->stream);
    if (size > WHOLE_SIZE_MAX)
        return MHD_create_response_from_callback(size, BLOCK_SIZE, hall_visit_produce, visit, NULL);
    uint8_t *data = malloc(size + 1);
    if (data == NULL)
        return NULL;
    (void)face_http_take(request, (char *)data, size);
    return make_text(data, size);
}

static struct MHD_Response *make_events(struct hall_visit *visit)
{
    struct MHD_Response *response = MHD_create_response_from_callback(
        MHD_SIZE_UNKNOWN, BLOCK_SIZE, hall_visit_produce, visit, NULL);
    /* Whoever stands between is asked not to hold events back. */
    if (response != NULL && !add(response, "X-Accel-Buffering", "no")) {
        MHD_destroy_response(response);
        return NULL;
    }
    visit->said = visit->ground->now.mono;
    return response;
}

static bool add_name(struct MHD_Response *response, const struct hall_visit *visit)
{
    char name[FACE_SEAL_TEXT_SIZE];
    if (!visit->is_beginning || visit->request.face == NULL)
        return true;
    sessions_name(visit->ground->sessions, name, visit->request.face);
    return add(response, "Mcp-Session-Id", name);
}

static enum MHD_Result answer_with(struct hall_visit *visit, unsigned status,
                                   struct MHD_Response *response, const char *type)
{
    if (response != NULL && !add_name(response, visit)) {
        MHD_destroy_response(response);
        response = NULL;
    }
    return queue(visit, status, response, type);
}

enum MHD_Result hall_answer(struct hall_visit *visit)
{
    switch (visit->request.form) {
    case FACE_HTTP_ACCEPTED:
        return hall_answer_empty(visit, MHD_HTTP_ACCEPTED);
    case FACE_HTTP_JSON:
        if (visit->request.is_cut)
            return MHD_NO;
        return answer_with(visit, visit->request.status, make_json(visit), "application/json");
    case FACE_HTTP_SILENCE:
        if (visit->ground->is_ending) {
            visit->verdict = FACE_ENDING;
            return hall_answer_refuse(visit);
        }
        return answer_with(visit, MHD_HTTP_OK, make_events(visit), "text/event-stream");
    case FACE_HTTP_EVENTS:
        return answer_with(visit, MHD_HTTP_OK, make_events(visit), "text/event-stream");
    case FACE_HTTP_OPEN:
        break;
    }
    assert(false);
    return MHD_NO;
}
