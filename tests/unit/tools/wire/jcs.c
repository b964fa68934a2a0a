/* wire/jcs: the examples of RFC 8785, and what has no canonical form. */
#include "wire/jcs.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/limits.h"

#define MEMBERS 16

static enum trust_error canonical(char *out_text, size_t size, const char *value)
{
    struct jcs_member members[MEMBERS];
    struct trust_writer writer = trust_writer_init(out_text, size - 1);
    enum trust_error error = jcs_write(&writer, members, MEMBERS, trust_bytes_text(value));
    out_text[writer.size] = '\0';
    return error;
}

static void check(const char *value, const char *expected)
{
    char text[1024];
    assert_int_equal(canonical(text, sizeof text, value), TRUST_OK);
    assert_string_equal(text, expected);
    char again[1024];
    assert_int_equal(canonical(again, sizeof again, text), TRUST_OK);
    assert_string_equal(again, text);
}

/* RFC 8785, section 3.2.2. */
static void the_example_of_values_holds(void **state)
{
    (void)state;
    check("{\n  \"numbers\": [333333333.33333329, 1E30, 4.50,\n"
          "              2e-3, 0.000000000000000000000000001],\n"
          "  \"string\": \"\\u20ac$\\u000F\\u000aA'\\u0042\\u0022\\u005c\\\\\\\"\\/\",\n"
          "  \"literals\": [null, true, false]\n}",
          "{\"literals\":[null,true,false],\"numbers\":[333333333.3333333,1e+30,4.5,0.002,1e-27],"
          "\"string\":\"\xe2\x82\xac$\\u000f\\nA'B\\\"\\\\\\\\\\\"/\"}");
}

/* RFC 8785, section 3.2.3. */
static void the_example_of_sorting_holds(void **state)
{
    (void)state;
    check("{\"\\u20ac\":\"Euro Sign\",\"\\r\":\"Carriage "
          "Return\",\"\\ufb33\":\"Hebrew\",\"1\":\"One\","
          "\"\\ud83d\\ude00\":\"Emoji\",\"\\u0080\":\"Control\",\"\\u00f6\":\"Latin\"}",
          "{\"\\r\":\"Carriage "
          "Return\",\"1\":\"One\",\"\xc2\x80\":\"Control\",\"\xc3\xb6\":\"Latin\","
          "\"\xe2\x82\xac\":\"Euro "
          "Sign\",\"\xf0\x9f\x98\x80\":\"Emoji\",\"\xef\xac\xb3\":\"Hebrew\"}");
}

static void values_have_one_form(void **state)
{
    (void)state;
    static const struct {
        const char *value;
        const char *text;
    } rows[] = {
        {" null ", "null"},
        {"true", "true"},
        {"\"a\\/b\\u0041\"", "\"a/bA\""},
        {"-0.0", "0"},
        {"{}", "{}"},
        {"[ ]", "[]"},
        {"[ 1 , { } , [ ] ]", "[1,{},[]]"},
        {"{\"b\":{\"d\":1,\"c\":{\"z\":[{\"y\":1,\"x\":2}],\"a\":0}},\"a\":[]}",
         "{\"a\":[],\"b\":{\"c\":{\"a\":0,\"z\":[{\"x\":2,\"y\":1}]},\"d\":1}}"},
        {"{\"aa\":1,\"a\":2,\"\":3,\"B\":4,\"ab\":5}",
         "{\"\":3,\"B\":4,\"a\":2,\"aa\":1,\"ab\":5}"},
        {"{\"\\u0062\":1,\"a\":2,\"\\u0063\":3}", "{\"a\":2,\"b\":1,\"c\":3}"},
        {"{\"\xf4\x8f\xbf\xbf\":1,\"\xee\x80\x80\":2,\"\xed\x9f\xbf\":3,\"\xf0\x90\x80\x80\":4}",
         "{\"\xed\x9f\xbf\":3,\"\xf0\x90\x80\x80\":4,\"\xf4\x8f\xbf\xbf\":1,\"\xee\x80\x80\":2}"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        check(rows[i].value, rows[i].text);
}

static void what_has_no_form_is_refused(void **state)
{
    (void)state;
    static const struct {
        const char *value;
        enum trust_error error;
    } rows[] = {
        {"", TRUST_NO_SYNTAX},
        {"{\"a\":}", TRUST_NO_SYNTAX},
        {"[1] 2", TRUST_NO_SYNTAX},
        {"\"\xff\"", TRUST_NO_SYNTAX},
        {"{\"a\":1,\"a\":1}", TRUST_NO_DUPLICATE},
        {"[{\"x\":{\"a\":1,\"b\":2,\"\\u0061\":1}}]", TRUST_NO_DUPLICATE},
        {"\"\\ud800\"", TRUST_NO_RANGE},
        {"{\"\\udc00\":1}", TRUST_NO_RANGE},
        {"[1e400]", TRUST_NO_RANGE},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char text[256];
        assert_int_equal(canonical(text, sizeof text, rows[i].value), rows[i].error);
    }
}

static void sixty_four_levels_have_a_form_and_sixty_five_have_not(void **state)
{
    (void)state;
    char value[2 * TRUST_WIRE_DEPTH_MAX + 3];
    char text[256];
    memset(value, '[', TRUST_WIRE_DEPTH_MAX);
    memset(value + TRUST_WIRE_DEPTH_MAX, ']', TRUST_WIRE_DEPTH_MAX);
    value[2 * TRUST_WIRE_DEPTH_MAX] = '\0';
    assert_int_equal(canonical(text, sizeof text, value), TRUST_OK);
    assert_string_equal(text, value);
    memmove(value + 1, value, sizeof value - 2);
    strcat(value, "]");
    assert_int_equal(canonical(text, sizeof text, value), TRUST_NO_RANGE);
}

static void room_and_members_are_asked_for_to_the_last(void **state)
{
    (void)state;
    static const char value[] = "{\"b\":{\"d\":1,\"c\":2},\"a\":{\"f\":3,\"e\":\":\"}}";
    struct trust_bytes bytes = trust_bytes_text(value);
    assert_int_equal(jcs_count_members(bytes), 7);
    struct jcs_member members[4];
    uint8_t room[sizeof value - 1];
    for (size_t size = 0; size <= sizeof room; size++) {
        struct trust_writer writer = trust_writer_init(room, size);
        assert_int_equal(jcs_write(&writer, members, 4, bytes),
                         size < sizeof room ? TRUST_NO_ROOM : TRUST_OK);
    }
    for (size_t count = 0; count < 4; count++) {
        struct trust_writer writer = trust_writer_init(room, sizeof room);
        assert_int_equal(jcs_write(&writer, members, count, bytes), TRUST_NO_ROOM);
    }
}

/* Keys in an order that is neither up nor down. */
static void a_thousand_members_are_sorted(void **state)
{
    (void)state;
    enum { COUNT = 1000 };
    char *value = malloc(16 * COUNT);
    char *text = malloc(16 * COUNT);
    struct jcs_member *members = calloc(COUNT, sizeof *members);
    assert_non_null(value);
    assert_non_null(text);
    assert_non_null(members);
    char *at = value;
    for (int i = 0; i < COUNT; i++)
        at += sprintf(at, "%c\"%03d\":%d", i == 0 ? '{' : ',', i * 617 % COUNT, i);
    strcpy(at, "}");
    struct trust_writer writer = trust_writer_init(text, 16 * COUNT);
    assert_int_equal(jcs_write(&writer, members, COUNT, trust_bytes_text(value)), TRUST_OK);
    text[writer.size] = '\0';
    assert_int_equal(writer.size, strlen(value));
    at = text;
    for (int i = 0; i < COUNT; i++) {
        int key = -1;
        int number = -1;
        assert_int_equal(sscanf(at, "%*c\"%3d\":%d", &key, &number), 2);
        assert_int_equal(key, i);
        assert_int_equal(number * 617 % COUNT, i);
        at = strchr(at + 1, i == COUNT - 1 ? '}' : ',');
    }
    free(members);
    free(text);
    free(value);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_example_of_values_holds),
        cmocka_unit_test(the_example_of_sorting_holds),
        cmocka_unit_test(values_have_one_form),
        cmocka_unit_test(what_has_no_form_is_refused),
        cmocka_unit_test(sixty_four_levels_have_a_form_and_sixty_five_have_not),
        cmocka_unit_test(room_and_members_are_asked_for_to_the_last),
        cmocka_unit_test(a_thousand_members_are_sorted),
    };
    return cmocka_run_group_tests_name("tools/wire/jcs", tests, NULL, NULL);
}
