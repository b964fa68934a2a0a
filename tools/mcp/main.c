/* repute-mcp: an MCP server on the standard streams, for agents that ask about MCP servers. */
#include <getopt.h>
#include <signal.h>
#include <stdio.h>
#include <unistd.h>

#include "mcp/serve.h"
#include "record/sodium.h"

enum { EXIT_YES = 0, EXIT_USAGE = 2, EXIT_FAILED = 5 };

static const struct option long_options[] = {
    {"home", required_argument, NULL, 'h'},
    {"version", no_argument, NULL, 'V'},
    {"help", no_argument, NULL, 'H'},
    {0},
};

static const char usage[] =
    "usage: repute-mcp [--home DIR]\n"
    "       repute-mcp --version | --help\n"
    "\n"
    "  --home DIR  everything of one instance below DIR (or REPUTE_HOME)\n"
    "\n"
    "An MCP client starts it and speaks on its standard streams. See repute(1), `mcp serve`.\n";

static int complain(enum trust_error error)
{
    (void)fprintf(stderr, "repute-mcp: %s (%s)\n", trust_error_text(error),
                  trust_error_name(error));
    return error == TRUST_NO_OPTION || error == TRUST_NO_SIZE ? EXIT_USAGE : EXIT_FAILED;
}

static int serve(const char *home)
{
    struct view view = {0};
    enum trust_error error = trust_sodium_start();
    if (error == TRUST_OK)
        error = view_open(&view, home);
    if (error == TRUST_OK)
        error = serve_run(&view, STDIN_FILENO, STDOUT_FILENO);
    view_close(&view);
    return error == TRUST_OK ? EXIT_YES : complain(error);
}

int main(int argc, char **argv)
{
    const char *home = NULL;
    int option = 0;
    /* A write to nobody is an error of that write and not our end. */
    (void)signal(SIGPIPE, SIG_IGN);
    while ((option = getopt_long(argc, argv, "", long_options, NULL)) != -1) {
        if (option == 'h')
            home = optarg;
        else if (option == 'V')
            return printf("repute-mcp " REPUTE_VERSION "\n") < 0 ? EXIT_FAILED : EXIT_YES;
        else if (option == 'H')
            return fputs(usage, stdout) < 0 ? EXIT_FAILED : EXIT_YES;
        else
            return fputs(usage, stderr) < 0 ? EXIT_FAILED : EXIT_USAGE;
    }
    if (optind < argc)
        return fputs(usage, stderr) < 0 ? EXIT_FAILED : EXIT_USAGE;
    return serve(home);
}
