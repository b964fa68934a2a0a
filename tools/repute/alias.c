/* `repute alias`: two ids are one server. */
#include <stdio.h>
#include <string.h>

#include "repute/command.h"
#include "repute/commands.h"
#include "repute/drafting.h"

enum { EXPIRES, PUBLISH, PASSPHRASE_FILE };

static const struct command_option options[] = {
    [EXPIRES] = DRAFTING_EXPIRES_OPTION("365d"),
    [PUBLISH] = DRAFTING_PUBLISH_OPTION,
    [PASSPHRASE_FILE] = PASSPHRASE_OPTION,
    {0},
};

static enum trust_error order(struct context *context, struct draft *draft)
{
    char text[TRUST_SUBJECT_TEXT_SIZE];
    int way = strcmp(draft->subject, draft->second);
    if (way == 0)
        return context_misuse(context, TRUST_NO_SUBJECT, "name two ids",
                              "both are %s, and so one server already", draft->subject);
    if (way > 0) {
        memcpy(text, draft->subject, sizeof text);
        memcpy(draft->subject, draft->second, sizeof text);
        memcpy(draft->second, text, sizeof text);
    }
    size_t sizes[] = {strlen(draft->subject), strlen(draft->second)};
    if (sizes[0] > TRUST_ALIAS_SUBJECT_SIZE_MAX || sizes[1] > TRUST_ALIAS_SUBJECT_SIZE_MAX)
        return context_misuse(context, TRUST_NO_SIZE, NULL,
                              "an alias takes ids of at most %d bytes",
                              TRUST_ALIAS_SUBJECT_SIZE_MAX);
    return TRUST_OK;
}

static enum trust_error run(struct context *context, const struct command_arguments *arguments)
{
    const struct command_setting *values = arguments->values;
    struct draft draft = {.kind = TRUST_KIND_ALIAS, .alias_state = 1};
    enum trust_error error = drafting_subject(context, draft.subject, arguments->words[0]);
    if (error == TRUST_OK)
        error = drafting_subject(context, draft.second, arguments->words[1]);
    if (error == TRUST_OK)
        error = order(context, &draft);
    if (error != TRUST_OK)
        return error;
    const struct drafting drafting = {.expires = &values[EXPIRES],
                                      .publish = &values[PUBLISH],
                                      .passphrase_file = &values[PASSPHRASE_FILE],
                                      .life_s = DRAFTING_YEAR_S};
    return drafting_finish(context, &draft, &drafting);
}

const struct command alias_command = {
    .name = "alias",
    .words = "ID ID",
    .summary = "write a draft: two ids are one server",
    .more = "Your own aliases join what is known of both; other people's are only shown.\n",
    .least = 2,
    .most = 2,
    .options = options,
    .run = run,
};
