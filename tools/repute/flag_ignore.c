/*
 * `repute flag ignore [RECORD]`: somebody else's flag counts for nothing on this node, or does
 * again; without a record, what is ignored. The node tells the whole id of the flag first, so that
 * the operator's key signs that and not its first digits.
 */
#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "repute/commands.h"
#include "repute/consent.h"
#include "repute/context.h"
#include "repute/dress.h"
#include "repute/ids.h"
#include "repute/passphrase.h"

#define DIGITS_MIN 8
#define DIGITS_MAX 64
#define REASON_SIZE_MAX 200

enum { UNDO, REASON, PASSPHRASE_FILE };

static const struct command_option options[] = {
    [UNDO] = {.name = "undo", .about = "let the flag count again"},
    [REASON] = {.name = "reason",
                .kind = COMMAND_TEXT,
                .shown = "TEXT",
                .about = "why, for the log",
                .most = REASON_SIZE_MAX},
    [PASSPHRASE_FILE] = PASSPHRASE_OPTION,
    {0},
};

static const struct output_field columns[] = {
    {"RECORD", "record", OUTPUT_AS_IT_IS},     {"SERVER", "subject", OUTPUT_AS_IT_IS},
    {"SEVERITY", "severity", OUTPUT_AS_IT_IS}, {"CLASS", "class", OUTPUT_AS_IT_IS},
    {"RULE", "rule", OUTPUT_AS_IT_IS},         {"SCANNER", "scanner", OUTPUT_AS_IT_IS},
    {"MANIFEST", "manifest", OUTPUT_AS_IT_IS}, {"TIME", "time", OUTPUT_AS_IT_IS},
    {"REGISTER", "register", OUTPUT_AS_IT_IS}, {0},
};

static const struct output_field fields[] = {
    {"record", "record", OUTPUT_AS_IT_IS},
    {"register", "register", OUTPUT_AS_IT_IS},
    {"server", "subject", OUTPUT_AS_IT_IS},
    {"severity", "severity", OUTPUT_AS_IT_IS},
    {"class", "class", OUTPUT_AS_IT_IS},
    {"rule", "rule", OUTPUT_AS_IT_IS},
    {"scanner", "scanner", OUTPUT_AS_IT_IS},
    {"manifest", "manifest", OUTPUT_AS_IT_IS},
    {"time", "time", OUTPUT_AS_IT_IS},
    {"ignored", "ignored", OUTPUT_AS_IT_IS},
    {0},
};

static void dress_row(const struct dress *dress, json_t *row)
{
    dress_key(dress, row, "scanner");
    dress_time(dress, row, "time");
    dress_digest(dress, row, "manifest");
}

static enum trust_error list(struct context *context)
{
    json_t *rows = NULL;
    enum trust_error error = context_ask(context, &rows, TRUST_REQUEST_GET, "/v1/ignored", NULL);
    if (error != TRUST_OK)
        return error;
    struct dress dress = dress_open(context);
    for (size_t i = 0; i < json_array_size(rows); i++) {
        dress_row(&dress, json_array_get(rows, i));
        dress_digest(&dress, json_array_get(rows, i), "record");
    }
    error = output_list(&context->output, rows, columns, "no flag is ignored");
    dress_close(&dress);
    json_decref(rows);
    return error;
}

/* In lower case, as the node writes ids. */
static enum trust_error read_digits(struct context *context, char out_digits[DIGITS_MAX + 1],
                                    const char *typed)
{
    size_t digits = strspn(typed, "0123456789abcdefABCDEF");
    if (digits < DIGITS_MIN || digits > DIGITS_MAX || typed[digits] != '\0')
        return context_misuse(context, TRUST_NO_SYNTAX, "`repute servers show ID` has the ids",
                              "expected %d to %d hex digits of a record's id", DIGITS_MIN,
                              DIGITS_MAX);
    for (size_t i = 0; i <= digits; i++)
        out_digits[i] = (char)tolower((unsigned char)typed[i]);
    return TRUST_OK;
}

/* What the flag is called in full: by the record that the node holds, else by its register. */
static const char *name_of(const json_t *flag)
{
    const char *record = json_string_value(json_object_get(flag, "record"));
    const char *place = json_string_value(json_object_get(flag, "register"));
    return record != NULL ? record : place != NULL ? place : "";
}

static enum trust_error order(struct context *context, json_t **out_answer, const json_t *flag,
                              const struct command_setting *values)
{
    char path[CONTEXT_PATH_SIZE];
    ids_path(path, "/v1/ignored/", name_of(flag), "");
    struct consent_order wanted = {.method = TRUST_REQUEST_PUT,
                                   .path = path,
                                   .body = json_pack("{s:b}", "ignored", !values[UNDO].is_given),
                                   .verb = "ignore",
                                   .subject = name_of(flag),
                                   .passphrase_file = values[PASSPHRASE_FILE].text};
    if (values[REASON].is_given)
        (void)json_object_set_new(wanted.body, "reason", json_string(values[REASON].text));
    enum trust_error error = consent_send(context, out_answer, &wanted);
    json_decref(wanted.body);
    return error;
}

static enum trust_error show(struct context *context, json_t *answer)
{
    struct dress dress = dress_open(context);
    dress_row(&dress, answer);
    enum trust_error error = output_object(&context->output, answer, fields);
    dress_close(&dress);
    return error;
}

static enum trust_error give(struct context *context, const struct command_arguments *arguments)
{
    char digits[DIGITS_MAX + 1];
    char path[CONTEXT_PATH_SIZE];
    json_t *flag = NULL;
    json_t *answer = NULL;
    enum trust_error error = read_digits(context, digits, arguments->words[0]);
    if (error != TRUST_OK)
        return error;
    ids_path(path, "/v1/ignored/", digits, "");
    error = context_ask(context, &flag, TRUST_REQUEST_GET, path, NULL);
    if (error == TRUST_OK)
        error = order(context, &answer, flag, arguments->values);
    if (error == TRUST_OK)
        error = show(context, answer);
    json_decref(flag);
    json_decref(answer);
    return error;
}

static enum trust_error run(struct context *context, const struct command_arguments *arguments)
{
    const struct command_setting *values = arguments->values;
    if (arguments->word_count == 1)
        return give(context, arguments);
    if (values[UNDO].is_given || values[REASON].is_given || values[PASSPHRASE_FILE].is_given)
        return context_misuse(context, TRUST_NO_OPTION, "`repute flag ignore` alone lists them",
                              "name the flag's record");
    return list(context);
}

const struct command flag_ignore_command = {
    .name = "flag ignore",
    .words = "[RECORD]",
    .summary = "let a flag of somebody else count for nothing here",
    .more =
        "RECORD is the flag's id, or its first digits, at least eight; `servers show` has it.\n"
        "The scanner's later flags of the same server, class, rule and manifest are ignored\n"
        "too, until --undo. Without RECORD: what is ignored. It loosens safety: the operator's\n"
        "key signs the order; to undo it needs no key.\n",
    .least = 0,
    .most = 1,
    .options = options,
    .run = run,
};
