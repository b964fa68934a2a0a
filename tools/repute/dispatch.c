/* See dispatch.h. */
#include "repute/dispatch.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "record/sodium.h"
#include "repute/context.h"
#include "repute/help.h"

/* What `repute` alone does: the status screen. */
#define BARE_COMMAND "status"

static struct output make_output(const struct dispatch *dispatch, const struct line *line)
{
    const char *no_color = getenv("NO_COLOR");
    bool wants_text = !line->wants_json && !line->wants_plain;
    bool may_colour = wants_text && (no_color == NULL || no_color[0] == '\0');
    return (struct output){
        .form = line->wants_json    ? OUTPUT_JSON
                : line->wants_plain ? OUTPUT_PLAIN
                                    : OUTPUT_TEXT,
        .out = dispatch->out,
        .err = dispatch->err,
        .is_coloured = may_colour && isatty(fileno(dispatch->out)) == 1,
        .shows_progress = wants_text && isatty(fileno(dispatch->err)) == 1,
    };
}

static enum trust_error find_home(struct context *context, const struct line *line)
{
    const struct trust_home_inputs inputs = trust_home_inputs_read(line->home);
    context->is_home_given = inputs.option != NULL || inputs.repute_home != NULL;
    enum trust_error error = trust_home_find(&context->home, &inputs);
    if (error == TRUST_NO_SIZE)
        return context_misuse(context, error, "choose a directory with a shorter path",
                              "the home's path is too long for the names of its sockets");
    if (error != TRUST_OK)
        return context_misuse(context, error, "give --home DIR, or set REPUTE_HOME",
                              "nothing says where this instance keeps its files");
    return TRUST_OK;
}

static enum trust_error run_command(struct context *context, const struct line *line,
                                    const struct line_commands *commands)
{
    const struct command *command = line->command;
    if (line->wants_version)
        return help_version(context);
    if (line->wants_help)
        return help_show(context, commands,
                         command != NULL                   ? command->name
                         : line->arguments.word_count == 0 ? NULL
                                                           : line->words[0]);
    if (command == NULL)
        command = line_find(commands, BARE_COMMAND);
    if (command == NULL)
        return help_show(context, commands, NULL);
    enum trust_error error = trust_sodium_start();
    if (error == TRUST_OK)
        error = find_home(context, line);
    return error == TRUST_OK ? command->run(context, &line->arguments) : error;
}

/* Every failure has a next step: one that was not noted follows from what went wrong. */
static void complete(struct failure *failure, const struct line *line)
{
    if (failure->next[0] != '\0')
        return;
    if (failure->exit != FAILURE_EXIT_USAGE)
        (void)snprintf(failure->next, sizeof failure->next, "%s", failure_next_of(failure->error));
    else if (line->command == NULL)
        (void)snprintf(failure->next, sizeof failure->next, "`repute help` lists the commands");
    else
        (void)snprintf(failure->next, sizeof failure->next, "`repute help %s` shows its words",
                       line->command->name);
}

static void print_failure(const struct output *output, const struct failure *failure)
{
    if (output->form == OUTPUT_JSON) {
        json_t *document = json_pack("{s:{s:s,s:s,s:s}}", "error", "code", failure->code, "message",
                                     failure->message, "next", failure->next);
        if (output_json(output, document) != TRUST_OK)
            (void)fprintf(output->err, "repute: %s\n", failure->message);
        json_decref(document);
        return;
    }
    /* The code ends the sentence; below it may stand a line of a file, and a caret. */
    int sentence = (int)strcspn(failure->message, "\n");
    (void)fprintf(output->err, "repute: %.*s (%s)%s\n", sentence, failure->message, failure->code,
                  failure->message + sentence);
    (void)fprintf(output->err, "  next: %s\n", failure->next);
}

static int finish(struct context *context, const struct line *line, enum trust_error error)
{
    const struct output *output = &context->output;
    if (error == TRUST_OK && !output_is_whole(output))
        error = TRUST_FAIL_IO;
    if (error == TRUST_OK)
        return (int)context->exit_code;
    (void)context_refuse(context, error, NULL, "%s", trust_error_text(error));
    complete(&context->failure, line);
    print_failure(output, &context->failure);
    return (int)context->failure.exit;
}

int dispatch_run(const struct dispatch *dispatch, int argc, const char *const *argv)
{
    struct context context = {0};
    struct line line;
    enum trust_error error = line_parse(&line, &context.failure, dispatch->commands, argc, argv);
    context.output = make_output(dispatch, &line);
    if (error == TRUST_OK)
        error = run_command(&context, &line, dispatch->commands);
    int code = finish(&context, &line, error);
    context_close(&context);
    line_close(&line);
    return code;
}
