/* See score_pins.h. */
#include "repute/score_pins.h"

#include <stdio.h>
#include <string.h>

#define WHAT_SIZE 96

static const char *text_of(const json_t *object, const char *member)
{
    const char *text = json_string_value(json_object_get(object, member));
    return text == NULL ? "" : text;
}

static void describe(char out_text[WHAT_SIZE], const json_t *pins)
{
    json_int_t tools = json_integer_value(json_object_get(pins, "tools"));
    if (tools == 0)
        (void)snprintf(out_text, WHAT_SIZE, "what it says of itself changed since it was approved");
    else
        (void)snprintf(out_text, WHAT_SIZE, "its tools changed since they were approved: %lld %s",
                       (long long)tools, tools == 1 ? "tool" : "tools");
}

static void say(struct context *context, const struct dress *dress, const json_t *score)
{
    const json_t *pins = json_object_get(score, "pins");
    char what[WHAT_SIZE];
    if (strcmp(text_of(pins, "state"), "changed") != 0)
        return;
    json_t *since = json_pack("{s:s}", "since", text_of(pins, "since"));
    dress_time(dress, since, "since");
    describe(what, pins);
    output_say(
        &context->output, "%s: %s, since %s%s; next step: repute pins diff %s\n",
        text_of(score, "subject"), what, text_of(since, "since"),
        json_is_true(json_object_get(pins, "held_back")) ? " (not suspect: too many would be)" : "",
        text_of(score, "subject"));
    json_decref(since);
}

void score_pins_say(struct context *context, const struct dress *dress, const json_t *scores)
{
    if (!json_is_array(scores)) {
        say(context, dress, scores);
        return;
    }
    for (size_t i = 0; i < json_array_size(scores); i++)
        say(context, dress, json_array_get(scores, i));
}
