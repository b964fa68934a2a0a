/*
 * The tools that agents are offered. Each is a file of its own: its words for the model, its two
 * schemas, and one function. None can publish, vouch, trust, or lift a quarantine: what they do is
 * ask, and tell how a call went.
 */
#ifndef MCP_TOOLS_H
#define MCP_TOOLS_H

#include <jansson.h>

#include "trust/bytes.h"

#include "mcp/arguments.h"
#include "mcp/told.h"
#include "mcp/view.h"

/* What a tool has while it runs. */
struct tool_call {
    struct view *view;
    struct told *told;
    struct arguments *arguments;
};

struct tool {
    const char *name;
    const char *title;
    const char *description;
    const char *input;            /* JSON Schema */
    const char *output;           /* JSON Schema; every result fits it */
    const struct tool *extends;   /* its results have the members of this one's too; or NULL */
    const char *const *arguments; /* their names, NULL-terminated */
    bool is_writing;              /* it changes something: the outcomes of this host */
    /* The structured content. NULL: call->arguments->refusal says why, or there is no memory. */
    json_t *(*run)(struct tool_call *call);
};

extern const struct tool tool_get_score;
extern const struct tool tool_choose_server;
extern const struct tool tool_explain_score;
extern const struct tool tool_compare_servers;
extern const struct tool tool_list_withheld;
extern const struct tool tool_send_outcome;

/* In the order of the list; NULL-terminated. */
extern const struct tool *const tools_all[];

/* NULL: there is none. */
const struct tool *tools_find(const char *name);

/* The list that tools/list gives; NULL: no memory. */
json_t *tools_list(void);

/*
 * The result of tools/call: structuredContent and the same as text, or, if the arguments are wrong,
 * isError and a sentence. arguments is raw, empty if left out. NULL: no memory.
 */
json_t *tools_call(const struct tool *tool, struct view *view, struct told *told,
                   struct trust_bytes arguments);

#endif
