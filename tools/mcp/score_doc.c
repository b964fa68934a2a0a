/* See score_doc.h. */
#include "mcp/score_doc.h"

#include <string.h>

#include "trust/breaker.h"
#include "trust/flag.h"
#include "trust/score.h"

const char *const score_statuses[] = {"unknown", "weak", "ok", "contested", "flagged", NULL};
static const char *const breakers[] = {"closed",        "open",         "half_open", "forced_open",
                                       "forced_closed", "metrics_only", NULL};
static const char *const quarantines[] = {"ok",       "suspect", "quarantined", "investigating",
                                          "released", "banned",  NULL};
static const char *const bases[] = {"fresh", "stale", "own", "none", NULL};
static const char *const severities[] = {"low", "medium", "high", "critical", NULL};
static const char *const classes[] = {
    "injection",        "poisoning",     "shadowing", "malware",
    "exfiltration",     "vulnerability", "exposure",  "impersonation",
    "manifest_changed", "other",         NULL};
static const char *const categories[] = {"performance", "security", "overall", NULL};
static const char *const category_members[] = {"mean", "lower", "upper", "evidence", NULL};

const char *score_word(const json_t *value, const char *const *words)
{
    const char *text = json_string_value(value);
    while (text != NULL && *words != NULL && strcmp(text, *words) != 0)
        words++;
    return text == NULL ? NULL : *words;
}

json_t *score_basis(struct trust_basis basis)
{
    return json_pack("{s:s,s:I}", "kind", trust_basis_kind_name(basis.kind), "age_s",
                     (json_int_t)basis.age_s);
}

/* ---- our sentences ---- */

static bool is_word(const char *word, const char *const *words)
{
    while (*words != NULL && strcmp(word, *words) != 0)
        words++;
    return *words != NULL;
}

static const char *sentence_of(const char *status, const char *breaker, const char *quarantine)
{
    static const char *const withheld[] = {"quarantined", "investigating", "banned", NULL};
    static const char *const open[] = {"open", "forced_open", NULL};
    if (is_word(quarantine, withheld))
        return "This server is withheld for security reasons until the operator decides. Do not "
               "call it, and do not try to reach the same effect by other means.";
    if (strcmp(status, "flagged") == 0)
        return "Scanners that this operator believes report this server as harmful. Do not call "
               "it without asking the user.";
    if (is_word(breaker, open))
        return "This server has been failing and is being given time to recover. Use another one, "
               "or wait.";
    if (strcmp(quarantine, "suspect") == 0)
        return "This server is under suspicion. Use it for nothing that could do harm.";
    if (strcmp(status, "contested") == 0)
        return "Those who know this server disagree about it.";
    if (strcmp(status, "weak") == 0)
        return "Little is known of this server so far.";
    if (strcmp(status, "unknown") == 0)
        return "Nothing is known of this server, which is neither good nor bad.";
    return "Enough is known of this server, and it agrees.";
}

/* The sentence, and that the figures are old if they are. False: no memory. */
static bool say(json_t *doc)
{
    const char *kind = json_string_value(json_object_get(json_object_get(doc, "basis"), "kind"));
    const char *sentence = sentence_of(json_string_value(json_object_get(doc, "status")),
                                       json_string_value(json_object_get(doc, "breaker")),
                                       json_string_value(json_object_get(doc, "quarantine")));
    const char *old = "";
    if (strcmp(kind, "stale") == 0)
        old = " The node is away: these are the figures of its last board.";
    else if (strcmp(kind, "fresh") != 0)
        old = " The node is away, and no board of it is left.";
    return json_object_set_new(doc, "message", json_sprintf("%s%s", sentence, old)) == 0;
}

/* ---- from the node ---- */

static bool is_amount(const json_t *value)
{
    return json_is_number(value) && json_number_value(value) >= 0;
}

static bool is_ratio(const json_t *value)
{
    return is_amount(value) && json_number_value(value) <= 1;
}

/* Puts a copy of what the node says there. */
static bool put_ratio(json_t *doc, const json_t *score, const char *name, bool may_be_null)
{
    json_t *value = json_object_get(score, name);
    if (!is_ratio(value) && !(may_be_null && json_is_null(value)))
        return false;
    return json_object_set(doc, name, value) == 0;
}

static bool put_amount(json_t *doc, const json_t *score, const char *name)
{
    json_t *value = json_object_get(score, name);
    return is_amount(value) && json_object_set(doc, name, value) == 0;
}

static bool put_word(json_t *doc, const json_t *score, const char *name, const char *const *words)
{
    const char *word = score_word(json_object_get(score, name), words);
    return word != NULL && json_object_set_new(doc, name, json_string(word)) == 0;
}

static bool put_category(json_t *doc, const json_t *from, const char *name)
{
    json_t *category = json_object();
    bool is_good = json_object_set_new(doc, name, category) == 0;
    for (size_t i = 0; is_good && category_members[i] != NULL; i++)
        is_good = put_amount(category, json_object_get(from, name), category_members[i]);
    return is_good;
}

static bool put_categories(json_t *doc, const json_t *score)
{
    json_t *all = json_object();
    bool is_good = json_object_set_new(doc, "categories", all) == 0;
    for (size_t i = 0; is_good && categories[i] != NULL; i++)
        is_good = put_category(all, json_object_get(score, "categories"), categories[i]);
    return is_good;
}

static size_t rank_of(const char *word, const char *const *words)
{
    size_t rank = 0;
    while (words[rank] != NULL && strcmp(words[rank], word) != 0)
        rank++;
    return rank;
}

/* The worst of them, and each class once; whose they are and what rule they name is left out. */
static bool put_flags(json_t *doc, const json_t *score)
{
    const json_t *flags = json_object_get(score, "flags");
    size_t index;
    const json_t *flag;
    const char *worst = NULL;
    bool has_class[sizeof classes / sizeof *classes] = {0};
    if (!json_is_array(flags))
        return false;
    json_array_foreach(flags, index, flag)
    {
        const char *severity = score_word(json_object_get(flag, "severity"), severities);
        const char *class_ = score_word(json_object_get(flag, "class"), classes);
        if (severity == NULL || class_ == NULL)
            return false;
        has_class[rank_of(class_, classes)] = true;
        if (worst == NULL || rank_of(severity, severities) > rank_of(worst, severities))
            worst = severity;
    }
    json_t *list = json_array();
    for (size_t i = 0; classes[i] != NULL; i++) {
        if (has_class[i] && json_array_append_new(list, json_string(classes[i])) != 0)
            return false;
    }
    json_t *summary = json_pack("{s:I,s:s?,s:o}", "count", (json_int_t)json_array_size(flags),
                                "worst", worst, "classes", list);
    return json_object_set_new(doc, "flags", summary) == 0;
}

static bool put_basis(json_t *doc, const json_t *score)
{
    const json_t *basis = json_object_get(score, "basis");
    const char *kind = score_word(json_object_get(basis, "kind"), bases);
    json_t *age = json_object_get(basis, "age_s");
    if (kind == NULL || !json_is_integer(age) || json_integer_value(age) < 0)
        return false;
    return json_object_set_new(doc, "basis", json_pack("{s:s,s:O}", "kind", kind, "age_s", age)) ==
           0;
}

json_t *score_of_node(const char *subject, const json_t *score)
{
    json_t *doc = json_pack("{s:s}", "subject", subject);
    bool is_good =
        doc != NULL && put_word(doc, score, "status", score_statuses) &&
        put_ratio(doc, score, "score", true) && put_ratio(doc, score, "lower", true) &&
        put_ratio(doc, score, "mean", true) && put_ratio(doc, score, "upper", true) &&
        put_amount(doc, score, "evidence") && json_is_integer(json_object_get(score, "raters")) &&
        put_amount(doc, score, "raters") && put_categories(doc, score) && put_flags(doc, score) &&
        put_ratio(doc, score, "factor", false) && put_ratio(doc, score, "cap", false) &&
        put_word(doc, score, "breaker", breakers) &&
        put_word(doc, score, "quarantine", quarantines) && put_basis(doc, score) && say(doc);
    if (is_good)
        return doc;
    json_decref(doc);
    return NULL;
}

/* ---- from the board ---- */

static json_t *ratio_of(uint32_t ppm)
{
    return ppm <= TRUST_PPM ? json_real((double)ppm / TRUST_PPM) : json_null();
}

static json_t *classes_of(uint16_t bits)
{
    json_t *list = json_array();
    for (unsigned i = 0; classes[i] != NULL; i++) {
        if ((bits >> (i + 1) & 1) != 0)
            (void)json_array_append_new(list, json_string(classes[i]));
    }
    return list;
}

static const char *severity_of(uint8_t severity)
{
    return severity >= TRUST_SEVERITY_LOW && severity <= TRUST_SEVERITY_CRITICAL
               ? severities[severity - TRUST_SEVERITY_LOW]
               : NULL;
}

json_t *score_of_cell(const char *subject, const struct trust_board_cell *cell,
                      enum trust_quarantine_state quarantine, struct trust_basis basis)
{
    static const struct trust_board_cell unknown = {.score_ppm = TRUST_PPM_NONE,
                                                    .lower_ppm = TRUST_PPM_NONE,
                                                    .mean_ppm = TRUST_PPM_NONE,
                                                    .upper_ppm = TRUST_PPM_NONE,
                                                    .factor_ppm = TRUST_PPM,
                                                    .cap_ppm = TRUST_PPM};
    const struct trust_board_cell *shown = cell != NULL ? cell : &unknown;
    /* How many flags there are does not stand on the board. */
    json_t *flags = json_pack("{s:n,s:s?,s:o}", "count", "worst", severity_of(shown->flag_severity),
                              "classes", classes_of(shown->flag_classes));
    json_t *doc = json_pack(
        "{s:s,s:s,s:o,s:o,s:o,s:o,s:f,s:I,s:n,s:o,s:o,s:o,s:s,s:s,s:o}", "subject", subject,
        "status", trust_score_status_name((enum trust_score_status)shown->status), "score",
        ratio_of(shown->score_ppm), "lower", ratio_of(shown->lower_ppm), "mean",
        ratio_of(shown->mean_ppm), "upper", ratio_of(shown->upper_ppm), "evidence", shown->evidence,
        "raters", (json_int_t)shown->raters, "categories", "flags", flags, "factor",
        ratio_of(shown->factor_ppm), "cap", ratio_of(shown->cap_ppm), "breaker",
        trust_breaker_state_name((enum trust_breaker_state)shown->breaker_state), "quarantine",
        trust_quarantine_state_name(quarantine), "basis", score_basis(basis));
    if (doc != NULL && say(doc))
        return doc;
    json_decref(doc);
    return NULL;
}
