/* explain_score: why the conclusion about one server is what it is. */
#include "mcp/explain_doc.h"
#include "mcp/tools.h"

static json_t *run(struct tool_call *call)
{
    char subject[TRUST_SUBJECT_TEXT_SIZE];
    arguments_subject(call->arguments, subject, "subject");
    return arguments_is_good(call->arguments) ? view_explanation(call->view, subject) : NULL;
}

static const char *const names[] = {"subject", NULL};

const struct tool tool_explain_score = {
    .name = "explain_score",
    .title = "Why a server has its score",
    .description =
        "What a server's score is made of: each rating and the operator's own calls with their "
        "weight, age and distance, what is left out and why, and what would change the verdict. "
        "Only a running node can explain; without one the last known score comes alone.",
    .input = "{\"type\":\"object\",\"properties\":{\"subject\":{\"type\":\"string\","
             "\"description\":\"The server: mcp:NAMESPACE/NAME, pkg:TYPE/NAME, its https URL, or "
             "sha256:HEX.\"}},\"required\":[\"subject\"],\"additionalProperties\":false}",
    .output = "{\"type\":\"object\",\"properties\":{" EXPLAIN_PROPERTIES
              "},\"required\":[" EXPLAIN_REQUIRED "],\"additionalProperties\":false}",
    .extends = &tool_get_score,
    .arguments = names,
    .run = run,
};
