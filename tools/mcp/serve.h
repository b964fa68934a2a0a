/* Standard streams around the server: lines in, lines out, until the client closes its end. */
#ifndef MCP_SERVE_H
#define MCP_SERVE_H

#include "trust/error.h"
#include "trust/export.h"

#include "mcp/view.h"

/*
 * Serves until in ends or nobody reads out any more, which are both TRUST_OK. out does not block
 * meanwhile. A client that sends and does not read is read no further once its answers wait.
 * TRUST_FAIL_MEMORY, TRUST_FAIL_IO, TRUST_FAIL_SYSTEM.
 */
TRUST_MUST_USE enum trust_error serve_run(struct view *view, int in, int out);

#endif
