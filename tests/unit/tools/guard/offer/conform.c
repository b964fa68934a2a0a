/* guard/conform: a table of schemas and values; a no only where it is certain. */
#include "guard/offer/conform.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/limits.h"

struct row {
    bool is_accepted;
    const char *schema, *value;
};

#define YES true
#define NO false
#define OBJECT(rest) "{\"type\":\"object\"," rest "}"
#define TREE                                                                                       \
    "{\"$ref\":\"#/$defs/tree\",\"$defs\":{\"tree\":{\"type\":\"object\",\"required\":[\"v\"],"    \
    "\"properties\":{\"v\":{\"type\":\"integer\"},\"kids\":{\"type\":\"array\",\"items\":{"        \
    "\"$ref\":\"#/$defs/tree\"}}}}}}"
#define SHAPE                                                                                      \
    "{\"anyOf\":[{\"type\":\"object\",\"required\":[\"kind\",\"r\"],\"properties\":{\"kind\":{"    \
    "\"const\":\"circle\"},\"r\":{\"type\":\"array\",\"items\":{\"minimum\":0}}}},{\"type\":"      \
    "\"object\",\"required\":[\"kind\"],\"properties\":{\"kind\":{\"const\":\"none\"}}}]}"

static const struct row rows[] = {
    /* everything and nothing */
    {YES, "{}", "1"},
    {YES, "true", "[]"},
    {NO, "false", "[]"},
    {NO, "{}", ""},
    {YES, "{\"unheard\":{\"of\":1}}", "null"},
    {NO, "{\"unheard\":{\"of\":1},\"type\":\"string\"}", "null"},
    /* type */
    {YES, "{\"type\":\"object\"}", "{ }"},
    {NO, "{\"type\":\"object\"}", "[]"},
    {NO, "{\"type\":\"object\"}", "null"},
    {YES, "{\"type\":\"integer\"}", "-12"},
    {YES, "{\"type\":\"integer\"}", "1.0"},
    {YES, "{\"type\":\"integer\"}", "1e3"},
    {YES, "{\"type\":\"integer\"}", "1e999"},
    {NO, "{\"type\":\"integer\"}", "1.5"},
    {NO, "{\"type\":\"integer\"}", "\"1\""},
    {YES, "{\"type\":\"number\"}", "1.5"},
    {NO, "{\"type\":\"number\"}", "true"},
    {YES, "{\"type\":\"boolean\"}", "false"},
    {NO, "{\"type\":\"boolean\"}", "0"},
    {YES, "{\"type\":[\"string\",\"null\"]}", "null"},
    {NO, "{\"type\":[\"string\",\"null\"]}", "1"},
    {YES, "{\"type\":\"string\",\"nullable\":true}", "null"},
    {NO, "{\"type\":\"string\",\"nullable\":false}", "null"},
    {YES, "{\"type\":\"text\"}", "1"},
    {YES, "{ \"t\\u0079pe\" : \"integer\" }", "1"},
    {NO, "{ \"t\\u0079pe\" : \"integer\" }", "\"\""},
    /* numbers */
    {YES, "{\"minimum\":2,\"maximum\":3}", "2"},
    {NO, "{\"minimum\":2,\"maximum\":3}", "1.9"},
    {NO, "{\"minimum\":2,\"maximum\":3}", "3.1"},
    {NO, "{\"exclusiveMinimum\":2}", "2"},
    {YES, "{\"exclusiveMinimum\":2}", "2.1"},
    {NO, "{\"exclusiveMaximum\":2}", "2.0"},
    {YES, "{\"minimum\":2,\"exclusiveMinimum\":true}", "1"},
    {YES, "{\"minimum\":2}", "\"1\""},
    {YES, "{\"multipleOf\":3}", "9"},
    {NO, "{\"multipleOf\":3}", "10"},
    {YES, "{\"multipleOf\":0.1}", "0.35"},
    {YES, "{\"minimum\":2}",
     "0.0000000000000000000000000000000000000000000000000000000000000000000000001"},
    /* strings */
    {YES, "{\"minLength\":2,\"maxLength\":3}", "\"\\u00e9\\ud83d\\ude00\""},
    {NO, "{\"minLength\":2,\"maxLength\":3}", "\"a\""},
    {NO, "{\"minLength\":2,\"maxLength\":3}", "\"abcd\""},
    {YES, "{\"maxLength\":1}", "\"\\ud800abc\""},
    {YES, "{\"pattern\":\"^a$\"}", "\"b\""},
    {YES, "{\"format\":\"email\"}", "\"b\""},
    /* enum and const */
    {YES, "{\"enum\":[\"a\",1,null]}", "\"\\u0061\""},
    {YES, "{\"enum\":[\"a\",1,null]}", "1.0"},
    {YES, "{\"enum\":[\"a\",1,null]}", "null"},
    {NO, "{\"enum\":[\"a\",1,null]}", "\"b\""},
    {NO, "{\"enum\":[\"a\",1,null]}", "2"},
    {NO, "{\"enum\":[\"a\",1,null]}", "[]"},
    {NO, "{\"enum\":[]}", "1"},
    {NO, "{\"const\":true}", "false"},
    {YES, "{\"const\":{\"a\":1}}", "{\"a\":2}"},
    {NO, "{\"const\":{\"a\":1}}", "[1]"},
    {YES, "{\"const\":\"\\ud800\"}", "1"},
    /* objects */
    {YES, OBJECT("\"required\":[\"a\"]"), "{\"a\":null}"},
    {NO, OBJECT("\"required\":[\"a\"]"), "{\"b\":null}"},
    {YES, OBJECT("\"required\":[\"a\"]"), "{\"\\u0061\":null}"},
    {NO, OBJECT("\"required\":[\"a\",\"b\"],\"properties\":{\"b\":{}}"), "{\"a\":1}"},
    {NO, OBJECT("\"properties\":{\"a\":{\"type\":\"string\"}}"), "{\"x\":0,\"a\":1}"},
    {YES, OBJECT("\"properties\":{\"a\":{\"type\":\"string\"}}"), "{\"x\":0}"},
    {NO, OBJECT("\"properties\":{\"a\":false}"), "{\"a\":1}"},
    {NO, OBJECT("\"properties\":{\"a\":{}},\"additionalProperties\":false"), "{\"b\":1}"},
    {YES, OBJECT("\"properties\":{\"a\":{}},\"additionalProperties\":false"), "{\"a\":1}"},
    {NO, OBJECT("\"required\":[\"a\"],\"additionalProperties\":false"), "{\"a\":1}"},
    {NO, OBJECT("\"additionalProperties\":{\"type\":\"integer\"}"), "{\"b\":\"\"}"},
    {YES, OBJECT("\"patternProperties\":{\"^x\":{}},\"additionalProperties\":false"), "{\"x1\":1}"},
    {NO, "{\"minProperties\":1}", "{}"},
    {NO, "{\"maxProperties\":1}", "{\"a\":1,\"b\":2}"},
    {YES, "{\"maxProperties\":1}", "[1,2]"},
    {NO, OBJECT("\"properties\":{\"a\":" OBJECT("\"properties\":{\"b\":{\"type\":\"null\"}}") "}"),
     "{\"a\":{\"c\":[{}],\"b\":0}}"},
    /* arrays */
    {YES, "{\"items\":{\"type\":\"string\"}}", "[ \"a\" , \"b\" ]"},
    {NO, "{\"items\":{\"type\":\"string\"}}", "[\"a\",1]"},
    {NO, "{\"items\":false}", "[1]"},
    {YES, "{\"items\":false}", "[]"},
    {NO, "{\"minItems\":2}", "[1]"},
    {NO, "{\"maxItems\":2}", "[1,2,3]"},
    {YES, "{\"items\":[{\"type\":\"string\"}]}", "[1]"},
    {YES, "{\"prefixItems\":[{}],\"items\":false}", "[1]"},
    {YES, "{\"uniqueItems\":true}", "[1,1]"},
    {NO, "{\"items\":{\"items\":{\"type\":\"integer\"}}}", "[[1],[2,\"3\"]]"},
    /* $ref */
    {YES, TREE, "{\"v\":1,\"kids\":[{\"v\":2,\"kids\":[]}]}"},
    {NO, TREE, "{\"v\":1,\"kids\":[{\"v\":2,\"kids\":[{\"v\":\"3\"}]}]}"},
    {NO, TREE, "{\"v\":1,\"kids\":[{}]}"},
    {YES, "{\"$ref\":\"#\"}", "1"},
    {YES, "{\"allOf\":[{\"$ref\":\"#\"},{\"$ref\":\"#\"}]}", "1"},
    {YES, "{\"anyOf\":[{\"$ref\":\"#/anyOf/0\"}]}", "1"},
    {YES, "{\"$ref\":\"https://example.org/x\"}", "1"},
    {YES, "{\"$ref\":\"#/nowhere\",\"type\":\"string\"}", "1"},
    {YES, "{\"properties\":{\"a\":{\"$id\":\"x\",\"type\":\"string\"}}}", "{\"a\":1}"},
    /* branches */
    {NO, "{\"allOf\":[{\"type\":\"string\"},{\"minLength\":2}]}", "\"a\""},
    {NO, "{\"allOf\":[{\"properties\":{\"a\":{\"allOf\":[false]}}}]}", "{\"a\":1}"},
    {YES, "{\"anyOf\":[{\"type\":\"string\"},{\"type\":\"null\"}]}", "null"},
    {NO, "{\"anyOf\":[{\"type\":\"string\"},{\"type\":\"null\"}]}", "1"},
    {NO, "{\"anyOf\":[{\"type\":\"string\",\"minLength\":2},{\"type\":\"null\"}]}", "\"a\""},
    {NO, "{\"oneOf\":[{\"type\":\"string\"},{\"type\":\"null\"}]}", "1"},
    {YES, "{\"oneOf\":[{\"type\":\"integer\"},{\"type\":\"number\"}]}", "1"},
    {YES, SHAPE, "{\"kind\":\"circle\",\"r\":[1,2]}"},
    {NO, SHAPE, "{\"kind\":\"circle\",\"r\":[1,-2]}"},
    {NO, SHAPE, "{\"kind\":\"circle\"}"},
    {YES, SHAPE, "{\"kind\":\"none\",\"r\":-1}"},
    {NO, SHAPE, "{\"kind\":\"square\"}"},
    {YES, "{\"not\":{}}", "1"},
    {YES, "{\"if\":{},\"then\":false}", "1"},
};

static bool accepts(const char *schema, const char *value)
{
    struct conform *conform = NULL;
    assert_int_equal(conform_new(&conform, trust_bytes_text(schema)), TRUST_OK);
    bool is_accepted = conform_accepts(conform, trust_bytes_text(value));
    conform_free(conform);
    return is_accepted;
}

static void a_value_is_refused_only_where_it_is_certain(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        if (strstr(rows[i].schema, "\\ud800") != NULL)
            continue; /* it has no canonical form */
        if (accepts(rows[i].schema, rows[i].value) != rows[i].is_accepted)
            fail_msg("%s with %s", rows[i].schema, rows[i].value);
    }
}

/* count times before, then value, then count times after. */
static char *nested(const char *before, const char *value, const char *after, size_t count)
{
    size_t size = count * (strlen(before) + strlen(after)) + strlen(value) + 1;
    char *text = calloc(1, size);
    assert_non_null(text);
    size_t used = 0;
    for (size_t i = 0; i < count; i++)
        used += (size_t)snprintf(text + used, size - used, "%s", before);
    used += (size_t)snprintf(text + used, size - used, "%s", value);
    for (size_t i = 0; i < count; i++)
        used += (size_t)snprintf(text + used, size - used, "%s", after);
    return text;
}

static void as_deep_as_messages_may_be_everything_is_looked_at(void **state)
{
    (void)state;
    static const char circle[] = "{\"type\":[\"array\",\"integer\"],\"items\":{\"$ref\":\"#\"}}";
    char *good = nested("[", "1", "]", TRUST_WIRE_DEPTH_MAX - 2);
    char *bad = nested("[", "1.5", "]", TRUST_WIRE_DEPTH_MAX - 2);
    assert_true(accepts(circle, good));
    assert_false(accepts(circle, bad));
    free(good);
    free(bad);
}

static void what_would_take_too_long_is_accepted(void **state)
{
    (void)state;
    /* Each of 10,000 items is compared with 10,000 values. */
    char *values = nested("\"a\",", "\"a\"", "", 10000);
    char *items = nested("\"b\",", "7", "", 10000);
    size_t size = strlen(values) + 64;
    char *schema = calloc(1, size);
    char *value = calloc(1, strlen(items) + 3);
    assert_non_null(schema);
    assert_non_null(value);
    snprintf(schema, size, "{\"items\":{\"enum\":[%s]}}", values);
    snprintf(value, strlen(items) + 3, "[%s]", items);
    assert_false(accepts(schema, value));
    free(value);
    value = nested("[\"a\",", "[7]", "]", 1);
    assert_false(accepts(schema, value));
    free(value);
    free(items);
    items = nested("\"a\",", "7", "", 10000);
    value = calloc(1, strlen(items) + 3);
    assert_non_null(value);
    snprintf(value, strlen(items) + 3, "[%s]", items);
    assert_true(accepts(schema, value));
    free(values);
    free(items);
    free(schema);
    free(value);
}

/* {"anyOf":[...]} with an array and the branch. */
static char *branched(const char *before, const char *each, size_t count, const char *after)
{
    size_t size = 64 + strlen(before) + count * strlen(each) + strlen(after);
    char *schema = calloc(1, size);
    assert_non_null(schema);
    size_t used = (size_t)snprintf(schema, size, "{\"anyOf\":[{\"type\":\"array\"},%s", before);
    for (size_t i = 0; i < count; i++)
        used += (size_t)snprintf(schema + used, size - used, "%s", each);
    snprintf(schema + used, size - used, "%s]}", after);
    return schema;
}

/* Branches are looked at before one of them is gone into: that is work too. Each value below fits
 * no branch, which would be known after many times what an answer may take. */
static void branches_that_take_too_long_to_look_at_are_accepted(void **state)
{
    (void)state;
    char *schema =
        branched("{\"type\":\"object\",\"additionalProperties\":{\"enum\":[", "1,", 60000, "2]}}");
    char *value = nested("\"m\":2,", "\"x\":\"\"}", "", 40);
    char *object = calloc(1, strlen(value) + 2);
    assert_non_null(object);
    snprintf(object, strlen(value) + 2, "{%s", value);
    assert_true(accepts(schema, object));
    assert_false(accepts(schema, "{\"x\":\"\"}"));
    free(schema);
    free(value);
    free(object);
    /* A long text is counted anew for each branch. */
    schema = branched("false", ",{\"type\":\"string\",\"maxLength\":9}", 40, "");
    value = nested("a", "\"", "", 1000000);
    value[0] = '"';
    assert_true(accepts(schema, value));
    assert_false(accepts(schema, "\"aaaaaaaaaa\""));
    free(schema);
    free(value);
}

/* Four thousand properties, of which none is meant. */
static void names_that_take_too_long_to_compare_are_accepted(void **state)
{
    (void)state;
    enum { PROPERTIES = 4000, SIZE = 16 * PROPERTIES + 256 };
    char *schema = calloc(1, SIZE);
    assert_non_null(schema);
    size_t used = (size_t)snprintf(
        schema, SIZE,
        "{\"anyOf\":[{\"type\":\"array\"},{\"type\":\"object\",\"additionalProperties\":"
        "{\"type\":\"integer\"},\"properties\":{");
    for (int i = 0; i < PROPERTIES; i++)
        used += (size_t)snprintf(schema + used, SIZE - used, "\"%06d\":true,", i);
    snprintf(schema + used, SIZE - used, "\"z\":1}}]}");
    char *members = nested("\"aaaaaa\":1,", "\"x\":\"\"}", "", 6000);
    char *value = calloc(1, strlen(members) + 2);
    assert_non_null(value);
    snprintf(value, strlen(members) + 2, "{%s", members);
    assert_true(accepts(schema, value));
    assert_false(accepts(schema, "{\"x\":\"\"}"));
    free(schema);
    free(members);
    free(value);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_value_is_refused_only_where_it_is_certain),
        cmocka_unit_test(as_deep_as_messages_may_be_everything_is_looked_at),
        cmocka_unit_test(what_would_take_too_long_is_accepted),
        cmocka_unit_test(branches_that_take_too_long_to_look_at_are_accepted),
        cmocka_unit_test(names_that_take_too_long_to_compare_are_accepted),
    };
    return cmocka_run_group_tests_name("guard/conform", tests, NULL, NULL);
}
