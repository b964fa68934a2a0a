/* See options.h. */
#include "guard/options.h"

#include <getopt.h>

const char options_usage[] =
    "usage: repute-guard --group NAME [--home DIR] [--http ADDR:PORT [--origin URL]...]\n"
    "       repute-guard --version | --help\n"
    "\n"
    "An MCP server on its standard streams that stands for a whole group of servers.\n"
    "\n"
    "  --group NAME       a group of the configuration\n"
    "  --home DIR         everything of one instance below DIR (or REPUTE_HOME)\n"
    "  --http ADDR:PORT   Streamable HTTP instead, on a loopback address; port 0: any\n"
    "  --origin URL       pages of this origin may use it, too; otherwise no page may\n"
    "\n"
    "See repute-guard(1).\n";

static const struct option long_options[] = {
    {"group", required_argument, NULL, 'g'},
    {"home", required_argument, NULL, 'h'},
    {"http", required_argument, NULL, 'a'},
    {"origin", required_argument, NULL, 'o'},
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

static enum trust_error take_address(struct options *options, const char *word, FILE *err)
{
    enum trust_error error = face_address_read(&options->address, word);
    options->is_http = true;
    if (error == TRUST_NO_PERMISSION)
        return refuse(err,
                      "clients are let in without a password, so --http takes an address of the "
                      "loopback alone, 127.0.0.1 or [::1], not",
                      word);
    if (error == TRUST_NO_RANGE)
        return refuse(err, "--http wants a port from 0 to 65535 behind the last colon, not", word);
    if (error != TRUST_OK)
        return refuse(err, "--http wants an address and a port, like 127.0.0.1:8080, not", word);
    return TRUST_OK;
}

static enum trust_error take_origin(struct options *options, const char *word, FILE *err)
{
    if (!face_address_is_origin(word))
        return refuse(err, "--origin wants one like http://localhost:6274, not", word);
    if (options->origin_count == TRUST_GUARD_ORIGINS_MAX)
        return refuse(err, "too many origins, from", word);
    options->origins[options->origin_count++] = word;
    return TRUST_OK;
}

static enum trust_error judge(const struct options *options, FILE *err)
{
    if (options->work != OPTIONS_SERVE)
        return TRUST_OK;
    if (options->group == NULL || options->group[0] == '\0')
        return refuse(err, "say which group: --group NAME", "");
    if (options->origin_count > 0 && !options->is_http)
        return refuse(err, "--origin is for --http", "");
    return TRUST_OK;
}

enum trust_error options_read(struct options *out_options, int count, char **words, FILE *err)
{
    struct options options = {.work = OPTIONS_SERVE};
    enum trust_error error = TRUST_OK;
    int code = 0;
    opterr = 0;
    optind = 0; /* anew, for whoever reads a second time */
    while (error == TRUST_OK && (code = getopt_long(count, words, "", long_options, NULL)) != -1) {
        switch (code) {
        case 'g':
            options.group = optarg;
            break;
        case 'h':
            options.home = optarg;
            break;
        case 'a':
            error = take_address(&options, optarg, err);
            break;
        case 'o':
            error = take_origin(&options, optarg, err);
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
    if (error == TRUST_OK && optind < count)
        error = refuse(err, "unexpected", words[optind]);
    if (error == TRUST_OK)
        error = judge(&options, err);
    if (error == TRUST_OK)
        *out_options = options;
    return error;
}
