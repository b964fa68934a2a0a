/* The clocks, read in this one file of the node and nowhere else. */
#ifndef CLOCK_H
#define CLOCK_H

#include "trust/time.h"

/* Wall time, and CLOCK_BOOTTIME, which goes on while the machine sleeps: a breaker that was open
 * before a night's sleep is not open after it. */
struct trust_now clock_now(void);

#endif
