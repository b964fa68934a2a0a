/* See setting.h. */
#include "repute/setting.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/bytes.h"
#include "base/utf8.h"
#include "host/quantity.h"
#include "host/suggest.h"

#define TEXT_SIZE_MAX 4096

/* Names of files are bytes; everything else is text. */
static bool is_path(const struct command_option *option)
{
    return option->shown != NULL &&
           (strcmp(option->shown, "FILE") == 0 || strcmp(option->shown, "DIR") == 0);
}

static enum trust_error parse_text(struct failure *failure, const struct command_option *option,
                                   const char *text)
{
    size_t most = option->most == 0 ? TEXT_SIZE_MAX : (size_t)option->most;
    size_t size = strlen(text);
    if (size == 0)
        return failure_misuse(failure, TRUST_NO_SIZE, NULL, "--%s: its value is empty",
                              option->name);
    if (size > most)
        return failure_misuse(failure, TRUST_NO_SIZE, NULL,
                              "--%s: its value has %zu bytes, at most %zu", option->name, size,
                              most);
    if (!is_path(option) && trust_utf8_span(trust_bytes_text(text)) < size)
        return failure_misuse(failure, TRUST_NO_SYNTAX, NULL, "--%s: its value is no UTF-8",
                              option->name);
    return TRUST_OK;
}

static enum trust_error parse_ratio(double *out_ratio, struct failure *failure,
                                    const struct command_option *option, const char *text)
{
    double ratio = 0;
    enum trust_error error = trust_number_parse(&ratio, text);
    if (error == TRUST_OK && !(ratio >= 0 && ratio <= 1))
        error = TRUST_NO_RANGE;
    if (error != TRUST_OK)
        return failure_misuse(failure, error, NULL,
                              "--%s: expected a number from 0 to 1, not \"%.64s\"", option->name,
                              text);
    *out_ratio = ratio;
    return TRUST_OK;
}

static enum trust_error parse_whole(uint64_t *out_whole, struct failure *failure,
                                    const struct command_option *option, const char *text)
{
    uint64_t whole = 0;
    enum trust_error error = trust_whole_parse(&whole, text);
    if (error == TRUST_OK && (whole < option->least || whole > option->most))
        error = TRUST_NO_RANGE;
    if (error != TRUST_OK)
        return failure_misuse(failure, error, NULL,
                              "--%s: expected a whole number from %" PRIu64 " to %" PRIu64
                              ", not \"%.64s\"",
                              option->name, option->least, option->most, text);
    *out_whole = whole;
    return TRUST_OK;
}

static enum trust_error parse_duration(uint64_t *out_ms, struct failure *failure,
                                       const struct command_option *option, const char *text)
{
    uint64_t ms = 0;
    enum trust_error error = trust_duration_parse(&ms, text);
    if (error == TRUST_OK && (ms < option->least || ms > option->most))
        error = TRUST_NO_RANGE;
    if (error != TRUST_OK) {
        char least[TRUST_QUANTITY_TEXT_SIZE];
        char most[TRUST_QUANTITY_TEXT_SIZE];
        trust_duration_format(least, option->least);
        trust_duration_format(most, option->most);
        return failure_misuse(failure, error, NULL,
                              "--%s: expected a duration from %s to %s, such as %s, not \"%.64s\"",
                              option->name, least, most, option->shown, text);
    }
    *out_ms = ms;
    return TRUST_OK;
}

static enum trust_error parse_choice(size_t *out_choice, struct failure *failure,
                                     const struct command_option *option, const char *text)
{
    size_t count = 0;
    char list[256] = "";
    for (; option->choices[count] != NULL; count++) {
        if (strcmp(option->choices[count], text) == 0) {
            *out_choice = count;
            return TRUST_OK;
        }
        size_t size = strlen(list);
        (void)snprintf(list + size, sizeof list - size, "%s%s", count == 0 ? "" : ", ",
                       option->choices[count]);
    }
    const char *near = trust_suggest(text, option->choices, count);
    return failure_misuse(failure, TRUST_NO_OPTION, NULL,
                          "--%s: expected one of %s, not \"%.64s\"%s%s%s", option->name, list, text,
                          near == NULL ? "" : "; did you mean \"", near == NULL ? "" : near,
                          near == NULL ? "" : "\"?");
}

enum trust_error setting_parse(struct command_setting *out_setting, struct failure *failure,
                               const struct command_option *option, const char *text)
{
    struct command_setting setting = {.is_given = true, .text = text};
    enum trust_error error = TRUST_OK;
    switch (option->kind) {
    case COMMAND_SWITCH:
        break;
    case COMMAND_TEXT:
        error = parse_text(failure, option, text);
        break;
    case COMMAND_RATIO:
        error = parse_ratio(&setting.ratio, failure, option, text);
        break;
    case COMMAND_WHOLE:
        error = parse_whole(&setting.whole, failure, option, text);
        break;
    case COMMAND_DURATION:
        error = parse_duration(&setting.whole, failure, option, text);
        break;
    case COMMAND_CHOICE:
        error = parse_choice(&setting.choice, failure, option, text);
        break;
    }
    if (error == TRUST_OK)
        *out_setting = setting;
    return error;
}
