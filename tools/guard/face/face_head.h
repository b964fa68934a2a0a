/*
 * The head of an HTTP request as far as Streamable HTTP of MCP knows it, and whether it may go on:
 * who it is addressed to, which page it comes from, what it takes and brings. Pure: the HTTP
 * library hands in names and values, a verdict comes out.
 */
#ifndef GUARD_FACE_HEAD_H
#define GUARD_FACE_HEAD_H

#include <stdbool.h>
#include <stdint.h>

#include "trust/bytes.h"

#include "base/limits.h"
#include "guard/face/face_address.h"
#include "guard/face/face_verdict.h"
#include "guard/router/era.h"

#define FACE_PATH_NAME "/mcp"

enum face_method {
    FACE_OTHER,
    FACE_GET,
    FACE_POST,
    FACE_DELETE,
    FACE_OPTIONS,
};

/* Mcp-Param-NAME */
struct face_param {
    struct trust_bytes name;
    struct trust_bytes value;
};

/* Values as they came, without white space around them; data NULL: there is no such header. Zeros:
 * a head without headers. */
struct face_head {
    enum face_method method;
    const char *path;
    struct trust_bytes host;
    struct trust_bytes origin;
    struct trust_bytes content_type;
    struct trust_bytes session; /* Mcp-Session-Id */
    struct trust_bytes version; /* MCP-Protocol-Version */
    struct trust_bytes mcp_method;
    struct trust_bytes mcp_name;
    struct trust_bytes length;   /* Content-Length... */
    struct trust_bytes encoding; /* ...and Transfer-Encoding, of which there is one alone */
    struct face_param params[TRUST_GUARD_PARAM_HEADERS_MAX];
    uint32_t param_count;
    bool takes_json;
    bool takes_events;
    bool has_twice; /* one that may stand once stood twice */
    bool has_space; /* one has white space in its name: "Transfer-Encoding : chunked" */
    bool has_many;  /* more Mcp-Param headers than there is room for */
};

/* Who may ask, and under which name. */
struct face_rules {
    struct face_address address; /* with the port that was given by the system */
    const char *const *origins;  /* listed */
    uint32_t origin_count;
};

enum face_method face_head_method(const char *name);

/* Spans are borrowed. A header that is of no interest is passed over. */
void face_head_add(struct face_head *head, struct trust_bytes name, struct trust_bytes value);

/* All that can be said before the body is there. */
enum face_verdict face_head_judge(const struct face_head *head, const struct face_rules *rules);

/* Its Origin is listed. */
bool face_head_is_listed(const struct face_head *head, const struct face_rules *rules);

/* The era of a version as a header names it. */
enum era face_head_era(struct trust_bytes version);

#endif
