/* See publishing.h. */
#include "repute/publishing.h"

#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#include "base/assert.h"
#include "base/bytes.h"
#include "base/date.h"
#include "client/problem.h"
#include "repute/draft_doc.h"
#include "repute/operator.h"
#include "repute/progress.h"
#include "repute/sequence.h"

/* Records of one request. */
#define BATCH 64
#define HEX_SIZE (2 * TRUST_RECORD_SIZE_MAX + 1)

struct publishing {
    struct context *context;
    const struct shelf_draft **drafts; /* those of the shelf that are as they were read */
    size_t count;
    struct trust_network network;
    struct trust_secret *secret;
    uint64_t first_seq;
    json_t *list;
};

static enum trust_error check_operator(struct context *context, const char *operator_text)
{
    struct trust_key key;
    char text[TRUST_KEY_TEXT_SIZE];
    enum trust_error error = operator_public(context, &key);
    if (error != TRUST_OK)
        return error;
    trust_key_encode(text, &key, TRUST_KEY_OPERATOR);
    if (operator_text != NULL && strcmp(operator_text, text) == 0)
        return TRUST_OK;
    if (operator_text == NULL)
        return context_refuse(context, TRUST_NO_OPERATOR,
                              "restart the node: it reads keys/operator.pub when it starts",
                              "the node has no operator");
    return context_refuse(
        context, TRUST_NO_OPERATOR,
        "set `operator:` in reputed.yaml to this home's key, and restart the node",
        "the node works for another operator, %.80s", operator_text);
}

static enum trust_error check_clock(struct context *context, const char *time)
{
    uint64_t node_s = 0;
    if (time != NULL && trust_date_decode(&node_s, trust_bytes_text(time)))
        return sequence_check_clock(context, node_s);
    return context_refuse(context, TRUST_FAIL_LIBRARY, "are `repute` and `reputed` of one version?",
                          "the node does not say what time it is");
}

enum trust_error publishing_check_node(struct context *context, struct trust_network *out_network)
{
    json_t *status = NULL;
    enum trust_error error = context_ask(context, &status, TRUST_REQUEST_GET, "/v1/status", NULL);
    if (error != TRUST_OK)
        return error;
    const char *network = json_string_value(json_object_get(status, "network"));
    error = check_operator(context, json_string_value(json_object_get(status, "operator")));
    if (error == TRUST_OK &&
        (network == NULL || trust_network_init(out_network, network) != TRUST_OK))
        error = context_refuse(context, TRUST_FAIL_LIBRARY,
                               "are `repute` and `reputed` of one version?",
                               "the node does not say which network it is in");
    if (error == TRUST_OK)
        error = check_clock(context, json_string_value(json_object_get(status, "time")));
    json_decref(status);
    return error;
}

/* ---- the node's door ---- */

static enum trust_error post(struct context *context, json_t **out_answer, const json_t *records,
                             size_t count)
{
    json_t *answer = NULL;
    json_t *body = json_pack("{s:O}", "records", records);
    if (body == NULL)
        return TRUST_FAIL_MEMORY;
    enum trust_error error = context_ask(context, &answer, TRUST_REQUEST_POST, "/v1/records", body);
    json_decref(body);
    if (error == TRUST_OK && json_array_size(answer) != count) {
        json_decref(answer);
        error = context_refuse(context, TRUST_FAIL_LIBRARY,
                               "are `repute` and `reputed` of one version?",
                               "the node's answer has not one verdict a record");
    }
    if (error == TRUST_OK)
        *out_answer = answer;
    return error;
}

static json_t *hex_of(const struct trust_signed *record)
{
    char hex[HEX_SIZE];
    sodium_bin2hex(hex, sizeof hex, record->data, record->size);
    return json_string(hex);
}

static enum trust_error verdict_of(const json_t *row)
{
    const char *name = json_string_value(json_object_get(row, "verdict"));
    if (name != NULL && strcmp(name, trust_error_name(TRUST_OK)) == 0)
        return TRUST_OK;
    return trust_problem_error(name == NULL ? "" : name);
}

enum trust_error publishing_send_record(struct context *context, enum trust_error *out_verdict,
                                        const struct trust_signed *record)
{
    json_t *answer = NULL;
    json_t *records = json_pack("[o]", hex_of(record));
    if (records == NULL)
        return TRUST_FAIL_MEMORY;
    enum trust_error error = post(context, &answer, records, 1);
    json_decref(records);
    if (error != TRUST_OK)
        return error;
    *out_verdict = verdict_of(json_array_get(answer, 0));
    json_decref(answer);
    return TRUST_OK;
}

/* ---- drafts ---- */

static enum trust_error sign_batch(struct publishing *publishing, json_t *records, size_t from,
                                   size_t count)
{
    struct trust_key author;
    trust_secret_key(&author, publishing->secret);
    for (size_t i = from; i < from + count; i++) {
        const struct shelf_draft *draft = publishing->drafts[i];
        struct trust_record record;
        struct trust_signed record_bytes;
        draft_record(&record, &draft->draft, &author, publishing->first_seq + i);
        enum trust_error error =
            trust_record_sign(&record_bytes, &record, publishing->secret, &publishing->network);
        if (error != TRUST_OK)
            return context_refuse(publishing->context, error, "drop it, or write it anew",
                                  "the draft %s cannot be signed: %s", draft->id,
                                  trust_error_text(error));
        if (json_array_append_new(records, hex_of(&record_bytes)) != 0)
            return TRUST_FAIL_MEMORY;
    }
    return TRUST_OK;
}

static bool is_durable(enum trust_error verdict)
{
    return verdict == TRUST_OK || verdict == TRUST_NO_DUPLICATE;
}

/* Adds a draft's document to the list; id: the record's, or NULL. */
static enum trust_error list(struct publishing *publishing, const struct shelf_draft *draft,
                             enum trust_error verdict, json_t *id, bool is_kept)
{
    json_t *document = draft_doc_make(draft);
    if (document == NULL ||
        json_object_set_new(document, "record", id == NULL ? json_null() : json_incref(id)) != 0 ||
        json_object_set_new(document, "verdict", json_string(trust_error_name(verdict))) != 0 ||
        json_object_set_new(document, "kept", json_boolean(is_kept)) != 0 ||
        json_array_append(publishing->list, document) != 0) {
        json_decref(document);
        return TRUST_FAIL_MEMORY;
    }
    json_decref(document);
    if (!is_durable(verdict))
        publishing->context->exit_code = FAILURE_EXIT_NO;
    return TRUST_OK;
}

/* What is durable is no draft any more, unless there is another one by now. */
static enum trust_error settle(struct publishing *publishing, const struct shelf_draft *draft,
                               const json_t *row)
{
    enum trust_error verdict = verdict_of(row);
    enum trust_error fate = TRUST_NO_CONFLICT;
    if (is_durable(verdict))
        fate = shelf_settle(publishing->context, draft);
    if (fate != TRUST_OK && fate != TRUST_NO_FOUND && fate != TRUST_NO_CONFLICT)
        return fate;
    return list(publishing, draft, verdict, json_object_get(row, "id"), fate == TRUST_NO_CONFLICT);
}

/* Leaves out what was published, dropped or written anew while the passphrase was asked for: its
 * record would be newer than the one that took its place. */
static enum trust_error pick_unchanged(struct publishing *publishing, const struct shelf *shelf)
{
    publishing->drafts = calloc(shelf->count, sizeof *publishing->drafts);
    if (publishing->drafts == NULL)
        return TRUST_FAIL_MEMORY;
    enum trust_error error = TRUST_OK;
    for (size_t i = 0; i < shelf->count && error == TRUST_OK; i++) {
        const struct shelf_draft *draft = &shelf->drafts[i];
        error = shelf_check(publishing->context, draft);
        if (error == TRUST_OK)
            publishing->drafts[publishing->count++] = draft;
        else if (error == TRUST_NO_CONFLICT)
            error = list(publishing, draft, TRUST_NO_CONFLICT, NULL, true);
        else if (error == TRUST_NO_FOUND)
            error = TRUST_OK;
    }
    return error;
}

static enum trust_error publish_batch(struct publishing *publishing, size_t from, size_t count)
{
    json_t *records = json_array();
    json_t *answer = NULL;
    enum trust_error error = sign_batch(publishing, records, from, count);
    if (error == TRUST_OK)
        error = post(publishing->context, &answer, records, count);
    for (size_t i = 0; i < count && error == TRUST_OK; i++)
        error = settle(publishing, publishing->drafts[from + i], json_array_get(answer, i));
    json_decref(answer);
    json_decref(records);
    return error;
}

static enum trust_error publish_all(struct publishing *publishing)
{
    size_t count = publishing->count;
    enum trust_error error = sequence_take(publishing->context, &publishing->first_seq, count);
    struct progress progress = progress_begin(&publishing->context->output, "publishing", count);
    for (size_t from = 0; from < count && error == TRUST_OK; from += BATCH) {
        size_t left = count - from;
        error = publish_batch(publishing, from, left < BATCH ? left : BATCH);
        progress_set(&progress, from + BATCH);
    }
    progress_end(&progress);
    return error;
}

enum trust_error publishing_send(struct context *context, json_t **out_list,
                                 const struct shelf *shelf, const char *passphrase_file)
{
    struct publishing publishing = {.context = context, .list = json_array()};
    if (publishing.list == NULL)
        return TRUST_FAIL_MEMORY;
    enum trust_error error = TRUST_OK;
    if (shelf->count > 0)
        error = publishing_check_node(context, &publishing.network);
    if (error == TRUST_OK && shelf->count > 0)
        error = operator_open(context, &publishing.secret, passphrase_file);
    if (error == TRUST_OK && shelf->count > 0)
        error = pick_unchanged(&publishing, shelf);
    if (error == TRUST_OK && publishing.count > 0)
        error = publish_all(&publishing);
    free(publishing.drafts);
    trust_secret_close(publishing.secret);
    if (error != TRUST_OK) {
        json_decref(publishing.list);
        return error;
    }
    *out_list = publishing.list;
    return TRUST_OK;
}

/* What to do about a refusal that a person can do something about. */
static const char *next_of(enum trust_error verdict)
{
    if (verdict == TRUST_NO_OLDER)
        return "a newer record of this key is about the same: was it signed on another machine?";
    if (verdict == TRUST_NO_CONFLICT)
        return "it was written anew meanwhile, and was not signed; publish again";
    if (verdict == TRUST_NO_TIME)
        return "correct the clock and publish again";
    if (verdict == TRUST_NO_REVOKED)
        return "this key is revoked: a new home gets a new key";
    if (verdict == TRUST_NO_ROOM || verdict == TRUST_NO_QUOTA || verdict == TRUST_NO_BUSY)
        return "publish again later; `repute status` says what is full";
    return "the draft is kept; `repute drafts show` shows it";
}

enum trust_error publishing_show(struct context *context, const json_t *list)
{
    const struct output *output = &context->output;
    enum trust_error error =
        output_list(output, list, draft_doc_verdict_columns, "There is nothing to publish.");
    for (size_t i = 0; i < json_array_size(list) && error == TRUST_OK; i++) {
        const json_t *row = json_array_get(list, i);
        enum trust_error verdict = verdict_of(row);
        if (is_durable(verdict) && json_is_true(json_object_get(row, "kept")))
            output_say(output, "\n%s: it was written anew meanwhile; what is there now is kept\n",
                       json_string_value(json_object_get(row, "draft")));
        if (!is_durable(verdict))
            output_say(output, "\n%s: %s\n  next: %s\n",
                       json_string_value(json_object_get(row, "draft")), trust_error_text(verdict),
                       next_of(verdict));
    }
    return error;
}
