/*
 * From drafts to durable records: one unlock, seqs that are on disk before they are used,
 * signatures, the node's door, its verdicts. A draft is removed only when the node has said that
 * its record is durable, or already known, and only if it is still what was signed.
 */
#ifndef REPUTE_PUBLISHING_H
#define REPUTE_PUBLISHING_H

#include "record/sign.h"
#include "repute/context.h"
#include "repute/shelf.h"

/*
 * Publishes the drafts of a shelf in their order. out_list is an array of their documents with
 * "record" (its id), "verdict" and "kept" (whether a draft of that id is still there) beside; the
 * caller releases it. A draft that another program published or dropped meanwhile is left out; one
 * that was written anew meanwhile is kept unsigned, with TRUST_NO_CONFLICT and no record. If a
 * verdict is a refusal the context's exit code is 1. Refused before anything is unlocked: no node,
 * another operator's node (TRUST_NO_OPERATOR).
 */
TRUST_MUST_USE enum trust_error publishing_send(struct context *context, json_t **out_list,
                                                const struct shelf *shelf,
                                                const char *passphrase_file);

/* The network that the running node is in, and that this home's key is its operator's and the
 * clocks agree. Asked before a passphrase is. */
TRUST_MUST_USE enum trust_error publishing_check_node(struct context *context,
                                                      struct trust_network *out_network);

/* Gives one signed record to the node and waits for its verdict, which is the error. */
TRUST_MUST_USE enum trust_error publishing_send_record(struct context *context,
                                                       enum trust_error *out_verdict,
                                                       const struct trust_signed *record);

/* Shows what publishing_send listed, and the next step for what was refused. */
TRUST_MUST_USE enum trust_error publishing_show(struct context *context, const json_t *list);

#endif
