/*
 * Tells the node how calls went, in batches, and what servers offer, from a thread of its own: the
 * caller never waits, and a node that is away, slow or gone costs the agent nothing but what the
 * queue can hold.
 *
 * Each outcome leaves at most once, so that a lost answer cannot count a failure twice. It is lost,
 * and counted, if the queue is full (the oldest goes), if it grew old while the node was away, or
 * if the node took it and did not say so. Threads: any.
 */
#ifndef TRUST_CLIENT_SENDER_H
#define TRUST_CLIENT_SENDER_H

#include "trust/client.h"

#include "client/clock.h"
#include "client/manifests.h"

struct trust_client_report {
    char subject[TRUST_SUBJECT_TEXT_SIZE];
    char tool[TRUST_CLIENT_TOOL_SIZE];   /* "": not known */
    char lease[TRUST_CLIENT_LEASE_SIZE]; /* "": none */
    struct trust_outcome outcome;
    struct trust_mono told;
};

struct trust_client_sender;

struct trust_client_sender_figures {
    uint64_t attempts; /* to reach the node */
    uint64_t told;
    uint64_t lost;
    uint32_t queued;
};

/* agent is the name that goes with each outcome. TRUST_NO_SIZE, TRUST_FAIL_*. No thread yet. */
TRUST_MUST_USE enum trust_error trust_client_sender_open(struct trust_client_sender **out_sender,
                                                         const char *socket_path, const char *agent,
                                                         struct trust_client_clock clock);

/* Queues a report; the first one starts the thread. Never waits. */
void trust_client_sender_tell(struct trust_client_sender *sender,
                              const struct trust_client_report *report);

/* Queues what a server offers. Never waits. */
void trust_client_sender_tell_manifest(struct trust_client_sender *sender,
                                       const struct trust_client_sight *sight);

/* As trust_client_flush. */
TRUST_MUST_USE enum trust_error trust_client_sender_flush(struct trust_client_sender *sender,
                                                          uint32_t wait_ms);

struct trust_client_sender_figures trust_client_sender_figures(struct trust_client_sender *sender);

/* Stops; what is still queued is forgotten. NULL does nothing. */
void trust_client_sender_close(struct trust_client_sender *sender);

#endif
