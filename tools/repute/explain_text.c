/*
 * See explain_text.h. The node's shares are exact; what is printed of them is rounded together, so
 * that the column adds up to the category's mean as it is printed.
 */
#include "repute/explain_text.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/writer.h"
#include "repute/shares.h"

/* Four keys of a path with their arrows fill a line; longer paths are cut by the column. */
#define PATH_TEXT_SIZE 480

static const struct output_field share_columns[] = {
    {"  SHARE", "shown", OUTPUT_AS_IT_IS}, {"FROM", "from", OUTPUT_AS_IT_IS},
    {"VALUE", "value", OUTPUT_RATIO},      {"WEIGHT", "weight", OUTPUT_RATIO},
    {"AGE", "age_s", OUTPUT_AS_IT_IS},     {0},
};

static const struct output_field path_columns[] = {
    {"  FLOW", "shown", OUTPUT_AS_IT_IS},
    {"PATH", "path", OUTPUT_AS_IT_IS},
    {0},
};

static const struct output_field ignored_columns[] = {
    {"  COUNT", "shown", OUTPUT_AS_IT_IS},
    {"REASON", "reason", OUTPUT_AS_IT_IS},
    {0},
};

static const char *text_of(const json_t *object, const char *member)
{
    const char *text = json_string_value(json_object_get(object, member));
    return text == NULL ? "" : text;
}

static double number_of(const json_t *object, const char *member)
{
    return json_number_value(json_object_get(object, member));
}

static void set_shown(json_t *row, double number)
{
    char text[32];
    (void)snprintf(text, sizeof text, "  %.3f", number);
    (void)json_object_set_new(row, "shown", json_string(text));
}

/* ---- contributions ---- */

/* A copy of a contribution for its row; a kind that has no author stands in its place. */
static json_t *make_row(const struct dress *dress, json_t *contribution)
{
    json_t *row = json_copy(contribution);
    if (!json_is_string(json_object_get(row, "from")))
        (void)json_object_set(row, "from", json_object_get(row, "kind"));
    dress_key(dress, row, "from");
    dress_span(dress, row, "age_s", 1000);
    return row;
}

/* The rows of one category, their sum last. */
static json_t *gather(const struct dress *dress, const json_t *contributions, const char *category)
{
    double shares[SHARES_MAX];
    uint32_t thousandths[SHARES_MAX];
    size_t count = 0;
    json_t *rows = json_array();
    for (size_t i = 0; i < json_array_size(contributions) && count < SHARES_MAX; i++) {
        json_t *contribution = json_array_get(contributions, i);
        double share = number_of(contribution, "share");
        if (strcmp(text_of(contribution, "category"), category) != 0 || !(share >= 0 && share <= 1))
            continue;
        shares[count++] = share;
        (void)json_array_append_new(rows, make_row(dress, contribution));
    }
    uint32_t total = shares_round(thousandths, shares, count);
    for (size_t i = 0; i < count; i++)
        set_shown(json_array_get(rows, i), thousandths[i] / 1000.0);
    json_t *sum = json_pack("{s:s}", "from", "= the category's mean");
    set_shown(sum, total / 1000.0);
    (void)json_array_append_new(rows, sum);
    return rows;
}

static enum trust_error show_contributions(struct context *context, const struct dress *dress,
                                           const json_t *document)
{
    const json_t *contributions = json_object_get(document, "contributions");
    const char *category = NULL;
    json_t *figures = NULL;
    enum trust_error error = TRUST_OK;
    json_object_foreach(json_object_get(document, "categories"), category, figures)
    {
        if (error != TRUST_OK || !(number_of(figures, "evidence") > 0))
            continue;
        json_t *rows = gather(dress, contributions, category);
        output_say(&context->output, "\nwhere the mean of %s comes from\n", category);
        error = output_list(&context->output, rows, share_columns, "");
        json_decref(rows);
    }
    return error;
}

/* ---- from the categories to the score ---- */

#define IMAGINED 2.0 /* observations of its own that every category begins with */
#define PERFORMANCE_PART 0.4
#define OVERALL_PART 0.6

struct figures {
    double mean;     /* with the imagined observations, as it is shown */
    double evidence; /* of which... */
    double good;     /* ...so much speaks for the server */
};

static struct figures figures_of(const json_t *document, const char *category)
{
    const json_t *object = json_object_get(json_object_get(document, "categories"), category);
    double evidence = number_of(object, "evidence");
    double mean = evidence > 0 ? number_of(object, "mean") : 0.5;
    double good = mean * (IMAGINED + evidence) - 1;
    return (struct figures){.mean = mean, .evidence = evidence, .good = good > 0 ? good : 0};
}

/* One of performance and overall, for which the other one's mean stands in the place of the
 * imagined observations. */
static double say_leant(const struct output *output, const char *name, const struct figures *own,
                        const struct figures *other)
{
    double leant = (IMAGINED * other->mean + own->good) / (IMAGINED + own->evidence);
    output_say(output, "  %-11s  %.3f = (2 x %.3f + %.3f good) / (2 + %.3f evidence)\n", name,
               leant, other->mean, own->good, own->evidence);
    return leant;
}

/* By the formulae of docs/reference/scoring.md, so that a reader can follow each figure. */
static void say_sum(const struct output *output, const json_t *document)
{
    struct figures performance = figures_of(document, "performance");
    struct figures overall = figures_of(document, "overall");
    if (!json_is_number(json_object_get(document, "mean")))
        return;
    output_say(output, "\nhow the score comes about: performance and overall lean on each other\n");
    double first = say_leant(output, "performance", &performance, &overall);
    double second = say_leant(output, "overall", &overall, &performance);
    output_say(output, "  %-11s  %.3f = 0.4 x %.3f + 0.6 x %.3f\n", "mean",
               PERFORMANCE_PART * first + OVERALL_PART * second, first, second);
    output_say(output, "  %-11s  %.3f, what is known of security allows no more\n", "cap",
               number_of(document, "cap"));
    output_say(output, "  %-11s  %.3f = %.3f of the flags x the lower of mean and cap\n", "score",
               number_of(document, "score"), number_of(document, "factor"));
}

/* ---- paths ---- */

static void put_path(const struct dress *dress, json_t *row, const json_t *keys)
{
    char text[PATH_TEXT_SIZE];
    char name[DRESS_KEY_SIZE];
    struct trust_writer writer = trust_writer_init(text, sizeof text - 1);
    for (size_t i = 0; i < json_array_size(keys); i++) {
        const char *key = json_string_value(json_array_get(keys, i));
        dress_name(dress, name, key == NULL ? "-" : key);
        trust_writer_put(&writer, trust_bytes_text(i == 0 ? "" : " > "));
        trust_writer_put(&writer, trust_bytes_text(name));
    }
    text[writer.size] = '\0';
    (void)json_object_set_new(row, "path", json_string(text));
}

static enum trust_error show_paths(struct context *context, const struct dress *dress,
                                   const json_t *document)
{
    const json_t *contributions = json_object_get(document, "contributions");
    json_t *rows = json_array();
    json_t *seen = json_object();
    for (size_t i = 0; i < json_array_size(contributions); i++) {
        const json_t *contribution = json_array_get(contributions, i);
        const json_t *paths = json_object_get(contribution, "paths");
        const char *from = text_of(contribution, "from");
        /* A rater of two categories has the same paths in both. */
        if (json_array_size(paths) == 0 || json_object_get(seen, from) != NULL)
            continue;
        (void)json_object_set_new(seen, from, json_true());
        for (size_t k = 0; k < json_array_size(paths); k++) {
            const json_t *path = json_array_get(paths, k);
            json_t *row = json_object();
            set_shown(row, number_of(path, "flow"));
            put_path(dress, row, json_object_get(path, "keys"));
            (void)json_array_append_new(rows, row);
        }
    }
    enum trust_error error = TRUST_OK;
    if (json_array_size(rows) > 0) {
        output_say(&context->output, "\nby which vouches\n");
        error = output_list(&context->output, rows, path_columns, "");
    }
    json_decref(seen);
    json_decref(rows);
    return error;
}

/* ---- ignored, changes ---- */

static enum trust_error show_ignored(struct context *context, const json_t *document)
{
    const json_t *ignored = json_object_get(document, "ignored");
    if (json_array_size(ignored) == 0)
        return TRUST_OK;
    json_t *counts = json_object();
    for (size_t i = 0; i < json_array_size(ignored); i++) {
        const char *reason = text_of(json_array_get(ignored, i), "reason");
        json_int_t count = json_integer_value(json_object_get(counts, reason));
        (void)json_object_set_new(counts, reason, json_integer(count + 1));
    }
    json_t *rows = json_array();
    const char *reason = NULL;
    json_t *count = NULL;
    json_object_foreach(counts, reason, count)
    {
        char shown[32];
        (void)snprintf(shown, sizeof shown, "  %" PRId64, (int64_t)json_integer_value(count));
        (void)json_array_append_new(rows, json_pack("{s:s,s:s}", "shown", shown, "reason", reason));
    }
    output_say(&context->output, "\nrecords without a say (--json names them)\n");
    enum trust_error error = output_list(&context->output, rows, ignored_columns, "");
    json_decref(rows);
    json_decref(counts);
    return error;
}

/* What is said of an amount; a span of seconds is said as one. */
static const struct {
    const char *kind;
    const char *before;
    const char *behind;
    bool is_span;
} sentences[] = {
    {"more_evidence", "with ", " more evidence", false},
    {"more_praise", "with good ratings worth ", " of evidence", false},
    {"more_blame", "with bad ratings worth ", " of evidence", false},
    {"evidence_ages", "in ", ", when its evidence has aged", true},
    {"ratings_of_manifest", "with ratings of this manifest: evidence worth ", " speaks of others",
     false},
};

static void say_change(const struct output *output, const json_t *change)
{
    const char *kind = text_of(change, "kind");
    double amount = number_of(change, "amount");
    if (strcmp(kind, "flags_end") == 0) {
        output_say(output,
                   amount > 1 ? "  %s: when its %.0f worst flags end\n"
                              : "  %s: when its worst flag ends\n",
                   text_of(change, "status"), amount);
        return;
    }
    for (size_t i = 0; i < sizeof sentences / sizeof *sentences; i++) {
        char text[DRESS_SPAN_SIZE];
        if (strcmp(sentences[i].kind, kind) != 0)
            continue;
        if (sentences[i].is_span && amount >= 0 && amount < 1e15)
            dress_span_text(text, (uint64_t)(amount * 1000));
        else
            (void)snprintf(text, sizeof text, "%.2f", amount);
        output_say(output, "  %s: %s%s%s\n", text_of(change, "status"), sentences[i].before, text,
                   sentences[i].behind);
    }
}

enum trust_error explain_text_show(struct context *context, const struct dress *dress,
                                   json_t *document)
{
    enum trust_error error = show_contributions(context, dress, document);
    if (error == TRUST_OK) {
        say_sum(&context->output, document);
        error = show_paths(context, dress, document);
    }
    if (error == TRUST_OK)
        error = show_ignored(context, document);
    if (json_is_true(json_object_get(document, "single_source")))
        output_say(&context->output,
                   "\nsingle source: most of this came through one of your vouches\n");
    const json_t *changes = json_object_get(document, "changes");
    if (json_array_size(changes) > 0)
        output_say(&context->output, "\nit would become\n");
    for (size_t i = 0; i < json_array_size(changes); i++)
        say_change(&context->output, json_array_get(changes, i));
    return error;
}
