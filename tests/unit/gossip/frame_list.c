/* gossip/frame_list: the size of each record and the count of all are held against the bytes. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "frames.h"
#include "gossip/frame.h"

/* A push of one record of this many bytes, by hand. */
static enum trust_error push_of(size_t size)
{
    static uint8_t data[1024] = {0x92, 0x01, 0x91, 0xc5};
    data[4] = (uint8_t)(size >> 8);
    data[5] = (uint8_t)size;
    struct trust_frame read;
    return trust_frame_decode(&read, (struct trust_bytes){data, 6 + size});
}

static void records_are_of_65_to_512_bytes(void **state)
{
    (void)state;
    assert_int_equal(push_of(511), TRUST_OK);
    assert_int_equal(push_of(512), TRUST_OK);
    assert_int_equal(push_of(513), TRUST_NO_RANGE);
    /* Below 256 a bin 16 is not the shortest form. */
    assert_int_equal(push_of(200), TRUST_NO_CANONICAL);
    static const uint8_t least[] = {0x92, 0x01, 0x91, 0xc4, 65, [5 + 64] = 0};
    static const uint8_t less[] = {0x92, 0x01, 0x91, 0xc4, 64, [5 + 63] = 0};
    struct trust_frame read;
    assert_int_equal(trust_frame_decode(&read, (struct trust_bytes){least, sizeof least}),
                     TRUST_OK);
    assert_int_equal(trust_frame_decode(&read, (struct trust_bytes){less, sizeof less}),
                     TRUST_NO_RANGE);
}

static void a_count_beyond_the_bytes_is_refused(void **state)
{
    (void)state;
    static const uint8_t two_of_one[] = {0x92, 0x01, 0x92, 0xc4, 65, [5 + 64] = 0};
    static const uint8_t billions[] = {0x92, 0x01, 0xdd, 0xff, 0xff, 0xff, 0xff};
    struct trust_frame read;
    assert_int_equal(trust_frame_decode(&read, (struct trust_bytes){two_of_one, sizeof two_of_one}),
                     TRUST_NO_CANONICAL);
    assert_int_equal(trust_frame_decode(&read, (struct trust_bytes){billions, sizeof billions}),
                     TRUST_NO_CANONICAL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(records_are_of_65_to_512_bytes),
        cmocka_unit_test(a_count_beyond_the_bytes_is_refused),
    };
    return cmocka_run_group_tests_name("gossip/frame_list", tests, NULL, NULL);
}
