/* guard/plain_offer. */
#include "guard/plain_offer.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "base/bytes.h"

#define A "{\"name\":\"a\",\"annotations\":{\"readOnlyHint\":true}}"
#define B "{\"name\":\"\\u0062\",\"annotations\":{\"idempotentHint\":true}}"

static enum trust_error learn(struct plain_offer *offer, uint32_t backend, enum offer_part part,
                              const char *result)
{
    return plain_offer_calls.learn(offer, backend, part, trust_bytes_text(result));
}

static void expect_text(struct plain_offer *offer, enum offer_text which, const char *expected)
{
    struct trust_bytes text = plain_offer_calls.text(offer, which);
    assert_true(trust_bytes_equal(text, trust_bytes_text(expected)));
}

static struct offer_route route(struct plain_offer *offer, const char *tool, uint32_t backend)
{
    return plain_offer_calls.route(offer, trust_bytes_text(tool), backend);
}

static void the_first_learned_server_is_the_contract(void **state)
{
    (void)state;
    struct plain_offer offer = {0};
    expect_text(&offer, OFFER_TEXT_TOOLS, "");
    assert_int_equal(learn(&offer, 1, OFFER_SERVER, "{\"protocolVersion\":\"v\"}"), TRUST_OK);
    assert_int_equal(learn(&offer, 1, OFFER_TOOLS, "{\"tools\":[" A "]}"), TRUST_OK);
    assert_int_equal(learn(&offer, 1, OFFER_TOOLS, "{\"tools\":[" B "]}"), TRUST_OK);
    expect_text(&offer, OFFER_TEXT_INITIALIZE, "");
    assert_int_equal(route(&offer, "a", 1).state, OFFER_UNKNOWN_YET);
    plain_offer_judge(&offer, 1);
    expect_text(&offer, OFFER_TEXT_INITIALIZE, "{\"protocolVersion\":\"v\"}");
    expect_text(&offer, OFFER_TEXT_DISCOVER, "");
    expect_text(&offer, OFFER_TEXT_TOOLS, "[" A "," B "]");
    assert_int_equal(route(&offer, "a", 0).state, OFFER_UNKNOWN_YET);
    assert_int_equal(route(&offer, "a", 1).state, OFFER_COVERED);
    assert_true(route(&offer, "a", 1).hints.is_read_only);
    assert_int_equal(route(&offer, "b", 1).state, OFFER_COVERED);
    assert_true(route(&offer, "b", 1).hints.is_idempotent);
    assert_int_equal(route(&offer, "c", 1).state, OFFER_NOT_COVERED);
    uint64_t before = plain_offer_calls.revision(&offer);
    assert_int_equal(learn(&offer, 0, OFFER_SERVER, "{\"supportedVersions\":[]}"), TRUST_OK);
    plain_offer_judge(&offer, 0);
    assert_true(plain_offer_calls.revision(&offer) != before);
    expect_text(&offer, OFFER_TEXT_TOOLS, "[]");
    expect_text(&offer, OFFER_TEXT_DISCOVER, "{\"supportedVersions\":[]}");
    assert_int_equal(learn(&offer, 0, OFFER_TOOLS, "{\"tools\":[{}]}"), TRUST_NO_TYPE);
    assert_int_equal(learn(&offer, 0, OFFER_TOOLS, "{}"), TRUST_NO_TYPE);
    plain_offer_close(&offer);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_first_learned_server_is_the_contract),
    };
    return cmocka_run_group_tests_name("guard/plain_offer", tests, NULL, NULL);
}
