/* score, whole: the worked vectors of tests/vectors/scoring.txt, to the digits printed there. */
#include <ctype.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/bytes.h"
#include "world.h"

#define WORDS_MAX 32
#define LINE_SIZE 256
#define SUBJECT "mcp:io.example/search"

struct line {
    int number;
    int count;
    char *words[WORDS_MAX];
};

struct reader {
    struct world world;
    struct trust_score score;
    bool is_open;
    bool is_solved;
    int expectations;
};

static void fail_at(const struct line *line, const char *what, double found)
{
    fail_msg("line %d: %s %s: found %.9f", line->number, line->words[0], what, found);
}

static void split(struct line *line, char *text)
{
    line->count = 0;
    text[strcspn(text, "#\n")] = '\0';
    for (char *word = strtok(text, " "); word != NULL; word = strtok(NULL, " ")) {
        assert_true(line->count < WORDS_MAX);
        line->words[line->count++] = word;
    }
}

static const char *word(const struct line *line, int index)
{
    return index < line->count && strcmp(line->words[index], "-") != 0 ? line->words[index] : NULL;
}

static uint32_t permille(const char *text)
{
    return (uint32_t)lround(strtod(text, NULL) * 1000);
}

static int one_of(const char *const *names, const char *name)
{
    int found = 0;
    while (names[found] != NULL && strcmp(names[found], name) != 0)
        found++;
    assert_non_null(names[found]);
    return found;
}

/* The digits behind the point say how near is near enough. */
static bool agrees(double found, const char *expected)
{
    const char *point = strchr(expected, '.');
    size_t digits = point == NULL ? 9 : strlen(point + 1);
    return fabs(found - strtod(expected, NULL)) <= .5 * pow(10, -(double)digits) + 1e-12;
}

static uint8_t scopes_of(const char *text)
{
    uint8_t scopes = 0;
    for (; *text != '\0'; text++)
        scopes |= *text == 'r'   ? TRUST_SCOPE_RATES
                  : *text == 'i' ? TRUST_SCOPE_INTRODUCES
                                 : TRUST_SCOPE_SCANS;
    return scopes;
}

/* The subject with the version at words[at], and the manifest at words[at + 1]. */
static const uint8_t *name_target(const struct line *line, int at, char subject[LINE_SIZE],
                                  uint8_t manifest[32])
{
    const char *version = word(line, at);
    const char *letter = word(line, at + 1);
    snprintf(subject, LINE_SIZE, "%s%s%s", SUBJECT, version == NULL ? "" : "@",
             version == NULL ? "" : version);
    if (letter == NULL)
        return NULL;
    memset(manifest, letter[0], 32);
    return manifest;
}

static void do_rate(struct world *world, const struct line *line)
{
    static const char *const categories[] = {"", "performance", "security", "overall", NULL};
    char subject[LINE_SIZE];
    uint8_t manifest[32];
    const uint8_t *digest = name_target(line, 6, subject, manifest);
    world_rate(world, &(struct world_opinion){
                          .author = line->words[1],
                          .subject = subject,
                          .manifest = digest,
                          .category = (enum trust_category)one_of(categories, line->words[2]),
                          .value = permille(line->words[3]),
                          .calls = (uint32_t)strtoul(line->words[4], NULL, 10),
                          .age_s = strtoul(line->words[5], NULL, 10) * WORLD_DAY_S,
                      });
}

static void do_flag(struct world *world, const struct line *line)
{
    static const char *const severities[] = {"cleared", "low", "medium", "high", "critical", NULL};
    static const char *const classes[] = {"",
                                          "injection",
                                          "poisoning",
                                          "shadowing",
                                          "malware",
                                          "exfiltration",
                                          "vulnerability",
                                          "exposure",
                                          "impersonation",
                                          "manifest_changed",
                                          "other",
                                          NULL};
    char subject[LINE_SIZE];
    uint8_t manifest[32];
    const uint8_t *digest = name_target(line, 5, subject, manifest);
    world_flag(world, &(struct world_opinion){
                          .author = line->words[1],
                          .subject = subject,
                          .manifest = digest,
                          .value = (uint32_t)one_of(severities, line->words[2]),
                          .calls = (uint32_t)one_of(classes, line->words[3]),
                          .age_s = strtoul(line->words[4], NULL, 10) * WORLD_DAY_S,
                      });
}

/* Calls at weights that no window holds back: they are restored, not made. */
static void do_calls(struct world *world, double good, double bad, double garbage)
{
    uint32_t server = 0;
    struct trust_own_calls calls = {.good = good, .bad = bad, .garbage = garbage};
    assert_int_equal(trust_scorer_watch(&world->scorer, &server, trust_bytes_text(SUBJECT)),
                     TRUST_OK);
    assert_int_equal(trust_scorer_restore_calls(&world->scorer, server, &calls, world->now.wall),
                     TRUST_OK);
}

static void do_weight(struct reader *reader, const struct line *line)
{
    struct trust_weight weight = world_weight(&reader->world, line->words[1]);
    static const char *const names[] = {"pi", "t", "t_scan", "delta", "rho", NULL};
    const double values[] = {weight.pi, weight.t, weight.t_scan, weight.delta, weight.rho};
    double found = values[one_of(names, line->words[2])];
    if (!agrees(found, line->words[3]))
        fail_at(line, line->words[2], found);
    reader->expectations++;
}

static void do_expect(struct reader *reader, const struct line *line)
{
    const struct trust_score *score = &reader->score;
    static const char *const names[] = {
        "score",       "lower",    "upper",   "mean",          "evidence",   "factor",    "cap",
        "performance", "security", "overall", "n_performance", "n_security", "n_overall", NULL};
    const double values[] = {
        score->score,
        score->lower,
        score->upper,
        score->mean,
        score->evidence,
        score->factor,
        score->cap,
        score->categories[0].mean,
        score->categories[1].mean,
        score->categories[2].mean,
        score->categories[0].evidence,
        score->categories[1].evidence,
        score->categories[2].evidence,
    };
    reader->expectations++;
    if (strcmp(line->words[1], "status") == 0) {
        if (strcmp(trust_score_status_name(score->status), line->words[2]) != 0)
            fail_at(line, trust_score_status_name(score->status), score->score);
        return;
    }
    double found = values[one_of(names, line->words[1])];
    if (!agrees(found, line->words[2]))
        fail_at(line, line->words[1], found);
}

static void do_absent(struct reader *reader, const struct line *line)
{
    reader->expectations++;
    if (strcmp(line->words[1], "score") == 0 ? reader->score.has_score : reader->score.has_lower)
        fail_at(line, line->words[1], 1);
}

static void begin_case(struct reader *reader)
{
    if (reader->is_open)
        world_close(&reader->world);
    world_open(&reader->world, 32);
    reader->is_open = true;
}

static void do_ask(struct reader *reader, const struct line *line)
{
    char subject[LINE_SIZE];
    uint8_t manifest[32];
    const uint8_t *digest = name_target(line, 1, subject, manifest);
    reader->score = world_score(&reader->world, subject, digest);
}

/* Statements that change the world; false: it is none of them. */
static bool change(struct reader *reader, const struct line *line)
{
    struct world *world = &reader->world;
    const char *verb = line->words[0];
    if (strcmp(verb, "case") == 0)
        begin_case(reader);
    else if (strcmp(verb, "vouch") == 0)
        world_vouch(world, line->words[1], line->words[2],
                    (int)lround(strtod(line->words[3], NULL) * 1000), scopes_of(line->words[4]));
    else if (strcmp(verb, "mute") == 0)
        trust_scorer_mute(&world->scorer, world_key(world, line->words[1]), true);
    else if (strcmp(verb, "rate") == 0)
        do_rate(world, line);
    else if (strcmp(verb, "flag") == 0)
        do_flag(world, line);
    else if (strcmp(verb, "calls") == 0)
        do_calls(world, strtod(line->words[1], NULL), strtod(line->words[2], NULL), 0);
    else if (strcmp(verb, "garbage") == 0)
        do_calls(world, 0, strtod(line->words[1], NULL), strtod(line->words[1], NULL));
    else
        return false;
    return true;
}

static void run(struct reader *reader, const struct line *line)
{
    const char *verb = line->words[0];
    if (change(reader, line))
        return;
    world_tick(&reader->world);
    if (strcmp(verb, "ask") == 0)
        do_ask(reader, line);
    else if (strcmp(verb, "weight") == 0)
        do_weight(reader, line);
    else if (strcmp(verb, "expect") == 0)
        do_expect(reader, line);
    else if (strcmp(verb, "absent") == 0)
        do_absent(reader, line);
    else
        fail_at(line, "is no statement", 0);
}

static void every_worked_vector_holds_to_its_digits(void **state)
{
    (void)state;
    FILE *file = fopen(VECTORS, "r");
    assert_non_null(file);
    struct reader reader = {.is_open = false};
    struct line line = {.number = 0};
    char text[LINE_SIZE];
    while (fgets(text, sizeof text, file) != NULL) {
        line.number++;
        split(&line, text);
        if (line.count > 0)
            run(&reader, &line);
    }
    fclose(file);
    assert_true(reader.expectations >= 100);
    world_close(&reader.world);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_worked_vector_holds_to_its_digits),
    };
    return cmocka_run_group_tests_name("score/vectors", tests, NULL, NULL);
}
