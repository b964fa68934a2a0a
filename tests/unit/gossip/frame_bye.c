/* gossip/frame_bye: reasons and waiting times come back. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "frames.h"
#include "gossip/frame.h"

static void every_reason_comes_back(void **state)
{
    (void)state;
    for (uint32_t reason = 0; reason <= TRUST_BYE_REASON_MAX; reason++) {
        struct trust_frame frame = {
            .type = TRUST_FRAME_BYE,
            .bye = {.reason = (enum trust_bye_reason)reason, .retry_after_s = 600 * reason}};
        struct trust_frame read;
        assert_int_equal(reread(&read, &frame), TRUST_OK);
        assert_int_equal(read.bye.reason, reason);
        assert_int_equal(read.bye.retry_after_s, 600 * reason);
    }
}

static void an_unknown_reason_is_refused(void **state)
{
    (void)state;
    static const uint8_t bytes[] = {0x93, 0x0f, TRUST_BYE_REASON_MAX + 1, 0x00};
    struct trust_frame read;
    assert_int_equal(trust_frame_decode(&read, (struct trust_bytes){bytes, sizeof bytes}),
                     TRUST_NO_RANGE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_reason_comes_back),
        cmocka_unit_test(an_unknown_reason_is_refused),
    };
    return cmocka_run_group_tests_name("gossip/frame_bye", tests, NULL, NULL);
}
