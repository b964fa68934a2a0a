/*
 * Parameters of a tool that go into headers as well: MCP 2026-07-28, Streamable HTTP, "Custom
 * Headers from Tool Parameters". A property of the input schema that has "x-mcp-header": "Name" is
 * said a second time as Mcp-Param-Name, so that what stands between can route by it.
 *
 * Where such a mark may stand is narrow, and a tool that has one elsewhere is not to be offered.
 */
#ifndef GUARD_PARAMS_H
#define GUARD_PARAMS_H

#include <stdint.h>

#include "trust/bytes.h"
#include "trust/error.h"
#include "trust/export.h"

#define PARAMS_NAME_SIZE_MAX 128

struct param {
    const char *name; /* of the header, behind Mcp-Param- */
    const char *path; /* keys from the arguments down to the value, each with its NUL */
    uint32_t depth;   /* of them */
};

struct params {
    struct param *items;
    uint32_t count;
    char *text; /* of names and paths */
};

/*
 * Those of an input schema, which json_check has passed; to be closed. TRUST_NO_SYNTAX: a mark
 * breaks the rules, and out_why says which, a static text. TRUST_FAIL_MEMORY.
 */
TRUST_MUST_USE enum trust_error params_read(struct params *out_params, const char **out_why,
                                            struct trust_bytes schema);

void params_close(struct params *params);

/* The value of one of them among the arguments of a call; empty: none is there, or null. */
struct trust_bytes params_value(const struct param *param, struct trust_bytes arguments);

#endif
