/* The words of repute-guard's command line. */
#ifndef GUARD_OPTIONS_H
#define GUARD_OPTIONS_H

#include <stdio.h>

#include "trust/error.h"
#include "trust/export.h"

#include "base/limits.h"
#include "guard/face/face_address.h"

/* Exit codes, as of all programs of the project. */
enum options_exit {
    OPTIONS_EXIT_YES = 0,
    OPTIONS_EXIT_NO = 1,     /* no such group */
    OPTIONS_EXIT_USAGE = 2,  /* the command line, or the configuration, is wrong */
    OPTIONS_EXIT_LOCKED = 4, /* no permission */
    OPTIONS_EXIT_FAILED = 5,
    OPTIONS_EXIT_RUNNING = 8, /* somebody else listens at that address */
};

enum options_work {
    OPTIONS_SERVE,
    OPTIONS_HELP,
    OPTIONS_VERSION,
};

struct options {
    enum options_work work;
    const char *group; /* of OPTIONS_SERVE: never NULL */
    const char *home;  /* NULL: not given */
    bool is_http;      /* clients come by HTTP, to this address */
    struct face_address address;
    const char *origins[TRUST_GUARD_ORIGINS_MAX]; /* whose pages may, too */
    uint32_t origin_count;
};

/* Texts are borrowed from words. TRUST_NO_OPTION: err says what is wrong and how it is used. */
TRUST_MUST_USE enum trust_error options_read(struct options *out_options, int count, char **words,
                                             FILE *err);

/* How it is used. */
extern const char options_usage[];

#endif
