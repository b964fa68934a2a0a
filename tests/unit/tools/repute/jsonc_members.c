/* repute/jsonc_members: members as they stand in the file. */
#include "repute/jsonc_members.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/bytes.h"

static void append(void *context, struct trust_bytes key, struct trust_bytes value)
{
    char *to = context;
    (void)strncat(to, (const char *)key.data, key.size);
    (void)strcat(to, "=");
    (void)strncat(to, (const char *)value.data, value.size);
    (void)strcat(to, ";");
}

static void every_member_is_handed_over_as_it_stands(void **state)
{
    (void)state;
    char seen[256] = "";
    const char *text = "{ /* a */ \"\\u0061\": [1, // one\n 2,], // end\n \"b\": {\"c\": \"}\"}, }";
    assert_int_equal(jsonc_members_walk(trust_bytes_text(text), append, seen), TRUST_OK);
    assert_string_equal(seen, "\\u0061=[1, // one\n 2,];b={\"c\": \"}\"};");
    assert_int_equal(jsonc_members_walk(trust_bytes_text("{}"), append, seen), TRUST_OK);
    assert_int_equal(jsonc_members_walk(trust_bytes_text("[1]"), append, seen), TRUST_NO_TYPE);
    assert_int_equal(jsonc_members_walk(trust_bytes_text("{"), append, seen), TRUST_NO_SYNTAX);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_member_is_handed_over_as_it_stands),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
