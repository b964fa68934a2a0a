/*
 * What the node is still to be told of servers' manifests. Unlike an outcome it stays true while it
 * waits, so it is kept until the node has taken it, and what is newer of the same server and client
 * takes its place.
 */
#ifndef TRUST_CLIENT_MANIFESTS_H
#define TRUST_CLIENT_MANIFESTS_H

#include <jansson.h>

#include "trust/client.h"

#include "base/limits.h"

struct trust_client_sight {
    char subject[TRUST_SUBJECT_TEXT_SIZE];
    uint8_t capabilities[TRUST_CLIENT_DIGEST_SIZE];
    uint8_t manifest[TRUST_CLIENT_DIGEST_SIZE];
    enum trust_manifest_state state;
    uint32_t tools;
};

/* Those that wait, oldest first, and the last that were told. Zeros: none. */
struct trust_client_manifests {
    uint32_t count;
    uint32_t told_count; /* since the node was found */
    struct trust_client_sight sights[TRUST_CLIENT_MANIFESTS_MAX];
    struct trust_client_sight told[TRUST_CLIENT_MANIFESTS_MAX]; /* n stands at n modulo the size */
};

/* Passes over what the node was told last of it. False: the oldest was lost for it. */
bool trust_client_manifests_add(struct trust_client_manifests *manifests,
                                const struct trust_client_sight *sight);

/* Takes the oldest; false: there is none. */
bool trust_client_manifests_take(struct trust_client_manifests *manifests,
                                 struct trust_client_sight *out_sight);

/* Gives it back, as the oldest, if there is nothing newer in its place. False: there was no room.
 */
bool trust_client_manifests_give_back(struct trust_client_manifests *manifests,
                                      const struct trust_client_sight *sight);

/* The node has it. */
void trust_client_manifests_note(struct trust_client_manifests *manifests,
                                 const struct trust_client_sight *sight);

/* The node is away: the next one may know nothing. */
void trust_client_manifests_forget(struct trust_client_manifests *manifests);

/* The body of POST /v1/pins; NULL: out of memory. */
json_t *trust_client_manifests_doc(const struct trust_client_sight *sight, const char *agent);

#endif
