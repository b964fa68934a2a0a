/* See draft_doc.h. */
#include "repute/draft_doc.h"

#include <sodium.h>
#include <stdio.h>

#include "base/date.h"
#include "repute/words.h"

#define HEX_SIZE 65
#define SAYS_SIZE 128

const struct output_field draft_doc_columns[] = {
    {"DRAFT", "draft", OUTPUT_AS_IT_IS},     {"KIND", "kind", OUTPUT_AS_IT_IS},
    {"ABOUT", "about", OUTPUT_AS_IT_IS},     {"SAYS", "says", OUTPUT_AS_IT_IS},
    {"CREATED", "created", OUTPUT_AS_IT_IS}, {0},
};

const struct output_field draft_doc_verdict_columns[] = {
    {"DRAFT", "draft", OUTPUT_AS_IT_IS},   {"KIND", "kind", OUTPUT_AS_IT_IS},
    {"ABOUT", "about", OUTPUT_AS_IT_IS},   {"VERDICT", "verdict", OUTPUT_AS_IT_IS},
    {"RECORD", "record", OUTPUT_AS_IT_IS}, {0},
};

const struct output_field draft_doc_fields[] = {
    {"draft", "draft", OUTPUT_AS_IT_IS},
    {"kind", "kind", OUTPUT_AS_IT_IS},
    {"about", "about", OUTPUT_AS_IT_IS},
    {"says", "says", OUTPUT_AS_IT_IS},
    {"manifest", "manifest", OUTPUT_AS_IT_IS},
    {"output", "output", OUTPUT_AS_IT_IS},
    {"expires", "expires_in", OUTPUT_AS_IT_IS},
    {"created", "created", OUTPUT_AS_IT_IS},
    {0},
};

static void put_manifest(json_t *document, const struct draft *draft)
{
    char hex[HEX_SIZE];
    if (draft->has_manifest)
        sodium_bin2hex(hex, sizeof hex, draft->manifest, sizeof draft->manifest);
    (void)json_object_set_new(document, "manifest",
                              draft->has_manifest ? json_string(hex) : json_null());
}

static void describe_vouch(json_t *document, char says[SAYS_SIZE], const struct draft *draft)
{
    char key[TRUST_KEY_TEXT_SIZE];
    char scopes[WORDS_SCOPES_SIZE];
    const struct trust_vouch *vouch = &draft->vouch;
    double strength = (vouch->strength < 0 ? -vouch->strength : vouch->strength) / 1000.0;
    trust_key_encode(key, &vouch->subject, TRUST_KEY_OPERATOR);
    words_put_scopes(scopes, vouch->scopes);
    if (vouch->strength == 0)
        (void)snprintf(says, SAYS_SIZE, "withdrawn");
    else if (vouch->strength < 0)
        (void)snprintf(says, SAYS_SIZE, "distrust %.3g", strength);
    else
        (void)snprintf(says, SAYS_SIZE, "trust %.3g to %s", strength, scopes);
    (void)json_object_set_new(document, "about", json_string(key));
    (void)json_object_set_new(document, "key", json_string(key));
    (void)json_object_set_new(document, "strength", json_real(vouch->strength / 1000.0));
    (void)json_object_set_new(document, "scope", json_string(scopes));
}

static void describe_rating(json_t *document, char says[SAYS_SIZE], const struct draft *draft)
{
    const struct trust_rating *rating = &draft->rating;
    const char *category = words_categories[rating->category - 1];
    bool is_withdrawn = rating->value == TRUST_RATING_WITHDRAWN;
    if (is_withdrawn)
        (void)snprintf(says, SAYS_SIZE, "%s withdrawn", category);
    else if (rating->calls > 0)
        (void)snprintf(says, SAYS_SIZE, "%s %.3g after %u calls", category, rating->value / 1000.0,
                       rating->calls);
    else
        (void)snprintf(says, SAYS_SIZE, "%s %.3g", category, rating->value / 1000.0);
    (void)json_object_set_new(document, "about", json_string(draft->subject));
    (void)json_object_set_new(document, "subject", json_string(draft->subject));
    put_manifest(document, draft);
    (void)json_object_set_new(document, "category", json_string(category));
    (void)json_object_set_new(document, "value",
                              is_withdrawn ? json_null() : json_real(rating->value / 1000.0));
    (void)json_object_set_new(document, "calls", json_integer(rating->calls));
    (void)json_object_set_new(document, "origin", json_string(words_origins[rating->origin - 1]));
}

static void describe_flag(json_t *document, char says[SAYS_SIZE], const struct draft *draft)
{
    char hex[HEX_SIZE];
    const struct trust_flag *flag = &draft->flag;
    const char *severity = words_severities[flag->severity];
    const char *class_ = words_classes[flag->class_ - 1];
    bool has_output = !sodium_is_zero(flag->output_digest, sizeof flag->output_digest);
    sodium_bin2hex(hex, sizeof hex, flag->output_digest, sizeof flag->output_digest);
    (void)snprintf(says, SAYS_SIZE, "%s %s, rule %s", severity, class_, draft->rule);
    (void)json_object_set_new(document, "about", json_string(draft->subject));
    (void)json_object_set_new(document, "subject", json_string(draft->subject));
    put_manifest(document, draft);
    (void)json_object_set_new(document, "severity", json_string(severity));
    (void)json_object_set_new(document, "class", json_string(class_));
    (void)json_object_set_new(document, "rule", json_string(draft->rule));
    (void)json_object_set_new(document, "output", has_output ? json_string(hex) : json_null());
}

static void describe_alias(json_t *document, char says[SAYS_SIZE], const struct draft *draft)
{
    (void)snprintf(says, SAYS_SIZE, draft->alias_state == 1 ? "one server" : "withdrawn");
    (void)json_object_set_new(document, "about",
                              json_sprintf("%s = %s", draft->subject, draft->second));
    (void)json_object_set_new(document, "first", json_string(draft->subject));
    (void)json_object_set_new(document, "second", json_string(draft->second));
    (void)json_object_set_new(document, "state", json_integer(draft->alias_state));
}

/* Days are what people count in; a shorter life is said in hours, minutes or seconds. */
static json_t *span(uint64_t seconds)
{
    static const struct {
        uint64_t size;
        const char *name;
    } units[] = {{86400, "days"}, {3600, "hours"}, {60, "minutes"}, {1, "seconds"}};
    size_t i = 0;
    while (i + 1 < sizeof units / sizeof *units && seconds % units[i].size != 0)
        i++;
    return json_sprintf("%llu %s after it is published",
                        (unsigned long long)(seconds / units[i].size), units[i].name);
}

json_t *draft_doc_make(const struct shelf_draft *draft)
{
    char created[TRUST_DATE_SIZE];
    char says[SAYS_SIZE] = "";
    trust_date_encode(created, draft->draft.created_s);
    json_t *document =
        json_pack("{s:s,s:s}", "draft", draft->id, "kind", words_kind(draft->draft.kind));
    if (document == NULL)
        return NULL;
    switch (draft->draft.kind) {
    case TRUST_KIND_VOUCH:
        describe_vouch(document, says, &draft->draft);
        break;
    case TRUST_KIND_RATING:
        describe_rating(document, says, &draft->draft);
        break;
    case TRUST_KIND_FLAG:
        describe_flag(document, says, &draft->draft);
        break;
    case TRUST_KIND_ALIAS:
        describe_alias(document, says, &draft->draft);
        break;
    case TRUST_KIND_REVOCATION:
        break;
    }
    (void)json_object_set_new(document, "says", json_string(says));
    (void)json_object_set_new(document, "created", json_string(created));
    (void)json_object_set_new(document, "expires_in_s",
                              json_integer((json_int_t)draft->draft.life_s));
    (void)json_object_set_new(document, "expires_in", span(draft->draft.life_s));
    return document;
}
