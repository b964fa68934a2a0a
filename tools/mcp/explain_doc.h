/*
 * Why a server's score is what it is, for an agent: how much each kind of evidence weighs and what
 * would change the verdict. Whose ratings they are stays on the operator's side.
 */
#ifndef MCP_EXPLAIN_DOC_H
#define MCP_EXPLAIN_DOC_H

#include <jansson.h>
#include <stdbool.h>

/* Members besides those of the score, as JSON Schema. */
#define EXPLAIN_PROPERTIES                                                                         \
    "\"is_explained\":{\"type\":\"boolean\",\"description\":\"False: only a node can explain, "    \
    "and there is none.\"},"                                                                       \
    "\"contributions\":{\"type\":\"array\",\"items\":{\"type\":\"object\",\"properties\":{"        \
    "\"category\":{\"type\":\"string\",\"enum\":[\"performance\",\"security\",\"overall\"]},"      \
    "\"kind\":{\"type\":\"string\",\"enum\":[\"prior\",\"own_calls\",\"rating\",\"rest\"]},"       \
    "\"value\":{\"type\":\"number\",\"minimum\":0,\"maximum\":1},"                                 \
    "\"weight\":{\"type\":\"number\",\"minimum\":0},"                                              \
    "\"share\":{\"type\":\"number\",\"minimum\":0,\"maximum\":1},"                                 \
    "\"age_s\":{\"type\":[\"integer\",\"null\"],\"minimum\":0},"                                   \
    "\"hops\":{\"type\":[\"integer\",\"null\"],\"minimum\":0,\"description\":\"Vouches between "   \
    "the operator and the rater on the shortest path.\"}},"                                        \
    "\"required\":[\"category\",\"kind\",\"value\",\"weight\",\"share\",\"age_s\",\"hops\"],"      \
    "\"additionalProperties\":false}},"                                                            \
    "\"ignored\":{\"type\":\"array\",\"items\":{\"type\":\"object\",\"properties\":{"              \
    "\"reason\":{\"type\":\"string\",\"enum\":[\"no_weight\",\"muted\",\"expired\","               \
    "\"withdrawn\",\"void\",\"revoked\",\"other_level_used\",\"other_version\","                   \
    "\"ignored_by_operator\"]},\"count\":{\"type\":\"integer\",\"minimum\":1}},"                   \
    "\"required\":[\"reason\",\"count\"],\"additionalProperties\":false}},"                        \
    "\"single_source\":{\"type\":[\"boolean\",\"null\"]},"                                         \
    "\"changes\":{\"type\":\"array\",\"items\":{\"type\":\"object\",\"properties\":{"              \
    "\"kind\":{\"type\":\"string\",\"enum\":[\"more_evidence\",\"more_praise\",\"more_blame\","    \
    "\"flags_end\",\"evidence_ages\",\"ratings_of_manifest\"]},"                                   \
    "\"status\":{\"type\":\"string\",\"enum\":[\"unknown\",\"weak\",\"ok\",\"contested\","         \
    "\"flagged\"]},\"amount\":{\"type\":\"number\"}},"                                             \
    "\"required\":[\"kind\",\"status\",\"amount\"],\"additionalProperties\":false}}"
#define EXPLAIN_REQUIRED                                                                           \
    "\"is_explained\",\"contributions\",\"ignored\",\"single_source\",\"changes\""

/*
 * Adds to score what the node's explanation says; NULL: there is none, and it says so. False: not
 * what a node writes, or no memory; score is then of no use.
 */
bool explain_add(json_t *score, const json_t *explanation);

#endif
