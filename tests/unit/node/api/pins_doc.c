/* node/api/pins_doc: what was told of a server, as a row and in short. */
#include "node/api/pins_doc.h"

#include "desk.h"

#define SUBJECT "mcp:io.example/a"

static uint32_t watch(struct desk *desk)
{
    uint32_t server = 0;
    assert_int_equal(trust_engine_watch(desk->core.engine, &server, trust_bytes_text(SUBJECT), 0,
                                        desk->core.now),
                     TRUST_OK);
    return server;
}

static void tell(struct desk *desk, uint32_t server)
{
    const struct trust_sight_told told = {
        .agent = 1, .manifest = {1, 2}, .state = TRUST_MANIFEST_CHANGED, .tools = 3};
    assert_true(trust_engine_tell_manifest(desk->core.engine, server, &told, desk->core.now));
}

static const char *in_short(struct desk *desk, bool is_watched, uint32_t server)
{
    struct api_doc doc = api_doc_init();
    api_doc_open_object(&doc, NULL);
    pins_doc_member(&doc, &desk->core, is_watched, server);
    api_doc_close_object(&doc);
    return desk_text(desk, &doc);
}

static void of_what_nobody_told_there_is_nothing(void **state)
{
    (void)state;
    struct desk *desk = desk_open();
    uint32_t server = watch(desk);
    struct api_doc doc = api_doc_init();
    assert_false(pins_doc_put(&doc, &desk->core, server));
    api_doc_close(&doc);
    assert_string_equal(in_short(desk, true, server), "{\"pins\":null}");
    assert_string_equal(in_short(desk, false, 0), "{\"pins\":null}");
    desk_close(desk);
}

static void a_change_is_told_with_its_tools_and_times(void **state)
{
    (void)state;
    struct desk *desk = desk_open();
    uint32_t server = watch(desk);
    tell(desk, server);
    assert_string_equal(in_short(desk, true, server),
                        "{\"pins\":{\"state\":\"changed\",\"tools\":3,\"since\":"
                        "\"2026-11-20T00:00:00Z\",\"seen\":\"2026-11-20T00:00:00Z\",\"agents\":1,"
                        "\"held_back\":true}}");
    struct api_doc doc = api_doc_init();
    assert_true(pins_doc_put(&doc, &desk->core, server));
    const char *text = desk_text(desk, &doc);
    assert_non_null(strstr(text, "{\"subject\":\"" SUBJECT "\",\"manifest\":\"0102000000"));
    assert_non_null(strstr(text, "\"sights\":[{\"manifest\":\"01020000"));
    assert_non_null(strstr(text, "\"agents\":1,\"accepted\":false}]}"));
    desk_close(desk);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(of_what_nobody_told_there_is_nothing),
        cmocka_unit_test(a_change_is_told_with_its_tools_and_times),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
