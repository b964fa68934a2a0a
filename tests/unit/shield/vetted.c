/* shield/vetted: each thing that a fallback lacks alone costs it the mark. */
#include "shield/vetted.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "trust/flag.h"

#include "choosing.h"

static bool has_merit(const struct trust_board_cell *cell, uint8_t marks)
{
    struct trust_candidate candidate = candidate_of("x", cell, marks);
    struct trust_request request = plain_request();
    return trust_vetted_has_merit(&candidate, &request);
}

static void merit_takes_all_of_its_parts(void **state)
{
    (void)state;
    const struct trust_board_cell good = good_cell(500000);
    assert_true(has_merit(&good, TRUST_CANDIDATE_COVERS));
    assert_false(has_merit(&good, TRUST_CANDIDATE_NAMED));
    assert_false(has_merit(NULL, TRUST_CANDIDATE_COVERS));
    struct trust_board_cell cell = good;
    cell.lower_ppm = 499999;
    assert_false(has_merit(&cell, TRUST_CANDIDATE_COVERS));
    cell.lower_ppm = TRUST_PPM_NONE;
    assert_false(has_merit(&cell, TRUST_CANDIDATE_COVERS));
    cell = good;
    cell.first_hops = 1;
    assert_false(has_merit(&cell, TRUST_CANDIDATE_COVERS));
    cell = good;
    cell.flag_severity = TRUST_SEVERITY_MEDIUM;
    assert_true(has_merit(&cell, TRUST_CANDIDATE_COVERS));
    cell.flag_severity = TRUST_SEVERITY_HIGH;
    assert_false(has_merit(&cell, TRUST_CANDIDATE_COVERS));
    cell = good;
    cell.manifest_state = TRUST_MANIFEST_CHANGED;
    assert_false(has_merit(&cell, TRUST_CANDIDATE_COVERS));
    cell.manifest_state = TRUST_MANIFEST_PENDING;
    assert_false(has_merit(&cell, TRUST_CANDIDATE_COVERS));
    cell = good;
    cell.quarantine = TRUST_QUARANTINE_SUSPECT;
    assert_false(has_merit(&cell, TRUST_CANDIDATE_COVERS));
    cell.quarantine = TRUST_QUARANTINE_RELEASED;
    assert_false(has_merit(&cell, TRUST_CANDIDATE_COVERS));
}

static void activity_counts_for_ten_minutes(void **state)
{
    (void)state;
    static const struct {
        uint64_t active_ms;
        bool is_active;
    } rows[] = {{0, false},
                {NOW_MS - 600001, false},
                {NOW_MS - 600000, true},
                {NOW_MS, true},
                {NOW_MS + 1, false}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct trust_board_cell cell = {.active.ms = rows[i].active_ms};
        struct trust_candidate candidate = candidate_of("x", &cell, 0);
        assert_int_equal(trust_vetted_is_active(&candidate, (struct trust_mono){.ms = NOW_MS}),
                         rows[i].is_active);
    }
    struct trust_candidate candidate = candidate_of("x", NULL, 0);
    assert_false(trust_vetted_is_active(&candidate, (struct trust_mono){.ms = NOW_MS}));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(merit_takes_all_of_its_parts),
        cmocka_unit_test(activity_counts_for_ten_minutes),
    };
    return cmocka_run_group_tests_name("shield/vetted", tests, NULL, NULL);
}
