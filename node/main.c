/*
 * reputed: the node. Options, the files of the home, then the core's loop; and the two kinds of
 * work on a store at rest, --verify and --restore.
 */
#include <getopt.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>

#include "node/start.h"

static const struct option long_options[] = {
    {"home", required_argument, NULL, 'h'},
    {"config", required_argument, NULL, 'c'},
    {"check-config", no_argument, NULL, 'k'},
    {"restore", required_argument, NULL, 'r'},
    {"verify", no_argument, NULL, 'v'},
    {"new-operator", no_argument, NULL, 'n'},
    {"version", no_argument, NULL, 'V'},
    {"help", no_argument, NULL, 'H'},
    {0},
};

static const char usage[] =
    "usage: reputed [--home DIR] [--config FILE] [--new-operator]\n"
    "       reputed [--home DIR] [--config FILE] --check-config | --verify | --restore FILE\n"
    "       reputed --version | --help\n"
    "\n"
    "  --home DIR       everything of one instance below DIR (or REPUTE_HOME)\n"
    "  --config FILE    this configuration instead of the home's reputed.yaml\n"
    "  --check-config   read the configuration, say what the node may cost, and stop\n"
    "  --verify         check every stored record, and stop\n"
    "  --restore FILE   put a backup into the place of the store, and stop\n"
    "  --new-operator   the operator was changed on purpose: keep nothing for a former one\n"
    "\n"
    "See reputed(8).\n";

int main(int argc, char **argv)
{
    /* A write that goes too far, or to nobody, is an error of that write and not our end. */
    (void)signal(SIGXFSZ, SIG_IGN);
    (void)signal(SIGPIPE, SIG_IGN);
    struct start start = {.work = START_NODE};
    int code = 0;
    opterr = 0;
    while ((code = getopt_long(argc, argv, "", long_options, NULL)) != -1) {
        switch (code) {
        case 'h':
            start.home = optarg;
            break;
        case 'c':
            start.config = optarg;
            break;
        case 'k':
            start.work = START_CHECK;
            break;
        case 'r':
            start.work = START_RESTORE;
            start.file = optarg;
            break;
        case 'v':
            start.work = START_VERIFY;
            break;
        case 'n':
            start.is_new_operator = true;
            break;
        case 'V':
            return printf("reputed %s\n", REPUTE_VERSION) < 0 ? EXIT_FAILURE : EXIT_SUCCESS;
        case 'H':
            return fputs(usage, stdout) < 0 ? EXIT_FAILURE : EXIT_SUCCESS;
        default:
            (void)fprintf(stderr, "reputed: unknown or incomplete option \"%s\"\n%s",
                          argv[optind - 1], usage);
            return START_EXIT_USAGE;
        }
    }
    if (optind < argc) {
        (void)fprintf(stderr, "reputed: unexpected \"%s\"\n%s", argv[optind], usage);
        return START_EXIT_USAGE;
    }
    if (start.is_new_operator && start.work != START_NODE) {
        (void)fprintf(stderr, "reputed: --new-operator is for a node that runs\n%s", usage);
        return START_EXIT_USAGE;
    }
    return start_run(&start);
}
