/* `repute vouch`: gives another operator's key weight in your own web of trust. */
#include "repute/command.h"
#include "repute/commands.h"
#include "repute/drafting.h"
#include "repute/words.h"

enum { STRENGTH, SCOPE, EXPIRES, PUBLISH, PASSPHRASE_FILE };

static const struct command_option options[] = {
    [STRENGTH] = {.name = "strength",
                  .kind = COMMAND_RATIO,
                  .shown = "0..1",
                  .about = "how much of your own weight; without this 1, with 0 it is withdrawn"},
    [SCOPE] = {.name = "scope",
               .kind = COMMAND_TEXT,
               .shown = "rate,introduce,scan",
               .about = "what the key does well; without this all three"},
    [EXPIRES] = DRAFTING_EXPIRES_OPTION("365d"),
    [PUBLISH] = DRAFTING_PUBLISH_OPTION,
    [PASSPHRASE_FILE] = PASSPHRASE_OPTION,
    {0},
};

static enum trust_error run(struct context *context, const struct command_arguments *arguments)
{
    const struct command_setting *values = arguments->values;
    double strength = values[STRENGTH].is_given ? values[STRENGTH].ratio : 1;
    struct draft draft = {
        .kind = TRUST_KIND_VOUCH,
        .vouch = {.scopes = TRUST_SCOPE_ALL, .strength = (int16_t)drafting_permille(strength)},
    };
    if (values[SCOPE].is_given && !words_take_scopes(&draft.vouch.scopes, values[SCOPE].text))
        return context_misuse(context, TRUST_NO_OPTION, NULL,
                              "--scope: expected rate, introduce and scan, with commas between, "
                              "not \"%.64s\"",
                              values[SCOPE].text);
    enum trust_error error = drafting_key(context, &draft.vouch.subject, arguments->words[0]);
    if (error != TRUST_OK)
        return error;
    const struct drafting drafting = {.expires = &values[EXPIRES],
                                      .publish = &values[PUBLISH],
                                      .passphrase_file = &values[PASSPHRASE_FILE],
                                      .life_s = DRAFTING_YEAR_S};
    return drafting_finish(context, &draft, &drafting);
}

const struct command vouch_command = {
    .name = "vouch",
    .words = "KEY",
    .summary = "write a draft: somebody whose judgement you trust",
    .more = "Scopes: rate (ratings of servers), introduce (vouches for others), scan (flags).\n",
    .least = 1,
    .most = 1,
    .options = options,
    .run = run,
};
