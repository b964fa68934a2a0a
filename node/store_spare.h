/*
 * A stretch of disk that is held while there is room and let go when there is none: erasing in LMDB
 * writes pages before it frees any, so on a disk that is full to the last block nothing could be
 * erased.
 */
#ifndef STORE_SPARE_H
#define STORE_SPARE_H

#include <stdbool.h>

struct store_spare {
    int fd; /* -1: the file could not be made; the store goes without */
    bool is_held;
};

/* Opens the file "spare" in the store's directory and holds what it can get. */
struct store_spare store_spare_open(const char *directory);
void store_spare_close(struct store_spare *spare);

/* Takes the room again, if there is any; nothing happens while it is held. */
void store_spare_hold(struct store_spare *spare);

/* Gives the room to whoever is quicker: the caller, who erases now. */
void store_spare_let_go(struct store_spare *spare);

#endif
