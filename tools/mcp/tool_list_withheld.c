/* list_withheld: the servers of the configuration that must not be called. */
#include "mcp/score_doc.h"
#include "mcp/tools.h"

static const char *sentence_of(size_t count, bool is_whole)
{
    if (!is_whole)
        return "The list may lack servers: what is withheld could not be read whole, and the node "
               "is away.";
    return count == 0 ? "No server of the configuration is withheld."
                      : "These servers are withheld for security reasons until the operator "
                        "decides. Do not call them, and do not try to reach the same effect by "
                        "other means.";
}

static json_t *run(struct tool_call *call)
{
    struct trust_basis basis;
    bool is_whole = false;
    json_t *servers = view_withheld(call->view, &basis, &is_whole);
    size_t count = json_array_size(servers);
    return json_pack("{s:o,s:b,s:o,s:s}", "servers", servers, "is_whole", is_whole, "basis",
                     score_basis(basis), "message", sentence_of(count, is_whole));
}

static const char *const names[] = {NULL};

const struct tool tool_list_withheld = {
    .name = "list_withheld",
    .title = "Withheld MCP servers",
    .description = "The MCP servers of this host's configuration that are withheld for security "
                   "reasons. None of them may be called until the operator decides.",
    .input = "{\"type\":\"object\",\"properties\":{},\"additionalProperties\":false}",
    .output = "{\"type\":\"object\",\"properties\":{\"servers\":{\"type\":\"array\",\"items\":{"
              "\"type\":\"object\",\"properties\":{\"subject\":{\"type\":\"string\"},\"state\":{"
              "\"type\":\"string\",\"enum\":[\"quarantined\",\"investigating\",\"banned\"]}},"
              "\"required\":[\"subject\",\"state\"],\"additionalProperties\":false}},"
              "\"is_whole\":{\"type\":\"boolean\"}," SCORE_BASIS "," SCORE_MESSAGE
              "},\"required\":[\"servers\",\"is_whole\",\"basis\",\"message\"],"
              "\"additionalProperties\":false}",
    .arguments = names,
    .run = run,
};
