/* gossip/frame_pull: ranges come back; 1 to 16 of them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "frames.h"
#include "gossip/frame.h"

static void ranges_come_back(void **state)
{
    (void)state;
    uint8_t packed[512];
    struct trust_writer writer = trust_writer_init(packed, sizeof packed);
    struct trust_pull_range whole = {.author = filled_key(1), .to_seq = 500};
    struct trust_pull_range rest = {
        .author = filled_key(2), .from_seq = 400, .to_seq = 400, .has_after = true};
    memset(rest.after.bytes, 0xee, sizeof rest.after.bytes);
    trust_list_put_range(&writer, &whole);
    trust_list_put_range(&writer, &rest);
    struct trust_frame frame = {.type = TRUST_FRAME_PULL};
    frame.pull = (struct trust_pull){.session = 3,
                                     .ranges = {.packed = trust_writer_bytes(&writer), .count = 2}};
    struct trust_frame read;
    assert_int_equal(reread(&read, &frame), TRUST_OK);
    assert_int_equal(read.pull.session, 3);
    assert_int_equal(read.pull.ranges.count, 2);
    struct trust_reader reader = trust_reader_init(read.pull.ranges.packed);
    struct trust_pull_range got;
    assert_true(trust_list_next_range(&got, &reader));
    assert_int_equal(got.from_seq, 0);
    assert_int_equal(got.to_seq, 500);
    assert_false(got.has_after);
    assert_true(trust_list_next_range(&got, &reader));
    assert_int_equal(got.from_seq, 400);
    assert_true(got.has_after);
    assert_memory_equal(got.after.bytes, rest.after.bytes, 32);
    assert_false(trust_list_next_range(&got, &reader));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ranges_come_back),
    };
    return cmocka_run_group_tests_name("gossip/frame_pull", tests, NULL, NULL);
}
