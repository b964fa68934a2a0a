/* See route.h. */
#include "node/api/route.h"

#include <stdio.h>
#include <string.h>

#include "base/assert.h"

/* True if the path of the request fits the pattern. */
static bool fits(const char *pattern, const struct api_request *request)
{
    const char *at = pattern;
    for (uint32_t i = 0; i < request->segment_count; i++) {
        if (*at++ != '/')
            return false;
        size_t size = strcspn(at, "/");
        bool is_any = size == 2 && at[0] == '{';
        if (!is_any &&
            (strlen(request->segments[i]) != size || strncmp(request->segments[i], at, size) != 0))
            return false;
        at += size;
    }
    return *at == '\0';
}

static const char *method_name(enum api_method method)
{
    switch (method) {
    case API_GET:
        return "GET";
    case API_POST:
        return "POST";
    case API_PUT:
        return "PUT";
    case API_DELETE:
        return "DELETE";
    case API_OTHER:
        return "";
    }
    return "";
}

static bool has_word(const char *words, const char *word)
{
    size_t size = strlen(word);
    for (const char *at = words; at != NULL && *at != '\0';) {
        size_t length = strcspn(at, " ");
        if (length == size && strncmp(at, word, size) == 0)
            return true;
        at += length + (at[length] == ' ');
    }
    return false;
}

static bool check_params(struct api_call *call, const struct api_route *route)
{
    const struct api_request *request = &call->request;
    for (uint32_t i = 0; i < request->param_count; i++) {
        const char *name = request->params[i].name;
        if (!has_word(route->params, name)) {
            api_refuse(call, TRUST_NO_OPTION, NULL, "unknown parameter \"%.64s\"", name);
            return false;
        }
        if (api_request_param(request, name) != request->params[i].value) {
            api_refuse(call, TRUST_NO_OPTION, NULL, "parameter \"%.64s\" is given twice", name);
            return false;
        }
    }
    return true;
}

static void add_allowed(char out_allow[32], enum api_method method)
{
    if (out_allow[0] != '\0')
        (void)strncat(out_allow, ", ", 31 - strlen(out_allow));
    (void)strncat(out_allow, method_name(method), 31 - strlen(out_allow));
}

bool api_route_find(struct api_call *call, const struct api_route_table *table)
{
    char allow[32] = "";
    const struct api_route *found = NULL;
    for (size_t i = 0; i < table->count && found == NULL; i++) {
        const struct api_route *route = &table->routes[i];
        if (!fits(route->path, &call->request))
            continue;
        if (route->method == call->request.method)
            found = route;
        else
            add_allowed(allow, route->method);
    }
    if (found == NULL && allow[0] == '\0') {
        api_refuse(call, TRUST_NO_FOUND, NULL, "there is no such resource");
    } else if (found == NULL) {
        api_refuse(call, TRUST_NO_METHOD, NULL, "this resource takes %s", allow);
        memcpy(call->answer.allow, allow, sizeof allow);
    } else if (call->request.rights < found->rights) {
        api_refuse(call, TRUST_NO_PERMISSION, NULL, "agents may not do this");
    } else if (check_params(call, found)) {
        call->route = found;
    }
    return call->route != NULL;
}
