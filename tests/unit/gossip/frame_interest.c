/* gossip/frame_interest: 33 bytes an author added, 32 removed, distances up to 4. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "frames.h"
#include "gossip/frame.h"

static uint8_t keys[99];

static struct trust_frame interest(size_t added, size_t removed)
{
    struct trust_frame frame = {.type = TRUST_FRAME_INTEREST};
    frame.interest = (struct trust_interest_delta){.epoch = 5,
                                                   .count = 9,
                                                   .digest = {1, 2, 3},
                                                   .added = {keys, added},
                                                   .removed = {keys, removed}};
    return frame;
}

static void each_field_comes_back(void **state)
{
    (void)state;
    memset(keys, 0, sizeof keys);
    keys[32] = 4;
    struct trust_frame frame = interest(66, 64);
    struct trust_frame read;
    assert_int_equal(reread(&read, &frame), TRUST_OK);
    assert_int_equal(read.interest.epoch, 5);
    assert_int_equal(read.interest.count, 9);
    assert_memory_equal(read.interest.digest, frame.interest.digest, 16);
    assert_int_equal(read.interest.added.size, 66);
    assert_int_equal(read.interest.added.data[32], 4);
    assert_int_equal(read.interest.removed.size, 64);
}

static void broken_items_and_far_distances_are_refused(void **state)
{
    (void)state;
    memset(keys, 0, sizeof keys);
    struct trust_frame read;
    struct trust_frame frame = interest(65, 0);
    assert_int_equal(reread(&read, &frame), TRUST_NO_RANGE);
    frame = interest(0, 33);
    assert_int_equal(reread(&read, &frame), TRUST_NO_RANGE);
    frame = interest(66, 0);
    keys[65] = 5;
    assert_int_equal(reread(&read, &frame), TRUST_NO_RANGE);
    keys[65] = 4;
    assert_int_equal(reread(&read, &frame), TRUST_OK);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_field_comes_back),
        cmocka_unit_test(broken_items_and_far_distances_are_refused),
    };
    return cmocka_run_group_tests_name("gossip/frame_interest", tests, NULL, NULL);
}
