/* See post.h. */
#include "client/post.h"

#include <stdlib.h>
#include <string.h>

#include "client/request.h"

enum trust_error trust_client_post_open(struct trust_requester **out_requester,
                                        const char *socket_path)
{
    return trust_requester_open(out_requester, socket_path);
}

void trust_client_post_close(struct trust_requester *requester)
{
    trust_requester_close(requester);
}

enum trust_error trust_client_post(struct trust_requester *requester, json_t **out_answer,
                                   const char *path, json_t *body, uint32_t timeout_ms)
{
    char *text = body != NULL ? json_dumps(body, JSON_COMPACT) : NULL;
    json_decref(body);
    if (text == NULL)
        return TRUST_FAIL_MEMORY;
    const struct trust_http_request request = {
        .method = TRUST_REQUEST_POST,
        .path = path,
        .body = {.data = (const uint8_t *)text, .size = strlen(text)},
        .timeout_ms = timeout_ms,
    };
    struct trust_reply reply;
    struct trust_problem problem;
    enum trust_error error = trust_requester_send(requester, &reply, &problem, &request);
    free(text);
    if (error != TRUST_OK)
        return error;
    json_t *answer =
        json_loadb((const char *)reply.body.data, reply.body.size, JSON_REJECT_DUPLICATES, NULL);
    if (answer == NULL)
        return TRUST_NO_SYNTAX;
    *out_answer = answer;
    return TRUST_OK;
}
