/* compare_servers: the scores of several, the best first. */
#include <stdlib.h>
#include <string.h>

#include "base/limits.h"
#include "mcp/score_doc.h"
#include "mcp/tools.h"

static const char *word_of(const json_t *doc, const char *name)
{
    return json_string_value(json_object_get(doc, name));
}

static bool is_withheld(const json_t *doc)
{
    const char *state = word_of(doc, "quarantine");
    return strcmp(state, "quarantined") == 0 || strcmp(state, "investigating") == 0 ||
           strcmp(state, "banned") == 0;
}

/* What it is sorted by: withheld ones last, before them those without a lower bound. */
static double rank_of(const json_t *doc)
{
    const json_t *lower = json_object_get(doc, "lower");
    if (is_withheld(doc))
        return -2;
    return json_is_number(lower) ? json_number_value(lower) : -1;
}

static int compare(const void *left, const void *right)
{
    const json_t *const *a = left;
    const json_t *const *b = right;
    double difference = rank_of(*b) - rank_of(*a);
    if (difference != 0)
        return difference > 0 ? 1 : -1;
    return strcmp(word_of(*a, "subject"), word_of(*b, "subject"));
}

static json_t *document_of(json_t *const *docs, size_t count)
{
    json_t *list = json_array();
    bool has_best = rank_of(docs[0]) >= 0;
    for (size_t i = 0; i < count; i++)
        (void)json_array_append(list, docs[i]);
    return json_pack("{s:o,s:s?,s:s}", "servers", list, "best",
                     has_best ? word_of(docs[0], "subject") : NULL, "message",
                     has_best ? "The servers stand by the lower bound of their scores, the best "
                                "first; withheld ones stand last."
                              : "Of none of these servers enough is known to prefer it.");
}

/* The same server in two spellings counts once. */
static size_t drop_doubles(char (*subjects)[TRUST_SUBJECT_TEXT_SIZE], size_t count)
{
    size_t kept = 0;
    for (size_t i = 0; i < count; i++) {
        size_t j = 0;
        while (j < kept && strcmp(subjects[j], subjects[i]) != 0)
            j++;
        if (j == kept && kept != i)
            memcpy(subjects[kept], subjects[i], sizeof subjects[kept]);
        kept += j == kept;
    }
    return kept;
}

static json_t *run(struct tool_call *call)
{
    char subjects[TRUST_BATCH_SUBJECTS_MAX][TRUST_SUBJECT_TEXT_SIZE];
    json_t *docs[TRUST_BATCH_SUBJECTS_MAX];
    size_t count =
        arguments_subjects(call->arguments, subjects, "subjects", 2, TRUST_BATCH_SUBJECTS_MAX);
    if (!arguments_is_good(call->arguments))
        return NULL;
    count = drop_doubles(subjects, count);
    json_t *scores = view_scores(call->view, subjects, count);
    if (scores == NULL)
        return NULL;
    for (size_t i = 0; i < count; i++)
        docs[i] = json_array_get(scores, i);
    qsort(docs, count, sizeof *docs, compare);
    json_t *document = document_of(docs, count);
    json_decref(scores);
    return document;
}

static const char *const names[] = {"subjects", NULL};

const struct tool tool_compare_servers = {
    .name = "compare_servers",
    .title = "Compare MCP servers",
    .description =
        "The scores of 2 to 64 MCP servers side by side, the most trusted first. To find out which "
        "one to call now, use choose_server: it also knows which of them are failing.",
    .input = "{\"type\":\"object\",\"properties\":{\"subjects\":{\"type\":\"array\",\"items\":{"
             "\"type\":\"string\"},\"minItems\":2,\"maxItems\":64,\"description\":\"The servers: "
             "mcp:NAMESPACE/NAME, pkg:TYPE/NAME, https URLs, or sha256:HEX.\"}},"
             "\"required\":[\"subjects\"],\"additionalProperties\":false}",
    .output = "{\"type\":\"object\",\"properties\":{\"servers\":{\"type\":\"array\",\"items\":{"
              "\"type\":\"object\",\"properties\":{" SCORE_PROPERTIES
              "},\"required\":[" SCORE_REQUIRED "],\"additionalProperties\":false}},"
              "\"best\":{\"type\":[\"string\",\"null\"]}," SCORE_MESSAGE
              "},\"required\":[\"servers\",\"best\",\"message\"],\"additionalProperties\":false}",
    .arguments = names,
    .run = run,
};
