/*
 * JSON values as values of headers (MCP 2026-07-28, Streamable HTTP, "Value Encoding"): what plain
 * ASCII can say stands as it is, anything else as "=?base64?...?=".
 */
#ifndef GUARD_HTTP_VALUE_H
#define GUARD_HTTP_VALUE_H

#include <stdbool.h>

#include "trust/bytes.h"
#include "trust/error.h"
#include "trust/export.h"

#include "base/limits.h"

/* Text that is put into a header, and what its base64 takes there, with its marks and NUL. */
#define HTTP_VALUE_TEXT_MAX TRUST_GUARD_URI_SIZE_MAX
#define HTTP_VALUE_SIZE_MAX (HTTP_VALUE_TEXT_MAX / 3 * 4 + 32)

/*
 * A string, a boolean or an integer. TRUST_NO_TYPE: something else; TRUST_NO_RANGE: no integer that
 * every reader of JSON has the same; TRUST_NO_ROOM: too long; else as json_string_copy.
 */
TRUST_MUST_USE enum trust_error http_value_write(char out_text[HTTP_VALUE_SIZE_MAX],
                                                 struct trust_bytes value);

/* It was not encoded. */
bool http_value_is_plain(const char *text);

#endif
