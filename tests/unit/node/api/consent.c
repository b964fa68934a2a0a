/* node/api/consent: an order that loosens safety is the operator's, of now, and of these words. */
#include "node/api/consent.h"

#include <setjmp.h>
#include <sodium.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "desk.h"
#include "record/statement.h"

#define SUBJECT "mcp:io.example/a"

struct office {
    struct desk *desk;
    struct api_call call;
    char body[512];
    char nonce[CHALLENGE_NONCE_TEXT_SIZE];
    char signature[2 * TRUST_SIGNATURE_SIZE + 1];
};

static struct office office;

static void put_nonce_out(uint8_t fill)
{
    uint8_t bytes[CHALLENGE_NONCE_SIZE];
    memset(bytes, fill, sizeof bytes);
    assert_int_equal(challenge_add(&office.desk->api.challenge, bytes, office.desk->core.now.mono),
                     TRUST_OK);
    (void)sodium_bin2hex(office.nonce, sizeof office.nonce, bytes, sizeof bytes);
}

static void sign(const struct trust_secret *secret, const char *purpose, const char *order)
{
    uint8_t signature[TRUST_SIGNATURE_SIZE];
    char text[256];
    (void)snprintf(text, sizeof text, "%s\n%s", order, office.nonce);
    assert_int_equal(trust_statement_sign(signature, secret, purpose, trust_bytes_text(text)),
                     TRUST_OK);
    (void)sodium_bin2hex(office.signature, sizeof office.signature, signature, sizeof signature);
}

static int set_up(void **state)
{
    (void)state;
    memset(&office, 0, sizeof office);
    office.desk = desk_open();
    office.desk->core.has_operator = true;
    trust_secret_key(&office.desk->core.operator_key, office.desk->me);
    put_nonce_out(1);
    sign(office.desk->me, TRUST_PURPOSE_ORDER, "release\n" SUBJECT "\n-");
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    desk_close(office.desk);
    return 0;
}

/* A call with this body; false: it was refused for what the members are. */
static bool read(const char *body, struct consent *out_consent)
{
    office.call = (struct api_call){.core = &office.desk->core,
                                    .api = &office.desk->api,
                                    .request.body = trust_bytes_text(body)};
    struct api_body read = api_body_open(&office.call);
    *out_consent = consent_read(&read);
    return api_body_end(&read);
}

/* Whether an order with nonce and signature, NULL: without, is consented to. */
static bool is_consented(const char *nonce, const char *signature,
                         const struct consent_order *order)
{
    struct consent consent;
    const char *begin = "{";
    int size = 0;
    if (nonce != NULL) {
        size = snprintf(office.body, sizeof office.body, "{\"nonce\":\"%s\"", nonce);
        begin = ",";
    }
    if (signature != NULL)
        size += snprintf(office.body + size, sizeof office.body - (size_t)size,
                         "%s\"signature\":\"%s\"", begin, signature);
    (void)snprintf(office.body + size, sizeof office.body - (size_t)size, "%s",
                   size == 0 ? "{}" : "}");
    assert_true(read(office.body, &consent));
    return consent_check(&office.call, &consent, order);
}

static void refused(int status, const char *code, const char *detail)
{
    assert_int_equal(office.call.answer.status, status);
    assert_non_null(strstr(office.call.answer.text, code));
    assert_non_null(strstr(office.call.answer.text, detail));
    api_call_close(&office.call);
}

static void passed(void)
{
    assert_false(api_is_answered(&office.call));
    api_call_close(&office.call);
}

static const struct consent_order release = {.verb = "release", .subject = SUBJECT};

static void the_operators_signature_is_enough_once(void **state)
{
    (void)state;
    assert_true(is_consented(office.nonce, office.signature, &release));
    passed();
    assert_false(is_consented(office.nonce, office.signature, &release));
    refused(403, "TRUST_NO_CHALLENGE", "not out any more");
}

static void each_loosening_order_is_signed_with_its_words(void **state)
{
    (void)state;
    static const struct {
        struct consent_order order;
        const char *text;
    } rows[] = {
        {{.verb = "release", .subject = SUBJECT}, "release\n" SUBJECT "\n-"},
        {{.verb = "add", .subject = SUBJECT, .seconds = 60}, "add\n" SUBJECT "\n60"},
        {{.verb = "force_open", .subject = SUBJECT, .seconds = 10}, "force_open\n" SUBJECT "\n10"},
        {{.verb = "force_closed", .subject = SUBJECT, .seconds = UINT64_MAX},
         "force_closed\n" SUBJECT "\n18446744073709551615"},
        {{.verb = "metrics_only", .subject = SUBJECT}, "metrics_only\n" SUBJECT "\n-"},
        {{.verb = "close", .subject = SUBJECT}, "close\n" SUBJECT "\n-"},
        {{.verb = "reset", .subject = SUBJECT}, "reset\n" SUBJECT "\n-"},
    };
    const size_t count = sizeof rows / sizeof rows[0];
    for (size_t i = 0; i < count; i++) {
        put_nonce_out((uint8_t)(10 + i));
        sign(office.desk->me, TRUST_PURPOSE_ORDER, rows[i].text);
        assert_false(is_consented(NULL, NULL, &rows[i].order));
        refused(403, "TRUST_NO_CHALLENGE", "it needs a nonce and the operator's signature");
        assert_true(is_consented(office.nonce, office.signature, &rows[i].order));
        passed();
        put_nonce_out((uint8_t)(20 + i));
        sign(office.desk->me, TRUST_PURPOSE_ORDER, rows[i].text);
        assert_false(is_consented(office.nonce, office.signature, &rows[(i + 1) % count].order));
        refused(403, "TRUST_NO_CHALLENGE", "not the operator's");
    }
}

static void what_was_signed_for_something_else_is_refused(void **state)
{
    (void)state;
    static const struct consent_order others[] = {
        {.verb = "close", .subject = SUBJECT},
        {.verb = "release", .subject = "mcp:io.example/b"},
        {.verb = "release", .subject = SUBJECT, .seconds = 1},
    };
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++) {
        put_nonce_out((uint8_t)(30 + i));
        sign(office.desk->me, TRUST_PURPOSE_ORDER, "release\n" SUBJECT "\n-");
        assert_false(is_consented(office.nonce, office.signature, &others[i]));
        refused(403, "TRUST_NO_CHALLENGE", "not the operator's");
    }
    put_nonce_out(40);
    sign(office.desk->me, TRUST_PURPOSE_PIN, "release\n" SUBJECT "\n-");
    assert_false(is_consented(office.nonce, office.signature, &release));
    refused(403, "TRUST_NO_CHALLENGE", "not the operator's");
}

static void another_key_does_not_consent_and_uses_the_nonce_up(void **state)
{
    (void)state;
    struct trust_secret *other = rig_secret(2);
    char own[sizeof office.signature];
    memcpy(own, office.signature, sizeof own);
    sign(other, TRUST_PURPOSE_ORDER, "release\n" SUBJECT "\n-");
    assert_false(is_consented(office.nonce, office.signature, &release));
    refused(403, "TRUST_NO_CHALLENGE", "not the operator's");
    assert_false(is_consented(office.nonce, own, &release));
    refused(403, "TRUST_NO_CHALLENGE", "not out any more");
    trust_secret_close(other);
}

static void both_members_are_needed(void **state)
{
    (void)state;
    assert_false(is_consented(NULL, office.signature, &release));
    refused(403, "TRUST_NO_CHALLENGE", "it needs a nonce and the operator's signature");
    assert_false(is_consented(office.nonce, NULL, &release));
    refused(403, "TRUST_NO_CHALLENGE", "it needs a nonce and the operator's signature");
}

static void an_old_nonce_and_one_that_was_never_out_are_refused(void **state)
{
    (void)state;
    struct core *core = &office.desk->core;
    core->now.mono.ms += TRUST_NONCE_MS - 1;
    assert_true(is_consented(office.nonce, office.signature, &release));
    passed();
    put_nonce_out(2);
    sign(office.desk->me, TRUST_PURPOSE_ORDER, "release\n" SUBJECT "\n-");
    core->now.mono.ms += TRUST_NONCE_MS;
    assert_false(is_consented(office.nonce, office.signature, &release));
    refused(403, "TRUST_NO_CHALLENGE", "not out any more");
    memset(office.nonce, '5', sizeof office.nonce - 1);
    sign(office.desk->me, TRUST_PURPOSE_ORDER, "release\n" SUBJECT "\n-");
    assert_false(is_consented(office.nonce, office.signature, &release));
    refused(403, "TRUST_NO_CHALLENGE", "not out any more");
}

static void without_an_operator_nobody_consents_and_no_nonce_is_used(void **state)
{
    (void)state;
    office.desk->core.has_operator = false;
    assert_false(is_consented(office.nonce, office.signature, &release));
    refused(409, "TRUST_NO_OPERATOR", "the node has no operator");
    office.desk->core.has_operator = true;
    assert_true(is_consented(office.nonce, office.signature, &release));
    passed();
}

static void members_that_are_no_hex_of_their_size_are_refused(void **state)
{
    (void)state;
    static const struct {
        const char *body;
        const char *code;
        const char *detail;
    } rows[] = {
        {"{\"nonce\":\"00\"}", "TRUST_NO_RANGE", "/nonce: not 64 hex digits"},
        {"{\"nonce\":7}", "TRUST_NO_TYPE", "/nonce"},
        {"{\"signature\":\"zz\"}", "TRUST_NO_RANGE", "/signature: not 128 hex digits"},
        {"{\"signature\":[]}", "TRUST_NO_TYPE", "/signature"},
    };
    struct consent consent;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        assert_false(read(rows[i].body, &consent));
        assert_false(consent.has_nonce || consent.has_signature);
        refused(400, rows[i].code, rows[i].detail);
    }
    assert_true(read("{\"nonce\":null,\"signature\":null}", &consent));
    assert_false(consent.has_nonce || consent.has_signature);
    passed();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(the_operators_signature_is_enough_once, set_up, tear_down),
        cmocka_unit_test_setup_teardown(each_loosening_order_is_signed_with_its_words, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(what_was_signed_for_something_else_is_refused, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(another_key_does_not_consent_and_uses_the_nonce_up, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(both_members_are_needed, set_up, tear_down),
        cmocka_unit_test_setup_teardown(an_old_nonce_and_one_that_was_never_out_are_refused, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(without_an_operator_nobody_consents_and_no_nonce_is_used,
                                        set_up, tear_down),
        cmocka_unit_test_setup_teardown(members_that_are_no_hex_of_their_size_are_refused, set_up,
                                        tear_down),
    };
    return cmocka_run_group_tests_name("node/api/consent", tests, NULL, NULL);
}
