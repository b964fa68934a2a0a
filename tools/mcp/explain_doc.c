/* See explain_doc.h. */
#include "mcp/explain_doc.h"

#include <stdint.h>
#include <string.h>

#include "mcp/score_doc.h"

static const char *const categories[] = {"performance", "security", "overall", NULL};
static const char *const kinds[] = {"prior", "own_calls", "rating", "rest", NULL};
static const char *const reasons[] = {"no_weight",
                                      "muted",
                                      "expired",
                                      "withdrawn",
                                      "void",
                                      "revoked",
                                      "other_level_used",
                                      "other_version",
                                      "ignored_by_operator",
                                      NULL};
static const char *const changes[] = {
    "more_evidence", "more_praise",         "more_blame", "flags_end",
    "evidence_ages", "ratings_of_manifest", NULL};

/* Vouches on the shortest path; null: it has none. */
static json_t *hops_of(const json_t *row)
{
    size_t least = SIZE_MAX;
    size_t index;
    const json_t *path;
    json_array_foreach(json_object_get(row, "paths"), index, path)
    {
        size_t keys = json_array_size(json_object_get(path, "keys"));
        if (keys > 0 && keys - 1 < least)
            least = keys - 1;
    }
    return least == SIZE_MAX ? json_null() : json_integer((json_int_t)least);
}

static json_t *contribution_of(const json_t *row)
{
    const char *category = score_word(json_object_get(row, "category"), categories);
    const char *kind = score_word(json_object_get(row, "kind"), kinds);
    json_t *value = json_object_get(row, "value");
    json_t *weight = json_object_get(row, "weight");
    json_t *share = json_object_get(row, "share");
    json_t *age = json_object_get(row, "age_s");
    bool is_good = category != NULL && kind != NULL && json_is_number(value) &&
                   json_is_number(weight) && json_is_number(share) &&
                   (json_is_integer(age) || json_is_null(age));
    if (!is_good)
        return NULL;
    return json_pack("{s:s,s:s,s:O,s:O,s:O,s:O,s:o}", "category", category, "kind", kind, "value",
                     value, "weight", weight, "share", share, "age_s", age, "hops", hops_of(row));
}

static json_t *change_of(const json_t *row)
{
    const char *kind = score_word(json_object_get(row, "kind"), changes);
    const char *status = score_word(json_object_get(row, "status"), score_statuses);
    json_t *amount = json_object_get(row, "amount");
    if (kind == NULL || status == NULL || !json_is_number(amount))
        return NULL;
    return json_pack("{s:s,s:s,s:O}", "kind", kind, "status", status, "amount", amount);
}

static bool put_list(json_t *doc, const json_t *explanation, const char *name,
                     json_t *(*row_of)(const json_t *row))
{
    const json_t *rows = json_object_get(explanation, name);
    json_t *list = json_array();
    bool is_good = json_object_set_new(doc, name, list) == 0 && json_is_array(rows);
    for (size_t i = 0; is_good && i < json_array_size(rows); i++)
        is_good = json_array_append_new(list, row_of(json_array_get(rows, i))) == 0;
    return is_good;
}

static bool count_reasons(size_t *out_counts, const json_t *rows)
{
    size_t index;
    const json_t *row;
    json_array_foreach(rows, index, row)
    {
        const char *reason = score_word(json_object_get(row, "reason"), reasons);
        size_t i = 0;
        if (reason == NULL)
            return false;
        while (reasons[i] != reason)
            i++;
        out_counts[i]++;
    }
    return json_is_array(rows);
}

static bool put_ignored(json_t *doc, const json_t *explanation)
{
    size_t counts[sizeof reasons / sizeof *reasons] = {0};
    json_t *list = json_array();
    bool is_good = json_object_set_new(doc, "ignored", list) == 0 &&
                   count_reasons(counts, json_object_get(explanation, "ignored"));
    for (size_t i = 0; is_good && reasons[i] != NULL; i++) {
        if (counts[i] > 0)
            is_good = json_array_append_new(list, json_pack("{s:s,s:I}", "reason", reasons[i],
                                                            "count", (json_int_t)counts[i])) == 0;
    }
    return is_good;
}

bool explain_add(json_t *score, const json_t *explanation)
{
    if (explanation == NULL)
        return json_object_set_new(score, "is_explained", json_false()) == 0 &&
               json_object_set_new(score, "contributions", json_array()) == 0 &&
               json_object_set_new(score, "ignored", json_array()) == 0 &&
               json_object_set_new(score, "single_source", json_null()) == 0 &&
               json_object_set_new(score, "changes", json_array()) == 0;
    json_t *single = json_object_get(explanation, "single_source");
    return json_object_set_new(score, "is_explained", json_true()) == 0 &&
           put_list(score, explanation, "contributions", contribution_of) &&
           put_ignored(score, explanation) && json_is_boolean(single) &&
           json_object_set(score, "single_source", single) == 0 &&
           put_list(score, explanation, "changes", change_of);
}
