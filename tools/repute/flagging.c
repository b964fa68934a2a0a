/* See flagging.h. */
#include "repute/flagging.h"

#include <stdio.h>

#include "base/bytes.h"
#include "record/charset.h"

#define ALPHABET                                                                                   \
    (TRUST_CHARSET_ALNUM | TRUST_CHARSET_DOT | TRUST_CHARSET_UNDERSCORE | TRUST_CHARSET_HYPHEN)

enum trust_error flagging_rule(struct context *context, struct draft *draft,
                               const struct command_setting *rule)
{
    const char *text = rule->is_given ? rule->text : "manual";
    if (!trust_charset_covers(ALPHABET, trust_bytes_text(text)))
        return context_misuse(context, TRUST_NO_RANGE, NULL,
                              "--rule: letters, digits, dots, hyphens and underscores only, not "
                              "\"%.64s\"",
                              text);
    (void)snprintf(draft->rule, sizeof draft->rule, "%s", text);
    return TRUST_OK;
}
