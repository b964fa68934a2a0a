/* See face_verdict.h. Codes of JSON-RPC and of MCP where they define one; the guard's own else. */
#include "guard/face/face_verdict.h"

#include "base/assert.h"

#define INVALID (-32600)
#define NO_METHOD (-32601)
#define PARSE (-32700)
#define MISMATCH (-32020)
#define UNSUPPORTED (-32022)
#define UNAVAILABLE 5030
/* Sessions end, and bodies are read, within seconds. */
#define RETRY_S 5

static const struct face_refusal refusals[] = {
    [FACE_HEADER_TWICE] = {400, INVALID, 0, NULL,
                           "A header that may stand once stands twice, or two contradict each "
                           "other"},
    [FACE_HEADER_NAME] = {400, INVALID, 0, NULL, "The name of a header has white space"},
    [FACE_ENCODING] = {501, INVALID, 0, NULL, "Transfer-Encoding may be chunked, and nothing else"},
    [FACE_HEADERS_MANY] = {431, INVALID, 0, NULL, "Too many Mcp-Param headers"},
    [FACE_HOST_MISSING] = {400, INVALID, 0, NULL, "The Host header is missing"},
    [FACE_HOST_FOREIGN] = {403, INVALID, 0, NULL,
                           "The Host header names no address of this guard: use the one that it "
                           "was started with, or localhost, with its port"},
    [FACE_ORIGIN_FOREIGN] = {403, INVALID, 0, NULL,
                             "Web pages may not use this guard, but for those of an origin that it "
                             "was started with (--origin)"},
    [FACE_PATH] = {404, INVALID, 0, NULL, "The endpoint is /mcp"},
    [FACE_METHOD] = {405, INVALID, 0, "GET, POST, DELETE",
                     "The endpoint takes POST, and of legacy clients GET and DELETE"},
    [FACE_METHOD_MODERN] = {405, INVALID, 0, "POST",
                            "In this version of the protocol the endpoint takes POST alone"},
    [FACE_CONTENT_TYPE] = {415, INVALID, 0, NULL, "Content-Type must be application/json"},
    [FACE_ACCEPT_BOTH] = {406, INVALID, 0, NULL,
                          "Accept must list application/json and text/event-stream"},
    [FACE_ACCEPT_EVENTS] = {406, INVALID, 0, NULL, "Accept must list text/event-stream"},
    [FACE_TOO_LARGE] = {413, INVALID, 0, NULL, "A message is at most 4 MiB long"},

    [FACE_NO_JSON] = {400, PARSE, 0, NULL, "Parse error"},
    [FACE_TOO_DEEP] = {400, PARSE, 0, NULL, "Parse error: nested more than 64 levels deep"},
    [FACE_NO_MESSAGE] = {400, INVALID, 0, NULL, "Not a message of JSON-RPC 2.0"},
    [FACE_BATCH] = {400, INVALID, 0, NULL, "Batches are not taken: send each message by itself"},
    [FACE_NO_METHOD] = {404, NO_METHOD, 0, NULL, "Method not found"},
    [FACE_NO_RESPONSES] = {400, INVALID, 0, NULL,
                           "In this version of the protocol clients send no responses"},

    [FACE_VERSION_UNKNOWN] = {400, UNSUPPORTED, 0, NULL, "Unsupported protocol version"},
    [FACE_VERSION_MISSING] = {400, MISMATCH, 0, NULL,
                              "Header mismatch: MCP-Protocol-Version is missing"},
    [FACE_VERSION_DIFFERS] = {400, MISMATCH, 0, NULL,
                              "Header mismatch: MCP-Protocol-Version differs from the body"},
    [FACE_NO_META] = {400, MISMATCH, 0, NULL,
                      "Header mismatch: _meta of the body does not name the protocol version"},
    [FACE_METHOD_MISSING] = {400, MISMATCH, 0, NULL, "Header mismatch: Mcp-Method is missing"},
    [FACE_METHOD_DIFFERS] = {400, MISMATCH, 0, NULL,
                             "Header mismatch: Mcp-Method differs from the body"},
    [FACE_NAME_MISSING] = {400, MISMATCH, 0, NULL, "Header mismatch: Mcp-Name is missing"},
    [FACE_NAME_DIFFERS] = {400, MISMATCH, 0, NULL,
                           "Header mismatch: Mcp-Name differs from the body"},
    [FACE_PARAM_DIFFERS] = {400, MISMATCH, 0, NULL,
                            "Header mismatch: an Mcp-Param header is missing, or differs from the "
                            "body"},

    [FACE_SESSION_MISSING] = {400, INVALID, 0, NULL,
                              "Mcp-Session-Id is missing: begin with initialize"},
    [FACE_SESSION_UNKNOWN] = {404, INVALID, 0, NULL,
                              "There is no such session: begin again with initialize"},
    [FACE_SESSION_NESTED] = {400, INVALID, 0, NULL,
                             "initialize begins a session: send it without Mcp-Session-Id"},
    [FACE_SESSIONS_FULL] = {503, UNAVAILABLE, RETRY_S, NULL,
                            "Too many sessions are open: end one, or try again"},
    [FACE_BUSY] = {503, UNAVAILABLE, RETRY_S, NULL, "Too much is under way: try again"},
    [FACE_ENDING] = {503, UNAVAILABLE, RETRY_S, NULL, "The guard is ending"},
};

const struct face_refusal *face_refusal(enum face_verdict verdict)
{
    assert(verdict > FACE_PREFLIGHT);
    assert((size_t)verdict < sizeof refusals / sizeof *refusals);
    return &refusals[verdict];
}

bool face_verdict_is_frame(enum face_verdict verdict)
{
    return verdict == FACE_HEADER_TWICE || verdict == FACE_HEADER_NAME || verdict == FACE_ENCODING;
}

void face_refusal_put(struct text *text, enum face_verdict verdict, struct trust_bytes id,
                      struct trust_bytes version)
{
    const struct face_refusal *refusal = face_refusal(verdict);
    text_put(text, "{\"jsonrpc\":\"2.0\",\"id\":");
    text_put_bytes(text, id.size == 0 ? trust_bytes_text("null") : id);
    text_put(text, ",\"error\":{\"code\":");
    text_put(text, refusal->code < 0 ? "-" : "");
    text_put_number(text, (uint64_t)(refusal->code < 0 ? -refusal->code : refusal->code));
    text_put(text, ",\"message\":");
    text_put_string(text, trust_bytes_text(refusal->message));
    if (verdict == FACE_VERSION_UNKNOWN) {
        text_put(text, ",\"data\":{\"supported\":[\"2026-07-28\",\"2025-11-25\",\"2025-06-18\","
                       "\"2025-03-26\"],\"requested\":");
        text_put_bytes(text, version.size == 0 ? trust_bytes_text("null") : version);
        text_put(text, "}");
    }
    text_put(text, "}}");
}
