/*
 * Where an instance keeps its files, and that there is one instance only. With --home or
 * REPUTE_HOME everything is below one directory; the system service uses /etc, /var/lib and /run;
 * a user's node the XDG base directories.
 */
#ifndef HOME_H
#define HOME_H

#include <stdbool.h>
#include <sys/types.h>

#include "trust/error.h"
#include "trust/export.h"

/* Room for a path: a socket's must fit into sun_path (108 bytes), so homes are short. */
#define HOME_PATH_SIZE 192
#define HOME_SOCKET_PATH_SIZE 108

/* What decides, so that tests need no environment. NULL: not set. */
struct home_inputs {
    const char *option; /* --home */
    const char *repute_home;
    const char *xdg_config_home;
    const char *xdg_data_home;
    const char *xdg_runtime_dir;
    const char *user_home;
    bool is_system; /* runs as root or as the user repute */
};

enum home_root {
    HOME_ROOT_CONFIG,
    HOME_ROOT_STATE,
    HOME_ROOT_RUN,
};

struct home {
    char roots[3][HOME_PATH_SIZE]; /* by home_root */
};

enum home_file {
    HOME_CONFIG,        /* reputed.yaml */
    HOME_OPERATOR_PUB,  /* keys/operator.pub */
    HOME_NODE_KEY,      /* node.key */
    HOME_STORE,         /* store/ */
    HOME_NAMES,         /* names */
    HOME_PINS,          /* pins/ */
    HOME_WITHHELD,      /* withheld */
    HOME_AUDIT,         /* audit.log */
    HOME_LOCK,          /* reputed.lock */
    HOME_AGENT_SOCK,    /* agent.sock */
    HOME_OPERATOR_SOCK, /* operator.sock */
    HOME_BOARD,         /* board */
};

/* The environment and the user of this process. */
struct home_inputs home_inputs_read(const char *option);

/* TRUST_NO_SIZE: a path would not fit; TRUST_NO_OPTION: nothing says where (no HOME). */
TRUST_MUST_USE enum trust_error home_find(struct home *out_home, const struct home_inputs *inputs);

/* The path of a file, NUL-terminated; it fits: home_find checked the longest. */
void home_path(char out_path[HOME_PATH_SIZE], const struct home *home, enum home_file file);

/* Makes the directories that are missing: state, keys, store and pins 0700, run 0755.
 * TRUST_NO_PERMISSION, TRUST_NO_FILE, TRUST_NO_ROOM, TRUST_FAIL_IO. */
TRUST_MUST_USE enum trust_error home_make(const struct home *home);

/*
 * Takes the instance lock, held until home_unlock or the end of the process, however it ends.
 * TRUST_NO_RUNNING: another holds it; out_pid is then its pid (0: it has not written it yet).
 */
TRUST_MUST_USE enum trust_error home_lock(const struct home *home, int *out_lock, pid_t *out_pid);
void home_unlock(int lock);

#endif
