/* What names a flag: class and rule, for setting one and for clearing it. */
#ifndef REPUTE_FLAGGING_H
#define REPUTE_FLAGGING_H

#include "repute/command.h"
#include "repute/context.h"
#include "repute/draft.h"
#include "repute/words.h"

#define FLAGGING_CLASS_OPTION                                                                      \
    {                                                                                              \
        .name = "class", .kind = COMMAND_CHOICE, .shown = "CLASS",                                 \
        .about = "injection, poisoning, shadowing, malware, exfiltration, vulnerability, "         \
                 "exposure, impersonation, manifest_changed or other",                             \
        .choices = words_classes, .is_required = true                                              \
    }
#define FLAGGING_RULE_OPTION                                                                       \
    {                                                                                              \
        .name = "rule", .kind = COMMAND_TEXT, .shown = "RULE",                                     \
        .about = "the scanner's rule that it comes from; without this: manual",                    \
        .most = TRUST_RULE_SIZE_MAX                                                                \
    }

/* The rule of a flag. Refused: TRUST_NO_RANGE (exit code 2). */
TRUST_MUST_USE enum trust_error flagging_rule(struct context *context, struct draft *draft,
                                              const struct command_setting *rule);

#endif
