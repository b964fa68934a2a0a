/* guard/params: which marks of a schema are found, which break the rules, and where their values
 * are. */
#include "guard/http/params.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/bytes.h"
#include "wire/json.h"

static enum trust_error read_text(struct params *params, const char **why, const char *schema)
{
    assert_int_equal(json_check(trust_bytes_text(schema)), TRUST_OK);
    return params_read(params, why, trust_bytes_text(schema));
}

struct found {
    const char *schema;
    const char *marks; /* "Name=key/key/;" of each */
};

static const struct found founds[] = {
    {"{\"type\":\"object\"}", ""},
    {"{}", ""},
    {"true", ""},
    {"{\"properties\":{\"a\":{\"type\":\"string\",\"x-mcp-header\":\"Region\"}}}", "Region=a/;"},
    {"{\"properties\":{\"a\":{\"x-mcp-header\":\"A\",\"type\":\"integer\"},"
     "\"b\":{\"type\":\"string\"},\"c\":{\"type\":\"boolean\",\"x-mcp-header\":\"B!~\"}}}",
     "A=a/;B!~=c/;"},
    {"{\"properties\":{\"o\":{\"type\":\"object\",\"properties\":{\"\":{\"type\":\"object\","
     "\"properties\":{\"n\\u00e4\":{\"type\":\"string\",\"x-mcp-header\":\"Deep\"}}}}}}}",
     "Deep=o//n\xc3\xa4/;"},
    {"{\"properties\":{\"a\":{\"type\":[\"null\",\"string\"],\"\\u0078-mcp-header\":\"A\"}}}",
     "A=a/;"},
    /* A property of that name is none, nor is data that looks like one. */
    {"{\"properties\":{\"x-mcp-header\":{\"type\":\"string\"}}}", ""},
    {"{\"default\":{\"x-mcp-header\":\"A\"},\"enum\":[{\"x-mcp-header\":1}],"
     "\"examples\":[{\"properties\":{\"a\":{\"x-mcp-header\":\"A\"}}}]}",
     ""},
    {"{\"properties\":[{\"x-mcp-header\":\"A\"}],\"allOf\":{\"x-mcp-header\":\"A\"}}", ""},
};

static void marks_are_found_where_keys_alone_lead(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof founds / sizeof *founds; i++) {
        struct params params;
        const char *why = NULL;
        char text[256] = "";
        size_t used = 0;
        assert_int_equal(read_text(&params, &why, founds[i].schema), TRUST_OK);
        for (uint32_t k = 0; k < params.count; k++) {
            const char *key = params.items[k].path;
            used += (size_t)snprintf(text + used, sizeof text - used, "%s=", params.items[k].name);
            for (uint32_t d = 0; d < params.items[k].depth; d++) {
                used += (size_t)snprintf(text + used, sizeof text - used, "%s/", key);
                key += strlen(key) + 1;
            }
            used += (size_t)snprintf(text + used, sizeof text - used, ";");
        }
        assert_string_equal(text, founds[i].marks);
        params_close(&params);
    }
}

#define STRING_MARKED(name) "{\"type\":\"string\",\"x-mcp-header\":" name "}"
#define PROPERTY(schema) "{\"properties\":{\"a\":" schema "}}"
#define WRONG_NAME "is no name that a header can have"
#define WRONG_TYPE "marks something else than a string, an integer or a boolean"
#define WRONG_PLACE "stands where no property is reached by its keys alone"

static const struct found faults[] = {
    {PROPERTY(STRING_MARKED("\"\"")), WRONG_NAME},
    {PROPERTY(STRING_MARKED("\"a b\"")), WRONG_NAME},
    {PROPERTY(STRING_MARKED("\"a:b\"")), WRONG_NAME},
    {PROPERTY(STRING_MARKED("\"a\\r\\nX: y\"")), WRONG_NAME},
    {PROPERTY(STRING_MARKED("\"\\u00e4\"")), WRONG_NAME},
    {PROPERTY(STRING_MARKED("\"a\\u0000\"")), WRONG_NAME},
    {PROPERTY(STRING_MARKED("7")), WRONG_NAME},
    {PROPERTY(STRING_MARKED("null")), WRONG_NAME},
    {PROPERTY("{\"type\":\"number\",\"x-mcp-header\":\"A\"}"), WRONG_TYPE},
    {PROPERTY("{\"type\":\"object\",\"x-mcp-header\":\"A\"}"), WRONG_TYPE},
    {PROPERTY("{\"type\":[\"string\",\"array\"],\"x-mcp-header\":\"A\"}"), WRONG_TYPE},
    {PROPERTY("{\"type\":[\"null\"],\"x-mcp-header\":\"A\"}"), WRONG_TYPE},
    {PROPERTY("{\"x-mcp-header\":\"A\"}"), WRONG_TYPE},
    {PROPERTY("{\"$ref\":\"#/$defs/a\",\"x-mcp-header\":\"A\"}"), WRONG_TYPE},
    {STRING_MARKED("\"A\""), WRONG_PLACE},
    {PROPERTY("{\"items\":" STRING_MARKED("\"A\"") "}"), WRONG_PLACE},
    {PROPERTY("{\"items\":[" STRING_MARKED("\"A\"") "]}"), WRONG_PLACE},
    {PROPERTY("{\"items\":" PROPERTY(STRING_MARKED("\"A\"")) "}"), WRONG_PLACE},
    {"{\"oneOf\":[" PROPERTY(STRING_MARKED("\"A\"")) "]}", WRONG_PLACE},
    {"{\"anyOf\":[{},{\"allOf\":[" STRING_MARKED("\"A\"") "]}]}", WRONG_PLACE},
    {"{\"not\":" STRING_MARKED("\"A\"") "}", WRONG_PLACE},
    {"{\"if\":{},\"then\":" PROPERTY(STRING_MARKED("\"A\"")) "}", WRONG_PLACE},
    {"{\"$defs\":{\"a\":" STRING_MARKED("\"A\"") "}}", WRONG_PLACE},
    {"{\"patternProperties\":{\"a\":" STRING_MARKED("\"A\"") "}}", WRONG_PLACE},
    {"{\"additionalProperties\":" STRING_MARKED("\"A\"") "}", WRONG_PLACE},
    {"{\"prefixItems\":[" STRING_MARKED("\"A\"") "]}", WRONG_PLACE},
    {PROPERTY(STRING_MARKED("\"A\",\"x-mcp-header\":\"a\"")), "is there twice"},
    {"{\"properties\":{\"a\":" STRING_MARKED("\"Region\"") ",\"b\":" STRING_MARKED(
         "\"rEGION\"") "}}",
     "is there twice"},
    {"{\"properties\":{\"a\\u0000b\":" STRING_MARKED("\"A\"") "}}", WRONG_PLACE},
};

static void marks_that_break_the_rules_are_named(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof faults / sizeof *faults; i++) {
        struct params params = {0};
        const char *why = "none";
        assert_int_equal(read_text(&params, &why, faults[i].schema), TRUST_NO_SYNTAX);
        assert_string_equal(why, faults[i].marks);
        assert_int_equal(params.count, 0);
    }
}

static void more_marks_than_a_request_has_room_for_are_refused(void **state)
{
    (void)state;
    for (uint32_t count = 32; count <= 33; count++) {
        char schema[4096] = "{\"properties\":{";
        for (uint32_t i = 0; i < count; i++)
            (void)snprintf(schema + strlen(schema), sizeof schema - strlen(schema),
                           "%s\"k%u\":{\"type\":\"string\",\"x-mcp-header\":\"N%u\"}",
                           i == 0 ? "" : ",", (unsigned)i, (unsigned)i);
        strcat(schema, "}}");
        struct params params = {0};
        const char *why = "";
        assert_int_equal(read_text(&params, &why, schema),
                         count == 32 ? TRUST_OK : TRUST_NO_SYNTAX);
        assert_int_equal(params.count, count == 32 ? 32 : 0);
        params_close(&params);
    }
}

static void values_stand_at_the_exact_path(void **state)
{
    (void)state;
    static const struct {
        const char *arguments;
        const char *value; /* "": none */
    } rows[] = {
        {"{\"o\":{\"n\":\"v\"}}", "\"v\""},
        {"{\"x\":1,\"o\":{\"m\":2,\"n\": -7 }}", "-7"},
        {"{\"\\u006f\":{\"n\":true}}", "true"},
        {"{\"o\":{\"n\":null}}", ""},
        {"{\"o\":{\"m\":1}}", ""},
        {"{\"o\":[{\"n\":1}]}", ""},
        {"{\"o\":\"n\"}", ""},
        {"{\"n\":1}", ""},
        {"{\"o\":{\"n\":1,\"n\":2}}", ""},
        {"{}", ""},
    };
    struct params params;
    const char *why = NULL;
    assert_int_equal(read_text(&params, &why,
                               "{\"properties\":{\"o\":{\"properties\":{\"n\":{\"type\":\"string\","
                               "\"x-mcp-header\":\"A\"}}}}}"),
                     TRUST_OK);
    assert_int_equal(params.count, 1);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct trust_bytes value =
            params_value(&params.items[0], trust_bytes_text(rows[i].arguments));
        assert_true(trust_bytes_equal(value, trust_bytes_text(rows[i].value)));
    }
    assert_int_equal(params_value(&params.items[0], (struct trust_bytes){0}).size, 0);
    params_close(&params);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(marks_are_found_where_keys_alone_lead),
        cmocka_unit_test(marks_that_break_the_rules_are_named),
        cmocka_unit_test(more_marks_than_a_request_has_room_for_are_refused),
        cmocka_unit_test(values_stand_at_the_exact_path),
    };
    return cmocka_run_group_tests_name("guard/params", tests, NULL, NULL);
}
