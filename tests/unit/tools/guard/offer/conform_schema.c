/* guard/conform_schema: what is kept of a schema, and which are too large to be kept. */
#include "guard/offer/conform_schema.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/limits.h"

static struct conform *made(const char *schema)
{
    struct conform *conform = NULL;
    assert_int_equal(conform_new(&conform, trust_bytes_text(schema)), TRUST_OK);
    return conform;
}

static void parts_are_found_once(void **state)
{
    (void)state;
    struct conform *conform =
        made("{\"properties\":{\"a\":{\"$ref\":\"#/$defs/d\"},\"b\":{\"$ref\":\"#/$defs/d\"},"
             "\"c\":{\"$ref\":\"#\"},\"d\":true},\"required\":[\"d\",\"z\"],\"$defs\":{\"d\":{"
             "\"type\":\"string\"},\"unused\":{}}}");
    assert_int_equal(conform->node_count, 5); /* root, a, b, c and d of $defs */
    assert_int_equal(conform->property_count, 5);
    assert_int_equal(conform->nodes[0].property_count, 5);
    assert_int_equal(conform->nodes[0].required, 8 + 16);
    assert_false(conform->properties[4].is_named);
    assert_int_equal(conform->properties[3].node, CONFORM_ANY);
    assert_int_equal(conform->nodes[1].ref, conform->nodes[2].ref);
    assert_int_equal(conform->nodes[3].ref, 0);
    conform_free(conform);
}

static void what_says_nothing_is_no_part(void **state)
{
    (void)state;
    struct conform *conform = made("true");
    assert_int_equal(conform->node_count, 0);
    conform_free(conform);
    conform = made("{\"additionalProperties\":true,\"items\":7}");
    assert_int_equal(conform->node_count, 1);
    assert_int_equal(conform->nodes[0].additional, CONFORM_ANY);
    assert_int_equal(conform->nodes[0].items, CONFORM_ANY);
    conform_free(conform);
    conform_free(NULL);
}

static void a_schema_that_two_readers_read_differently_is_refused(void **state)
{
    (void)state;
    struct conform *conform = NULL;
    assert_int_equal(conform_new(&conform, trust_bytes_text("{\"a\":1,\"a\":2}")),
                     TRUST_NO_DUPLICATE);
    assert_int_equal(conform_new(&conform, trust_bytes_text("{")), TRUST_NO_SYNTAX);
    assert_null(conform);
}

/* first, then count - 1 times next, then last, as a schema. */
static enum trust_error of_many(const char *first, const char *next, size_t count, const char *last)
{
    size_t room = strlen(first) + count * (strlen(next) + 8) + strlen(last) + 1;
    char *text = calloc(1, room);
    assert_non_null(text);
    size_t used = 0;
    for (size_t i = 0; i <= count; i++) {
        const char *part = i == 0 ? first : i == count ? last : next;
        for (const char *at = part; *at != '\0'; at++) {
            if (*at == '#')
                used += (size_t)snprintf(text + used, room - used, "%zu", i);
            else
                text[used++] = *at;
        }
    }
    struct conform *conform = NULL;
    enum trust_error error = conform_new(&conform, trust_bytes_text(text));
    conform_free(conform);
    free(text);
    return error;
}

static enum trust_error of_branches(size_t count)
{
    return of_many("{\"allOf\":[{}", ",{}", count, "]}");
}

static enum trust_error of_properties(size_t count)
{
    return of_many("{\"properties\":{\"k\":true", ",\"k#\":true", count, "}}");
}

static void a_schema_of_too_many_parts_is_refused(void **state)
{
    (void)state;
    assert_int_equal(of_branches(TRUST_CONFORM_NODES_MAX - 1), TRUST_OK);
    assert_int_equal(of_branches(TRUST_CONFORM_NODES_MAX), TRUST_NO_ROOM);
    char *large = calloc(1, TRUST_CONFORM_SCHEMA_SIZE_MAX + 8);
    assert_non_null(large);
    memset(large, ' ', TRUST_CONFORM_SCHEMA_SIZE_MAX);
    large[0] = '{';
    large[TRUST_CONFORM_SCHEMA_SIZE_MAX - 1] = '}';
    struct conform *conform = made(large);
    conform_free(conform);
    conform = NULL;
    large[TRUST_CONFORM_SCHEMA_SIZE_MAX - 1] = ' ';
    large[TRUST_CONFORM_SCHEMA_SIZE_MAX] = '}';
    assert_int_equal(conform_new(&conform, trust_bytes_text(large)), TRUST_NO_ROOM);
    free(large);
}

static void a_schema_of_too_many_properties_is_refused(void **state)
{
    (void)state;
    assert_int_equal(of_properties(TRUST_CONFORM_PROPERTIES_MAX), TRUST_OK);
    assert_int_equal(of_properties(TRUST_CONFORM_PROPERTIES_MAX + 1), TRUST_NO_ROOM);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(parts_are_found_once),
        cmocka_unit_test(what_says_nothing_is_no_part),
        cmocka_unit_test(a_schema_that_two_readers_read_differently_is_refused),
        cmocka_unit_test(a_schema_of_too_many_parts_is_refused),
        cmocka_unit_test(a_schema_of_too_many_properties_is_refused),
    };
    return cmocka_run_group_tests_name("guard/conform_schema", tests, NULL, NULL);
}
