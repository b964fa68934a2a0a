/* See request.h. */
#include "node/api/request.h"

#include <string.h>
#include <strings.h>

#include "base/assert.h"

enum api_method api_request_method(const char *name)
{
    static const struct {
        const char *name;
        enum api_method method;
    } methods[] = {{"GET", API_GET},
                   {"HEAD", API_GET},
                   {"POST", API_POST},
                   {"PUT", API_PUT},
                   {"DELETE", API_DELETE}};
    for (size_t i = 0; i < sizeof methods / sizeof methods[0]; i++) {
        if (strcmp(methods[i].name, name) == 0)
            return methods[i].method;
    }
    return API_OTHER;
}

static int hex_digit(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

/* Decodes in place; what comes out is never longer. */
static bool decode(char *text)
{
    char *to = text;
    for (const char *from = text; *from != '\0'; from++) {
        char c = *from;
        if (c == '%') {
            int high = hex_digit(from[1]);
            int low = high < 0 ? -1 : hex_digit(from[2]);
            if (low < 0 || high + low == 0)
                return false;
            c = (char)(high << 4 | low);
            from += 2;
        }
        *to++ = c;
    }
    *to = '\0';
    return true;
}

/* Cuts text at the first c and returns what is behind it, or NULL. */
static char *cut(char *text, char c)
{
    char *at = strchr(text, c);
    if (at == NULL)
        return NULL;
    *at = '\0';
    return at + 1;
}

static enum trust_error split_path(struct api_request *request, char *path)
{
    if (path[0] != '/')
        return TRUST_NO_SYNTAX;
    for (char *at = path[1] == '\0' ? NULL : path + 1; at != NULL;) {
        char *next = cut(at, '/');
        if (request->segment_count == TRUST_API_SEGMENTS_MAX)
            return TRUST_NO_SIZE;
        if (at[0] == '\0' || !decode(at))
            return TRUST_NO_SYNTAX;
        request->segments[request->segment_count++] = at;
        at = next;
    }
    return TRUST_OK;
}

static enum trust_error split_query(struct api_request *request, char *query)
{
    for (char *at = query; at != NULL && at[0] != '\0';) {
        char *next = cut(at, '&');
        char *value = cut(at, '=');
        if (request->param_count == TRUST_API_PARAMS_MAX)
            return TRUST_NO_SIZE;
        if (!decode(at) || (value != NULL && !decode(value)))
            return TRUST_NO_SYNTAX;
        request->params[request->param_count++] =
            (struct api_param){.name = at, .value = value == NULL ? "" : value};
        at = next;
    }
    return TRUST_OK;
}

enum trust_error api_request_parse(struct api_request *request, const char *target)
{
    size_t size = strlen(target);
    request->segment_count = 0;
    request->param_count = 0;
    if (size >= sizeof request->text)
        return TRUST_NO_SIZE;
    memcpy(request->text, target, size + 1);
    char *query = cut(request->text, '?');
    enum trust_error error = split_path(request, request->text);
    if (error == TRUST_OK && query != NULL)
        error = split_query(request, query);
    return error;
}

const char *api_request_param(const struct api_request *request, const char *name)
{
    for (uint32_t i = 0; i < request->param_count; i++) {
        if (strcmp(request->params[i].name, name) == 0)
            return request->params[i].value;
    }
    return NULL;
}

bool api_request_has_type(const struct api_request *request, const char *type)
{
    if (request->content_type == NULL)
        return false;
    size_t size = strcspn(request->content_type, "; \t");
    return size == strlen(type) && strncasecmp(request->content_type, type, size) == 0;
}
