/*
 * See score.h. Asking puts the servers on the board (they are "asked for"), so that the agent finds
 * them there without a round trip the next time.
 */
#include "node/api/score.h"

#include "engine/servers.h"
#include "node/api/body.h"
#include "node/api/score_doc.h"
#include "node/core.h"

struct asked {
    struct trust_question questions[TRUST_BATCH_SUBJECTS_MAX];
    uint8_t manifests[TRUST_BATCH_SUBJECTS_MAX][32];
};

static void read_question(struct asked *asked, const struct api_list *list, size_t index)
{
    struct trust_question *question = &asked->questions[index];
    *question = (struct trust_question){0};
    if (api_list_is_text(list, index)) {
        question->subject = api_list_subject(list, index);
        return;
    }
    struct api_body entry = api_list_object(list, index);
    question->subject = api_body_subject(&entry, "subject");
    if (api_body_has(&entry, "manifest") &&
        api_body_hex(&entry, "manifest", asked->manifests[index], 32))
        question->manifest = (struct trust_bytes){.data = asked->manifests[index], .size = 32};
    (void)api_body_end(&entry);
}

/* A full board is no reason not to answer. */
static void watch(const struct api_call *call, const struct asked *asked, size_t count)
{
    struct core *core = call->core;
    for (size_t i = 0; i < count; i++) {
        uint32_t server = 0;
        (void)(trust_engine_ask(core->engine, &server, asked->questions[i].subject,
                                call->request.uid, core->now) == TRUST_OK);
    }
}

void score_ask(struct api_call *call)
{
    struct asked asked;
    struct api_body body = api_body_open(call);
    struct api_list list = api_body_list(&body, "subjects", 1, TRUST_BATCH_SUBJECTS_MAX);
    for (size_t i = 0; i < list.count; i++)
        read_question(&asked, &list, i);
    if (!api_body_end(&body))
        return;
    watch(call, &asked, list.count);
    struct api_doc doc = api_doc_init();
    api_doc_open_array(&doc, NULL);
    for (size_t i = 0; i < list.count; i++)
        score_doc_put(&doc, call->core, &asked.questions[i]);
    api_doc_close_array(&doc);
    api_answer(call, &doc);
    pump_run(call->core);
}
