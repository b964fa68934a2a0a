/*
 * http-parser finds the parts; here is what it leaves to its callers. It would take any digit for a
 * version and any number for a status, and would go on to a next answer behind the last one.
 */
#include "client/response.h"

#include <stdint.h>

#include "base/assert.h"
#include "base/limits.h"

/* What its callbacks answer: go on, no body follows, stop. */
#define GO_ON 0
#define NO_BODY 1
#define STOP (-1)

static int refuse(struct trust_response *response, const char *fault)
{
    response->fault = fault;
    return STOP;
}

static int take_head(http_parser *parser)
{
    struct trust_response *response = parser->data;
    unsigned status = parser->status_code;
    if (parser->http_major != 1)
        return refuse(response, "it answers in another version of HTTP");
    if (status < 100 || status > 599 || status == 101)
        return refuse(response, "its status means nothing here");
    if (status < 200)
        return NO_BODY;
    response->status = (int)status;
    if (status == 204 || status == 304)
        return NO_BODY;
    bool is_chunked = (parser->flags & F_CHUNKED) != 0;
    if (!is_chunked && parser->content_length == UINT64_MAX)
        return refuse(response, "its answer does not say how long it is");
    return GO_ON;
}

static int take_body(http_parser *parser, const char *data, size_t size)
{
    struct trust_response *response = parser->data;
    struct trust_bytes piece = {.data = (const uint8_t *)data, .size = size};
    return response->take(response->context, piece) ? GO_ON : STOP;
}

static int take_end(http_parser *parser)
{
    struct trust_response *response = parser->data;
    if (response->status == 0)
        return GO_ON; /* it was an interim one */
    response->is_whole = true;
    response->is_reusable = http_should_keep_alive(parser) != 0;
    http_parser_pause(parser, 1);
    return GO_ON;
}

static const struct http_parser_settings settings = {
    .on_headers_complete = take_head,
    .on_body = take_body,
    .on_message_complete = take_end,
};

void trust_response_init(struct trust_response *response, trust_response_take *take, void *context)
{
    *response = (struct trust_response){.take = take, .context = context};
    http_parser_init(&response->parser, HTTP_RESPONSE);
    response->parser.data = response;
}

static enum trust_error judge(struct trust_response *response)
{
    enum http_errno number = HTTP_PARSER_ERRNO(&response->parser);
    if (number == HPE_OK || number == HPE_PAUSED)
        return TRUST_OK;
    if (number == HPE_CB_body)
        return TRUST_FAIL_IO;
    if (number == HPE_HEADER_OVERFLOW)
        return TRUST_NO_SIZE;
    if (response->fault == NULL)
        response->fault = http_errno_description(number);
    return TRUST_NO_SYNTAX;
}

enum trust_error trust_response_feed(struct trust_response *response, struct trust_bytes bytes)
{
    size_t at = 0;
    while (at < bytes.size && !response->is_whole) {
        size_t size = bytes.size - at;
        bool is_head = response->status == 0;
        size_t room = TRUST_REPLY_HEAD_SIZE_MAX - response->head_size;
        if (is_head && room == 0)
            return TRUST_NO_SIZE;
        if (is_head && size > room)
            size = room;
        size_t taken =
            http_parser_execute(&response->parser, &settings, (const char *)bytes.data + at, size);
        assert(taken <= size);
        enum trust_error error = judge(response);
        if (error != TRUST_OK)
            return error;
        if (is_head)
            response->head_size += size;
        at += taken;
    }
    if (at < bytes.size)
        response->is_reusable = false;
    return TRUST_OK;
}
