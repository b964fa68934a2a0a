/* wire/splice: what is changed is changed, and all else stays byte for byte. */
#include "wire/splice.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "wire/message.h"

static struct message read_ok(const char *text)
{
    struct message message;
    assert_int_equal(message_read(&message, trust_bytes_text(text)), TRUST_OK);
    return message;
}

/* Written it is expected, and as long as was said. */
static void assert_spliced(const struct splice *splice, const char *expected)
{
    uint8_t room[512];
    struct trust_writer writer = trust_writer_init(room, splice->size);
    splice_write(splice, &writer);
    assert_false(trust_writer_has_overflowed(&writer));
    assert_int_equal(writer.size, splice->size);
    assert_int_equal(writer.size, strlen(expected));
    assert_memory_equal(room, expected, writer.size);
    writer = trust_writer_init(room, splice->size - 1);
    splice_write(splice, &writer);
    assert_true(trust_writer_has_overflowed(&writer));
}

static void nothing_changed_is_the_message_itself(void **state)
{
    (void)state;
    struct message m = read_ok(" {\"jsonrpc\" : \"2.0\",\"method\":\"ping\" }\n");
    struct splice splice;
    splice_init(&splice, m.whole);
    assert_spliced(&splice, "{\"jsonrpc\" : \"2.0\",\"method\":\"ping\" }");
}

static void spans_are_replaced_in_whatever_order_they_are_named(void **state)
{
    (void)state;
    struct message m = read_ok(
        "{\"jsonrpc\":\"2.0\", \"id\":9007199254740993,\"method\":\"tools/call\",\"params\":{"
        "\"name\":\"a\",\"arguments\":{\"x\" :1},\"_meta\":{\"progressToken\":\"t\"}}}");
    struct splice splice;
    splice_init(&splice, m.whole);
    splice_replace(&splice, m.name, trust_bytes_text("\"renamed\""));
    splice_replace(&splice, m.id, trust_bytes_text("3"));
    splice_replace(&splice, m.meta_progress_token, trust_bytes_text("77"));
    assert_spliced(&splice,
                   "{\"jsonrpc\":\"2.0\", \"id\":3,\"method\":\"tools/call\",\"params\":{\"name\":"
                   "\"renamed\",\"arguments\":{\"x\" :1},\"_meta\":{\"progressToken\":77}}}");
}

static void members_are_added_to_empty_and_to_full_objects(void **state)
{
    (void)state;
    static const struct {
        const char *object;
        const char *one;
        const char *two;
    } rows[] = {
        {"{}", "{\"k\":1}", "{\"k\":1,\"l\":[2]}"},
        {"{ \n}", "{\"k\":1 \n}", "{\"k\":1,\"l\":[2] \n}"},
        {"{\"a\":0}", "{\"k\":1,\"a\":0}", "{\"k\":1,\"l\":[2],\"a\":0}"},
        {"{ \"a\":0 }", "{\"k\":1, \"a\":0 }", "{\"k\":1,\"l\":[2], \"a\":0 }"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct trust_bytes object = trust_bytes_text(rows[i].object);
        struct splice splice;
        splice_init(&splice, object);
        splice_add_member(&splice, object, "k", trust_bytes_text("1"));
        assert_spliced(&splice, rows[i].one);
        splice_add_member(&splice, object, "l", trust_bytes_text("[2]"));
        assert_spliced(&splice, rows[i].two);
    }
}

static void a_member_of_meta_is_set_whatever_was_there(void **state)
{
    (void)state;
    static const struct {
        const char *before;
        const char *after;
    } rows[] = {
        {"{}", "{\"_meta\":{\"io.repute/guard\":{\"x\":1}}}"},
        {"{\"content\":[]}", "{\"_meta\":{\"io.repute/guard\":{\"x\":1}},\"content\":[]}"},
        {"{\"_meta\":{}}", "{\"_meta\":{\"io.repute/guard\":{\"x\":1}}}"},
        {"{\"a\":1,\"_meta\":{ \"b\":2}}",
         "{\"a\":1,\"_meta\":{\"io.repute/guard\":{\"x\":1}, \"b\":2}}"},
        {"{\"_meta\":null,\"a\":1}", "{\"_meta\":{\"io.repute/guard\":{\"x\":1}},\"a\":1}"},
        {"{\"_meta\":{\"b\":2,\"io.repute\\/guard\":\"old\"}}",
         "{\"_meta\":{\"b\":2,\"io.repute\\/guard\":{\"x\":1}}}"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char text[256] = "{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":";
        char expected[256] = "{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":";
        struct message m = read_ok(strcat(strcat(text, rows[i].before), "}"));
        struct splice splice;
        splice_init(&splice, m.whole);
        assert_int_equal(splice_set_meta(&splice, m.result, m.meta, "io.repute/guard",
                                         trust_bytes_text("{\"x\":1}")),
                         TRUST_OK);
        assert_spliced(&splice, strcat(strcat(expected, rows[i].after), "}"));
    }
}

static void two_readers_never_differ_about_a_member_of_meta(void **state)
{
    (void)state;
    struct message m =
        read_ok("{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{\"_meta\":{\"k\":1,\"k\":2}}}");
    struct splice splice;
    splice_init(&splice, m.whole);
    assert_int_equal(splice_set_meta(&splice, m.result, m.meta, "k", trust_bytes_text("3")),
                     TRUST_NO_DUPLICATE);
    assert_int_equal(splice.count, 0);
}

static void what_is_spliced_is_a_message_again(void **state)
{
    (void)state;
    struct message m =
        read_ok("{\"jsonrpc\":\"2.0\",\"id\":\"c\",\"method\":\"tools/list\",\"params\":{}}");
    struct splice splice;
    splice_init(&splice, m.whole);
    splice_replace(&splice, m.id, trust_bytes_text("12"));
    assert_int_equal(
        splice_set_meta(&splice, m.params, m.meta, "progressToken", trust_bytes_text("5")),
        TRUST_OK);
    splice_add_member(&splice, m.whole, "x", trust_bytes_text("null"));
    uint8_t room[256];
    struct trust_writer writer = trust_writer_init(room, sizeof room);
    splice_write(&splice, &writer);
    struct message again;
    assert_int_equal(message_read(&again, trust_writer_bytes(&writer)), TRUST_OK);
    assert_true(trust_bytes_equal(again.id, trust_bytes_text("12")));
    assert_true(trust_bytes_equal(again.meta_progress_token, trust_bytes_text("5")));
    assert_int_equal(again.method, METHOD_TOOLS_LIST);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nothing_changed_is_the_message_itself),
        cmocka_unit_test(spans_are_replaced_in_whatever_order_they_are_named),
        cmocka_unit_test(members_are_added_to_empty_and_to_full_objects),
        cmocka_unit_test(a_member_of_meta_is_set_whatever_was_there),
        cmocka_unit_test(two_readers_never_differ_about_a_member_of_meta),
        cmocka_unit_test(what_is_spliced_is_a_message_again),
    };
    return cmocka_run_group_tests_name("tools/wire/splice", tests, NULL, NULL);
}
