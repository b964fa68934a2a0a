/* `repute guard`: becomes repute-guard. */
#include "repute/commands.h"
#include "repute/program.h"

enum { GROUP, HTTP, ORIGIN };

static const struct command_option options[] = {
    [GROUP] = {.name = "group",
               .kind = COMMAND_TEXT,
               .shown = "G",
               .about = "a group of the configuration",
               .most = 64,
               .is_required = true},
    [HTTP] = {.name = "http",
              .kind = COMMAND_TEXT,
              .shown = "ADDR:PORT",
              .about = "Streamable HTTP on this loopback address, not standard streams",
              .most = 64},
    [ORIGIN] = {.name = "origin",
                .kind = COMMAND_TEXT,
                .shown = "URL",
                .about = "pages of this origin may use it, too; for --http"},
    [ORIGIN + 1] = {0},
};

static enum trust_error run(struct context *context, const struct command_arguments *arguments)
{
    const char *words[2 * (ORIGIN + 1) + 1] = {"--group", arguments->values[GROUP].text};
    size_t count = 2;
    for (size_t i = HTTP; i <= ORIGIN; i++) {
        if (!arguments->values[i].is_given)
            continue;
        words[count++] = i == HTTP ? "--http" : "--origin";
        words[count++] = arguments->values[i].text;
    }
    return program_become(context, "repute-guard", "guard", words);
}

const struct command guard_command = {
    .name = "guard",
    .words = "",
    .summary = "one MCP server that stands for a group of them; needs no node",
    .more = "An agent's configuration names this as the command of the server.\n",
    .options = options,
    .run = run,
};
