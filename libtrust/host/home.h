/*
 * Where an instance keeps its files, and that there is one instance only. With --home or
 * REPUTE_HOME everything is below one directory; the system service uses /etc, /var/lib and /run;
 * a user's node the XDG base directories.
 */
#ifndef TRUST_HOST_HOME_H
#define TRUST_HOST_HOME_H

#include <stdbool.h>
#include <sys/types.h>

#include "trust/error.h"
#include "trust/export.h"

/* Room for a path: a socket's must fit into sun_path (108 bytes), so homes are short. */
#define TRUST_HOME_PATH_SIZE 192
#define TRUST_HOME_SOCKET_PATH_SIZE 108

/* What decides, so that tests need no environment. NULL: not set. */
struct trust_home_inputs {
    const char *option; /* --home */
    const char *repute_home;
    const char *xdg_config_home;
    const char *xdg_data_home;
    const char *xdg_runtime_dir;
    const char *user_home;
    bool is_system; /* runs as root or as the user repute */
};

enum trust_home_root {
    TRUST_HOME_ROOT_CONFIG,
    TRUST_HOME_ROOT_STATE,
    TRUST_HOME_ROOT_RUN,
};

struct trust_home {
    char roots[3][TRUST_HOME_PATH_SIZE]; /* by trust_home_root */
};

enum trust_home_file {
    TRUST_HOME_CONFIG,        /* reputed.yaml */
    TRUST_HOME_OPERATOR_KEY,  /* keys/operator.key: only the command line reads it */
    TRUST_HOME_OPERATOR_SEQ,  /* keys/operator.seq: the last seq signed with that key */
    TRUST_HOME_REVOCATION,    /* keys/revocation.rec */
    TRUST_HOME_DRAFTS,        /* drafts/ */
    TRUST_HOME_OPERATOR_PUB,  /* keys/operator.pub */
    TRUST_HOME_NODE_KEY,      /* node.key */
    TRUST_HOME_STORE,         /* store/ */
    TRUST_HOME_NAMES,         /* names */
    TRUST_HOME_IGNORED,       /* ignored */
    TRUST_HOME_PEERS,         /* peers */
    TRUST_HOME_PINS,          /* pins/ */
    TRUST_HOME_WITHHELD,      /* withheld */
    TRUST_HOME_AUDIT,         /* audit.log */
    TRUST_HOME_LOCK,          /* reputed.lock */
    TRUST_HOME_AGENT_SOCK,    /* agent.sock */
    TRUST_HOME_OPERATOR_SOCK, /* operator.sock */
    TRUST_HOME_BOARD,         /* board */
};

/* The environment and the user of this process. */
struct trust_home_inputs trust_home_inputs_read(const char *option);

/* TRUST_NO_SIZE: a path would not fit; TRUST_NO_OPTION: nothing says where (no HOME). */
TRUST_MUST_USE enum trust_error trust_home_find(struct trust_home *out_home,
                                                const struct trust_home_inputs *inputs);

/* The path of a file, NUL-terminated; it fits: trust_home_find checked the longest. */
void trust_home_path(char out_path[TRUST_HOME_PATH_SIZE], const struct trust_home *home,
                     enum trust_home_file file);

/* Makes the directories that are missing: keys, drafts, store and pins 0700, run 0755, the state
 * directory 0711, or 0700 where it is the configuration's too.
 * TRUST_NO_PERMISSION, TRUST_NO_FILE, TRUST_NO_ROOM, TRUST_FAIL_IO. */
TRUST_MUST_USE enum trust_error trust_home_make(const struct trust_home *home);

/*
 * Takes the instance lock, held until trust_home_unlock or the end of the process, however it ends.
 * TRUST_NO_RUNNING: another holds it; out_pid is then its pid (0: it has not written it yet).
 */
TRUST_MUST_USE enum trust_error trust_home_lock(const struct trust_home *home, int *out_lock,
                                                pid_t *out_pid);
void trust_home_unlock(int lock);

#endif
