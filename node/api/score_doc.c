/* See score_doc.h. */
#include "node/api/score_doc.h"

#include "base/assert.h"
#include "engine/servers.h"
#include "node/api/pins_doc.h"
#include "node/core.h"
#include "record/words.h"

static void put_category(struct api_doc *doc, const char *name,
                         const struct trust_score_category *category)
{
    api_doc_open_object(doc, name);
    api_doc_number(doc, "mean", category->mean);
    api_doc_number(doc, "lower", category->lower);
    api_doc_number(doc, "upper", category->upper);
    api_doc_number(doc, "evidence", category->evidence);
    api_doc_close_object(doc);
}

static void put_categories(struct api_doc *doc, const struct trust_score *score)
{
    api_doc_open_object(doc, "categories");
    for (int i = 0; i < TRUST_SCORE_CATEGORIES; i++)
        put_category(doc, trust_category_name((enum trust_category)(i + 1)), &score->categories[i]);
    api_doc_close_object(doc);
}

static void put_flag(struct api_doc *doc, const struct core *core,
                     const struct trust_score_flag *flag)
{
    struct trust_ledger_view view =
        trust_ledger_view(trust_engine_ledger(core->engine), flag->slot);
    api_doc_open_object(doc, NULL);
    api_doc_id(doc, "record", view.ids[0]);
    api_doc_text(doc, "severity", trust_severity_name(flag->severity));
    api_doc_text(doc, "class", trust_class_name(flag->class_));
    api_doc_text(doc, "rule", flag->rule);
    api_doc_key(doc, "scanner", &flag->scanner, TRUST_KEY_OPERATOR);
    api_doc_number(doc, "q", flag->q);
    api_doc_time(doc, "time", (struct trust_wall){.ms = flag->time_s * 1000});
    api_doc_close_object(doc);
}

/* What agents meet besides the score; a server that nobody watches is at rest. */
static void put_protection(struct api_doc *doc, struct core *core, struct trust_bytes subject)
{
    enum trust_breaker_state breaker = TRUST_BREAKER_CLOSED;
    enum trust_quarantine_state quarantine = TRUST_QUARANTINE_OK;
    uint32_t server = 0;
    bool is_watched = trust_engine_find_server(core->engine, &server, subject);
    if (is_watched) {
        struct trust_breaker_view view;
        trust_engine_read_breaker(core->engine, server, &view, core->now);
        breaker = view.state;
        quarantine =
            (enum trust_quarantine_state)trust_engine_quarantine(core->engine, server)->state;
    }
    api_doc_text(doc, "breaker", trust_breaker_state_name(breaker));
    api_doc_text(doc, "quarantine", trust_quarantine_state_name(quarantine));
    pins_doc_member(doc, core, is_watched, server);
}

/* The one that was asked for, or else the one that agents saw last. */
static void put_manifest(struct api_doc *doc, const struct core *core,
                         const struct trust_question *question)
{
    uint32_t server = 0;
    struct trust_bytes manifest = question->manifest;
    const struct trust_sights *sights = NULL;
    if (manifest.size == 0 && trust_engine_find_server(core->engine, &server, question->subject))
        sights = trust_engine_sights(core->engine, server);
    const struct trust_sight *worst = sights == NULL ? NULL : trust_sights_worst(sights);
    if (worst != NULL)
        manifest = (struct trust_bytes){.data = worst->manifest, .size = sizeof worst->manifest};
    if (manifest.size == 0)
        api_doc_null(doc, "manifest");
    else
        api_doc_hex(doc, "manifest", manifest);
}

void score_doc_members(struct api_doc *doc, struct core *core,
                       const struct trust_question *question, const struct trust_score *score)
{
    api_doc_bytes(doc, "subject", question->subject);
    api_doc_text(doc, "status", trust_score_status_name(score->status));
    api_doc_ratio(doc, "score", score->has_score, score->score);
    api_doc_ratio(doc, "lower", score->has_lower, score->lower);
    api_doc_ratio(doc, "mean", score->has_score, score->mean);
    api_doc_ratio(doc, "upper", score->has_score, score->upper);
    api_doc_number(doc, "evidence", score->evidence);
    api_doc_count(doc, "raters", score->raters);
    put_categories(doc, score);
    api_doc_open_array(doc, "flags");
    for (uint32_t i = 0; i < score->flags_shown; i++)
        put_flag(doc, core, &score->flags[i]);
    api_doc_close_array(doc);
    api_doc_number(doc, "factor", score->factor);
    api_doc_number(doc, "cap", score->cap);
    put_manifest(doc, core, question);
    api_doc_flag(doc, "manifest_changed", score->manifest_changed);
    put_protection(doc, core, question->subject);
    api_doc_number(doc, "unresolved", score->unresolved);
    api_doc_open_object(doc, "basis");
    api_doc_text(doc, "kind", "fresh");
    api_doc_count(doc, "age_s", 0);
    api_doc_close_object(doc);
    api_doc_time(doc, "updated", core->now.wall);
}

void score_doc_put(struct api_doc *doc, struct core *core, const struct trust_question *question)
{
    struct trust_score score;
    enum trust_error error = trust_scorer_score(trust_engine_scorer(core->engine, core->now),
                                                &score, question, core->now.wall);
    assert(error == TRUST_OK);
    api_doc_open_object(doc, NULL);
    score_doc_members(doc, core, question, &score);
    api_doc_close_object(doc);
}
