/* mcp/score_doc: what an agent is told of a server, from node and board, and nothing else. */
#include "mcp/score_doc.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "trust/breaker.h"
#include "trust/score.h"

#include "figures.h"

static const char *text(const json_t *doc, const char *name)
{
    return json_string_value(json_object_get(doc, name));
}

static void the_nodes_figures_come_without_strangers_words(void **state)
{
    (void)state;
    json_t *score = json_loads(FIGURES "}", 0, NULL);
    json_t *doc = score_of_node("mcp:io.example/a", score);
    assert_string_equal(text(doc, "subject"), "mcp:io.example/a");
    assert_int_equal(json_object_size(doc), 16);
    assert_true(json_real_value(json_object_get(doc, "lower")) == .5);
    assert_int_equal(json_integer_value(json_object_get(doc, "raters")), 3);
    const json_t *flags = json_object_get(doc, "flags");
    assert_int_equal(json_integer_value(json_object_get(flags, "count")), 3);
    assert_string_equal(text(flags, "worst"), "high");
    const json_t *classes = json_object_get(flags, "classes");
    assert_int_equal(json_array_size(classes), 2);
    assert_string_equal(json_string_value(json_array_get(classes, 0)), "malware");
    assert_string_equal(json_string_value(json_array_get(classes, 1)), "other");
    char *dumped = json_dumps(doc, 0);
    assert_null(strstr(dumped, "obey"));
    assert_null(strstr(dumped, "rpt1"));
    free(dumped);
    json_decref(doc);
    json_decref(score);
}

static void what_no_node_writes_is_no_document(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        const char *value;
    } rows[] = {
        {"status", "\"obey\""},
        {"score", "1.5"},
        {"score", "\"1\""},
        {"evidence", "-1"},
        {"evidence", "null"},
        {"raters", "1.5"},
        {"categories", "{}"},
        {"flags", "null"},
        {"flags", "[{}]"},
        {"factor", "null"},
        {"breaker", "\"obey\""},
        {"quarantine", "5"},
        {"basis", "{}"},
        {"basis", "{\"kind\":\"fresh\",\"age_s\":-1}"},
        {"cap", "2"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        json_t *score = json_loads(FIGURES "}", 0, NULL);
        (void)json_object_set_new(score, rows[i].name,
                                  json_loads(rows[i].value, JSON_DECODE_ANY, NULL));
        assert_null(score_of_node("mcp:io.example/a", score));
        json_decref(score);
    }
    assert_null(score_of_node("mcp:io.example/a", NULL));
}

static void a_boards_cell_is_told_in_the_same_members(void **state)
{
    (void)state;
    const struct trust_board_cell cell = {
        .status = TRUST_SCORE_FLAGGED,
        .score_ppm = 400000,
        .lower_ppm = 250000,
        .mean_ppm = TRUST_PPM_NONE,
        .upper_ppm = TRUST_PPM,
        .factor_ppm = TRUST_PPM / 2,
        .cap_ppm = TRUST_PPM,
        .evidence = 7.5,
        .raters = 2,
        .flag_classes = 1u << TRUST_CLASS_MALWARE | 1u << TRUST_CLASS_OTHER,
        .flag_severity = TRUST_SEVERITY_CRITICAL,
        .breaker_state = TRUST_BREAKER_HALF_OPEN,
    };
    json_t *doc = score_of_cell("mcp:io.example/a", &cell, TRUST_QUARANTINE_SUSPECT,
                                (struct trust_basis){.kind = TRUST_BASIS_STALE, .age_s = 9});
    assert_int_equal(json_object_size(doc), 16);
    assert_string_equal(text(doc, "status"), "flagged");
    assert_true(json_real_value(json_object_get(doc, "score")) == .4);
    assert_true(json_is_null(json_object_get(doc, "mean")));
    assert_true(json_real_value(json_object_get(doc, "upper")) == 1);
    assert_true(json_is_null(json_object_get(doc, "categories")));
    const json_t *flags = json_object_get(doc, "flags");
    assert_true(json_is_null(json_object_get(flags, "count")));
    assert_string_equal(text(flags, "worst"), "critical");
    assert_int_equal(json_array_size(json_object_get(flags, "classes")), 2);
    assert_string_equal(text(doc, "breaker"), "half_open");
    assert_string_equal(text(doc, "quarantine"), "suspect");
    assert_int_equal(json_integer_value(json_object_get(json_object_get(doc, "basis"), "age_s")),
                     9);
    assert_non_null(strstr(text(doc, "message"), "report this server as harmful"));
    assert_non_null(strstr(text(doc, "message"), "last board"));
    json_decref(doc);
}

static void the_sentence_follows_the_worst_news(void **state)
{
    (void)state;
    static const struct {
        enum trust_score_status status;
        enum trust_breaker_state breaker;
        enum trust_quarantine_state quarantine;
        const char *said;
    } rows[] = {
        {TRUST_SCORE_OK, TRUST_BREAKER_CLOSED, TRUST_QUARANTINE_OK, "it agrees"},
        {TRUST_SCORE_UNKNOWN, TRUST_BREAKER_CLOSED, TRUST_QUARANTINE_OK, "neither good nor bad"},
        {TRUST_SCORE_WEAK, TRUST_BREAKER_CLOSED, TRUST_QUARANTINE_RELEASED, "Little is known"},
        {TRUST_SCORE_CONTESTED, TRUST_BREAKER_HALF_OPEN, TRUST_QUARANTINE_OK, "disagree"},
        {TRUST_SCORE_OK, TRUST_BREAKER_CLOSED, TRUST_QUARANTINE_SUSPECT, "under suspicion"},
        {TRUST_SCORE_OK, TRUST_BREAKER_OPEN, TRUST_QUARANTINE_SUSPECT, "time to recover"},
        {TRUST_SCORE_FLAGGED, TRUST_BREAKER_FORCED_OPEN, TRUST_QUARANTINE_OK, "harmful"},
        {TRUST_SCORE_FLAGGED, TRUST_BREAKER_OPEN, TRUST_QUARANTINE_BANNED, "withheld"},
        {TRUST_SCORE_OK, TRUST_BREAKER_CLOSED, TRUST_QUARANTINE_INVESTIGATING, "withheld"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const struct trust_board_cell cell = {.status = (uint8_t)rows[i].status,
                                              .breaker_state = (uint8_t)rows[i].breaker};
        json_t *doc = score_of_cell("mcp:io.example/a", &cell, rows[i].quarantine,
                                    (struct trust_basis){.kind = TRUST_BASIS_FRESH});
        assert_non_null(strstr(text(doc, "message"), rows[i].said));
        assert_null(strstr(text(doc, "message"), "node is away"));
        json_decref(doc);
    }
}

static void a_server_that_nobody_shows_is_unknown(void **state)
{
    (void)state;
    json_t *doc = score_of_cell("mcp:io.example/a", NULL, TRUST_QUARANTINE_OK,
                                (struct trust_basis){.kind = TRUST_BASIS_OWN});
    assert_string_equal(text(doc, "status"), "unknown");
    assert_true(json_is_null(json_object_get(doc, "score")));
    assert_true(json_real_value(json_object_get(doc, "factor")) == 1);
    assert_non_null(strstr(text(doc, "message"), "no board of it is left"));
    json_decref(doc);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_nodes_figures_come_without_strangers_words),
        cmocka_unit_test(what_no_node_writes_is_no_document),
        cmocka_unit_test(a_boards_cell_is_told_in_the_same_members),
        cmocka_unit_test(the_sentence_follows_the_worst_news),
        cmocka_unit_test(a_server_that_nobody_shows_is_unknown),
    };
    return cmocka_run_group_tests_name("mcp/score_doc", tests, NULL, NULL);
}
