/*
 * `repute flag`: a security finding about a server, by hand or from a scanner's output. The output
 * itself is never published: the record carries the BLAKE2b-256 of its bytes, so that whoever has
 * the file can show that it is the one.
 */
#include <sodium.h>
#include <stdio.h>
#include <string.h>

#include "repute/command.h"
#include "repute/commands.h"
#include "repute/drafting.h"
#include "repute/flagging.h"
#include "repute/input.h"
#include "repute/words.h"

enum { SEVERITY, CLASS, RULE, OUTPUT, MANIFEST, EXPIRES, PUBLISH, PASSPHRASE_FILE };

static const struct command_option options[] = {
    [SEVERITY] = {.name = "severity",
                  .kind = COMMAND_CHOICE,
                  .shown = "low|medium|high|critical",
                  .about = "how bad it is",
                  .choices = words_severities + 1,
                  .is_required = true},
    [CLASS] = FLAGGING_CLASS_OPTION,
    [RULE] = FLAGGING_RULE_OPTION,
    [OUTPUT] = {.name = "output",
                .kind = COMMAND_TEXT,
                .shown = "FILE",
                .about = "the scanner's output: its digest goes into the record"},
    [MANIFEST] = DRAFTING_MANIFEST_OPTION,
    [EXPIRES] = DRAFTING_EXPIRES_OPTION("180d"),
    [PUBLISH] = DRAFTING_PUBLISH_OPTION,
    [PASSPHRASE_FILE] = PASSPHRASE_OPTION,
    {0},
};

static enum trust_error digest_file(struct context *context, uint8_t out_digest[32],
                                    const char *path)
{
    uint8_t piece[16384];
    crypto_generichash_state state;
    FILE *file = NULL;
    enum trust_error error = input_open(context, &file, path);
    if (error != TRUST_OK)
        return error;
    (void)crypto_generichash_init(&state, NULL, 0, 32);
    size_t size = 0;
    while ((size = fread(piece, 1, sizeof piece, file)) > 0)
        (void)crypto_generichash_update(&state, piece, size);
    bool failed = ferror(file) != 0;
    input_close(file);
    if (failed)
        return context_refuse(context, TRUST_FAIL_IO, NULL, "%s could not be read", path);
    (void)crypto_generichash_final(&state, out_digest, 32);
    return TRUST_OK;
}

static enum trust_error run(struct context *context, const struct command_arguments *arguments)
{
    const struct command_setting *values = arguments->values;
    struct draft draft = {
        .kind = TRUST_KIND_FLAG,
        .flag = {.severity = (enum trust_severity)(values[SEVERITY].choice + 1),
                 .class_ = (enum trust_class)(values[CLASS].choice + 1)},
    };
    enum trust_error error = drafting_subject(context, draft.subject, arguments->words[0]);
    if (error == TRUST_OK)
        error = flagging_rule(context, &draft, &values[RULE]);
    if (error == TRUST_OK)
        error = drafting_manifest(context, &draft, &values[MANIFEST]);
    if (error == TRUST_OK && values[OUTPUT].is_given)
        error = digest_file(context, draft.flag.output_digest, values[OUTPUT].text);
    if (error != TRUST_OK)
        return error;
    const struct drafting drafting = {.expires = &values[EXPIRES],
                                      .publish = &values[PUBLISH],
                                      .passphrase_file = &values[PASSPHRASE_FILE],
                                      .life_s = DRAFTING_HALF_YEAR_S};
    return drafting_finish(context, &draft, &drafting);
}

const struct command flag_command = {
    .name = "flag",
    .words = "ID",
    .summary = "write a draft: a security finding about a server",
    .more = "One flag stands for each server, manifest, class and rule; a later one replaces it.\n",
    .least = 1,
    .most = 1,
    .options = options,
    .run = run,
};
