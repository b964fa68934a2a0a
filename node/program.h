/*
 * Finding the programs that belong to this one: beside it, as in a build tree, or in libexec.
 *
 * A program is found once and held open, so that one that is started again later is still of our
 * own version, whatever was installed over it meanwhile.
 */
#ifndef PROGRAM_H
#define PROGRAM_H

#include "trust/error.h"
#include "trust/export.h"

#define PROGRAM_PATH_SIZE 32

struct program {
    char path[PROGRAM_PATH_SIZE]; /* to execute: leads to the open file */
    int fd;                       /* closes on exec */
};

/* TRUST_NO_FOUND: neither place has it; TRUST_FAIL_SYSTEM. Close it with program_close. */
TRUST_MUST_USE enum trust_error program_open(struct program *out_program, const char *name);
void program_close(struct program *program);

#endif
