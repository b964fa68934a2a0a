/*
 * See raters.h. There may be a million of them and a list is short: rows are gathered up to twice
 * the limit, then sorted and cut, again and again.
 */
#include "node/api/raters.h"

#include <stdlib.h>
#include <string.h>

#include "node/api/api.h"
#include "node/api/body.h"
#include "node/core.h"

struct row {
    struct trust_key key;
    double weight;
    uint32_t distance; /* TRUST_SCORER_NONE: not reached */
    uint32_t records;
    uint32_t peers; /* that ask for it */
};

struct rows {
    struct row *rows;
    size_t count;
    size_t limit;
};

/* Heaviest first; then those that more peers ask for; then by key, so that lists do not flicker. */
static int compare(const void *first, const void *second)
{
    const struct row *a = first;
    const struct row *b = second;
    if (a->weight != b->weight)
        return a->weight < b->weight ? 1 : -1;
    if (a->peers != b->peers)
        return a->peers < b->peers ? 1 : -1;
    return memcmp(&a->key, &b->key, sizeof a->key);
}

static void cut(struct rows *rows)
{
    qsort(rows->rows, rows->count, sizeof *rows->rows, compare);
    if (rows->count > rows->limit)
        rows->count = rows->limit;
}

static void add(struct rows *rows, const struct row *row)
{
    if (rows->limit == 0)
        return;
    if (rows->count == 2 * rows->limit)
        cut(rows);
    rows->rows[rows->count++] = *row;
}

static uint32_t records_of(const struct core *core, const struct trust_key *key)
{
    uint32_t index = 0;
    return trust_keys_find(trust_engine_keys(core->engine), &index, key)
               ? trust_ledger_head(trust_engine_ledger(core->engine), index).count
               : 0;
}

static void gather_raters(struct rows *rows, struct core *core)
{
    struct trust_scorer *scorer = trust_engine_scorer(core->engine, core->now);
    uint32_t cursor = 0;
    uint32_t key = 0;
    while (trust_scorer_next_rater(scorer, &cursor, &key)) {
        struct trust_weight weight = trust_scorer_weight(scorer, key);
        struct row row = {.key = *trust_keys_at(trust_engine_keys(core->engine), key),
                          .weight = weight.t,
                          .distance = weight.distance};
        row.records = records_of(core, &row.key);
        add(rows, &row);
    }
}

/* What peers ask for they have reasons to: it is how a key is met before anybody vouches for it.
 * What is kept here is among the raters. */
static void gather_seen(struct rows *rows, struct core *core)
{
    struct trust_scorer *scorer = trust_engine_scorer(core->engine, core->now);
    struct trust_gossip_asked asked;
    uint32_t cursor = 0;
    while (trust_gossip_next_asked(trust_engine_gossip(core->engine), &cursor, &asked)) {
        uint32_t key = 0;
        if (trust_keys_find(trust_engine_keys(core->engine), &key, &asked.key) &&
            trust_scorer_is_kept(scorer, key))
            continue;
        struct row row = {
            .key = asked.key, .distance = TRUST_SCORER_NONE, .peers = asked.peer_count};
        row.records = records_of(core, &row.key);
        add(rows, &row);
    }
}

static void put_row(struct api_doc *doc, const struct api *api, const struct row *row)
{
    api_doc_open_object(doc, NULL);
    api_doc_key(doc, "key", &row->key, TRUST_KEY_OPERATOR);
    api_doc_text(doc, "name", keybook_name(&api->names, &row->key));
    api_doc_number(doc, "weight", row->weight);
    if (row->distance == TRUST_SCORER_NONE)
        api_doc_null(doc, "distance");
    else
        api_doc_count(doc, "distance", row->distance);
    api_doc_count(doc, "records", row->records);
    api_doc_close_object(doc);
}

static void answer(struct api_call *call, const struct rows *rows)
{
    struct api_doc doc = api_doc_init();
    api_doc_open_array(&doc, NULL);
    for (size_t i = 0; i < rows->count; i++)
        put_row(&doc, call->api, &rows->rows[i]);
    api_doc_close_array(&doc);
    api_answer(call, &doc);
}

void raters_list(struct api_call *call)
{
    uint64_t limit = TRUST_API_ROWS_MAX;
    uint64_t seen = 0;
    if (!api_check_count(call, "limit", TRUST_API_ROWS_MAX, &limit) ||
        !api_check_count(call, "seen", 1, &seen))
        return;
    struct rows rows = {.rows = calloc(2 * limit + 1, sizeof *rows.rows), .limit = limit};
    if (rows.rows == NULL) {
        api_refuse(call, TRUST_FAIL_MEMORY, NULL, "no memory for the list");
        return;
    }
    gather_raters(&rows, call->core);
    if (seen != 0)
        gather_seen(&rows, call->core);
    cut(&rows);
    answer(call, &rows);
    free(rows.rows);
    pump_run(call->core);
}
