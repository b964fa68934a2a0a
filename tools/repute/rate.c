/* `repute rate`: what you make of a server in one category. */
#include "repute/command.h"
#include "repute/commands.h"
#include "repute/drafting.h"
#include "repute/words.h"

enum { CATEGORY, VALUE, CALLS, MANIFEST, EXPIRES, PUBLISH, PASSPHRASE_FILE };

static const struct command_option options[] = {
    [CATEGORY] = {.name = "category",
                  .kind = COMMAND_CHOICE,
                  .shown = "performance|security|overall",
                  .about = "what is rated",
                  .choices = words_categories,
                  .is_required = true},
    [VALUE] = {.name = "value",
               .kind = COMMAND_RATIO,
               .shown = "0..1",
               .about = "0 is worst, 1 is best",
               .is_required = true},
    [CALLS] = {.name = "calls",
               .kind = COMMAND_WHOLE,
               .shown = "N",
               .about = "calls that it rests on; performance needs at least 1",
               .most = TRUST_RATING_CALLS_MAX},
    [MANIFEST] = DRAFTING_MANIFEST_OPTION,
    [EXPIRES] = DRAFTING_EXPIRES_OPTION("180d"),
    [PUBLISH] = DRAFTING_PUBLISH_OPTION,
    [PASSPHRASE_FILE] = PASSPHRASE_OPTION,
    {0},
};

static enum trust_error run(struct context *context, const struct command_arguments *arguments)
{
    const struct command_setting *values = arguments->values;
    struct draft draft = {
        .kind = TRUST_KIND_RATING,
        .rating = {.category = (enum trust_category)(values[CATEGORY].choice + 1),
                   .value = drafting_permille(values[VALUE].ratio),
                   .calls = (uint32_t)values[CALLS].whole,
                   .origin = TRUST_ORIGIN_HUMAN},
    };
    if (draft.rating.category == TRUST_CATEGORY_PERFORMANCE && draft.rating.calls == 0)
        return context_misuse(context, TRUST_NO_OPTION, "add --calls N",
                              "a rating of performance rests on calls: how many were there?");
    enum trust_error error = drafting_subject(context, draft.subject, arguments->words[0]);
    if (error == TRUST_OK)
        error = drafting_manifest(context, &draft, &values[MANIFEST]);
    if (error != TRUST_OK)
        return error;
    const struct drafting drafting = {.expires = &values[EXPIRES],
                                      .publish = &values[PUBLISH],
                                      .passphrase_file = &values[PASSPHRASE_FILE],
                                      .life_s = DRAFTING_HALF_YEAR_S};
    return drafting_finish(context, &draft, &drafting);
}

const struct command rate_command = {
    .name = "rate",
    .words = "ID",
    .summary = "write a draft: what you make of a server",
    .least = 1,
    .most = 1,
    .options = options,
    .run = run,
};
