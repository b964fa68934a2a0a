/*
 * What an agent is told of one server: numbers, words of ours, one of our sentences and the
 * subject. What the node knows besides, such as the rule a scanner named or the key of a rater, was
 * written by strangers and stays out: an agent's model reads every word of this.
 */
#ifndef MCP_SCORE_DOC_H
#define MCP_SCORE_DOC_H

#include <jansson.h>

#include "trust/answer.h"
#include "trust/cell.h"

/* The words of the enums, for the schemas. */
#define SCORE_STATUS_ENUM "\"enum\":[\"unknown\",\"weak\",\"ok\",\"contested\",\"flagged\"]"
#define SCORE_BASIS                                                                                \
    "\"basis\":{\"type\":\"object\",\"description\":\"What this rests on: a live node (fresh), "   \
    "the "                                                                                         \
    "last board of a node that is away (stale), this process alone (own), or nothing (none).\","   \
    "\"properties\":{\"kind\":{\"type\":\"string\",\"enum\":[\"fresh\",\"stale\",\"own\","         \
    "\"none\"]},\"age_s\":{\"type\":\"integer\",\"minimum\":0}},\"required\":[\"kind\",\"age_s\"]" \
    ","                                                                                            \
    "\"additionalProperties\":false}"
#define SCORE_MESSAGE "\"message\":{\"type\":\"string\"}"
#define SCORE_RATIO_OR_NULL "{\"type\":[\"number\",\"null\"],\"minimum\":0,\"maximum\":1}"
#define SCORE_RATIO "{\"type\":\"number\",\"minimum\":0,\"maximum\":1}"
#define SCORE_AMOUNT "{\"type\":\"number\",\"minimum\":0}"
#define SCORE_CATEGORY                                                                             \
    "{\"type\":\"object\",\"properties\":{\"mean\":" SCORE_RATIO ",\"lower\":" SCORE_RATIO         \
    ",\"upper\":" SCORE_RATIO ",\"evidence\":" SCORE_AMOUNT "},\"required\":[\"mean\",\"lower\","  \
    "\"upper\",\"evidence\"],\"additionalProperties\":false}"

/* The members of the document, as JSON Schema: properties, and the list of what is required. */
#define SCORE_PROPERTIES                                                                           \
    "\"subject\":{\"type\":\"string\",\"maxLength\":200},"                                         \
    "\"status\":{\"type\":\"string\"," SCORE_STATUS_ENUM "},"                                      \
    "\"score\":" SCORE_RATIO_OR_NULL ",\"lower\":" SCORE_RATIO_OR_NULL                             \
    ",\"mean\":" SCORE_RATIO_OR_NULL ",\"upper\":" SCORE_RATIO_OR_NULL                             \
    ",\"evidence\":" SCORE_AMOUNT ",\"raters\":{\"type\":\"integer\",\"minimum\":0},"              \
    "\"categories\":{\"type\":[\"object\",\"null\"],\"properties\":{"                              \
    "\"performance\":" SCORE_CATEGORY ",\"security\":" SCORE_CATEGORY                              \
    ",\"overall\":" SCORE_CATEGORY "},\"required\":[\"performance\",\"security\",\"overall\"],"    \
    "\"additionalProperties\":false},"                                                             \
    "\"flags\":{\"type\":\"object\",\"properties\":{"                                              \
    "\"count\":{\"type\":[\"integer\",\"null\"],\"minimum\":0},"                                   \
    "\"worst\":{\"type\":[\"string\",\"null\"],\"enum\":[\"low\",\"medium\",\"high\","             \
    "\"critical\",null]},"                                                                         \
    "\"classes\":{\"type\":\"array\",\"items\":{\"type\":\"string\",\"enum\":[\"injection\","      \
    "\"poisoning\",\"shadowing\",\"malware\",\"exfiltration\",\"vulnerability\",\"exposure\","     \
    "\"impersonation\",\"manifest_changed\",\"other\"]}}},"                                        \
    "\"required\":[\"count\",\"worst\",\"classes\"],\"additionalProperties\":false},"              \
    "\"factor\":" SCORE_RATIO ",\"cap\":" SCORE_RATIO ","                                          \
    "\"breaker\":{\"type\":\"string\",\"enum\":[\"closed\",\"open\",\"half_open\","                \
    "\"forced_open\",\"forced_closed\",\"metrics_only\"]},"                                        \
    "\"quarantine\":{\"type\":\"string\",\"enum\":[\"ok\",\"suspect\",\"quarantined\","            \
    "\"investigating\",\"released\",\"banned\"]}," SCORE_BASIS "," SCORE_MESSAGE
#define SCORE_REQUIRED                                                                             \
    "\"subject\",\"status\",\"score\",\"lower\",\"mean\",\"upper\",\"evidence\",\"raters\","       \
    "\"categories\",\"flags\",\"factor\",\"cap\",\"breaker\",\"quarantine\",\"basis\",\"message\""

/* Out of the node's answer about subject. NULL: not what a node writes, or no memory. */
json_t *score_of_node(const char *subject, const json_t *score);

/* Out of the board; cell NULL: the board does not show the server. quarantine is what holds, which
 * the list of withheld servers may know better than an old board. NULL: no memory. */
json_t *score_of_cell(const char *subject, const struct trust_board_cell *cell,
                      enum trust_quarantine_state quarantine, struct trust_basis basis);

/* {"kind", "age_s"}; NULL: no memory. */
json_t *score_basis(struct trust_basis basis);

/* One of the words of a NULL-terminated list, or NULL: value is none of them. */
const char *score_word(const json_t *value, const char *const *words);

extern const char *const score_statuses[];

#endif
