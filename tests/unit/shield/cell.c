/* shield/cell: the words for a cell's states, and which of them withhold a server. */
#include "trust/cell.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static void quarantine_states_have_their_names_and_three_of_them_withhold(void **state)
{
    (void)state;
    static const struct {
        enum trust_quarantine_state state;
        const char *name;
        bool withheld;
    } rows[] = {
        {TRUST_QUARANTINE_OK, "ok", false},
        {TRUST_QUARANTINE_SUSPECT, "suspect", false},
        {TRUST_QUARANTINE_QUARANTINED, "quarantined", true},
        {TRUST_QUARANTINE_INVESTIGATING, "investigating", true},
        {TRUST_QUARANTINE_RELEASED, "released", false},
        {TRUST_QUARANTINE_BANNED, "banned", true},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        assert_string_equal(trust_quarantine_state_name(rows[i].state), rows[i].name);
        assert_int_equal(trust_quarantine_is_withheld(rows[i].state), rows[i].withheld);
    }
    assert_string_equal(trust_quarantine_state_name((enum trust_quarantine_state)6), "?");
}

static void manifest_states_have_their_names(void **state)
{
    (void)state;
    assert_string_equal(trust_manifest_state_name(TRUST_MANIFEST_NONE), "none");
    assert_string_equal(trust_manifest_state_name(TRUST_MANIFEST_PINNED), "pinned");
    assert_string_equal(trust_manifest_state_name(TRUST_MANIFEST_PENDING), "pending");
    assert_string_equal(trust_manifest_state_name(TRUST_MANIFEST_CHANGED), "changed");
    assert_string_equal(trust_manifest_state_name((enum trust_manifest_state)4), "?");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(quarantine_states_have_their_names_and_three_of_them_withhold),
        cmocka_unit_test(manifest_states_have_their_names),
    };
    return cmocka_run_group_tests_name("shield/cell", tests, NULL, NULL);
}
