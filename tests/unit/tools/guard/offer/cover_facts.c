/* guard/cover_facts: types, bounds and values of one schema. */
#include "guard/offer/cover_facts.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static struct cover_facts read(const char *schema)
{
    struct cover_facts facts;
    const char *word = "";
    struct cover_schema read;
    cover_schema_read(&read, trust_bytes_text(schema));
    assert_int_equal(cover_facts_read(&facts, &word, &read), TRUST_OK);
    return facts;
}

static void types_are_those_of_type_and_any_of(void **state)
{
    (void)state;
    static const struct {
        const char *schema;
        unsigned types;
    } rows[] = {
        {"{}", COVER_ALL},
        {"{\"type\":\"number\"}", COVER_INTEGER | COVER_FRACTION},
        {"{\"type\":[\"null\",\"array\"]}", COVER_NULL | COVER_ARRAY},
        {"{\"anyOf\":[{\"type\":\"null\"},{\"title\":\"x\",\"type\":\"object\"}]}",
         COVER_NULL | COVER_OBJECT},
        {"{\"anyOf\":[{\"type\":\"null\"},{\"type\":\"object\"}],\"type\":\"null\"}", COVER_NULL},
        {"{\"anyOf\":[{\"type\":\"null\"},{\"minimum\":1}]}", COVER_ALL},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        assert_int_equal(read(rows[i].schema).types, rows[i].types);
    assert_true(read(rows[5].schema).has_other_any);
    assert_false(read(rows[3].schema).has_other_any);
}

static void the_narrower_of_two_bounds_counts(void **state)
{
    (void)state;
    struct cover_facts facts = read("{\"exclusiveMaximum\":9,\"exclusiveMinimum\":1,"
                                    "\"maxLength\":7,\"maximum\":8,\"minimum\":1}");
    const struct cover_range *range = &facts.ranges[COVER_OF_NUMBER];
    assert_true(range->low == 1 && range->is_low_open);
    assert_true(range->high == 8 && !range->is_high_open);
    assert_true(facts.ranges[COVER_OF_STRING].low == 0);
    assert_true(facts.ranges[COVER_OF_STRING].high == 7);
    assert_true(isinf(facts.ranges[COVER_OF_ARRAY].high));
}

static void a_value_that_a_keyword_cannot_have_is_told(void **state)
{
    (void)state;
    static const char *const rows[][2] = {
        {"{\"type\":7}", "type"},
        {"{\"type\":[]}", "type"},
        {"{\"type\":[\"null\",\"any\"]}", "type"},
        {"{\"exclusiveMinimum\":true}", "exclusiveMinimum"},
        {"{\"maxItems\":\"3\"}", "maxItems"},
        {"{\"enum\":\"a\"}", "enum"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct cover_facts facts;
        const char *word = "";
        struct cover_schema schema;
        cover_schema_read(&schema, trust_bytes_text(rows[i][0]));
        assert_int_equal(cover_facts_read(&facts, &word, &schema), TRUST_NO_TYPE);
        assert_string_equal(word, rows[i][1]);
    }
}

static void values_narrow_types_and_bounds(void **state)
{
    (void)state;
    struct trust_bytes schema =
        trust_bytes_text("{\"enum\":[2,5,\"abc\",\"\xc3\xa9\",[1,2],null]}");
    struct cover_facts facts = read((const char *)schema.data);
    struct cover_schema words;
    cover_schema_read(&words, schema);
    cover_facts_narrow(&facts, &words);
    assert_int_equal(facts.types, COVER_INTEGER | COVER_STRING | COVER_ARRAY | COVER_NULL);
    assert_true(facts.ranges[COVER_OF_NUMBER].low == 2);
    assert_true(facts.ranges[COVER_OF_NUMBER].high == 5);
    assert_true(facts.ranges[COVER_OF_STRING].low == 1);
    assert_true(facts.ranges[COVER_OF_STRING].high == 3);
    assert_true(facts.ranges[COVER_OF_ARRAY].low == 2);
    assert_true(facts.ranges[COVER_OF_ARRAY].high == 2);
}

static void what_is_required_is_there(void **state)
{
    (void)state;
    struct trust_bytes schema = trust_bytes_text("{\"required\":[\"a\",\"b\"]}");
    struct cover_facts facts = read((const char *)schema.data);
    struct cover_schema words;
    cover_schema_read(&words, schema);
    cover_facts_narrow(&facts, &words);
    assert_true(facts.ranges[COVER_OF_OBJECT].low == 2);
}

static void booleans_and_null_can_be_counted(void **state)
{
    (void)state;
    struct cover_facts facts = read("{\"type\":\"boolean\"}");
    struct cover_values values = cover_facts_values(&facts);
    struct trust_bytes value;
    assert_true(cover_facts_is_finite(&facts));
    assert_true(cover_facts_next(&values, &value));
    assert_true(trust_bytes_equal(value, trust_bytes_text("false")));
    assert_true(cover_facts_next(&values, &value));
    assert_true(trust_bytes_equal(value, trust_bytes_text("true")));
    assert_false(cover_facts_next(&values, &value));
    facts = read("{\"type\":\"string\"}");
    assert_false(cover_facts_is_finite(&facts));
}

static void a_value_is_one_of_all_lists(void **state)
{
    (void)state;
    struct cover_facts facts = read("{\"const\":1,\"enum\":[1,2]}");
    assert_true(cover_facts_has(&facts, trust_bytes_text("1")));
    assert_false(cover_facts_has(&facts, trust_bytes_text("2")));
    facts = read("{}");
    assert_true(cover_facts_has(&facts, trust_bytes_text("2")));
    assert_int_equal(cover_type_of(trust_bytes_text("1.5")), COVER_FRACTION);
    assert_int_equal(cover_type_of(trust_bytes_text("1e+30")), COVER_INTEGER);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(types_are_those_of_type_and_any_of),
        cmocka_unit_test(the_narrower_of_two_bounds_counts),
        cmocka_unit_test(a_value_that_a_keyword_cannot_have_is_told),
        cmocka_unit_test(values_narrow_types_and_bounds),
        cmocka_unit_test(what_is_required_is_there),
        cmocka_unit_test(booleans_and_null_can_be_counted),
        cmocka_unit_test(a_value_is_one_of_all_lists),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
