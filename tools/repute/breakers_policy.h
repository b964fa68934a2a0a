/*
 * A policy file of `repute breakers replay`: one flat mapping of the policy's keys, YAML or JSON.
 * Keys that are not there keep their defaults.
 */
#ifndef REPUTE_BREAKERS_POLICY_H
#define REPUTE_BREAKERS_POLICY_H

#include "trust/policy.h"

#include "host/yaml.h"

/*
 * Reads the text of a file called name. All or nothing.
 * TRUST_NO_SYNTAX, TRUST_NO_SIZE, TRUST_NO_TYPE, TRUST_NO_OPTION (unknown key), TRUST_NO_RANGE:
 * out_fault says where and what to write instead. TRUST_FAIL_MEMORY.
 */
TRUST_MUST_USE enum trust_error breakers_policy_load(struct trust_breaker_policy *out_policy,
                                                     struct trust_yaml_fault *out_fault,
                                                     const char *name, struct trust_bytes text);

#endif
