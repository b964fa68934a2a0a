/* gossip/frame_push: records come back in order; none is no push. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "frames.h"
#include "gossip/frame.h"

static void records_come_back_in_order(void **state)
{
    (void)state;
    uint8_t packed[4096];
    uint8_t record[300];
    struct trust_writer list = trust_writer_init(packed, sizeof packed);
    for (uint8_t i = 0; i < 5; i++) {
        memset(record, i, sizeof record);
        trust_list_put_record(&list, (struct trust_bytes){record, 65u + i * 50u});
    }
    struct trust_frame frame = {.type = TRUST_FRAME_PUSH,
                                .push = {.packed = trust_writer_bytes(&list), .count = 5}};
    struct trust_frame read;
    assert_int_equal(reread(&read, &frame), TRUST_OK);
    assert_int_equal(read.push.count, 5);
    struct trust_reader reader = trust_reader_init(read.push.packed);
    struct trust_bytes got;
    for (uint8_t i = 0; i < 5; i++) {
        assert_true(trust_list_next_record(&got, &reader));
        assert_int_equal(got.size, 65 + i * 50);
        assert_int_equal(got.data[64], i);
    }
    assert_false(trust_list_next_record(&got, &reader));
}

static void a_push_of_nothing_is_refused(void **state)
{
    (void)state;
    struct trust_frame frame = {.type = TRUST_FRAME_PUSH};
    struct trust_frame read;
    assert_int_equal(reread(&read, &frame), TRUST_NO_RANGE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(records_come_back_in_order),
        cmocka_unit_test(a_push_of_nothing_is_refused),
    };
    return cmocka_run_group_tests_name("gossip/frame_push", tests, NULL, NULL);
}
