/* See context.h. */
#include "repute/context.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/assert.h"
#include "base/bytes.h"
#include "host/files.h"

#define CONFIG_SIZE_MAX (1u << 20)
/* A publish waits for the node's disk; everything else is answered from memory. */
#define ASK_TIMEOUT_MS 30000

void context_close(struct context *context)
{
    trust_requester_close(context->requester);
    if (context->has_config)
        trust_config_close(&context->config);
    *context = (struct context){0};
}

enum trust_error context_refuse(struct context *context, enum trust_error error, const char *next,
                                const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    error = failure_note(&context->failure, error, next, format, arguments);
    va_end(arguments);
    return error;
}

enum trust_error context_misuse(struct context *context, enum trust_error error, const char *next,
                                const char *format, ...)
{
    bool is_first = context->failure.error == TRUST_OK;
    va_list arguments;
    va_start(arguments, format);
    error = failure_note(&context->failure, error, next, format, arguments);
    va_end(arguments);
    if (is_first)
        context->failure.exit = FAILURE_EXIT_USAGE;
    return error;
}

/* ---- the node ---- */

static enum trust_error open_requester(struct context *context, enum trust_home_file socket)
{
    char path[TRUST_HOME_PATH_SIZE];
    trust_home_path(path, &context->home, socket);
    trust_requester_close(context->requester);
    context->requester = NULL;
    return trust_requester_open(&context->requester, path);
}

/* "/path: it is not there" names a member of the request, which the caller of a command never saw
 * as JSON. */
static const char *without_slash(const char *message)
{
    const char *end = strpbrk(message, ": ");
    return message[0] == '/' && end != NULL && end[0] == ':' && end[1] == ' ' ? message + 1
                                                                              : message;
}

static enum trust_error note_problem(struct context *context, enum trust_error error,
                                     const struct trust_problem *problem)
{
    /* What only helps those who write requests is left to the command's own help. */
    bool is_for_us = strstr(problem->next, "/openapi.json") == NULL;
    (void)context_refuse(context, error, is_for_us ? problem->next : NULL, "%s",
                         without_slash(problem->message));
    struct failure *failure = &context->failure;
    (void)snprintf(failure->code, sizeof failure->code, "%s", problem->code);
    /* It may run in another home: a second one is not what is wanted. */
    if (error == TRUST_NO_NODE && problem->status == 0 && !context->is_home_given)
        (void)snprintf(failure->next, sizeof failure->next,
                       "%s; if it runs in another home, give --home DIR or set REPUTE_HOME",
                       problem->next);
    /* The node read what was typed, and says that it is wrong. */
    if (problem->status == 400)
        failure->exit = FAILURE_EXIT_USAGE;
    return error;
}

enum trust_error context_send(struct context *context, struct trust_reply *out_reply,
                              const struct trust_http_request *request)
{
    struct trust_problem problem = {0};
    bool is_first = context->requester == NULL;
    enum trust_error error =
        is_first ? open_requester(context, TRUST_HOME_OPERATOR_SOCK) : TRUST_OK;
    if (error != TRUST_OK)
        return error;
    error = trust_requester_send(context->requester, out_reply, &problem, request);
    if (error == TRUST_NO_PERMISSION && problem.status == 0 && is_first) {
        error = open_requester(context, TRUST_HOME_AGENT_SOCK);
        if (error != TRUST_OK)
            return error;
        error = trust_requester_send(context->requester, out_reply, &problem, request);
    }
    return error == TRUST_OK ? TRUST_OK : note_problem(context, error, &problem);
}

static enum trust_error read_answer(struct context *context, json_t **out_answer,
                                    struct trust_bytes body)
{
    json_error_t fault;
    json_t *answer = json_loadb((const char *)body.data, body.size, JSON_ALLOW_NUL, &fault);
    if (answer == NULL)
        return context_refuse(context, TRUST_FAIL_LIBRARY,
                              "are `repute` and `reputed` of one version?",
                              "the node's answer is no JSON: %s", fault.text);
    *out_answer = answer;
    return TRUST_OK;
}

enum trust_error context_ask(struct context *context, json_t **out_answer,
                             enum trust_request_method method, const char *path, const json_t *body)
{
    char *text = body == NULL ? NULL : json_dumps(body, JSON_COMPACT);
    if (body != NULL && text == NULL)
        return TRUST_FAIL_MEMORY;
    const struct trust_http_request request = {
        .method = method,
        .path = path,
        .body = text == NULL ? (struct trust_bytes){0} : trust_bytes_text(text),
        .timeout_ms = ASK_TIMEOUT_MS,
    };
    struct trust_reply reply = {0};
    enum trust_error error = context_send(context, &reply, &request);
    free(text);
    if (error == TRUST_OK && out_answer != NULL)
        error = read_answer(context, out_answer, reply.body);
    return error;
}

/* ---- the instance ---- */

enum trust_error context_config(struct context *context, const struct trust_config **out_config)
{
    *out_config = &context->config;
    if (context->has_config)
        return TRUST_OK;
    char path[TRUST_HOME_PATH_SIZE];
    trust_home_path(path, &context->home, TRUST_HOME_CONFIG);
    uint8_t *text = malloc(CONFIG_SIZE_MAX);
    if (text == NULL)
        return TRUST_FAIL_MEMORY;
    size_t size = 0;
    enum trust_error error = trust_file_read(path, text, &size, CONFIG_SIZE_MAX);
    if (error != TRUST_OK && error != TRUST_NO_FOUND) {
        (void)context_refuse(context, error, "check its owner and mode", "%s: %s", path,
                             trust_error_text(error));
    } else {
        struct trust_yaml_fault fault = {0};
        error = trust_config_load(&context->config, &fault, path,
                                  (struct trust_bytes){.data = text, .size = size});
        context->has_config = error == TRUST_OK;
        if (error > TRUST_OK)
            (void)context_misuse(context, error, "correct the file", "%s", fault.text);
    }
    free(text);
    return error;
}

enum trust_error context_network(struct context *context, struct trust_network *out_network)
{
    const struct trust_config *config = NULL;
    enum trust_error error = context_config(context, &config);
    return error == TRUST_OK ? trust_network_init(out_network, config->network) : error;
}

uint64_t context_now_ms(void)
{
    struct timespec now = {0};
    int failed = clock_gettime(CLOCK_REALTIME, &now);
    assert(failed == 0);
    return (uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000;
}
