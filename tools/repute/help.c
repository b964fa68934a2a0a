/*
 * `repute help [TOPIC]`. A command's page comes from the very table that its line is parsed by, so
 * it cannot name an option that is not there.
 */
#include "repute/help.h"

#include <string.h>

#include "repute/commands.h"

struct page {
    const char *name;
    const char *about;
    const char *text;
};

static const struct page pages[] = {
    {"exit-codes", "what the exit code says",
     "0  yes, or done\n"
     "1  no: refused, not available, not found, or findings\n"
     "2  the command line is wrong, or the configuration\n"
     "3  the node is not reachable\n"
     "4  the key is locked, or no permission\n"
     "5  our side failed\n"
     "8  another one is already running\n"},
    {"files", "where an instance keeps its files",
     "--home DIR or REPUTE_HOME put everything of one instance below one directory. Without them\n"
     "root and the user repute have /etc/repute, /var/lib/repute and /run/repute, others the\n"
     "XDG directories.\n"
     "\n"
     "reputed.yaml         configuration\n"
     "keys/operator.key    the operator key, sealed; the node never reads it\n"
     "keys/operator.pub    its public half\n"
     "keys/revocation.rec  withdraws the key for good; keep a copy elsewhere\n"
     "drafts/              statements that are not published yet\n"
     "run/operator.sock    where the node answers operators\n"},
    {"ids", "how servers and keys are written",
     "mcp:io.github.acme/search@1.4.2  a name of the MCP registry, with or without a version\n"
     "pkg:npm/%40acme/search@1.4.2     a package\n"
     "https://mcp.acme.dev/mcp         the URL of a remote server\n"
     "sha256:64 hex digits             an artifact\n"
     "\n"
     "A KEY is rpt1 and 58 more characters, or a pet name (`repute name KEY PETNAME`).\n"},
};

/* ---- one command ---- */

static void say_options(const struct output *output, const struct command *command)
{
    const struct command_option *option = command->options;
    if (option == NULL || option->name == NULL)
        return;
    output_say(output, "\noptions:\n");
    for (; option->name != NULL; option++) {
        char shown[96];
        (void)snprintf(shown, sizeof shown, "--%s%s%s", option->name,
                       option->shown == NULL ? "" : " ",
                       option->shown == NULL ? "" : option->shown);
        output_say(output, "  %-28s  %s%s\n", shown, option->about,
                   option->is_required ? " (required)" : "");
    }
}

static json_t *describe(const struct command *command)
{
    json_t *options = json_array();
    const struct command_option *option = command->options;
    for (; option != NULL && option->name != NULL; option++) {
        json_t *row = json_pack("{s:s,s:s?,s:s,s:b}", "name", option->name, "value", option->shown,
                                "about", option->about, "required", option->is_required);
        if (json_array_append_new(options, row) != 0)
            break;
    }
    return json_pack("{s:s,s:s,s:s,s:o}", "command", command->name, "words", command->words,
                     "summary", command->summary, "options", options);
}

static enum trust_error show_command(struct context *context, const struct command *command)
{
    const struct output *output = &context->output;
    bool has_options = command->options != NULL && command->options->name != NULL;
    output_say(output, "%s\n\nusage: repute %s%s%s%s\n", command->summary, command->name,
               command->words[0] == '\0' ? "" : " ", command->words,
               has_options ? " [options]" : "");
    say_options(output, command);
    if (command->more != NULL)
        output_say(output, "\n%s", command->more);
    json_t *document = describe(command);
    enum trust_error error = output_json(output, document);
    json_decref(document);
    return error;
}

/* ---- lists ---- */

static enum trust_error list_commands(struct context *context, const struct line_commands *commands,
                                      const char *group)
{
    const struct output *output = &context->output;
    json_t *list = json_array();
    size_t size = group == NULL ? 0 : strlen(group);
    for (size_t i = 0; i < commands->count; i++) {
        const struct command *command = commands->commands[i];
        bool is_in = group == NULL || (strncmp(command->name, group, size) == 0 &&
                                       (command->name[size] == ' ' || command->name[size] == '\0'));
        if (!is_in)
            continue;
        char usage[80];
        (void)snprintf(usage, sizeof usage, "%s %s", command->name, command->words);
        output_say(output, "  %-38s %s\n", usage, command->summary);
        if (json_array_append_new(list,
                                  json_pack("{s:s,s:s,s:s}", "command", command->name, "words",
                                            command->words, "summary", command->summary)) != 0)
            break;
    }
    enum trust_error error = output_json(output, list);
    json_decref(list);
    return error;
}

static enum trust_error show_all(struct context *context, const struct line_commands *commands)
{
    const struct output *output = &context->output;
    output_say(output, "repute: which MCP servers do you trust, and why\n\n"
                       "usage: repute [--home DIR] [--json | --plain] COMMAND\n\n");
    enum trust_error error = list_commands(context, commands, NULL);
    output_say(output, "\n`repute help COMMAND` says more; so does `repute help` with:");
    for (size_t i = 0; i < sizeof pages / sizeof *pages; i++)
        output_say(output, "%s %s", i == 0 ? "" : ",", pages[i].name);
    output_say(output, "\n");
    return error;
}

static enum trust_error show_page(struct context *context, const struct page *page)
{
    output_say(&context->output, "%s\n\n%s", page->about, page->text);
    json_t *document =
        json_pack("{s:s,s:s,s:s}", "topic", page->name, "about", page->about, "text", page->text);
    enum trust_error error = output_json(&context->output, document);
    json_decref(document);
    return error;
}

enum trust_error help_show(struct context *context, const struct line_commands *commands,
                           const char *topic)
{
    if (topic == NULL)
        return show_all(context, commands);
    for (size_t i = 0; i < sizeof pages / sizeof *pages; i++) {
        if (strcmp(pages[i].name, topic) == 0)
            return show_page(context, &pages[i]);
    }
    const struct command *command = line_find(commands, topic);
    if (line_is_group(commands, topic) && command == NULL)
        return list_commands(context, commands, topic);
    if (command != NULL)
        return show_command(context, command);
    const char *near = line_suggest(commands, topic);
    char next[96];
    (void)snprintf(next, sizeof next,
                   near == NULL ? "`repute help` lists the commands%s"
                                : "did you mean `repute help %s`?",
                   near == NULL ? "" : near);
    return context_misuse(context, TRUST_NO_FOUND, next, "there is no help about \"%.64s\"", topic);
}

enum trust_error help_version(struct context *context)
{
    output_say(&context->output, "repute " REPUTE_VERSION "\n");
    if (context->output.form == OUTPUT_PLAIN)
        (void)fprintf(context->output.out, REPUTE_VERSION "\n");
    json_t *document = json_pack("{s:s}", "version", REPUTE_VERSION);
    enum trust_error error = output_json(&context->output, document);
    json_decref(document);
    return error;
}

static enum trust_error run(struct context *context, const struct command_arguments *arguments)
{
    char topic[64];
    if (arguments->word_count == 0)
        return help_show(context, &commands_all, NULL);
    (void)snprintf(topic, sizeof topic, "%s%s%s", arguments->words[0],
                   arguments->word_count == 2 ? " " : "",
                   arguments->word_count == 2 ? arguments->words[1] : "");
    return help_show(context, &commands_all, topic);
}

const struct command help_command = {
    .name = "help",
    .words = "[TOPIC]",
    .summary = "say what there is, or how one thing works",
    .most = 2,
    .run = run,
};
