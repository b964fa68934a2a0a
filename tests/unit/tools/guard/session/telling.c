/* guard/telling: what a verdict over a server's tools is to the node. */
#include "guard/session/telling.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static void the_worst_of_a_verdict_is_told_with_its_tools(void **state)
{
    (void)state;
    static const struct {
        struct pins_verdict verdict;
        enum trust_manifest_state state;
        uint32_t tools;
    } rows[] = {
        {{.counts = {[PIN_FIRST] = 3}}, TRUST_MANIFEST_PINNED, 0},
        {{.counts = {[PIN_SAME] = 3, [PIN_BAD] = 1}}, TRUST_MANIFEST_PINNED, 0},
        {{.counts = {[PIN_SAME] = 1, [PIN_PENDING] = 2}}, TRUST_MANIFEST_PENDING, 2},
        {{.counts = {[PIN_SAME] = 1, [PIN_REJECTED] = 1}}, TRUST_MANIFEST_PINNED, 0},
        {{.counts = {[PIN_PENDING] = 2}, .changed = 1}, TRUST_MANIFEST_CHANGED, 1},
        {{.counts = {[PIN_CHANGED] = 1, [PIN_REJECTED] = 2}, .changed = 3},
         TRUST_MANIFEST_CHANGED,
         3},
        {{.counts = {[PIN_SAME] = 3}, .is_server_changed = true}, TRUST_MANIFEST_CHANGED, 0},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        uint32_t tools = 99;
        assert_int_equal(telling_state(&tools, &rows[i].verdict), rows[i].state);
        assert_int_equal(tools, rows[i].tools);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_worst_of_a_verdict_is_told_with_its_tools),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
