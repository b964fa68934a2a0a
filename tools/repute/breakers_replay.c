/* See breakers_replay.h. */
#include "repute/breakers_replay.h"

#include <inttypes.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "base/assert.h"
#include "base/bytes.h"
#include "base/limits.h"
#include "base/siphash.h"
#include "host/suggest.h"
#include "repute/breakers_policy.h"
#include "repute/commands.h"
#include "repute/context.h"
#include "repute/input.h"
#include "shield/replay.h"

#define POLICY_SIZE_MAX (1u << 20)

/* A run: the engine is too large for the stack. */
struct run {
    const struct breakers_replay *streams;
    struct trust_replay replay;
    char line[TRUST_REPLAY_LINE_SIZE_MAX];
    uint64_t line_number;
};

static enum trust_error refuse(const struct run *run, int column, enum trust_error error,
                               const char *message)
{
    const struct breakers_replay *streams = run->streams;
    (void)fprintf(streams->err, "%s:%" PRIu64, streams->events_name, run->line_number);
    if (column > 0)
        (void)fprintf(streams->err, ":%d", column);
    (void)fprintf(streams->err, ": %s\n", message);
    return error;
}

/* The members of an event, each with what it must be. */
enum member { T_MS, OP, N, LEASE, AGENT, LATENCY_MS, RETRY_AFTER_MS };

static const char *const members[] = {
    [T_MS] = "t_ms",
    [OP] = "op",
    [N] = "n",
    [LEASE] = "lease",
    [AGENT] = "agent",
    [LATENCY_MS] = "latency_ms",
    [RETRY_AFTER_MS] = "retry_after_ms",
};
#define MEMBER_COUNT (sizeof members / sizeof *members)

static enum trust_error check_members(const struct run *run, json_t *object)
{
    const char *name = NULL;
    json_t *value = NULL;
    json_object_foreach(object, name, value)
    {
        size_t i = 0;
        while (i < MEMBER_COUNT && strcmp(members[i], name) != 0)
            i++;
        if (i < MEMBER_COUNT)
            continue;
        char message[160];
        const char *near = trust_suggest(name, members, MEMBER_COUNT);
        (void)snprintf(message, sizeof message, "unknown member \"%.64s\"%s%s%s", name,
                       near == NULL ? "" : "; did you mean \"", near == NULL ? "" : near,
                       near == NULL ? "" : "\"?");
        return refuse(run, 0, TRUST_NO_OPTION, message);
    }
    return TRUST_OK;
}

/* A member that is null counts as one that is not there. */
static json_t *find(json_t *object, enum member member)
{
    json_t *value = json_object_get(object, members[member]);
    return json_is_null(value) ? NULL : value;
}

/* A whole number from 0 to most; *out_number stays where it is if the member is absent. */
static enum trust_error take_number(const struct run *run, json_t *object, enum member member,
                                    uint64_t most, uint64_t *out_number)
{
    json_t *value = find(object, member);
    if (value == NULL)
        return TRUST_OK;
    char message[96];
    (void)snprintf(message, sizeof message, "%s: expected a whole number from 0 to %" PRIu64,
                   members[member], most);
    double real = json_is_real(value) ? json_real_value(value) : 0.5;
    /* 2^53: beyond, a real number is not a whole one for certain. */
    if (json_is_real(value) && real >= 0 && real < 9007199254740992.0 &&
        real == (double)(uint64_t)real && (uint64_t)real <= most) {
        *out_number = (uint64_t)real;
        return TRUST_OK;
    }
    if (!json_is_integer(value))
        return refuse(run, 0, TRUST_NO_TYPE, message);
    if (json_integer_value(value) < 0 || (uint64_t)json_integer_value(value) > most)
        return refuse(run, 0, TRUST_NO_RANGE, message);
    *out_number = (uint64_t)json_integer_value(value);
    return TRUST_OK;
}

/* A text; an absent member leaves *out_text empty. */
static enum trust_error take_text(const struct run *run, json_t *object, enum member member,
                                  struct trust_bytes *out_text)
{
    json_t *value = find(object, member);
    if (value == NULL)
        return TRUST_OK;
    char message[96];
    (void)snprintf(message, sizeof message, "%s: expected a text of 1 to %d bytes", members[member],
                   TRUST_REPLAY_NAME_SIZE_MAX);
    if (!json_is_string(value))
        return refuse(run, 0, TRUST_NO_TYPE, message);
    size_t size = json_string_length(value);
    if (size == 0 || size > TRUST_REPLAY_NAME_SIZE_MAX)
        return refuse(run, 0, TRUST_NO_SIZE, message);
    *out_text = (struct trust_bytes){(const uint8_t *)json_string_value(value), size};
    return TRUST_OK;
}

static enum trust_error take_op(const struct run *run, json_t *object, enum trust_replay_op *out_op)
{
    json_t *value = find(object, OP);
    if (!json_is_string(value))
        return refuse(run, 0, TRUST_NO_TYPE, "op: expected the name of an operation");
    const char *name = json_string_value(value);
    if (trust_replay_op_parse(out_op, trust_bytes_text(name)) == TRUST_OK)
        return TRUST_OK;
    const char *known[TRUST_REPLAY_OP_COUNT];
    for (uint32_t i = 0; i < TRUST_REPLAY_OP_COUNT; i++)
        known[i] = trust_replay_op_name((enum trust_replay_op)i);
    const char *near = trust_suggest(name, known, TRUST_REPLAY_OP_COUNT);
    char message[160];
    (void)snprintf(message, sizeof message, "op: unknown operation \"%.64s\"%s%s%s", name,
                   near == NULL ? "" : "; did you mean \"", near == NULL ? "" : near,
                   near == NULL ? "" : "\"?");
    return refuse(run, 0, TRUST_NO_OPTION, message);
}

/* Agents are told apart by a hash of their names; the nameless one is 0. */
static uint64_t agent_number(struct trust_bytes name)
{
    static const struct trust_siphash_key key = {0};
    return name.size == 0 ? 0 : trust_siphash(&key, name);
}

/* The event's lease borrows object. */
static enum trust_error take_event(const struct run *run, json_t *object,
                                   struct trust_replay_event *out_event)
{
    uint64_t t_ms = TRUST_REPLAY_T_MS_MAX + UINT64_C(1);
    uint64_t n = 1;
    uint64_t latency_ms = TRUST_LATENCY_UNKNOWN;
    uint64_t retry_after_ms = 0;
    struct trust_bytes agent = {0};
    struct trust_replay_event event = {0};
    enum trust_error error = check_members(run, object);
    if (error == TRUST_OK)
        error = take_op(run, object, &event.op);
    if (error == TRUST_OK)
        error = take_number(run, object, T_MS, TRUST_REPLAY_T_MS_MAX, &t_ms);
    if (error == TRUST_OK && t_ms > TRUST_REPLAY_T_MS_MAX)
        error = refuse(run, 0, TRUST_NO_TYPE, "t_ms is missing: when did this happen?");
    if (error == TRUST_OK)
        error = take_number(run, object, N, TRUST_REPLAY_REPEAT_MAX, &n);
    if (error == TRUST_OK && n == 0)
        error = refuse(run, 0, TRUST_NO_RANGE, "n: expected at least 1");
    if (error == TRUST_OK)
        error = take_number(run, object, LATENCY_MS, TRUST_LATENCY_UNKNOWN - 1, &latency_ms);
    if (error == TRUST_OK)
        error = take_number(run, object, RETRY_AFTER_MS, UINT32_MAX, &retry_after_ms);
    if (error == TRUST_OK)
        error = take_text(run, object, LEASE, &event.lease);
    if (error == TRUST_OK)
        error = take_text(run, object, AGENT, &agent);
    if (error != TRUST_OK)
        return error;
    event.t_ms = t_ms;
    event.n = (uint32_t)n;
    event.latency_ms = (uint32_t)latency_ms;
    event.retry_after_ms = (uint32_t)retry_after_ms;
    event.agent = agent_number(agent);
    *out_event = event;
    return TRUST_OK;
}

static const char *permit_text(enum trust_replay_permit permit)
{
    switch (permit) {
    case TRUST_REPLAY_NOT_ASKED:
        return "null";
    case TRUST_REPLAY_GRANTED:
        return "true";
    case TRUST_REPLAY_REFUSED:
        return "false";
    }
    return "null";
}

static enum trust_error print_line(const struct run *run, const struct trust_replay_line *line)
{
    const struct trust_breaker_view *view = &line->view;
    int printed =
        fprintf(run->streams->out,
                "{\"t_ms\":%" PRIu64 ",\"op\":\"%s\",\"permit\":%s,\"state\":\"%s\","
                "\"calls\":%" PRIu32 ",\"failures\":%" PRIu32 "%s,\"slow\":%" PRIu32
                ",\"denied\":%" PRIu64 "}\n",
                line->t_ms, trust_replay_op_name(line->op), permit_text(line->permit),
                trust_breaker_state_name(view->state), view->calls, view->half_failures / 2,
                view->half_failures % 2 == 0 ? "" : ".5", view->slow, view->denied);
    return printed < 0 ? TRUST_FAIL_IO : TRUST_OK;
}

static enum trust_error lead_object(struct run *run, json_t *object)
{
    struct trust_replay_event event;
    struct trust_replay_line line;
    if (!json_is_object(object))
        return refuse(run, 0, TRUST_NO_TYPE,
                      "expected an object, as in {\"t_ms\":0,\"op\":\"state\"}");
    enum trust_error error = take_event(run, object, &event);
    if (error != TRUST_OK)
        return error;
    error = trust_replay_step(&run->replay, &line, &event);
    if (error != TRUST_OK)
        return refuse(run, 0, error, trust_error_text(error));
    return print_line(run, &line);
}

static enum trust_error lead_line(struct run *run, size_t size)
{
    json_error_t fault;
    json_t *object = json_loadb(run->line, size, JSON_REJECT_DUPLICATES, &fault);
    if (object == NULL)
        return refuse(run, fault.column, TRUST_NO_SYNTAX, fault.text);
    enum trust_error error = lead_object(run, object);
    json_decref(object);
    return error;
}

static bool is_blank(const char *line)
{
    return line[strspn(line, " \t\r\n")] == '\0';
}

static enum trust_error lead_all(struct run *run)
{
    FILE *events = run->streams->events;
    while (fgets(run->line, sizeof run->line, events) != NULL) {
        run->line_number++;
        size_t size = strlen(run->line);
        bool is_whole = size > 0 && run->line[size - 1] == '\n';
        if (!is_whole && !feof(events))
            return refuse(run, 0, TRUST_NO_SIZE, "the line is too long, or holds a NUL byte");
        if (is_blank(run->line))
            continue;
        enum trust_error error = lead_line(run, size);
        if (error != TRUST_OK)
            return error;
    }
    if (ferror(events) || fflush(run->streams->out) != 0)
        return TRUST_FAIL_IO;
    return TRUST_OK;
}

static enum trust_error read_policy(const struct breakers_replay *streams,
                                    struct trust_breaker_policy *out_policy)
{
    *out_policy = trust_breaker_policy_default();
    if (streams->policy == NULL)
        return TRUST_OK;
    char *text = malloc(POLICY_SIZE_MAX + 1);
    if (text == NULL)
        return TRUST_FAIL_MEMORY;
    size_t size = fread(text, 1, POLICY_SIZE_MAX + 1, streams->policy);
    enum trust_error error = ferror(streams->policy) ? TRUST_FAIL_IO : TRUST_OK;
    struct trust_yaml_fault fault = {0};
    if (error == TRUST_OK)
        error = breakers_policy_load(out_policy, &fault, streams->policy_name,
                                     (struct trust_bytes){(const uint8_t *)text, size});
    if (fault.text[0] != '\0')
        (void)fprintf(streams->err, "%s\n", fault.text);
    free(text);
    return error;
}

enum trust_error breakers_replay_run(const struct breakers_replay *replay)
{
    struct trust_breaker_policy policy;
    enum trust_error error = read_policy(replay, &policy);
    if (error != TRUST_OK)
        return error;
    struct run *run = malloc(sizeof *run);
    if (run == NULL)
        return TRUST_FAIL_MEMORY;
    run->streams = replay;
    run->line_number = 0;
    trust_replay_init(&run->replay, &policy);
    error = lead_all(run);
    free(run);
    return error;
}

/* ---- the command ---- */

enum { POLICY };

static const struct command_option options[] = {
    [POLICY] = {.name = "policy",
                .kind = COMMAND_TEXT,
                .shown = "FILE",
                .about = "keys of `breaker:` and more, flat; without it the defaults"},
    [POLICY + 1] = {0},
};

/* What the replay wrote of its fault becomes the failure's message. */
static enum trust_error note_fault(struct context *context, enum trust_error error, char *message)
{
    size_t size = strlen(message);
    while (size > 0 && message[size - 1] == '\n')
        message[--size] = '\0';
    if (size == 0)
        return error;
    (void)context_refuse(context, error, NULL, "%s", message);
    if (error > TRUST_OK)
        context->failure.exit = FAILURE_EXIT_NO;
    return error;
}

static enum trust_error replay_streams(struct context *context, struct breakers_replay *streams)
{
    char *message = NULL;
    size_t size = 0;
    streams->out = context->output.out;
    streams->err = open_memstream(&message, &size);
    if (streams->err == NULL)
        return TRUST_FAIL_MEMORY;
    enum trust_error error = breakers_replay_run(streams);
    if (fclose(streams->err) != 0)
        error = TRUST_FAIL_MEMORY;
    if (error != TRUST_OK)
        error = note_fault(context, error, message);
    free(message);
    return error;
}

static enum trust_error run(struct context *context, const struct command_arguments *arguments)
{
    const struct command_setting *policy = &arguments->values[POLICY];
    struct breakers_replay streams = {.policy_name = policy->text,
                                      .events_name = arguments->words[0]};
    enum trust_error error = input_open(context, &streams.events, streams.events_name);
    if (error == TRUST_OK && policy->is_given)
        error = input_open(context, &streams.policy, policy->text);
    if (error == TRUST_OK)
        error = replay_streams(context, &streams);
    input_close(streams.policy);
    input_close(streams.events);
    return error;
}

const struct command breakers_replay_command = {
    .name = "breakers replay",
    .words = "EVENTS",
    .summary = "lead an event list through a breaker policy; needs no node",
    .more =
        "EVENTS is a file of JSON lines, - for standard input, such as "
        "{\"t_ms\":0,\"op\":\"success\"}.\n"
        "op is permit, success, failure, slow, slow_failure, soft_failure, rate_limited, neutral,\n"
        "force_open, force_closed, metrics_only, close, reset, restart or state. n, lease, agent,\n"
        "latency_ms and retry_after_ms may stand beside it. One line comes out for each.\n",
    .least = 1,
    .most = 1,
    .options = options,
    .run = run,
};
