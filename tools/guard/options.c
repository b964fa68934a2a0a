/* See options.h. */
#include "guard/options.h"

#include <getopt.h>

const char options_usage[] =
    "usage: repute-guard --group NAME [--home DIR]\n"
    "       repute-guard --version | --help\n"
    "\n"
    "An MCP server on its standard streams that stands for a whole group of servers.\n"
    "\n"
    "  --group NAME   a group of the configuration\n"
    "  --home DIR     everything of one instance below DIR (or REPUTE_HOME)\n"
    "\n"
    "See repute-guard(1).\n";

static const struct option long_options[] = {
    {"group", required_argument, NULL, 'g'},
    {"home", required_argument, NULL, 'h'},
    {"version", no_argument, NULL, 'V'},
    {"help", no_argument, NULL, 'H'},
    {0},
};

static enum trust_error refuse(FILE *err, const char *what, const char *word)
{
    (void)fprintf(err, "repute-guard: %s%s%s%s\n%s", what, word[0] == '\0' ? "" : " \"", word,
                  word[0] == '\0' ? "" : "\"", options_usage);
    return TRUST_NO_OPTION;
}

enum trust_error options_read(struct options *out_options, int count, char **words, FILE *err)
{
    struct options options = {.work = OPTIONS_SERVE};
    int code = 0;
    opterr = 0;
    optind = 0; /* anew, for whoever reads a second time */
    while ((code = getopt_long(count, words, "", long_options, NULL)) != -1) {
        switch (code) {
        case 'g':
            options.group = optarg;
            break;
        case 'h':
            options.home = optarg;
            break;
        case 'V':
            options.work = OPTIONS_VERSION;
            break;
        case 'H':
            options.work = OPTIONS_HELP;
            break;
        default:
            return refuse(err, "unknown or incomplete option", words[optind - 1]);
        }
    }
    if (optind < count)
        return refuse(err, "unexpected", words[optind]);
    if (options.work == OPTIONS_SERVE && (options.group == NULL || options.group[0] == '\0'))
        return refuse(err, "say which group: --group NAME", "");
    *out_options = options;
    return TRUST_OK;
}
