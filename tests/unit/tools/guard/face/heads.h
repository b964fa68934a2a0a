/* Heads of HTTP requests, made of lines "Name: value" that end in a newline. */
#ifndef HEADS_H
#define HEADS_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/bytes.h"
#include "guard/face/face_head.h"

/* What a modern client sends with a call of the tool "read". */
#define HEADS_MODERN "MCP-Protocol-Version: 2026-07-28\nMcp-Method: tools/call\nMcp-Name: read\n"

static inline struct face_head heads_read(const char *method, const char *path, const char *lines)
{
    struct face_head head = {.method = face_head_method(method), .path = path};
    while (*lines != '\0') {
        const char *colon = strchr(lines, ':');
        const char *end = strchr(lines, '\n');
        assert_non_null(colon);
        assert_non_null(end);
        face_head_add(
            &head,
            (struct trust_bytes){.data = (const uint8_t *)lines, .size = (size_t)(colon - lines)},
            (struct trust_bytes){.data = (const uint8_t *)colon + 1,
                                 .size = (size_t)(end - colon - 1)});
        lines = end + 1;
    }
    return head;
}

#endif
