/* What all commands share that write a draft: rate, flag, flag clear, vouch, distrust, alias. */
#ifndef REPUTE_DRAFTING_H
#define REPUTE_DRAFTING_H

#include "repute/command.h"
#include "repute/context.h"
#include "repute/draft.h"
#include "repute/passphrase.h"

#define DRAFTING_SECOND_MS 1000
#define DRAFTING_HALF_YEAR_S (UINT64_C(180) * 86400)
#define DRAFTING_YEAR_S (UINT64_C(365) * 86400)

/* Rows of a command's table of options; text is the default, "180d". */
#define DRAFTING_EXPIRES_OPTION(text)                                                              \
    {                                                                                              \
        .name = "expires", .kind = COMMAND_DURATION, .shown = text,                                \
        .about = "how long it counts after it is published, at most 2y; without this " text,       \
        .least = DRAFTING_SECOND_MS, .most = (uint64_t)TRUST_LIFE_S_MAX * DRAFTING_SECOND_MS       \
    }
#define DRAFTING_PUBLISH_OPTION                                                                    \
    {                                                                                              \
        .name = "publish", .about = "sign and send it at once, instead of keeping a draft"         \
    }
#define DRAFTING_MANIFEST_OPTION                                                                   \
    {                                                                                              \
        .name = "manifest", .kind = COMMAND_TEXT, .shown = "HEX",                                  \
        .about = "digest of the tools that you saw: 64 hex digits"                                 \
    }

/* How a draft is finished: the settings of the options above. */
struct drafting {
    const struct command_setting *expires;
    const struct command_setting *publish;
    const struct command_setting *passphrase_file;
    uint64_t life_s; /* without --expires */
};

/* A server that a record may speak about, in canonical form; says so where that differs from what
 * was typed. Refused: TRUST_NO_SUBJECT (exit code 2), local ids too. */
TRUST_MUST_USE enum trust_error drafting_subject(struct context *context,
                                                 char out_subject[TRUST_SUBJECT_TEXT_SIZE],
                                                 const char *typed);

/* The setting of DRAFTING_MANIFEST_OPTION, which may be absent. */
TRUST_MUST_USE enum trust_error drafting_manifest(struct context *context, struct draft *draft,
                                                  const struct command_setting *manifest);

/* Somebody else's key, typed or by pet name. The operator's own is refused: TRUST_NO_KEY. */
TRUST_MUST_USE enum trust_error drafting_key(struct context *context, struct trust_key *out_key,
                                             const char *typed);

/* A ratio in the thousandths of records, rounded to the nearest. */
uint16_t drafting_permille(double ratio);

/* Dates the draft and keeps it, or publishes it with --publish, and shows what came of it. */
TRUST_MUST_USE enum trust_error drafting_finish(struct context *context, struct draft *draft,
                                                const struct drafting *drafting);

#endif
