/* node/api/score_doc: a score's members, known and unknown. */
#include "node/api/score_doc.h"

#include "desk.h"

#define SUBJECT "mcp:io.example/a"

static const char *score(struct desk *desk, const struct trust_question *question)
{
    struct api_doc doc = api_doc_init();
    score_doc_put(&doc, &desk->core, question);
    return desk_text(desk, &doc);
}

static void what_is_not_known_is_null(void **state)
{
    (void)state;
    struct desk *desk = desk_open();
    const struct trust_question question = {.subject = trust_bytes_text(SUBJECT)};
    static const char wanted[] =
        "{\"subject\":\"" SUBJECT "\",\"status\":\"unknown\",\"score\":null,\"lower\":null,"
        "\"mean\":null,\"upper\":null,\"evidence\":0,\"raters\":0,\"categories\":{\"performance\":{"
        "\"mean\":0.5,";
    assert_memory_equal(score(desk, &question), wanted, sizeof wanted - 1);
    static const char end[] =
        "\"flags\":[],\"factor\":1,\"cap\":1,\"manifest\":null,\"manifest_changed\":false,"
        "\"breaker\":\"closed\",\"quarantine\":\"ok\",\"pins\":null,\"unresolved\":0,\"basis\":{"
        "\"kind\":"
        "\"fresh\",\"age_s\":0},\"updated\":\"2026-11-20T00:00:00Z\"}";
    size_t size = strlen(desk->text);
    assert_true(size > sizeof end);
    assert_string_equal(desk->text + size - (sizeof end - 1), end);
    desk_close(desk);
}

static void breaker_and_quarantine_are_those_of_the_board(void **state)
{
    (void)state;
    struct desk *desk = desk_open();
    const struct trust_question question = {.subject = trust_bytes_text(SUBJECT)};
    uint32_t server = 0;
    assert_int_equal(
        trust_engine_watch(desk->core.engine, &server, question.subject, 0, desk->core.now),
        TRUST_OK);
    assert_int_equal(trust_engine_order_quarantine(desk->core.engine, server,
                                                   TRUST_QUARANTINE_ORDER_ADD, 0, desk->core.now),
                     TRUST_OK);
    const struct trust_breaker_order order = {.verb = TRUST_BREAKER_FORCE_OPEN,
                                              .expires = {.ms = TRUST_MONO_NEVER}};
    trust_engine_order_breaker(desk->core.engine, server, &order, desk->core.now);
    assert_non_null(strstr(score(desk, &question),
                           "\"breaker\":\"forced_open\",\"quarantine\":\"quarantined\""));
    desk_close(desk);
}

static void a_manifest_that_was_asked_for_is_repeated(void **state)
{
    (void)state;
    struct desk *desk = desk_open();
    static const uint8_t manifest[32] = {1, 2};
    const struct trust_question question = {.subject = trust_bytes_text(SUBJECT),
                                            .manifest = {manifest, sizeof manifest}};
    assert_non_null(strstr(score(desk, &question), "\"manifest\":\"0102000000"));
    desk_close(desk);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_not_known_is_null),
        cmocka_unit_test(breaker_and_quarantine_are_those_of_the_board),
        cmocka_unit_test(a_manifest_that_was_asked_for_is_repeated),
    };
    return cmocka_run_group_tests_name("node/api/score_doc", tests, NULL, NULL);
}
