/*
 * Which server a command line or a URL of a client's configuration starts: its subject.
 *
 * A wrong subject is worse than none, since it would show another server's score. So every launcher
 * has a table of the options it is known to take; whatever is not understood gives a gap, which
 * says why there is no subject and what to do. Pure: nothing is started, opened or resolved.
 *
 * Command lines and URLs may hold secrets. Only the package, image or URL path that names the
 * server leaves this module; query, fragment and user part of a URL never do.
 */
#ifndef REPUTE_LAUNCH_H
#define REPUTE_LAUNCH_H

#include <stdbool.h>
#include <stddef.h>

#include "trust/subject.h"

#include "base/limits.h"

/* Why there is no subject. */
enum launch_gap {
    LAUNCH_GAP_NONE,      /* there is one */
    LAUNCH_GAP_GUARDED,   /* behind `repute guard`, which chooses among the servers of a group */
    LAUNCH_GAP_OWN,       /* `repute` itself */
    LAUNCH_GAP_EMPTY,     /* neither a command nor a URL */
    LAUNCH_GAP_ENTRY,     /* its members have other types: for readers of configurations */
    LAUNCH_GAP_FILE,      /* a file or project of this host */
    LAUNCH_GAP_MODULE,    /* a Python module */
    LAUNCH_GAP_PROGRAM,   /* some program */
    LAUNCH_GAP_CONTAINER, /* a container or gateway that was set up elsewhere */
    LAUNCH_GAP_IMAGE,     /* an image without a publisher */
    LAUNCH_GAP_SHELL,     /* code in the command line */
    LAUNCH_GAP_OPTION,    /* an option that is not known */
    LAUNCH_GAP_REGISTRY,  /* packages of another registry than the public one */
    LAUNCH_GAP_SOURCE,    /* a place that no subject can name */
    LAUNCH_GAP_VARIABLE,  /* a variable of the client stands in the name */
    LAUNCH_GAP_BRIDGE,    /* a bridge to a server that the words do not name */
    LAUNCH_GAP_SECRET,    /* the URL's path holds what looks like a secret */
    LAUNCH_GAP_HTTP,      /* http to another host */
    LAUNCH_GAP_NAME,      /* no canonical form */
    LAUNCH_GAP_MANY,      /* several packages, any of which may be the server */
    LAUNCH_GAP_SIZE,      /* too many words */
};

/* An entry of a configuration; texts are borrowed. */
struct launch_line {
    const char *command; /* NULL: none */
    const char *const *args;
    size_t arg_count;
    const char *url;         /* NULL: none; only asked for without a command */
    bool has_other_registry; /* its environment names package registries */
};

struct launch {
    enum launch_gap gap;
    bool is_pinned;  /* exactly these bytes, or this version of a registry that keeps versions */
    const char *via; /* the bridge between client and server, "mcp-remote"; static; NULL: none */
    char subject[TRUST_SUBJECT_TEXT_SIZE];     /* "": none, see gap */
    char group[TRUST_GROUP_NAME_SIZE_MAX + 1]; /* of `repute guard` */
};

void launch_derive(struct launch *out_launch, const struct launch_line *line);

/* True for an environment variable that names another registry of packages; any case. */
bool launch_is_registry_variable(const char *name, size_t size);

/* The word of documents, "other_registry"; NULL for LAUNCH_GAP_NONE. Static. */
const char *launch_gap_name(enum launch_gap gap);

/* Why, and what to do: sentences without a full stop. Static; "" for LAUNCH_GAP_NONE. */
const char *launch_gap_text(enum launch_gap gap);
const char *launch_gap_next(enum launch_gap gap);

#endif
