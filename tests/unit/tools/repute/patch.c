/* repute/patch: edits come in the order of the text, whatever the order they were made in. */
#include "repute/patch.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/bytes.h"

static void expect(const struct patch *patch, const char *text, const char *wanted)
{
    uint8_t *made = NULL;
    size_t size = 0;
    enum trust_error error = patch_apply(patch, &made, &size, trust_bytes_text(text));
    assert_int_equal(error, TRUST_OK);
    assert_string_equal((char *)made, wanted);
    assert_int_equal(size, strlen(wanted));
    free(made);
}

static void edits_are_made_in_the_order_of_the_text(void **state)
{
    (void)state;
    struct patch patch = {0};
    expect(&patch, "", "");
    expect(&patch, "abc", "abc");
    assert_int_equal(patch_add(&patch, 5, 1, trust_bytes_text("F")), TRUST_OK);
    assert_int_equal(patch_add(&patch, 0, 0, trust_bytes_text("<")), TRUST_OK);
    assert_int_equal(patch_add(&patch, 2, 2, trust_bytes_text("")), TRUST_OK);
    expect(&patch, "abcdef", "<abeF");
    /* At one place the first comes first. */
    assert_int_equal(patch_add(&patch, 6, 0, trust_bytes_text(">")), TRUST_OK);
    assert_int_equal(patch_add(&patch, 6, 0, trust_bytes_text("!")), TRUST_OK);
    expect(&patch, "abcdef", "<abeF>!");
    patch_close(&patch);
    expect(&patch, "abc", "abc");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(edits_are_made_in_the_order_of_the_text),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
