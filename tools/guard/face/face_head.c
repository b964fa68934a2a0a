/* See face_head.h. MCP 2025-11-25 and 2026-07-28, Streamable HTTP. */
#include "guard/face/face_head.h"

#include <string.h>
#include <strings.h>

#include "base/bytes.h"

#define PARAM_PREFIX "Mcp-Param-"

/* ---- gathering ---- */

static bool is_text(struct trust_bytes bytes, const char *text)
{
    return bytes.size == strlen(text) &&
           strncasecmp((const char *)bytes.data, text, bytes.size) == 0;
}

static struct trust_bytes trim(struct trust_bytes value)
{
    while (value.size > 0 && (value.data[0] == ' ' || value.data[0] == '\t')) {
        value.data++;
        value.size--;
    }
    while (value.size > 0 &&
           (value.data[value.size - 1] == ' ' || value.data[value.size - 1] == '\t'))
        value.size--;
    return value;
}

/* What is before the first c; value goes on behind it, or ends. */
static struct trust_bytes cut(struct trust_bytes *value, char c)
{
    const uint8_t *at = value->size == 0 ? NULL : memchr(value->data, c, value->size);
    struct trust_bytes part = *value;
    if (at != NULL)
        part.size = (size_t)(at - value->data);
    size_t used = at == NULL ? value->size : part.size + 1;
    if (used > 0) {
        value->data += used;
        value->size -= used;
    }
    return trim(part);
}

/* q=0, q=0.0 and the like: what is listed so is not wanted. */
static bool is_refused(struct trust_bytes parameters)
{
    while (parameters.size > 0) {
        struct trust_bytes one = cut(&parameters, ';');
        struct trust_bytes value = one;
        struct trust_bytes name = cut(&value, '=');
        value = trim(value);
        if (!is_text(name, "q") || value.size == 0)
            continue;
        size_t zeros = 0;
        while (zeros < value.size && (value.data[zeros] == '0' || value.data[zeros] == '.'))
            zeros++;
        return zeros == value.size;
    }
    return false;
}

static void add_accept(struct face_head *head, struct trust_bytes value)
{
    while (value.size > 0) {
        struct trust_bytes parameters = cut(&value, ',');
        struct trust_bytes type = cut(&parameters, ';');
        if (is_refused(parameters))
            continue;
        bool is_any = is_text(type, "*/*");
        if (is_any || is_text(type, "application/json") || is_text(type, "application/*"))
            head->takes_json = true;
        if (is_any || is_text(type, "text/event-stream") || is_text(type, "text/*"))
            head->takes_events = true;
    }
}

static void add_param(struct face_head *head, struct trust_bytes name, struct trust_bytes value)
{
    if (head->param_count == TRUST_GUARD_PARAM_HEADERS_MAX) {
        head->has_many = true;
        return;
    }
    for (uint32_t i = 0; i < head->param_count; i++) {
        struct trust_bytes other = head->params[i].name;
        if (other.size == name.size &&
            strncasecmp((const char *)other.data, (const char *)name.data, name.size) == 0)
            head->has_twice = true;
    }
    head->params[head->param_count++] = (struct face_param){.name = name, .value = value};
}

/* Whoever passes over the space reads another header there. */
static bool has_space(struct trust_bytes name)
{
    return name.size > 0 && (memchr(name.data, ' ', name.size) != NULL ||
                             memchr(name.data, '\t', name.size) != NULL);
}

void face_head_add(struct face_head *head, struct trust_bytes name, struct trust_bytes value)
{
    const struct {
        const char *name;
        struct trust_bytes *place;
    } rows[] = {
        {"Host", &head->host},
        {"Origin", &head->origin},
        {"Content-Type", &head->content_type},
        {"Mcp-Session-Id", &head->session},
        {"MCP-Protocol-Version", &head->version},
        {"Mcp-Method", &head->mcp_method},
        {"Mcp-Name", &head->mcp_name},
        {"Content-Length", &head->length},
        {"Transfer-Encoding", &head->encoding},
    };
    static const uint8_t nothing[1] = {0};
    size_t prefix = strlen(PARAM_PREFIX);
    value = trim(value);
    if (has_space(name))
        head->has_space = true;
    if (value.size == 0)
        value.data = nothing; /* there, and empty */
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        if (!is_text(name, rows[i].name))
            continue;
        head->has_twice = head->has_twice || rows[i].place->data != NULL;
        *rows[i].place = value;
        return;
    }
    if (is_text(name, "Accept"))
        add_accept(head, value);
    else if (name.size > prefix && strncasecmp((const char *)name.data, PARAM_PREFIX, prefix) == 0)
        add_param(head,
                  (struct trust_bytes){.data = name.data + prefix, .size = name.size - prefix},
                  value);
}

/* ---- judging ---- */

enum face_method face_head_method(const char *name)
{
    static const struct {
        const char *name;
        enum face_method method;
    } rows[] = {
        {"GET", FACE_GET},
        {"POST", FACE_POST},
        {"DELETE", FACE_DELETE},
        {"OPTIONS", FACE_OPTIONS},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        if (strcmp(name, rows[i].name) == 0)
            return rows[i].method;
    }
    return FACE_OTHER;
}

enum era face_head_era(struct trust_bytes version)
{
    uint8_t quoted[TRUST_GUARD_HTTP_VERSION_SIZE_MAX + 2];
    if (version.size > TRUST_GUARD_HTTP_VERSION_SIZE_MAX)
        return ERA_NONE;
    quoted[0] = '"';
    if (version.size > 0)
        memcpy(quoted + 1, version.data, version.size);
    quoted[version.size + 1] = '"';
    return era_of_version((struct trust_bytes){.data = quoted, .size = version.size + 2});
}

bool face_head_is_listed(const struct face_head *head, const struct face_rules *rules)
{
    for (uint32_t i = 0; head->origin.data != NULL && i < rules->origin_count; i++) {
        if (is_text(head->origin, rules->origins[i]))
            return true;
    }
    return false;
}

/* The guard's own address as an origin. It serves no page, so none can come from there: it is
 * what a client says that is no browser and names where it sends to. */
static bool is_own(const struct face_head *head, const struct face_rules *rules)
{
    static const char scheme[] = "http://";
    size_t size = strlen(scheme);
    struct trust_bytes origin = head->origin;
    if (origin.size <= size || strncasecmp((const char *)origin.data, scheme, size) != 0)
        return false;
    origin.data += size;
    origin.size -= size;
    return face_address_is_named(&rules->address, origin);
}

/* Who asks, and where; of this nothing depends on the method. */
static enum face_verdict judge_way(const struct face_head *head, const struct face_rules *rules)
{
    if (head->has_twice || (head->length.data != NULL && head->encoding.data != NULL))
        return FACE_HEADER_TWICE;
    if (head->has_space)
        return FACE_HEADER_NAME;
    if (head->encoding.data != NULL && !is_text(head->encoding, "chunked"))
        return FACE_ENCODING;
    if (head->has_many)
        return FACE_HEADERS_MANY;
    if (head->host.data == NULL)
        return FACE_HOST_MISSING;
    if (!face_address_is_named(&rules->address, head->host))
        return FACE_HOST_FOREIGN;
    if (head->origin.data != NULL && !face_head_is_listed(head, rules) && !is_own(head, rules))
        return FACE_ORIGIN_FOREIGN;
    return strcmp(head->path, FACE_PATH_NAME) == 0 ? FACE_FINE : FACE_PATH;
}

static enum face_verdict judge_post(const struct face_head *head)
{
    struct trust_bytes parameters = head->content_type;
    struct trust_bytes type = cut(&parameters, ';');
    if (!is_text(type, "application/json"))
        return FACE_CONTENT_TYPE;
    return head->takes_json && head->takes_events ? FACE_FINE : FACE_ACCEPT_BOTH;
}

/* GET and DELETE. */
static enum face_verdict judge_legacy(const struct face_head *head)
{
    enum era era = head->version.data == NULL ? ERA_LEGACY : face_head_era(head->version);
    if (era == ERA_NONE)
        return FACE_VERSION_UNKNOWN;
    if (era == ERA_MODERN)
        return FACE_METHOD_MODERN;
    if (head->method == FACE_GET && !head->takes_events)
        return FACE_ACCEPT_EVENTS;
    return head->session.data == NULL ? FACE_SESSION_MISSING : FACE_FINE;
}

enum face_verdict face_head_judge(const struct face_head *head, const struct face_rules *rules)
{
    enum face_verdict verdict = judge_way(head, rules);
    if (verdict != FACE_FINE)
        return verdict;
    switch (head->method) {
    case FACE_POST:
        return judge_post(head);
    case FACE_GET:
    case FACE_DELETE:
        return judge_legacy(head);
    case FACE_OPTIONS:
        return face_head_is_listed(head, rules) ? FACE_PREFLIGHT : FACE_METHOD;
    case FACE_OTHER:
        break;
    }
    return FACE_METHOD;
}
