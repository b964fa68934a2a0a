/* See scan_standing.h. */
#include "repute/scan_standing.h"

#include <string.h>

#include "trust/board.h"
#include "trust/breaker.h"
#include "trust/score.h"
#include "trust/subject.h"

#include "base/bytes.h"
#include "base/limits.h"
#include "client/clock.h"
#include "client/withheld_list.h"
#include "repute/words.h"

/* ---- from the node ---- */

static size_t severity_of(const json_t *flag)
{
    size_t severity = 0;
    const char *word = json_string_value(json_object_get(flag, "severity"));
    if (word == NULL || !words_find(&severity, words_severities, trust_bytes_text(word)))
        return 0;
    return severity;
}

static bool has_text(const json_t *array, const char *text)
{
    for (size_t i = 0; i < json_array_size(array); i++) {
        if (strcmp(json_string_value(json_array_get(array, i)), text) == 0)
            return true;
    }
    return false;
}

/* The worst severity and the classes of an answer's flags. */
static json_t *sum_up_flags(const json_t *flags, size_t *out_worst)
{
    json_t *classes = json_array();
    for (size_t i = 0; i < json_array_size(flags); i++) {
        const json_t *flag = json_array_get(flags, i);
        const char *class_ = json_string_value(json_object_get(flag, "class"));
        size_t severity = severity_of(flag);
        *out_worst = severity > *out_worst ? severity : *out_worst;
        if (class_ != NULL && !has_text(classes, class_))
            (void)json_array_append_new(classes, json_string(class_));
    }
    return classes;
}

static json_t *row_of_score(const json_t *score)
{
    size_t worst = 0;
    json_t *classes = sum_up_flags(json_object_get(score, "flags"), &worst);
    return json_pack(
        "{s:O?,s:O?,s:O?,s:s?,s:o,s:O?,s:O?}", "status", json_object_get(score, "status"), "score",
        json_object_get(score, "score"), "lower", json_object_get(score, "lower"), "severity",
        worst == 0 ? NULL : words_severities[worst], "flags", classes, "breaker",
        json_object_get(score, "breaker"), "quarantine", json_object_get(score, "quarantine"));
}

static enum trust_error ask_batch(struct context *context, json_t *servers, const json_t *subjects,
                                  size_t first)
{
    json_t *batch = json_array();
    json_t *answer = NULL;
    for (size_t i = first; i < json_array_size(subjects) && i < first + TRUST_BATCH_SUBJECTS_MAX;
         i++)
        (void)json_array_append(batch, json_array_get(subjects, i));
    json_t *body = json_pack("{s:o}", "subjects", batch);
    if (body == NULL)
        return TRUST_FAIL_MEMORY;
    enum trust_error error = context_ask(context, &answer, TRUST_REQUEST_POST, "/v1/score", body);
    json_decref(body);
    for (size_t i = 0; error == TRUST_OK && i < json_array_size(answer); i++) {
        const json_t *score = json_array_get(answer, i);
        const char *subject = json_string_value(json_object_get(score, "subject"));
        if (subject != NULL && json_object_set_new(servers, subject, row_of_score(score)) != 0)
            error = TRUST_FAIL_MEMORY;
    }
    json_decref(answer);
    return error;
}

/* Also with nothing to ask for: whether the node is there is told in any case. */
static enum trust_error ask_node(struct context *context, json_t *servers, const json_t *subjects)
{
    if (json_array_size(subjects) == 0)
        return context_ask(context, NULL, TRUST_REQUEST_GET, "/v1/status", NULL);
    enum trust_error error = TRUST_OK;
    for (size_t i = 0; i < json_array_size(subjects) && error == TRUST_OK;
         i += TRUST_BATCH_SUBJECTS_MAX)
        error = ask_batch(context, servers, subjects, i);
    return error;
}

/* ---- from what a node left ---- */

struct left {
    struct trust_board board;
    struct trust_client_withheld withheld;
    struct trust_now now;
};

static json_t *ratio_of(uint32_t ppm)
{
    return ppm == TRUST_PPM_NONE ? json_null() : json_real((double)ppm / TRUST_PPM);
}

static json_t *classes_of(const struct trust_board_cell *cell)
{
    json_t *classes = json_array();
    for (size_t i = 0; words_classes[i] != NULL; i++) {
        if ((cell->flag_classes >> (i + 1) & 1) != 0)
            (void)json_array_append_new(classes, json_string(words_classes[i]));
    }
    return classes;
}

static json_t *row_of_cell(const struct trust_board_cell *cell)
{
    return json_pack("{s:s,s:o,s:o,s:s?,s:o,s:s,s:s}", "status",
                     trust_score_status_name((enum trust_score_status)cell->status), "score",
                     ratio_of(cell->score_ppm), "lower", ratio_of(cell->lower_ppm), "severity",
                     cell->flag_severity == 0 ? NULL : words_severities[cell->flag_severity],
                     "flags", classes_of(cell), "breaker",
                     trust_breaker_state_name((enum trust_breaker_state)cell->breaker_state),
                     "quarantine",
                     trust_quarantine_state_name((enum trust_quarantine_state)cell->quarantine));
}

/* NULL in *out_row: nothing is known. */
static enum trust_error look_up(const struct left *left, json_t **out_row, const char *text)
{
    uint8_t digest[32];
    struct trust_subject subject;
    struct trust_board_cell cell;
    struct trust_board_handle handle;
    *out_row = NULL;
    if (trust_subject_parse(&subject, trust_bytes_text(text)) != TRUST_OK)
        return TRUST_OK;
    trust_subject_digest(digest, &subject);
    trust_board_handle_init(&handle, digest);
    bool is_shown = trust_board_find(&left->board, &cell, &handle) == TRUST_OK;
    enum trust_quarantine_state listed =
        trust_client_withheld_state(&left->withheld, digest, left->now.wall);
    bool is_listed = listed != TRUST_QUARANTINE_OK;
    if (!is_shown && !is_listed)
        return TRUST_OK;
    json_t *row = is_shown ? row_of_cell(&cell)
                           : json_pack("{s:n,s:n,s:n,s:n,s:[],s:n,s:n}", "status", "score", "lower",
                                       "severity", "flags", "breaker", "quarantine");
    /* The list is what the node wrote last, and what holds without it. */
    if (row != NULL && is_listed &&
        json_object_set_new(row, "quarantine", json_string(trust_quarantine_state_name(listed))) !=
            0) {
        json_decref(row);
        row = NULL;
    }
    *out_row = row;
    return row == NULL ? TRUST_FAIL_MEMORY : TRUST_OK;
}

static enum trust_error look_up_all(const struct left *left, json_t *servers,
                                    const json_t *subjects)
{
    enum trust_error error = TRUST_OK;
    for (size_t i = 0; i < json_array_size(subjects) && error == TRUST_OK; i++) {
        json_t *row = NULL;
        const char *subject = json_string_value(json_array_get(subjects, i));
        error = look_up(left, &row, subject);
        if (error == TRUST_OK && row != NULL && json_object_set_new(servers, subject, row) != 0)
            error = TRUST_FAIL_MEMORY;
    }
    return error;
}

static enum trust_error read_left(struct context *context, json_t *standing, json_t *servers,
                                  const json_t *subjects)
{
    struct left left = {0};
    char board_path[TRUST_HOME_PATH_SIZE];
    char withheld_path[TRUST_HOME_PATH_SIZE];
    struct trust_client_clock clock = trust_client_clock_system();
    trust_home_path(board_path, &context->home, TRUST_HOME_BOARD);
    trust_home_path(withheld_path, &context->home, TRUST_HOME_WITHHELD);
    left.now = trust_client_clock_read(&clock);
    /* A board that cannot be read is none: the basis says so, look-ups find nothing. */
    enum trust_error unread = trust_board_open(&left.board, board_path, left.now.mono);
    (void)unread;
    trust_client_withheld_refresh(&left.withheld, withheld_path, left.now.mono);
    struct trust_basis basis = trust_board_basis(&left.board, left.now);
    enum trust_error error = look_up_all(&left, servers, subjects);
    json_t *shown = json_pack("{s:s,s:I}", "kind", trust_basis_kind_name(basis.kind), "age_s",
                              (json_int_t)basis.age_s);
    if (error == TRUST_OK && (json_object_set_new(standing, "basis", shown) != 0 ||
                              json_object_set_new(standing, "withheld_whole",
                                                  json_boolean(!left.withheld.is_incomplete)) != 0))
        error = TRUST_FAIL_MEMORY;
    trust_client_withheld_close(&left.withheld);
    trust_board_close(&left.board);
    return error;
}

/* ---- both ---- */

enum trust_error scan_standing_find(struct context *context, json_t **out_standing,
                                    const json_t *subjects)
{
    json_t *servers = json_object();
    json_t *standing = json_pack("{s:{s:s,s:i},s:n,s:b,s:O}", "basis", "kind", "fresh", "age_s", 0,
                                 "node", "withheld_whole", 1, "servers", servers);
    enum trust_error error =
        standing == NULL ? TRUST_FAIL_MEMORY : ask_node(context, servers, subjects);
    if (error > TRUST_OK) {
        /* Told as a part of the answer, which does not need the node. */
        context->failure = (struct failure){0};
        (void)json_object_clear(servers);
        (void)json_object_set_new(standing, "node", json_string(trust_error_name(error)));
        error = read_left(context, standing, servers, subjects);
    }
    json_decref(servers);
    if (error == TRUST_OK)
        *out_standing = standing;
    else
        json_decref(standing);
    return error;
}
