/* The breaker section of the configuration: a trust_breaker_policy. */
#ifndef TRUST_HOST_BREAKER_SECTION_H
#define TRUST_HOST_BREAKER_SECTION_H

#include "trust/policy.h"

#include "host/fields.h"

/* out_field is a struct trust_breaker_policy. */
trust_field_load trust_breaker_section_load;

#endif
