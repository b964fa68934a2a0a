/* See backend_command.h. */
#include "guard/backend/backend_command.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/assert.h"
#include "guard/backend/backend_stdio.h"

/* Of what it wrote to its standard error. */
#define SAID_SIZE 512
#define NOTE_SIZE (SAID_SIZE + 256)

struct command {
    struct backend_stdio stdio;
    struct child_pair *variables;
    char note[NOTE_SIZE];
};

static_assert(BACKEND_STDIO_WATCHED <= BACKEND_WATCHED, "there is room for its descriptors");

static bool make_variables(struct command *command, const struct trust_group_pairs *env)
{
    command->variables = calloc(env->count + 1, sizeof *command->variables);
    if (command->variables == NULL)
        return false;
    for (size_t i = 0; i < env->count; i++)
        command->variables[i] =
            (struct child_pair){.name = env->pairs[i].name, .value = env->pairs[i].value};
    return true;
}

static enum trust_error open_it(void **out_self, char out_why[BACKEND_WHY_SIZE],
                                const struct backend_config *config)
{
    (void)out_why;
    const struct trust_group_server *server = config->server;
    struct command *command = malloc(sizeof *command);
    if (command == NULL || !make_variables(command, &server->env)) {
        free(command);
        return TRUST_FAIL_MEMORY;
    }
    const struct child_command child = {
        .launcher = config->launcher,
        .program = server->command,
        .arguments = server->args.texts,
        .argument_count = server->args.count,
        .variables = command->variables,
        .variable_count = server->env.count,
        .folder = server->cwd,
    };
    backend_stdio_init(&command->stdio, &child);
    *out_self = command;
    return TRUST_OK;
}

static void close_it(void *self)
{
    struct command *command = self;
    backend_stdio_close(&command->stdio);
    free(command->variables);
    free(command);
}

static void start(void *self)
{
    struct command *command = self;
    backend_stdio_start(&command->stdio);
}

static void stop(void *self, struct trust_mono now)
{
    struct command *command = self;
    backend_stdio_stop(&command->stdio, now);
}

static void hurry(void *self)
{
    struct command *command = self;
    backend_stdio_hurry(&command->stdio);
}

static enum trust_error give(void *self, struct trust_bytes line, uint64_t number,
                             struct trust_mono now)
{
    struct command *command = self;
    (void)now;
    return backend_stdio_send(&command->stdio, line, number);
}

static void watch(const void *self, struct pollfd *out_items, bool may_read)
{
    const struct command *command = self;
    backend_stdio_watch(&command->stdio, out_items, may_read);
}

static void heard(void *self, const struct pollfd *items, struct trust_mono now)
{
    struct command *command = self;
    (void)now;
    backend_stdio_heard(&command->stdio, items);
}

/* One line of it: what is no printable ASCII becomes a blank. */
static void clean(char *text)
{
    for (; *text != '\0'; text++) {
        if (*text < ' ' || *text > '~')
            *text = ' ';
    }
}

static void describe_end(char *out_text, size_t room, const struct backend_stdio_event *event)
{
    if (event->failure != TRUST_OK)
        (void)snprintf(out_text, room, "cannot be started: %s", trust_error_text(event->failure));
    else if (event->end.signal != 0)
        (void)snprintf(out_text, room, "was ended by signal %d", event->end.signal);
    else
        (void)snprintf(out_text, room, "exited with code %d", event->end.code);
}

/* How it ended, and the last that it wrote to its standard error. */
static const char *describe(struct command *command, const struct backend_stdio_event *event)
{
    char end[128];
    char said[SAID_SIZE + 1];
    describe_end(end, sizeof end, event);
    size_t size = child_said(&command->stdio.child, (uint8_t *)said, SAID_SIZE);
    said[size] = '\0';
    clean(said);
    (void)snprintf(command->note, sizeof command->note, "%s; it is tried again in %llu ms%s%s", end,
                   (unsigned long long)event->loss.retry_ms, size > 0 ? "; it said: " : "", said);
    return command->note;
}

static bool next(void *self, struct backend_event *out_event, struct trust_mono now)
{
    struct command *command = self;
    struct backend_stdio_event event;
    if (!backend_stdio_next(&command->stdio, &event, now))
        return false;
    *out_event = (struct backend_event){.line = event.line, .loss = event.loss};
    switch (event.kind) {
    case BACKEND_STDIO_UP:
        out_event->kind = BACKEND_UP;
        break;
    case BACKEND_STDIO_LINE:
        out_event->kind = BACKEND_LINE;
        break;
    case BACKEND_STDIO_GARBAGE:
        out_event->kind = BACKEND_GARBAGE;
        break;
    case BACKEND_STDIO_DOWN:
        out_event->kind = BACKEND_DOWN;
        if (event.failure != TRUST_OK)
            out_event->note = describe(command, &event);
        break;
    case BACKEND_STDIO_ENDED:
        out_event->kind = BACKEND_ENDED;
        out_event->note = describe(command, &event);
        break;
    }
    return true;
}

static struct trust_mono deadline(const void *self)
{
    const struct command *command = self;
    return backend_stdio_deadline(&command->stdio);
}

static uint64_t rest_ms(const void *self, struct trust_mono now)
{
    const struct command *command = self;
    return command->stdio.is_up ? 0 : backoff_left_ms(&command->stdio.backoff, now);
}

static bool is_gone(const void *self)
{
    const struct command *command = self;
    return backend_stdio_is_gone(&command->stdio);
}

const struct backend_calls backend_command_calls = {
    .watched = BACKEND_STDIO_WATCHED,
    .open = open_it,
    .close = close_it,
    .start = start,
    .stop = stop,
    .hurry = hurry,
    .send = give,
    .watch = watch,
    .heard = heard,
    .next = next,
    .deadline = deadline,
    .rest_ms = rest_ms,
    .is_gone = is_gone,
};
