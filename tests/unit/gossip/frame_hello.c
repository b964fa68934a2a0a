/* gossip/frame_hello: every field comes back; the bounds of each. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "frames.h"
#include "gossip/frame.h"

static struct trust_frame good(void)
{
    struct trust_frame frame = {.type = TRUST_FRAME_HELLO};
    frame.hello = (struct trust_hello){.version_min = 1,
                                       .version_max = 3,
                                       .features = UINT64_C(1) << 40,
                                       .network = {{1, 2, 3, 4, 5, 6, 7, 8}},
                                       .frame_size_max = 65536,
                                       .interest_max = 70000,
                                       .clock = {.ms = 1790000000123},
                                       .key = filled_key(0xaa)};
    return frame;
}

static void each_field_comes_back(void **state)
{
    (void)state;
    struct trust_frame frame = good();
    struct trust_frame read;
    assert_int_equal(reread(&read, &frame), TRUST_OK);
    assert_int_equal(read.type, TRUST_FRAME_HELLO);
    assert_int_equal(read.hello.version_min, 1);
    assert_int_equal(read.hello.version_max, 3);
    assert_int_equal(read.hello.features, UINT64_C(1) << 40);
    assert_memory_equal(read.hello.network.bytes, frame.hello.network.bytes, 8);
    assert_int_equal(read.hello.frame_size_max, 65536);
    assert_int_equal(read.hello.interest_max, 70000);
    assert_int_equal(read.hello.clock.ms, 1790000000123);
    assert_memory_equal(read.hello.key.bytes, frame.hello.key.bytes, 32);
}

static void a_field_out_of_range_is_refused(void **state)
{
    (void)state;
    struct trust_frame read;
    struct trust_frame frame = good();
    frame.hello.version_min = 4;
    assert_int_equal(reread(&read, &frame), TRUST_NO_RANGE);
    frame = good();
    frame.hello.version_min = 0;
    assert_int_equal(reread(&read, &frame), TRUST_NO_RANGE);
    frame = good();
    frame.hello.frame_size_max = 4095;
    assert_int_equal(reread(&read, &frame), TRUST_NO_RANGE);
    frame = good();
    frame.hello.clock.ms = UINT64_MAX;
    assert_int_equal(reread(&read, &frame), TRUST_NO_RANGE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_field_comes_back),
        cmocka_unit_test(a_field_out_of_range_is_refused),
    };
    return cmocka_run_group_tests_name("gossip/frame_hello", tests, NULL, NULL);
}
