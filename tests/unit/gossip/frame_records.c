/* gossip/frame_records: an answer comes back; more without a record is refused. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "frames.h"
#include "gossip/frame.h"

static void an_answer_comes_back(void **state)
{
    (void)state;
    uint8_t packed[128];
    uint8_t record[70] = {1};
    struct trust_writer writer = trust_writer_init(packed, sizeof packed);
    trust_list_put_record(&writer, (struct trust_bytes){record, sizeof record});
    struct trust_frame frame = {.type = TRUST_FRAME_RECORDS};
    frame.records =
        (struct trust_records){.session = 12,
                               .records = {.packed = trust_writer_bytes(&writer), .count = 1},
                               .more = true};
    struct trust_frame read;
    assert_int_equal(reread(&read, &frame), TRUST_OK);
    assert_int_equal(read.records.session, 12);
    assert_int_equal(read.records.records.count, 1);
    assert_true(read.records.more);
    frame.records.more = false;
    assert_int_equal(reread(&read, &frame), TRUST_OK);
    assert_false(read.records.more);
}

static void more_without_a_record_is_refused(void **state)
{
    (void)state;
    struct trust_frame frame = {.type = TRUST_FRAME_RECORDS, .records = {.session = 12}};
    struct trust_frame read;
    assert_int_equal(reread(&read, &frame), TRUST_OK);
    frame.records.more = true;
    assert_int_equal(reread(&read, &frame), TRUST_NO_RANGE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_answer_comes_back),
        cmocka_unit_test(more_without_a_record_is_refused),
    };
    return cmocka_run_group_tests_name("gossip/frame_records", tests, NULL, NULL);
}
