/* `repute peers invite`: makes a text that lets another node become a peer of this one. */
#include "repute/commands.h"
#include "repute/context.h"

enum { USES, EXPIRES, ENDPOINT };

static const struct command_option options[] = {
    [USES] = {.name = "uses",
              .kind = COMMAND_WHOLE,
              .shown = "N",
              .about = "how many nodes may use it (1)",
              .least = 1,
              .most = 64},
    [EXPIRES] = {.name = "expires",
                 .kind = COMMAND_DURATION,
                 .shown = "1d",
                 .about = "for how long it is good (1d, at most 30d)",
                 .least = 60000,
                 .most = UINT64_C(2592000000)},
    [ENDPOINT] = {.name = "endpoint",
                  .kind = COMMAND_TEXT,
                  .shown = "tcp://HOST:PORT",
                  .about = "where others reach this node, if not where it listens",
                  .most = 255},
    [ENDPOINT + 1] = {0},
};

static json_t *make_body(const struct command_setting *values)
{
    json_t *body = json_object();
    if (values[USES].is_given)
        (void)json_object_set_new(body, "uses", json_integer((json_int_t)values[USES].whole));
    if (values[EXPIRES].is_given)
        (void)json_object_set_new(body, "expires_s",
                                  json_integer((json_int_t)(values[EXPIRES].whole / 1000)));
    if (values[ENDPOINT].is_given)
        (void)json_object_set_new(body, "endpoint", json_string(values[ENDPOINT].text));
    return body;
}

static const struct output_field columns[] = {
    {"INVITE", "invite", OUTPUT_AS_IT_IS},
    {0},
};

static enum trust_error show(const struct output *output, const json_t *answer)
{
    if (output->form == OUTPUT_PLAIN) {
        json_t *rows = json_pack("[O]", answer);
        enum trust_error error = output_list(output, rows, columns, "");
        json_decref(rows);
        return error;
    }
    const char *invite = json_string_value(json_object_get(answer, "invite"));
    output_say(output, "%s\n\nnext: there, `repute peers join` with this text\n",
               invite == NULL ? "-" : invite);
    return output_json(output, answer);
}

static enum trust_error run(struct context *context, const struct command_arguments *arguments)
{
    json_t *answer = NULL;
    json_t *body = make_body(arguments->values);
    enum trust_error error = context_ask(context, &answer, TRUST_REQUEST_POST, "/v1/invites", body);
    if (error == TRUST_OK)
        error = show(&context->output, answer);
    json_decref(body);
    json_decref(answer);
    return error;
}

const struct command peers_invite_command = {
    .name = "peers invite",
    .words = "",
    .summary = "make a text that lets another node become a peer",
    .options = options,
    .run = run,
};
