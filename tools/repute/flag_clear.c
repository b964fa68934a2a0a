/* `repute flag clear`: takes back a flag of your own, that of this server, class and rule. */
#include "repute/command.h"
#include "repute/commands.h"
#include "repute/drafting.h"
#include "repute/flagging.h"

enum { CLASS, RULE, MANIFEST, EXPIRES, PUBLISH, PASSPHRASE_FILE };

static const struct command_option options[] = {
    [CLASS] = FLAGGING_CLASS_OPTION,
    [RULE] = FLAGGING_RULE_OPTION,
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
        .kind = TRUST_KIND_FLAG,
        .flag = {.severity = TRUST_SEVERITY_CLEARED,
                 .class_ = (enum trust_class)(values[CLASS].choice + 1)},
    };
    enum trust_error error = drafting_subject(context, draft.subject, arguments->words[0]);
    if (error == TRUST_OK)
        error = flagging_rule(context, &draft, &values[RULE]);
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

const struct command flag_clear_command = {
    .name = "flag clear",
    .words = "ID",
    .summary = "write a draft: a flag of yours is taken back",
    .more = "Class, rule and manifest name the flag: give them as they were given then. Other\n"
            "people's flags are theirs to clear.\n",
    .least = 1,
    .most = 1,
    .options = options,
    .run = run,
};
