/* guard/round: what is kept of a round is given back. */
#include "guard/router/round.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void a_round_frees_what_it_holds(void **state)
{
    (void)state;
    struct round *round = calloc(1, sizeof *round);
    assert_non_null(round);
    round->items[0] = (struct round_item){.key = strdup("\"a\""), .answer = strdup("{}")};
    round->items[1] = (struct round_item){.key = strdup("\"b\"")};
    round->item_count = 2;
    round->state = strdup("\"s\"");
    round_free(round);
    round_free(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_round_frees_what_it_holds),
    };
    return cmocka_run_group_tests_name("tools/guard/round", tests, NULL, NULL);
}
