/*
 * Whether the headers of a POST say what its body says. In the modern era they have to, so that
 * nobody on the way was told another method, tool or argument than the server (MCP 2026-07-28,
 * Streamable HTTP, request metadata); a legacy client need not send them, but may not lie.
 */
#ifndef GUARD_FACE_AGREE_H
#define GUARD_FACE_AGREE_H

#include "guard/face/face_head.h"
#include "wire/message.h"

struct face_post {
    struct message message; /* in the body */
    enum era era;           /* of the request: FACE_FINE knows one */
};

/* The body of a POST whose head was fine. What was found of message is filled in in any case, for
 * the id of a refusal. */
enum face_verdict face_agree_read(struct face_post *out_post, const struct face_head *head,
                                  struct trust_bytes body);

/* A header's value means this JSON value, which is a string, a boolean or an integer: as it is, or
 * in base64 between its marks. */
bool face_agree_value(struct trust_bytes header, struct trust_bytes value);

#endif
