/* See ask.h. */
#include "client/ask.h"

#include <string.h>

#include "client/group_doc.h"
#include "client/post.h"

static enum trust_error ask(const struct trust_client *client, json_t **out_answer,
                            const char *path, json_t *body, uint32_t wait_ms)
{
    struct trust_requester *requester = NULL;
    enum trust_error error = wait_ms == TRUST_CLIENT_NO_WAIT
                                 ? TRUST_NO_BUSY
                                 : trust_client_post_open(&requester, client->socket_path);
    if (error != TRUST_OK) {
        json_decref(body);
        return error;
    }
    error = trust_client_post(requester, out_answer, path, body,
                              wait_ms == 0 ? TRUST_CLIENT_WAIT_MS : wait_ms);
    trust_client_post_close(requester);
    return error;
}

enum trust_error trust_client_ask_group(const struct trust_client *client,
                                        struct trust_client_group *out_group, const char *name,
                                        uint32_t wait_ms)
{
    json_t *answer = NULL;
    enum trust_error error = ask(
        client, &answer, "/v1/select",
        json_pack("{s:s, s:s, s:b}", "group", name, "agent", client->agent, "policy", 1), wait_ms);
    if (error != TRUST_OK)
        return error;
    error = trust_group_doc_read(out_group, name, answer);
    json_decref(answer);
    return error;
}

enum trust_error trust_client_ask_to_show(const struct trust_client *client,
                                          char (*subjects)[TRUST_SUBJECT_TEXT_SIZE], size_t count,
                                          uint32_t wait_ms)
{
    json_t *list = json_array();
    for (size_t i = 0; i < count; i++) {
        if (json_array_append_new(list, json_string(subjects[i])) != 0) {
            json_decref(list);
            return TRUST_FAIL_MEMORY;
        }
    }
    json_t *answer = NULL;
    enum trust_error error =
        ask(client, &answer, "/v1/score", json_pack("{s:o}", "subjects", list), wait_ms);
    json_decref(answer);
    return error;
}

static bool read_state(enum trust_breaker_state *out_state, const char *name)
{
    /* A withheld server is as closed to us as one that the operator forced open. */
    if (name != NULL &&
        strcmp(name, trust_candidate_state_name(TRUST_CANDIDATE_STATE_WITHHELD)) == 0) {
        *out_state = TRUST_BREAKER_FORCED_OPEN;
        return true;
    }
    for (int i = 0; name != NULL && i <= TRUST_BREAKER_METRICS_ONLY; i++) {
        if (strcmp(name, trust_breaker_state_name((enum trust_breaker_state)i)) == 0) {
            *out_state = (enum trust_breaker_state)i;
            return true;
        }
    }
    return false;
}

static enum trust_error read_leave(struct trust_client_leave *out_leave, const json_t *answer)
{
    struct trust_client_leave leave = {0};
    const json_t *lease = json_object_get(answer, "lease");
    const json_t *retry_after = json_object_get(answer, "retry_after_ms");
    if (!read_state(&leave.state, json_string_value(json_object_get(answer, "state"))))
        return TRUST_NO_TYPE;
    if (json_is_string(lease)) {
        if (json_string_length(lease) >= sizeof leave.lease)
            return TRUST_NO_TYPE;
        memcpy(leave.lease, json_string_value(lease), json_string_length(lease));
    }
    if (json_is_integer(retry_after) && json_integer_value(retry_after) > 0)
        leave.retry_after_ms = (uint64_t)json_integer_value(retry_after);
    *out_leave = leave;
    return TRUST_OK;
}

enum trust_error trust_client_ask_leave(const struct trust_client *client,
                                        struct trust_client_leave *out_leave, const char *subject,
                                        uint32_t wait_ms)
{
    json_t *answer = NULL;
    enum trust_error error =
        ask(client, &answer, "/v1/leases",
            json_pack("{s:s, s:s}", "subject", subject, "agent", client->agent), wait_ms);
    if (error != TRUST_OK)
        return error;
    error = read_leave(out_leave, answer);
    json_decref(answer);
    return error;
}
