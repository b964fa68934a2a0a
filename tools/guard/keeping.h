/*
 * What a guard keeps of its group from one run to the next: the pins, in their file below the
 * state directory, and whose signature an acceptance of them needs.
 */
#ifndef GUARD_KEEPING_H
#define GUARD_KEEPING_H

#include <stdbool.h>

#include "trust/key.h"

#include "guard/offer/pins.h"
#include "host/config.h"
#include "host/home.h"

struct keeping {
    struct pins *pins;
    bool has_operator;
    struct trust_key operator_key;
};

/*
 * The operator is the configuration's, else that of keys/operator.pub, else nobody. The pins'
 * folder is made if it is not there; where it cannot be made, pins are kept in memory, as
 * pins_judge says. out_fault tells, on failure, what is wrong with which file. Errors of
 * trust_file_read but TRUST_NO_FOUND, TRUST_NO_KEY, and those of pins_open.
 */
TRUST_MUST_USE enum trust_error keeping_open(struct keeping *out_keeping,
                                             struct pins_fault *out_fault,
                                             const struct trust_home *home,
                                             const struct trust_config *config, const char *group);
void keeping_close(struct keeping *keeping);

#endif
