/*
 * The eras meet here: what a message between a client and a backend of different eras needs
 * besides. Members that the other era does not know are left where they stand as long as they
 * harm nobody, since both eras read objects with members they have not heard of.
 */
#ifndef GUARD_TRANSLATE_H
#define GUARD_TRANSLATE_H

#include "guard/router/state.h"
#include "wire/splice.h"

/* The client's first request, in r->era: hello and meta are made of it. */
void translate_hear(struct router *r, const struct message *message);

/* The level of the log is another one. */
void translate_level(struct router *r);

/* Texts that a splice borrows until it is written. */
struct translate_room {
    struct text meta;
    struct text responses;
};
void translate_free(struct translate_room *room);

/* What the call's request needs for its backend, besides its id. True: its _meta was written anew,
 * the progress token in it included. */
bool translate_request(const struct router *r, struct splice *splice, struct translate_room *room,
                       const struct call *call);

/* What a notification of the client needs for that backend. */
void translate_notice(const struct router *r, struct splice *splice, struct translate_room *room,
                      uint32_t backend, const struct message *message);

/* What the result of the call needs for the client. */
void translate_result(const struct router *r, struct splice *splice, const struct call *call,
                      const struct message *message);

/* Client and backend are of different eras, and the client is of this one. */
static inline bool translate_is_between(const struct router *r, uint32_t backend, enum era client)
{
    return r->era == client && r->backends[backend].era != client;
}

#endif
