/* See measuring.h. */
#include "repute/measuring.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "trust/rating.h"

#include "base/bytes.h"
#include "repute/drafting.h"

/* A document that this node would not write. */
static enum trust_error refuse_row(struct context *context)
{
    return context_refuse(context, TRUST_FAIL_LIBRARY, "are `repute` and `reputed` of one version?",
                          "the node offers a measured rating that is none");
}

static enum trust_error read_row(struct context *context, struct draft *out_draft,
                                 const json_t *row)
{
    const char *subject = json_string_value(json_object_get(row, "subject"));
    double value = json_number_value(json_object_get(row, "value"));
    json_int_t calls = json_integer_value(json_object_get(row, "calls"));
    if (subject == NULL || strlen(subject) >= sizeof out_draft->subject || value < 0 || value > 1 ||
        calls < 1 || calls > TRUST_RATING_CALLS_MAX)
        return refuse_row(context);
    *out_draft = (struct draft){
        .kind = TRUST_KIND_RATING,
        .created_s = context_now_ms() / 1000,
        .life_s = DRAFTING_HALF_YEAR_S,
        .rating = {.category = TRUST_CATEGORY_PERFORMANCE,
                   .value = drafting_permille(value),
                   .calls = (uint32_t)calls,
                   .origin = TRUST_ORIGIN_MEASURED},
    };
    memcpy(out_draft->subject, subject, strlen(subject) + 1);
    return draft_check(out_draft) == TRUST_OK ? TRUST_OK : refuse_row(context);
}

static enum trust_error draft_rows(struct context *context, struct shelf *shelf, const json_t *rows)
{
    for (size_t i = 0; i < json_array_size(rows); i++) {
        struct shelf_draft *draft = &shelf->drafts[shelf->count];
        bool was_there = false;
        enum trust_error error = read_row(context, &draft->draft, json_array_get(rows, i));
        if (error == TRUST_OK)
            error = shelf_put(context, &was_there, draft->id, &draft->draft);
        if (error != TRUST_OK)
            return error;
        shelf->count++;
    }
    return TRUST_OK;
}

enum trust_error measuring_open(struct context *context, struct shelf *out_shelf)
{
    json_t *rows = NULL;
    enum trust_error error = context_ask(context, &rows, TRUST_REQUEST_GET, "/v1/measured", NULL);
    if (error != TRUST_OK)
        return error;
    struct shelf shelf = {.drafts = calloc(json_array_size(rows) + 1, sizeof *shelf.drafts)};
    error = shelf.drafts == NULL ? TRUST_FAIL_MEMORY : draft_rows(context, &shelf, rows);
    json_decref(rows);
    if (error != TRUST_OK) {
        shelf_close(&shelf);
        return error;
    }
    *out_shelf = shelf;
    return TRUST_OK;
}
