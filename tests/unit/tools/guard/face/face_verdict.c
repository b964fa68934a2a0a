/* guard/face_verdict: how a refusal is said. */
#include "guard/face/face_verdict.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "wire/message.h"

static void every_refusal_is_an_error_with_a_status(void **state)
{
    (void)state;
    for (int verdict = FACE_PREFLIGHT + 1; verdict <= FACE_ENDING; verdict++) {
        const struct face_refusal *refusal = face_refusal((enum face_verdict)verdict);
        struct text text = {0};
        struct message message;
        assert_in_range(refusal->status, 400, 503);
        assert_int_equal(refusal->allow != NULL, refusal->status == 405);
        assert_int_equal(refusal->retry_s != 0, refusal->status == 503);
        assert_int_equal(face_verdict_is_frame((enum face_verdict)verdict),
                         verdict >= FACE_HEADER_TWICE && verdict <= FACE_ENCODING);
        face_refusal_put(&text, (enum face_verdict)verdict, trust_bytes_text("\"a\""),
                         (struct trust_bytes){0});
        assert_int_equal(message_read(&message, text_bytes(&text)), TRUST_OK);
        assert_int_equal(message.kind, MESSAGE_ERROR);
        assert_true(trust_bytes_equal(message.id, trust_bytes_text("\"a\"")));
        free(text.data);
    }
}

static void the_versions_are_named_to_who_asks_for_another(void **state)
{
    (void)state;
    static const char wanted[] =
        "{\"jsonrpc\":\"2.0\",\"id\":null,\"error\":{\"code\":-32022,\"message\":\"Unsupported "
        "protocol version\",\"data\":{\"supported\":[\"2026-07-28\",\"2025-11-25\",\"2025-06-18\","
        "\"2025-03-26\"],\"requested\":\"1900-01-01\"}}}";
    struct text text = {0};
    face_refusal_put(&text, FACE_VERSION_UNKNOWN, (struct trust_bytes){0},
                     trust_bytes_text("\"1900-01-01\""));
    assert_int_equal(text.size, strlen(wanted));
    assert_memory_equal(text.data, wanted, text.size);
    free(text.data);
}

static void codes_and_statuses_are_those_of_the_protocol(void **state)
{
    (void)state;
    static const struct {
        enum face_verdict verdict;
        unsigned status;
        int code;
    } rows[] = {
        {FACE_ORIGIN_FOREIGN, 403, -32600},  {FACE_HOST_FOREIGN, 403, -32600},
        {FACE_METHOD, 405, -32600},          {FACE_CONTENT_TYPE, 415, -32600},
        {FACE_ACCEPT_BOTH, 406, -32600},     {FACE_TOO_LARGE, 413, -32600},
        {FACE_NO_JSON, 400, -32700},         {FACE_NAME_DIFFERS, 400, -32020},
        {FACE_VERSION_MISSING, 400, -32020}, {FACE_SESSION_MISSING, 400, -32600},
        {FACE_SESSION_UNKNOWN, 404, -32600}, {FACE_SESSIONS_FULL, 503, 5030},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        assert_int_equal(face_refusal(rows[i].verdict)->status, rows[i].status);
        assert_int_equal(face_refusal(rows[i].verdict)->code, rows[i].code);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_refusal_is_an_error_with_a_status),
        cmocka_unit_test(the_versions_are_named_to_who_asks_for_another),
        cmocka_unit_test(codes_and_statuses_are_those_of_the_protocol),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
