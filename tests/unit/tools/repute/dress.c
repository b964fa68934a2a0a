/* repute/dress: keys, times and spans as people read them, and only in text. */
#include "repute/dress.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "capture.h"

#define ALICE "rpt1qyqszqgpqyqszqgpqyqszqgpqyqszqgpqyqszqgpqyqszqgpqyqsrlrdgs"
#define BOB "rpt1qgpqyqszqgpqyqszqgpqyqszqgpqyqszqgpqyqszqgpqyqszqgpqwfy2ac"
#define NODE "rpn1qszqgpqyqszqgpqyqszqgpqyqszqgpqyqszqgpqyqszqgpqyqszqlld8hz"
/* 2026-11-20T09:42:12Z */
#define NOW_MS UINT64_C(1795167732000)

static void spans_use_the_unit_that_fits(void **state)
{
    (void)state;
    static const struct {
        uint64_t ms;
        const char *text;
    } cases[] = {
        {0, "0 ms"},
        {999, "999 ms"},
        {1000, "1.0 s"},
        {3249, "3.2 s"},
        {3250, "3.3 s"},
        {9949, "9.9 s"},
        {9950, "10 s"},
        {10000, "10 s"},
        {59499, "59 s"},
        {59999, "1 min"},
        {60000, "1 min"},
        {599900, "10 min"},
        {3599999, "1 h"},
        {3600000, "1 h"},
        {86399000, "24 h"},
        {172799999, "2 d"},
        {172800000, "2 d"},
        {UINT64_C(63028800000) - 1, "729 d"},
        {UINT64_C(63072000000), "2 y"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char text[DRESS_SPAN_SIZE];
        dress_span_text(text, cases[i].ms);
        assert_string_equal(text, cases[i].text);
    }
}

/* A document with one member of each sort, dressed. */
static json_t *dressed(const struct dress *dress)
{
    json_t *object = capture_document(
        "{'key':'" ALICE "','keys':['" ALICE "','" BOB "',7],'node':'" NODE "','rule':'rule',"
        "'past':'2026-11-20T09:40:12Z','future':'2026-11-20T09:42:17.500Z',"
        "'now':'2026-11-20T09:42:11.500Z','odd':'2026-11-20 09:42','none':null,"
        "'lag_s':75,'wait_ms':1500,'id':'0123456789abcdef','brief':'01234567'}");
    dress_key(dress, object, "key");
    dress_key(dress, object, "keys");
    dress_key(dress, object, "node");
    dress_key(dress, object, "rule");
    dress_key(dress, object, "absent");
    dress_time(dress, object, "past");
    dress_time(dress, object, "future");
    dress_time(dress, object, "now");
    dress_time(dress, object, "odd");
    dress_time(dress, object, "none");
    dress_span(dress, object, "lag_s", 1000);
    dress_span(dress, object, "wait_ms", 1);
    dress_span(dress, object, "none", 1);
    dress_digest(dress, object, "id");
    dress_digest(dress, object, "brief");
    return object;
}

static void members_are_replaced_by_what_people_read(void **state)
{
    (void)state;
    json_t *names = capture_document("{'" ALICE "':'alice'}");
    const struct dress dress = {.is_on = true, .names = names, .now_ms = NOW_MS};
    json_t *object = dressed(&dress);
    json_t *wanted = capture_document(
        "{'key':'alice\u00b7qyqszqg','keys':['alice\u00b7qyqszqg','\u00b7qgpqyqs',7],"
        "'node':'\u00b7qszqgpq','rule':'rule','past':'2 min ago','future':'in 5.5 s',"
        "'now':'now','odd':'2026-11-20 09:42','none':null,'lag_s':'1 min','wait_ms':'1.5 s',"
        "'id':'01234567','brief':'01234567'}");
    assert_true(json_equal(object, wanted));
    json_decref(wanted);
    json_decref(object);
    json_decref(names);
}

static void other_forms_keep_what_the_node_said(void **state)
{
    (void)state;
    const struct dress dress = {.now_ms = NOW_MS};
    json_t *object = dressed(&dress);
    assert_string_equal(json_string_value(json_object_get(object, "key")), ALICE);
    assert_string_equal(json_string_value(json_object_get(object, "past")), "2026-11-20T09:40:12Z");
    assert_int_equal(json_integer_value(json_object_get(object, "lag_s")), 75);
    assert_string_equal(json_string_value(json_object_get(object, "id")), "0123456789abcdef");
    json_decref(object);
}

static void a_node_that_is_away_leaves_names_short_and_no_failure(void **state)
{
    (void)state;
    struct capture capture;
    char name[DRESS_KEY_SIZE];
    capture_begin(&capture, OUTPUT_TEXT);
    struct dress dress = dress_open(&capture.context);
    dress_name(&dress, name, BOB);
    assert_string_equal(name, "\u00b7qgpqyqs");
    assert_int_equal(capture.context.failure.error, TRUST_OK);
    dress_close(&dress);
    capture_end(&capture);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(spans_use_the_unit_that_fits),
        cmocka_unit_test(members_are_replaced_by_what_people_read),
        cmocka_unit_test(other_forms_keep_what_the_node_said),
        cmocka_unit_test(a_node_that_is_away_leaves_names_short_and_no_failure),
    };
    return cmocka_run_group_tests_name("tools/repute/dress", tests, NULL, NULL);
}
