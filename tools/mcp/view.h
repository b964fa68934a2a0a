/*
 * What this host knows of servers, for the tools: the node over agent.sock, where an agent may read
 * and tell but order nothing; without a node its last board, the list of withheld servers, and this
 * process's own breakers. Every document says which of them it rests on.
 */
#ifndef MCP_VIEW_H
#define MCP_VIEW_H

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

#include "trust/client.h"

#include "host/home.h"

struct trust_requester;

struct view {
    struct trust_home home;
    struct trust_client *client;
    struct trust_requester *requester;
};

/* home: NULL as of trust_client_open, whose errors it has. No node is no error. To be closed in any
 * case. */
TRUST_MUST_USE enum trust_error view_open(struct view *view, const char *home);
void view_close(struct view *view);

/* Subjects here are canonical, and at most TRUST_BATCH_SUBJECTS_MAX. Documents are the caller's;
 * NULL: no memory. */

/* A score document (score_doc.h) for each, in order. */
json_t *view_scores(struct view *view, char (*subjects)[TRUST_SUBJECT_TEXT_SIZE], size_t count);

/* A score document with its explanation (explain_doc.h). */
json_t *view_explanation(struct view *view, char subject[TRUST_SUBJECT_TEXT_SIZE]);

/* The servers of the configuration: an array of subjects, each once. out_is_whole, unless NULL:
 * they are all; false: neither the configuration nor the node could be asked. */
json_t *view_configured(struct view *view, bool *out_is_whole);

/* [{"subject", "state"}] of those of the configuration that are withheld, and whether it is all. */
json_t *view_withheld(struct view *view, struct trust_basis *out_basis, bool *out_is_whole);

/* What holds of one server without asking the node. */
enum trust_quarantine_state view_quarantine(struct view *view, const char *subject,
                                            struct trust_basis *out_basis);

/* A number that changes when the score document does in more than its third decimal, at the cost of
 * a look at the board. False: the board does not show the server. */
bool view_mark(struct view *view, const char *subject, uint64_t *out_mark);

#endif
