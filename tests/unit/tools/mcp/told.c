/* mcp/told: an id counts once, as long as it is remembered. */
#include "mcp/told.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/bytes.h"

static void an_id_is_new_once(void **state)
{
    (void)state;
    struct told *told = calloc(1, sizeof *told);
    told->seeds[1].low = 1;
    assert_true(told_is_new(told, trust_bytes_text("a")));
    assert_false(told_is_new(told, trust_bytes_text("a")));
    assert_true(told_is_new(told, trust_bytes_text("b")));
    assert_true(told_is_new(told, trust_bytes_text("")));
    assert_false(told_is_new(told, trust_bytes_text("b")));
    assert_int_equal(told->count, 3);
    free(told);
}

static void the_one_told_the_longest_ago_is_forgotten(void **state)
{
    (void)state;
    struct told *told = calloc(1, sizeof *told);
    told->seeds[1].low = 1;
    for (uint32_t i = 0; i <= TRUST_MCP_TOLD_MAX; i++)
        assert_true(
            told_is_new(told, (struct trust_bytes){.data = (const uint8_t *)&i, .size = sizeof i}));
    assert_int_equal(told->count, TRUST_MCP_TOLD_MAX);
    uint32_t second = 1;
    uint32_t first = 0;
    assert_false(told_is_new(
        told, (struct trust_bytes){.data = (const uint8_t *)&second, .size = sizeof second}));
    assert_true(told_is_new(
        told, (struct trust_bytes){.data = (const uint8_t *)&first, .size = sizeof first}));
    free(told);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_id_is_new_once),
        cmocka_unit_test(the_one_told_the_longest_ago_is_forgotten),
    };
    return cmocka_run_group_tests_name("mcp/told", tests, NULL, NULL);
}
