/*
 * See publish.h. The records go through the engine's one door; whoever asked waits until the disk
 * has what was accepted, since an answer is a promise that survives a crash.
 */
#include "node/api/publish.h"

#include <stdlib.h>

#include "base/assert.h"
#include "base/bytes.h"
#include "node/api/api.h"
#include "node/api/body.h"
#include "node/api/import.h"
#include "node/core.h"
#include "record/rechex.h"

struct published {
    bool is_told;
    bool has_id;
    enum trust_error verdict;
    struct trust_id id;
};

struct publication {
    struct api_call *call;
    uint64_t tickets;
    uint32_t count;
    uint32_t left; /* without a verdict */
    struct published records[TRUST_API_RECORDS_MAX];
};

static void release(struct api_call *call)
{
    struct publication *publication = call->state;
    tickets_give(&call->api->tickets, publication->tickets);
    free(publication);
}

static void answer(struct publication *publication)
{
    struct api_doc doc = api_doc_init();
    api_doc_open_array(&doc, NULL);
    for (uint32_t i = 0; i < publication->count; i++) {
        const struct published *record = &publication->records[i];
        api_doc_open_object(&doc, NULL);
        if (record->has_id)
            api_doc_id(&doc, "id", &record->id);
        else
            api_doc_null(&doc, "id");
        api_doc_text(&doc, "verdict", trust_error_name(record->verdict));
        api_doc_close_object(&doc);
    }
    api_doc_close_array(&doc);
    api_answer(publication->call, &doc);
    api_wake(publication->call);
}

static void settle(struct publication *publication, uint32_t index, enum trust_error verdict)
{
    struct published *record = &publication->records[index];
    assert(!record->is_told);
    assert(publication->left > 0);
    record->is_told = true;
    record->verdict = verdict;
    publication->left--;
}

static void hear(void *context, uint32_t index, const struct trust_verdict_action *verdict)
{
    struct publication *publication = context;
    settle(publication, index, verdict->error);
    if (publication->left == 0 && !api_is_answered(publication->call))
        answer(publication);
}

/* Only what decodes has an id. */
static void note_id(struct publication *publication, uint32_t index, struct trust_bytes bytes)
{
    struct trust_record record;
    struct published *published = &publication->records[index];
    published->has_id = trust_record_decode(&record, bytes) == TRUST_OK;
    if (published->has_id)
        trust_record_id(&published->id, bytes, &publication->call->core->network);
}

static void publish_one(struct publication *publication, uint32_t index, const char *hex)
{
    struct core *core = publication->call->core;
    uint8_t bytes[TRUST_RECORD_SIZE_MAX];
    size_t size = 0;
    enum trust_error error = trust_rechex_read(bytes, &size, trust_bytes_text(hex));
    if (error != TRUST_OK) {
        settle(publication, index, error);
        return;
    }
    struct trust_bytes view = {.data = bytes, .size = size};
    note_id(publication, index, view);
    trust_engine_publish(core->engine, publication->tickets + index, view, core->now);
}

/* All the hex is looked at before the first record is published: a request is wrong or it is not.
 */
static bool check_hex(const struct api_list *list)
{
    for (size_t i = 0; i < list->count; i++) {
        uint8_t bytes[TRUST_RECORD_SIZE_MAX];
        size_t size = 0;
        const char *text = api_list_text(list, i, TRUST_API_BODY_SIZE_MAX);
        if (trust_rechex_read(bytes, &size, trust_bytes_text(text)) == TRUST_NO_SYNTAX)
            api_list_refuse(list, i, TRUST_NO_SYNTAX, "not a record in hex");
        if (api_is_answered(list->body->call))
            return false;
    }
    return true;
}

static struct publication *begin(struct api_call *call, uint32_t count)
{
    struct publication *publication = calloc(1, sizeof *publication);
    if (publication == NULL) {
        api_refuse(call, TRUST_FAIL_MEMORY, NULL, "no memory to publish");
        return NULL;
    }
    publication->call = call;
    publication->count = count;
    publication->left = count;
    bool has_tickets = tickets_take(&call->api->tickets, &publication->tickets, hear, publication);
    assert(has_tickets); /* there are as many blocks as calls can be held */
    call->state = publication;
    call->release = release;
    return publication;
}

void publish_records(struct api_call *call)
{
    if (call->state != NULL) {
        import_run(call);
        return;
    }
    struct api_body body = api_body_open(call);
    struct api_list list = api_body_list(&body, "records", 1, TRUST_API_RECORDS_MAX);
    if (!api_body_end(&body) || !check_hex(&list) || !api_hold(call))
        return;
    struct publication *publication = begin(call, (uint32_t)list.count);
    if (publication == NULL)
        return;
    for (uint32_t i = 0; i < publication->count; i++)
        publish_one(publication, i, api_list_text(&list, i, TRUST_API_BODY_SIZE_MAX));
    pump_run(call->core);
    if (publication->left == 0 && !api_is_answered(call))
        answer(publication);
}
