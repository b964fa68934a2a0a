/*
 * The servers that the node withheld when it last wrote its list: what no selection returns while
 * no live board is there to ask. What was once read stays in force if the file goes or breaks.
 */
#ifndef TRUST_CLIENT_WITHHELD_LIST_H
#define TRUST_CLIENT_WITHHELD_LIST_H

#include "trust/cell.h"
#include "trust/error.h"

#include "client/file_mark.h"

struct trust_client_withheld_entry {
    uint8_t digest[32]; /* of the server */
    enum trust_quarantine_state state;
    struct trust_wall until; /* 0: no end by itself */
};

struct trust_client_withheld {
    struct trust_client_withheld_entry *entries; /* by digest */
    uint32_t count;
    bool is_incomplete; /* lines, or the file, could not be read */
    struct trust_client_file_mark mark;
};

/* Reads the file at path if it has changed. Failures show in is_incomplete. */
void trust_client_withheld_refresh(struct trust_client_withheld *withheld, const char *path,
                                   struct trust_mono now);

/* OK if the server is not on the list. A line is about one manifest of its server; without a node
 * nobody knows which one is offered, so that it holds for all. */
enum trust_quarantine_state
trust_client_withheld_state(const struct trust_client_withheld *withheld, const uint8_t digest[32],
                            struct trust_wall now);

void trust_client_withheld_close(struct trust_client_withheld *withheld);

#endif
