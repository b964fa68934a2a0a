/* get_score: what is concluded about one server. */
#include "mcp/score_doc.h"
#include "mcp/tools.h"

static json_t *run(struct tool_call *call)
{
    char subjects[1][TRUST_SUBJECT_TEXT_SIZE];
    arguments_subject(call->arguments, subjects[0], "subject");
    if (!arguments_is_good(call->arguments))
        return NULL;
    json_t *docs = view_scores(call->view, subjects, 1);
    json_t *doc = json_incref(json_array_get(docs, 0));
    json_decref(docs);
    return doc;
}

static const char *const names[] = {"subject", NULL};

const struct tool tool_get_score = {
    .name = "get_score",
    .title = "Score of an MCP server",
    .description =
        "How far an MCP server can be trusted, as this host's operator sees it: a score from 0 to "
        "1 with its bounds, how much is known, reports of harm, and whether the server is failing "
        "or withheld. Ask before using a server for the first time.",
    .input = "{\"type\":\"object\",\"properties\":{\"subject\":{\"type\":\"string\","
             "\"description\":\"The server: mcp:NAMESPACE/NAME, pkg:TYPE/NAME, its https URL, or "
             "sha256:HEX.\"}},\"required\":[\"subject\"],\"additionalProperties\":false}",
    .output = "{\"type\":\"object\",\"properties\":{" SCORE_PROPERTIES
              "},\"required\":[" SCORE_REQUIRED "],\"additionalProperties\":false}",
    .arguments = names,
    .run = run,
};
