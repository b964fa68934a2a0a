/* See score_table.h. */
#include "repute/score_table.h"

#include <stdio.h>

#include "repute/score_pins.h"

static const struct output_field columns[] = {
    {"SERVER", "subject", OUTPUT_AS_IT_IS},
    {"STATUS", "status", OUTPUT_AS_IT_IS},
    {"SCORE", "score", OUTPUT_RATIO},
    {"LOWER", "lower", OUTPUT_RATIO},
    {"UPPER", "upper", OUTPUT_RATIO},
    {"EVIDENCE", "evidence", OUTPUT_RATIO},
    {"RATERS", "raters", OUTPUT_COUNT},
    {"FLAGS", "flag_count", OUTPUT_COUNT},
    {"BREAKER", "breaker", OUTPUT_AS_IT_IS},
    {"QUARANTINE", "quarantine", OUTPUT_AS_IT_IS},
    {0},
};

static const struct output_field fields[] = {
    {"server", "subject", OUTPUT_AS_IT_IS},
    {"status", "status", OUTPUT_AS_IT_IS},
    {"score", "score", OUTPUT_RATIO},
    {"lower", "lower", OUTPUT_RATIO},
    {"upper", "upper", OUTPUT_RATIO},
    {"mean", "mean", OUTPUT_RATIO},
    {"cap", "cap", OUTPUT_RATIO},
    {"flags' factor", "factor", OUTPUT_RATIO},
    {"evidence", "evidence", OUTPUT_RATIO},
    {"raters", "raters", OUTPUT_COUNT},
    {"manifest", "manifest", OUTPUT_AS_IT_IS},
    {"pins", "pins.state", OUTPUT_AS_IT_IS},
    {"breaker", "breaker", OUTPUT_AS_IT_IS},
    {"quarantine", "quarantine", OUTPUT_AS_IT_IS},
    {"basis", "basis.kind", OUTPUT_AS_IT_IS},
    {"updated", "updated", OUTPUT_AS_IT_IS},
    {0},
};

static const struct output_field category_columns[] = {
    {"  CATEGORY", "shown", OUTPUT_AS_IT_IS}, {"MEAN", "mean", OUTPUT_RATIO},
    {"LOWER", "lower", OUTPUT_RATIO},         {"UPPER", "upper", OUTPUT_RATIO},
    {"EVIDENCE", "evidence", OUTPUT_RATIO},   {0},
};

static const struct output_field flag_columns[] = {
    {"  SEVERITY", "shown", OUTPUT_AS_IT_IS},
    {"CLASS", "class", OUTPUT_AS_IT_IS},
    {"RULE", "rule", OUTPUT_AS_IT_IS},
    {"SCANNER", "scanner", OUTPUT_AS_IT_IS},
    {"WEIGHT", "q", OUTPUT_RATIO},
    {"TIME", "time", OUTPUT_AS_IT_IS},
    {"RECORD", "record", OUTPUT_AS_IT_IS},
    {0},
};

enum trust_error score_table_list(struct context *context, json_t *scores, const char *none)
{
    /* JSON stays what the node said. */
    for (size_t i = 0; context->output.form != OUTPUT_JSON && i < json_array_size(scores); i++) {
        json_t *score = json_array_get(scores, i);
        json_int_t count = (json_int_t)json_array_size(json_object_get(score, "flags"));
        if (json_object_set_new(score, "flag_count", json_integer(count)) != 0)
            return TRUST_FAIL_MEMORY;
    }
    enum trust_error error = output_list(&context->output, scores, columns, none);
    struct dress dress = dress_open(context);
    score_pins_say(context, &dress, scores);
    dress_close(&dress);
    return error;
}

/* Sets the indented text of a first column. */
static void indent(json_t *row, const char *text)
{
    char shown[64];
    (void)snprintf(shown, sizeof shown, "  %s", text == NULL ? "-" : text);
    (void)json_object_set_new(row, "shown", json_string(shown));
}

static enum trust_error show_categories(struct context *context, const json_t *score)
{
    if (context->output.form != OUTPUT_TEXT)
        return TRUST_OK;
    json_t *rows = json_array();
    const char *name = NULL;
    json_t *category = NULL;
    json_object_foreach(json_object_get(score, "categories"), name, category)
    {
        json_t *row = json_copy(category);
        indent(row, name);
        (void)json_array_append_new(rows, row);
    }
    output_say(&context->output, "\ncategories\n");
    enum trust_error error = output_list(&context->output, rows, category_columns, "  none");
    json_decref(rows);
    return error;
}

static enum trust_error show_flags(struct context *context, const struct dress *dress,
                                   const json_t *score)
{
    const json_t *flags = json_object_get(score, "flags");
    if (context->output.form != OUTPUT_TEXT || json_array_size(flags) == 0)
        return TRUST_OK;
    json_t *rows = json_array();
    for (size_t i = 0; i < json_array_size(flags); i++) {
        json_t *row = json_copy(json_array_get(flags, i));
        indent(row, json_string_value(json_object_get(row, "severity")));
        dress_key(dress, row, "scanner");
        dress_time(dress, row, "time");
        dress_digest(dress, row, "record");
        (void)json_array_append_new(rows, row);
    }
    output_say(&context->output, "\nflags\n");
    enum trust_error error = output_list(&context->output, rows, flag_columns, "  none");
    json_decref(rows);
    return error;
}

enum trust_error score_table_one(struct context *context, const struct dress *dress, json_t *score)
{
    dress_time(dress, score, "updated");
    enum trust_error error = output_object(&context->output, score, fields);
    score_pins_say(context, dress, score);
    if (error == TRUST_OK)
        error = show_categories(context, score);
    if (error == TRUST_OK)
        error = show_flags(context, dress, score);
    return error;
}
