/* See explain.h. */
#include "node/api/explain.h"

#include <stdlib.h>

#include "base/assert.h"
#include "node/api/question.h"
#include "node/api/score_doc.h"
#include "node/core.h"
#include "record/words.h"

static void put_paths(struct api_doc *doc, const struct trust_explanation *explanation,
                      const struct trust_contribution *contribution)
{
    api_doc_open_array(doc, "paths");
    for (uint32_t i = 0; i < contribution->path_count; i++) {
        const struct trust_explain_path *path = &explanation->paths[contribution->first_path + i];
        api_doc_open_object(doc, NULL);
        api_doc_open_array(doc, "keys");
        for (uint32_t j = 0; j < path->key_count; j++)
            api_doc_key(doc, NULL, &path->keys[j], TRUST_KEY_OPERATOR);
        api_doc_close_array(doc);
        api_doc_number(doc, "flow", path->flow);
        api_doc_close_object(doc);
    }
    api_doc_close_array(doc);
}

static void put_contributions(struct api_doc *doc, const struct trust_explanation *explanation)
{
    api_doc_open_array(doc, "contributions");
    for (uint32_t i = 0; i < explanation->contribution_count; i++) {
        const struct trust_contribution *row = &explanation->contributions[i];
        bool is_rating = row->kind == TRUST_CONTRIBUTION_RATING;
        api_doc_open_object(doc, NULL);
        api_doc_text(doc, "category", trust_category_name(row->category));
        if (is_rating)
            api_doc_key(doc, "from", &row->from, TRUST_KEY_OPERATOR);
        else
            api_doc_null(doc, "from");
        api_doc_text(doc, "kind", trust_contribution_kind_name(row->kind));
        api_doc_number(doc, "value", row->value);
        api_doc_number(doc, "weight", row->weight);
        api_doc_number(doc, "share", row->share);
        if (is_rating)
            api_doc_count(doc, "age_s", row->age_s);
        else
            api_doc_null(doc, "age_s");
        put_paths(doc, explanation, row);
        api_doc_close_object(doc);
    }
    api_doc_close_array(doc);
}

static void put_ignored(struct api_doc *doc, const struct core *core,
                        const struct trust_explanation *explanation)
{
    api_doc_open_array(doc, "ignored");
    for (uint32_t i = 0; i < explanation->ignored_shown; i++) {
        const struct trust_ignored *row = &explanation->ignored[i];
        struct trust_ledger_view view =
            trust_ledger_view(trust_engine_ledger(core->engine), row->slot);
        api_doc_open_object(doc, NULL);
        api_doc_id(doc, "record", view.ids[0]);
        api_doc_key(doc, "from", &row->from, TRUST_KEY_OPERATOR);
        api_doc_text(doc, "reason", trust_ignored_reason_name(row->reason));
        api_doc_close_object(doc);
    }
    api_doc_close_array(doc);
    api_doc_count(doc, "ignored_count", explanation->ignored_count);
}

static void put_source(struct api_doc *doc, const struct trust_explanation *explanation)
{
    api_doc_flag(doc, "single_source", explanation->single_source);
    if (!explanation->has_first_hop) {
        api_doc_null(doc, "first_hop");
        return;
    }
    api_doc_open_object(doc, "first_hop");
    api_doc_key(doc, "key", &explanation->first_hop, TRUST_KEY_OPERATOR);
    api_doc_number(doc, "share", explanation->first_hop_share);
    api_doc_close_object(doc);
}

static void put_changes(struct api_doc *doc, const struct trust_explanation *explanation)
{
    api_doc_open_array(doc, "changes");
    for (uint32_t i = 0; i < explanation->change_count; i++) {
        const struct trust_change *row = &explanation->changes[i];
        api_doc_open_object(doc, NULL);
        api_doc_text(doc, "kind", trust_change_kind_name(row->kind));
        api_doc_text(doc, "status", trust_score_status_name(row->status));
        api_doc_number(doc, "amount", row->amount);
        api_doc_close_object(doc);
    }
    api_doc_close_array(doc);
}

void explain_show(struct api_call *call)
{
    struct core *core = call->core;
    struct question question;
    if (!question_read(call, &question))
        return;
    struct trust_explanation *explanation = malloc(sizeof *explanation);
    if (explanation == NULL) {
        api_refuse(call, TRUST_FAIL_MEMORY, NULL, "no memory to explain");
        return;
    }
    enum trust_error error = trust_scorer_explain(trust_engine_scorer(core->engine, core->now),
                                                  explanation, &question.asked, core->now.wall);
    assert(error == TRUST_OK);
    struct api_doc doc = api_doc_init();
    api_doc_open_object(&doc, NULL);
    score_doc_members(&doc, core, &question.asked, &explanation->score);
    put_contributions(&doc, explanation);
    put_ignored(&doc, core, explanation);
    put_source(&doc, explanation);
    put_changes(&doc, explanation);
    api_doc_close_object(&doc);
    free(explanation);
    api_answer(call, &doc);
    pump_run(core);
}
