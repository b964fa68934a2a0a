/* guard/hold: what is kept of a held call is given back. */
#include "guard/router/hold.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void items_go_one_by_one_and_keep_their_order(void **state)
{
    (void)state;
    struct hold *hold = calloc(1, sizeof *hold);
    assert_non_null(hold);
    for (uint32_t i = 0; i < 3; i++)
        hold->items[i] = (struct hold_item){.key = i, .raw_id = strdup("1")};
    hold->items[1].params = strdup("{}");
    hold->item_count = 3;
    hold_remove(hold, 1);
    assert_int_equal(hold->item_count, 2);
    assert_int_equal(hold->items[0].key, 0);
    assert_int_equal(hold->items[1].key, 2);
    text_put(&hold->answer, "{}");
    hold_free(hold);
    hold_free(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(items_go_one_by_one_and_keep_their_order),
    };
    return cmocka_run_group_tests_name("tools/guard/hold", tests, NULL, NULL);
}
