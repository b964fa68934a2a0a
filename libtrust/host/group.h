/* A group of interchangeable servers of one function: a primary and its fallbacks. */
#ifndef TRUST_HOST_GROUP_H
#define TRUST_HOST_GROUP_H

#include "host/items.h"

#define TRUST_GROUPS_MAX 256
#define TRUST_GROUP_FALLBACKS_MAX 15
#define TRUST_GROUP_PAIRS_MAX 64
#define TRUST_GROUP_MAPS_MAX 128

enum trust_group_pin { TRUST_GROUP_PIN_FIRST_USE, TRUST_GROUP_PIN_CONFIRM };

/* Their words in the configuration, NULL-terminated, in the order of the enums. */
extern const char *const trust_group_risks[];
extern const char *const trust_group_pins[];
extern const char *const trust_group_all_opens[];

/* name: value, as env, headers and argument maps have it. */
struct trust_group_pair {
    const char *name;
    const char *value;
};

struct trust_group_pairs {
    const struct trust_group_pair *pairs;
    size_t count;
};

/* How a tool of the primary is called on this server. */
struct trust_group_map {
    const char *tool;   /* the primary's name for it */
    const char *target; /* this server's name for it */
    /* primary's argument: this server's argument, or "-": left out; this server's argument:
     * "=JSON", which it always has. The guard reads them. */
    struct trust_group_pairs args;
};

struct trust_group_maps {
    const struct trust_group_map *maps;
    size_t count;
};

struct trust_group_server {
    const char *subject;
    /* A stdio child... */
    const char *command;
    struct trust_text_list args;
    struct trust_group_pairs env;
    const char *cwd;
    /* ... or a Streamable HTTP URL. */
    const char *url;
    struct trust_group_pairs headers;
    bool trust_hints;
    struct trust_group_maps maps;
};

struct trust_group_servers {
    const struct trust_group_server *servers;
    size_t count;
};

struct trust_group {
    const char *name; /* [a-z0-9_-]{1,64} */
    struct trust_group_server primary;
    struct trust_group_servers fallbacks; /* in the order of preference */
    uint32_t strategy;                    /* enum trust_strategy */
    uint32_t risk;                        /* enum trust_risk */
    uint32_t pin;                         /* enum trust_group_pin */
    uint32_t when_all_open;               /* enum trust_when_all_open */
    double min_score;
    double believe_hints;
    bool vetted_only;
    bool shared_state;
    bool auth_elsewhere;
    bool essential;
    uint64_t call_timeout_ms;
    uint64_t connect_timeout_ms;
    uint64_t idle_timeout_ms; /* 0: never */
};

struct trust_groups {
    const struct trust_group *groups;
    size_t count;
};

/* Names and values of at most TRUST_GROUP_PAIRS_MAX members. */
trust_field_load trust_group_pairs_load; /* out_field is a struct trust_group_pairs */
trust_field_load trust_groups_load;      /* out_field is a struct trust_groups */

#endif
