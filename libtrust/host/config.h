/*
 * The configuration of a node and of the guards on its host: reputed.yaml as one checked value.
 *
 * Loading is all or nothing. Every default stands in a table of config.c and in the manual page;
 * what was loaded, and from which line, is kept for `repute config show --effective`.
 */
#ifndef TRUST_HOST_CONFIG_H
#define TRUST_HOST_CONFIG_H

#include "trust/policy.h"

#include "host/group.h"
#include "host/items.h"

#define TRUST_CONFIG_PEERS_MAX 64

enum trust_relay {
    TRUST_RELAY_PEERS, /* also carry the authors that configured peers ask for */
    TRUST_RELAY_NONE,  /* only those this operator gives weight to */
};

struct trust_config_peer {
    struct trust_field_key key;
    const char *endpoint; /* tcp://host:port; NULL: it dials us */
    const char *name;     /* shown to people; NULL: none */
};

struct trust_config_peers {
    const struct trust_config_peer *peers;
    size_t count;
};

struct trust_config_link {
    const char *listen; /* tcp://address:port; NULL: do not listen */
    bool newcomers;
    bool newcomers_set; /* a listen beyond loopback needs it written out */
    uint32_t relay;     /* enum trust_relay */
    struct trust_config_peers peers;
};

struct trust_config_policy {
    double min_score;
    uint32_t pin;           /* enum trust_group_pin */
    uint32_t when_all_open; /* enum trust_when_all_open */
    uint32_t risk;          /* enum trust_risk */
};

struct trust_config_quarantine {
    struct trust_text_list enforce;   /* names of hooks: "nft", "exec:..." */
    struct trust_text_list never;     /* address prefixes never cut off */
    struct trust_text_list essential; /* groups whose last provider stays */
};

struct trust_config {
    struct trust_field_key operator_key;
    const char *network;
    struct trust_config_link link;
    uint64_t store_limit; /* bytes of records */
    struct trust_config_policy policy;
    struct trust_breaker_policy breaker;
    struct trust_groups groups;
    struct trust_config_quarantine quarantine;

    const struct trust_config_entry *entries; /* every value, in the order of the tables */
    struct trust_strings strings;             /* owns all of the above */
};

/*
 * Reads the text of a file called name (both may be empty: all defaults). text may go after the
 * call. On a refusal out_fault says where, what and what to write instead, and nothing is kept.
 * TRUST_NO_SYNTAX, _OPTION, _TYPE, _RANGE, _KEY, _SUBJECT, _SIZE, _CONFLICT; TRUST_FAIL_MEMORY.
 */
TRUST_MUST_USE enum trust_error trust_config_load(struct trust_config *out_config,
                                                  struct trust_yaml_fault *out_fault,
                                                  const char *name, struct trust_bytes text);
void trust_config_close(struct trust_config *config);

/* NULL if no group has this name. */
const struct trust_group *trust_config_group(const struct trust_config *config, const char *name);

#endif
