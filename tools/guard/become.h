/* repute-guard becomes the program beside it that has what this one is without. */
#ifndef GUARD_BECOME_H
#define GUARD_BECOME_H

#include "trust/error.h"
#include "trust/export.h"

#define BECOME_PATH_SIZE 4096

/*
 * Executes name, of the folder of this very program, with the same words, and returns only if that
 * fails: TRUST_NO_FOUND, TRUST_NO_PERMISSION, TRUST_FAIL_SYSTEM. out_path is then written: what was
 * to be executed.
 */
TRUST_MUST_USE enum trust_error become(char out_path[BECOME_PATH_SIZE], const char *name,
                                       char **words);

#endif
