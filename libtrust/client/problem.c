/* See problem.h. */
#include "client/problem.h"

#include <jansson.h>
#include <stdio.h>
#include <string.h>

/* The range that error.h numbers its constants in. */
#define ERROR_LEAST (-64)
#define ERROR_MOST 128

enum trust_error trust_problem_error(const char *code)
{
    /* The name of all numbers that have none. */
    const char *nameless = trust_error_name((enum trust_error)ERROR_LEAST);
    for (int i = ERROR_LEAST; i <= ERROR_MOST && strcmp(code, nameless) != 0; i++) {
        if (i != TRUST_OK && strcmp(trust_error_name((enum trust_error)i), code) == 0)
            return (enum trust_error)i;
    }
    return TRUST_FAIL_LIBRARY;
}

static enum trust_error error_of_status(int status)
{
    switch (status) {
    case 400:
        return TRUST_NO_SYNTAX;
    case 401:
    case 403:
        return TRUST_NO_PERMISSION;
    case 404:
        return TRUST_NO_FOUND;
    case 405:
        return TRUST_NO_METHOD;
    case 409:
        return TRUST_NO_CONFLICT;
    case 413:
        return TRUST_NO_SIZE;
    case 503:
        return TRUST_NO_BUSY;
    case 507:
        return TRUST_NO_ROOM;
    default:
        return TRUST_FAIL_LIBRARY;
    }
}

static void copy_member(char *out_text, size_t size, const json_t *document, const char *name)
{
    const char *text = json_string_value(json_object_get(document, name));
    (void)snprintf(out_text, size, "%s", text == NULL ? "" : text);
}

enum trust_error trust_problem_read(struct trust_problem *out_problem, int status,
                                    struct trust_bytes body)
{
    struct trust_problem problem = {.status = status};
    json_t *document =
        body.size == 0 ? NULL : json_loadb((const char *)body.data, body.size, 0, NULL);
    copy_member(problem.code, sizeof problem.code, document, "code");
    copy_member(problem.message, sizeof problem.message, document, "detail");
    if (problem.message[0] == '\0')
        copy_member(problem.message, sizeof problem.message, document, "title");
    copy_member(problem.next, sizeof problem.next, document, "next");
    json_decref(document);
    enum trust_error error = TRUST_FAIL_LIBRARY;
    if (problem.code[0] != '\0') {
        error = trust_problem_error(problem.code);
    } else {
        error = error_of_status(status);
        (void)snprintf(problem.code, sizeof problem.code, "%s", trust_error_name(error));
    }
    if (problem.message[0] == '\0')
        (void)snprintf(problem.message, sizeof problem.message, "the node answered with status %d",
                       status);
    *out_problem = problem;
    return error;
}
