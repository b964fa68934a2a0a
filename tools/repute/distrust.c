/* `repute distrust`: takes weight from another operator's key, for you and those who trust you. */
#include "repute/command.h"
#include "repute/commands.h"
#include "repute/drafting.h"

enum { STRENGTH, EXPIRES, PUBLISH, PASSPHRASE_FILE };

static const struct command_option options[] = {
    [STRENGTH] = {.name = "strength",
                  .kind = COMMAND_RATIO,
                  .shown = "0..1",
                  .about = "how much of its weight is taken; without this 1: all of it"},
    [EXPIRES] = DRAFTING_EXPIRES_OPTION("365d"),
    [PUBLISH] = DRAFTING_PUBLISH_OPTION,
    [PASSPHRASE_FILE] = PASSPHRASE_OPTION,
    {0},
};

static enum trust_error run(struct context *context, const struct command_arguments *arguments)
{
    const struct command_setting *values = arguments->values;
    double strength = values[STRENGTH].is_given ? values[STRENGTH].ratio : 1;
    uint16_t permille = drafting_permille(strength);
    struct draft draft = {
        .kind = TRUST_KIND_VOUCH,
        .vouch = {.scopes = TRUST_SCOPE_ALL, .strength = (int16_t)-permille},
    };
    if (permille == 0)
        return context_misuse(context, TRUST_NO_RANGE,
                              "`repute vouch KEY --strength 0` withdraws what you said before",
                              "--strength: expected more than 0");
    enum trust_error error = drafting_key(context, &draft.vouch.subject, arguments->words[0]);
    if (error != TRUST_OK)
        return error;
    const struct drafting drafting = {.expires = &values[EXPIRES],
                                      .publish = &values[PUBLISH],
                                      .passphrase_file = &values[PASSPHRASE_FILE],
                                      .life_s = DRAFTING_YEAR_S};
    return drafting_finish(context, &draft, &drafting);
}

const struct command distrust_command = {
    .name = "distrust",
    .words = "KEY",
    .summary = "write a draft: somebody whose judgement you do not trust",
    .more = "Others see it. `repute mute KEY` does the same here, unsigned and unseen.\n",
    .least = 1,
    .most = 1,
    .options = options,
    .run = run,
};
