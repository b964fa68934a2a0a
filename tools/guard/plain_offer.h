/*
 * An offer without pins: the tools that the first learned server of the group offers, and every
 * other server that has a tool of the same name covers it.
 */
#ifndef GUARD_PLAIN_OFFER_H
#define GUARD_PLAIN_OFFER_H

#include "guard/offer.h"
#include "guard/router.h"

#define PLAIN_OFFER_TOOLS_MAX 1024

struct plain_tool {
    char *name;
    struct trust_bytes definition; /* of the plain_offer_server's memory */
    struct offer_hints hints;
};

struct plain_server {
    uint8_t *greeting; /* the result of initialize; NULL: not learned */
    size_t greeting_size;
    struct plain_tool *tools;
    uint32_t tool_count;
    bool is_whole; /* all of it was learned */
};

struct plain_offer {
    struct plain_server servers[ROUTER_BACKENDS_MAX];
    uint8_t *list; /* the array of tools, made anew for each question */
    uint64_t revision;
};

extern const struct offer_calls plain_offer_calls;

/* All of it was learned: it serves from here on. context: the offer. */
void plain_offer_judge(void *context, uint32_t backend);

void plain_offer_close(struct plain_offer *offer);

#endif
