/*
 * Arguments of a tool that its schema wants repeated as Mcp-Param headers ("x-mcp-header", MCP
 * 2026-07-28, Streamable HTTP): each that has a value stands in its header with the same value, and
 * no other does. A header that no schema speaks of is nobody's business.
 *
 * Only properties that are reached through "properties" alone count. The schema is a server's and
 * the arguments are a client's: what is looked at is bounded, and beyond the bound nothing is said.
 */
#ifndef GUARD_FACE_PARAMS_H
#define GUARD_FACE_PARAMS_H

#include <stdbool.h>

#include "guard/face/face_head.h"

/* schema and arguments are objects of JSON; either may be empty. */
bool face_params_agree(struct trust_bytes schema, struct trust_bytes arguments,
                       const struct face_head *head);

#endif
