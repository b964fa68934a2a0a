/* The configuration's file, at the start and again when it was changed (SIGHUP). */
#ifndef CONFIG_FILE_H
#define CONFIG_FILE_H

#include <stdbool.h>

#include "host/config.h"

struct core;

/*
 * Reads the file; one that is not there is all defaults if it may be missing. out_fault's text is
 * empty if it was not the contents that were refused. TRUST_NO_FOUND, TRUST_NO_FILE, TRUST_NO_SIZE,
 * TRUST_NO_PERMISSION, TRUST_FAIL_IO, TRUST_FAIL_MEMORY, and what trust_config_load refuses.
 */
TRUST_MUST_USE enum trust_error config_file_load(struct trust_config *out_config,
                                                 struct trust_yaml_fault *out_fault,
                                                 const char *path, bool may_be_missing);

/*
 * The first value that a running node cannot change: its path in the configuration; NULL: none.
 */
const char *config_file_fixed(const struct trust_config *now, const struct trust_config *next);

/* Reads the file of a running node again and follows it: peers, groups, breaker policy and the
 * policy of selections. A file that is refused, or that changes what only a start can, leaves
 * everything as it is; the log says why. */
void config_file_follow(struct core *core);

#endif
