/*
 * Versions of MCP and the two eras they fall into: legacy ones begin with initialize and keep a
 * session, modern ones begin with nothing and say in each request who speaks. What differs by era
 * asks here, so that the rest of the router knows no version.
 */
#ifndef GUARD_ERA_H
#define GUARD_ERA_H

#include <stdbool.h>

#include "base/bytes.h"
#include "wire/message.h"

enum era {
    ERA_NONE, /* nobody has said */
    ERA_LEGACY,
    ERA_MODERN,
};

/* Of a JSON string with a protocolVersion; ERA_NONE: a version that we do not know. */
enum era era_of_version(struct trust_bytes version);

/* The era in which a client speaks that sends this first; ERA_NONE: it may not speak yet. */
enum era era_of_request(const struct message *message);

/*
 * The version that initialize is answered with: the lesser of what the client asked for and what
 * the server was found to speak. One that is no known legacy version counts as the latest of them.
 * A JSON string, static.
 */
struct trust_bytes era_negotiate(struct trust_bytes asked, struct trust_bytes spoken);

#endif
