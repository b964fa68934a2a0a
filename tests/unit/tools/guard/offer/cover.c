/* guard/cover: a table of pairs, each with its answer; what is not known is never a yes. */
#include "guard/offer/cover.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/limits.h"

enum answer { YES, NO, UNSURE };

struct row {
    enum answer answer;
    const char *fallback, *contract;
    const char *why; /* how the reason begins */
};

#define OBJECT(rest) "{\"type\":\"object\"," rest "}"
#define CLOSED(rest) "{\"type\":\"object\",\"additionalProperties\":false," rest "}"
#define ONE(schema) CLOSED("\"properties\":{\"a\":" schema "}")

static const struct row rows[] = {
    /* everything and nothing */
    {YES, "", "", ""},
    {YES, "", "{\"type\":\"object\"}", ""},
    {YES, "{}", "false", ""},
    {YES, "true", "{\"enum\":[1]}", ""},
    {NO, "false", "{}", "schema"},
    {YES, "{\"type\":\"string\"}", "false", ""},
    {YES, "{\"x\":1}", "{ \"x\" : 1.0 }", ""},
    {UNSURE, "{\"a\":1,\"a\":2}", "{}", "a schema cannot"},
    {UNSURE, "[]", "{\"type\":\"object\"}", "schema"},
    {UNSURE, "{\"type\":\"object\"}", "[]", "the contract's schema"},
    /* type */
    {NO, "{\"type\":\"object\"}", "", "type"},
    {NO, "{\"type\":\"object\"}", "{\"type\":\"string\"}", "type"},
    {YES, "{\"type\":\"number\"}", "{\"type\":\"integer\"}", ""},
    {NO, "{\"type\":\"integer\"}", "{\"type\":\"number\"}", "type"},
    {YES, "{\"type\":[\"string\",\"null\"]}", "{\"type\":\"string\"}", ""},
    {NO, "{\"type\":\"string\"}", "{\"type\":[\"string\",\"null\"]}", "type"},
    {YES, "{\"anyOf\":[{\"type\":\"null\"},{\"type\":\"string\"}]}",
     "{\"type\":[\"string\",\"null\"]}", ""},
    {YES, "{\"type\":[\"string\",\"null\"]}",
     "{\"anyOf\":[{\"type\":\"string\",\"title\":\"A\"},{\"type\":\"null\"}]}", ""},
    {NO, "{\"anyOf\":[{\"type\":\"string\"}]}",
     "{\"anyOf\":[{\"type\":\"string\"},{\"type\":\"null\"}]}", "type"},
    {UNSURE, "{\"type\":\"text\"}", "{\"type\":\"string\"}", "type"},
    {UNSURE, "{\"type\":\"string\"}", "{\"type\":\"text\"}", "type"},
    /* enum and const */
    {YES, "{\"enum\":[\"a\",\"b\"]}", "{\"enum\":[\"b\"]}", ""},
    {NO, "{\"enum\":[\"b\"]}", "{\"enum\":[\"a\",\"b\"]}", "enum"},
    {NO, "{\"enum\":[\"b\"]}", "{\"type\":\"string\"}", "enum"},
    {YES, "{\"enum\":[1,2]}", "{\"const\":2.0}", ""},
    {NO, "{\"const\":1}", "{\"enum\":[1,2]}", "const"},
    {YES, "{\"enum\":[true,false]}", "{\"type\":\"boolean\"}", ""},
    {NO, "{\"enum\":[true]}", "{\"type\":\"boolean\"}", "enum"},
    {YES, "{\"type\":\"string\"}", "{\"enum\":[\"a\"]}", ""},
    {NO, "{\"type\":\"string\"}", "{\"enum\":[\"a\",1]}", "type"},
    {YES, "{\"type\":\"string\"}", "{\"type\":\"string\",\"enum\":[\"a\",1]}", ""},
    {YES, "{\"minimum\":2}", "{\"enum\":[2,3]}", ""},
    {NO, "{\"maximum\":2}", "{\"enum\":[2,3]}", "minimum"},
    {YES, "{\"maxLength\":1}", "{\"const\":\"\xc3\xa9\"}", ""},
    {NO, "{\"maxLength\":1}", "{\"const\":\"ab\"}", "minLength"},
    /* numbers */
    {YES, "{\"minimum\":1}", "{\"type\":\"integer\",\"minimum\":1}", ""},
    {NO, "{\"type\":\"integer\",\"minimum\":1}", "{\"type\":\"integer\"}", "minimum"},
    {NO, "{\"type\":\"integer\",\"minimum\":1}", "{\"type\":\"integer\",\"minimum\":0}", "minimum"},
    {YES, "{\"exclusiveMinimum\":0}", "{\"type\":\"number\",\"exclusiveMinimum\":0}", ""},
    {NO, "{\"exclusiveMinimum\":0}", "{\"type\":\"number\",\"minimum\":0}", "minimum"},
    {YES, "{\"minimum\":0}", "{\"type\":\"number\",\"exclusiveMinimum\":0}", ""},
    {NO, "{\"exclusiveMaximum\":9}", "{\"type\":\"number\",\"maximum\":9}", "minimum"},
    {UNSURE, "{\"minimum\":0,\"exclusiveMinimum\":true}", "{\"type\":\"number\"}",
     "exclusiveMinimum"},
    {YES, "{\"minimum\":5}", "{\"type\":\"string\"}", ""},
    {YES, "{\"multipleOf\":1}", "{\"type\":\"integer\"}", ""},
    {UNSURE, "{\"multipleOf\":2}", "{\"type\":\"integer\"}", "multipleOf"},
    /* strings */
    {YES, "{\"maxLength\":9}", "{\"type\":\"string\",\"maxLength\":9}", ""},
    {NO, "{\"maxLength\":9}", "{\"type\":\"string\",\"maxLength\":10}", "minLength"},
    {NO, "{\"minLength\":1}", "{\"type\":\"string\"}", "minLength"},
    {YES, "{\"pattern\":\"^a\"}", "{\"type\":\"string\",\"pattern\":\"^a\"}", ""},
    {UNSURE, "{\"pattern\":\"^a\"}", "{\"type\":\"string\",\"pattern\":\"^ab\"}", "pattern"},
    {UNSURE, "{\"pattern\":\"^a\"}", "{\"const\":\"ab\"}", "pattern"},
    {YES, "{\"type\":\"string\"}", "{\"type\":\"string\",\"pattern\":\"^ab\"}", ""},
    {UNSURE, "{\"format\":\"uri\"}", "{\"type\":\"string\"}", "format"},
    {YES, "{\"type\":\"string\"}", "{\"type\":\"string\",\"format\":\"uri\"}", ""},
    /* arrays */
    {YES, "{\"items\":{\"type\":\"number\"}}",
     "{\"type\":\"array\",\"items\":{\"type\":\"integer\"}}", ""},
    {NO, "{\"items\":{\"type\":\"integer\"}}",
     "{\"type\":\"array\",\"items\":{\"type\":\"number\"}}", "items.type"},
    {NO, "{\"items\":{\"type\":\"integer\"}}", "{\"type\":\"array\"}", "items.type"},
    {NO, "{\"maxItems\":2}", "{\"type\":\"array\",\"maxItems\":3}", "minItems"},
    {NO, "{\"uniqueItems\":true}", "{\"type\":\"array\"}", "uniqueItems"},
    {YES, "{\"uniqueItems\":true}", "{\"type\":\"array\",\"uniqueItems\":true}", ""},
    {UNSURE, "{\"items\":[{\"type\":\"string\"}]}", "{\"type\":\"array\"}", "items"},
    {UNSURE, "{\"prefixItems\":[{\"type\":\"string\"}]}", "{\"type\":\"array\"}", "prefixItems"},
    {UNSURE, "{\"contains\":{\"const\":1}}", "{\"type\":\"array\"}", "contains"},
    /* objects */
    {YES, OBJECT("\"required\":[\"a\"]"), OBJECT("\"required\":[\"b\",\"a\"]"), ""},
    {NO, OBJECT("\"required\":[\"a\",\"c\"]"), OBJECT("\"required\":[\"b\",\"a\"]"), "required"},
    {UNSURE, OBJECT("\"required\":true"), OBJECT("\"required\":[]"), "required"},
    {YES, OBJECT("\"minProperties\":1"), OBJECT("\"required\":[\"a\"]"), ""},
    {YES, ONE("{\"type\":\"string\"}"), ONE("{\"type\":\"string\",\"maxLength\":5}"), ""},
    {NO, ONE("{\"type\":\"string\"}"), ONE("{\"type\":\"integer\"}"), "properties.a.type"},
    {YES, CLOSED("\"properties\":{\"a\":{},\"b\":{\"type\":\"integer\"}}"), ONE("{}"), ""},
    {NO, OBJECT("\"properties\":{\"b\":{\"type\":\"integer\"}}"),
     OBJECT("\"properties\":{\"a\":{}}"), "properties.b.type"},
    {YES, OBJECT("\"properties\":{\"b\":{\"type\":\"integer\"}}"),
     OBJECT("\"additionalProperties\":{\"const\":1}"), ""},
    {NO, ONE("{}"), CLOSED("\"properties\":{\"a\":{},\"b\":{}}"), "additionalProperties"},
    {NO, ONE("{}"), OBJECT("\"properties\":{\"a\":{}}"),
     "additionalProperties: the contract's schema lets others in"},
    {YES, ONE("{}"), CLOSED("\"properties\":{\"a\":{},\"b\":false}"), ""},
    {YES, OBJECT("\"additionalProperties\":{\"type\":\"string\"}"), ONE("{\"type\":\"string\"}"),
     ""},
    {NO, OBJECT("\"additionalProperties\":{\"type\":\"string\"}"), ONE("{\"type\":\"null\"}"),
     "properties.a.type"},
    {UNSURE, ONE("{}"), CLOSED("\"patternProperties\":{\"^a\":{}}"), "patternProperties"},
    {UNSURE, OBJECT("\"properties\":{\"a\":{\"type\":\"null\"}}"),
     CLOSED("\"patternProperties\":{\"^a\":{}}"), "patternProperties"},
    {UNSURE, OBJECT("\"patternProperties\":{\"^a\":{}}"), OBJECT("\"maxProperties\":1"),
     "patternProperties"},
    {UNSURE, OBJECT("\"unevaluatedProperties\":false"), CLOSED("\"unevaluatedProperties\":false"),
     "unevaluatedProperties"},
    {NO, ONE(ONE("{\"type\":\"string\"}")), ONE(ONE("{}")), "properties.a.properties.a.type"},
    /* what only narrows is never missed in a contract */
    {YES, "{\"type\":\"string\"}", "{\"type\":\"string\",\"not\":{\"const\":\"a\"}}", ""},
    {YES, "{\"oneOf\":[{\"type\":\"null\"}],\"title\":\"a\"}",
     "{\"oneOf\":[{\"type\":\"null\"}],\"title\":\"b\"}", ""},
    {UNSURE, "{\"oneOf\":[{\"type\":\"null\"}]}", "{\"type\":\"null\"}", "oneOf"},
    {UNSURE, "{\"anyOf\":[{\"minimum\":1}]}", "{\"minimum\":1}", "anyOf"},
    {UNSURE, "{\"if\":{}}", "{\"if\":{},\"title\":\"b\"}", "if"},
    /* what is not known may loosen */
    {UNSURE, "{\"type\":\"string\",\"nullable\":true}", "{\"type\":\"string\"}", "nullable"},
    {UNSURE, "{\"type\":\"string\"}", "{\"type\":\"string\",\"nullable\":true}", "nullable"},
    {UNSURE, "{\"type\":\"string\"}", "{\"enum\":[],\"nullable\":true}", "nullable"},
    {YES, "{\"type\":\"string\"}", "{\"enum\":[]}", ""},
    {YES, "{\"$id\":\"x\",\"type\":\"string\"}", "{\"type\":\"string\"}", ""},
    {UNSURE, ONE("{\"$id\":\"x\",\"type\":\"string\"}"), ONE("{\"type\":\"string\"}"),
     "properties.a.$id"},
    /* references */
    {YES, "{\"$ref\":\"#/$defs/q\",\"$defs\":{\"q\":{\"type\":\"string\"}}}",
     "{\"type\":\"string\"}", ""},
    {NO, "{\"type\":\"string\"}", "{\"$ref\":\"#/$defs/q\",\"$defs\":{\"q\":{\"type\":\"null\"}}}",
     "type"},
    {NO,
     CLOSED("\"properties\":{\"a\":{\"$ref\":\"#/$defs/q\"}},"
            "\"$defs\":{\"q\":{\"type\":\"string\"}}"),
     CLOSED("\"properties\":{\"a\":{\"$ref\":\"#/$defs/q\"}},"
            "\"$defs\":{\"q\":{\"type\":\"null\"}}"),
     "properties.a.type"},
    {UNSURE, "{\"$ref\":\"https://x.example/s.json\"}", "{\"type\":\"string\"}", "$ref"},
    {UNSURE, "{\"$ref\":\"#/$defs/q\"}", "{\"type\":\"string\"}", "$ref"},
    {UNSURE, "{\"$ref\":\"#\"}", "{\"type\":\"string\"}", "$ref"},
    {UNSURE, "{\"$ref\":\"#/$defs/q\",\"maxLength\":3,\"$defs\":{\"q\":{}}}",
     "{\"type\":\"string\"}", "$ref"},
    {UNSURE, "{\"type\":\"array\",\"items\":{\"$ref\":\"#\"},\"title\":\"a\"}",
     "{\"type\":\"array\",\"items\":{\"$ref\":\"#\"},\"title\":\"b\"}", "items"},
    {UNSURE, "{\"allOf\":[{\"$ref\":\"#/$defs/q\"}],\"$defs\":{\"q\":{\"minimum\":2}}}",
     "{\"allOf\":[{\"$ref\":\"#/$defs/q\"}],\"$defs\":{\"q\":{\"minimum\":1}}}", "allOf"},
};

static void check(const struct row *row)
{
    struct cover_why why = {0};
    bool is_accepted =
        cover_accepts(&why, trust_bytes_text(row->fallback), trust_bytes_text(row->contract));
    enum answer answer = is_accepted ? YES : why.is_undecided ? UNSURE : NO;
    if (answer != row->answer || strncmp(why.text, row->why, strlen(row->why)) != 0)
        fail_msg("%s under %s: %d, %s", row->fallback, row->contract, answer, why.text);
}

static void each_pair_has_its_answer(void **state)
{
    (void)state;
    assert_true(sizeof rows / sizeof *rows >= 60);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        check(&rows[i]);
}

static void every_schema_covers_itself_and_is_covered_by_everything(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        if (strstr(rows[i].contract, "nullable") != NULL)
            continue;
        struct trust_bytes contract = trust_bytes_text(rows[i].contract);
        struct cover_why why;
        assert_true(cover_accepts(&why, contract, contract));
        assert_true(cover_accepts(&why, trust_bytes_text("{}"), contract));
    }
}

/* {"items":{"items":...{"type":"null"}}} */
static char *nested(unsigned levels, const char *inner)
{
    size_t room = 16 * (size_t)levels + strlen(inner) + 1;
    char *text = calloc(1, room);
    assert_non_null(text);
    size_t size = 0;
    for (unsigned i = 0; i < levels; i++)
        size += (size_t)snprintf(text + size, room - size, "{\"items\":");
    size += (size_t)snprintf(text + size, room - size, "%s", inner);
    for (unsigned i = 0; i < levels; i++)
        size += (size_t)snprintf(text + size, room - size, "}");
    return text;
}

static void nesting_is_followed_to_its_bound(void **state)
{
    (void)state;
    for (unsigned levels = TRUST_COVER_DEPTH_MAX; levels <= TRUST_COVER_DEPTH_MAX + 1; levels++) {
        char *fallback = nested(levels, "{\"type\":\"number\"}");
        char *contract = nested(levels, "{\"type\":\"integer\"}");
        struct cover_why why = {0};
        bool is_within = levels == TRUST_COVER_DEPTH_MAX;
        assert_int_equal(
            cover_accepts(&why, trust_bytes_text(fallback), trust_bytes_text(contract)), is_within);
        assert_int_equal(why.is_undecided, !is_within);
        free(fallback);
        free(contract);
    }
}

static void a_schema_that_takes_too_long_is_undecided(void **state)
{
    (void)state;
    enum { PROPERTIES = 3000, ROOM = 200000 };
    char *texts[2] = {calloc(1, ROOM), calloc(1, ROOM)};
    for (int side = 0; side < 2; side++) {
        size_t size = (size_t)snprintf(texts[side], ROOM, "{\"properties\":{");
        for (int i = 0; i < PROPERTIES; i++)
            size += (size_t)snprintf(texts[side] + size, ROOM - size,
                                     "%s\"property-%04d\":{\"minLength\":%d}", i > 0 ? "," : "", i,
                                     2 - side);
        (void)snprintf(texts[side] + size, ROOM - size, "},\"type\":\"object\"}");
    }
    struct cover_why why = {0};
    assert_false(cover_accepts(&why, trust_bytes_text(texts[1]), trust_bytes_text(texts[0])));
    assert_true(why.is_undecided);
    assert_string_equal(why.text, "properties: there is too much to compare");
    free(texts[0]);
    free(texts[1]);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_pair_has_its_answer),
        cmocka_unit_test(every_schema_covers_itself_and_is_covered_by_everything),
        cmocka_unit_test(nesting_is_followed_to_its_bound),
        cmocka_unit_test(a_schema_that_takes_too_long_is_undecided),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
