/* gossip/frame_sync: ranges and heads come back; order is part of the form. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "frames.h"
#include "gossip/frame.h"

static uint8_t packed[1024];

/* Heads of the authors whose keys are filled with these bytes. */
static struct trust_list heads(const uint8_t *authors, uint32_t count)
{
    struct trust_writer writer = trust_writer_init(packed, sizeof packed);
    for (uint32_t i = 0; i < count; i++) {
        struct trust_wire_head head = {.author = filled_key(authors[i]),
                                       .head = {.seq = 1000 + i, .count = 1 + i}};
        memset(head.head.digest, 0xd0 + (int)i, sizeof head.head.digest);
        trust_list_put_head(&writer, &head);
    }
    assert_false(trust_writer_has_overflowed(&writer));
    return (struct trust_list){.packed = trust_writer_bytes(&writer), .count = count};
}

static struct trust_frame sync(struct trust_list list)
{
    struct trust_frame frame = {.type = TRUST_FRAME_SYNC};
    frame.sync = (struct trust_sync){
        .session = 7, .round = 4, .has_range = true, .has_upto = true, .heads = list};
    frame.sync.upto = filled_key(9);
    return frame;
}

static void ranges_and_heads_come_back(void **state)
{
    (void)state;
    static const uint8_t authors[] = {3, 5, 9};
    struct trust_frame frame = sync(heads(authors, 3));
    frame.sync.has_from = true;
    frame.sync.from = filled_key(2);
    struct trust_frame read;
    assert_int_equal(reread(&read, &frame), TRUST_OK);
    assert_int_equal(read.sync.session, 7);
    assert_int_equal(read.sync.round, 4);
    assert_true(read.sync.has_range && read.sync.has_from && read.sync.has_upto);
    assert_memory_equal(read.sync.from.bytes, frame.sync.from.bytes, 32);
    assert_memory_equal(read.sync.upto.bytes, frame.sync.upto.bytes, 32);
    struct trust_reader reader = trust_reader_init(read.sync.heads.packed);
    struct trust_wire_head head;
    for (uint32_t i = 0; i < 3; i++) {
        assert_true(trust_list_next_head(&head, &reader));
        assert_int_equal(head.author.bytes[31], authors[i]);
        assert_int_equal(head.head.seq, 1000 + i);
        assert_int_equal(head.head.count, 1 + i);
        assert_int_equal(head.head.digest[0], 0xd0 + i);
    }
    assert_false(trust_list_next_head(&head, &reader));
}

static void an_end_has_no_range(void **state)
{
    (void)state;
    struct trust_frame frame = {.type = TRUST_FRAME_SYNC, .sync = {.session = 1, .round = 2}};
    struct trust_frame read;
    assert_int_equal(reread(&read, &frame), TRUST_OK);
    assert_false(read.sync.has_range);
    assert_int_equal(read.sync.heads.count, 0);
}

static void heads_out_of_order_or_range_are_refused(void **state)
{
    (void)state;
    static const uint8_t falling[] = {5, 3};
    static const uint8_t twice[] = {5, 5};
    static const uint8_t behind[] = {5, 10};
    struct trust_frame read;
    struct trust_frame frame = sync(heads(falling, 2));
    assert_int_equal(reread(&read, &frame), TRUST_NO_RANGE);
    frame = sync(heads(twice, 2));
    assert_int_equal(reread(&read, &frame), TRUST_NO_RANGE);
    frame = sync(heads(behind, 2));
    assert_int_equal(reread(&read, &frame), TRUST_NO_RANGE);
    frame.sync.has_upto = false;
    assert_int_equal(reread(&read, &frame), TRUST_OK);
    frame.sync.has_from = true;
    frame.sync.from = filled_key(5);
    assert_int_equal(reread(&read, &frame), TRUST_NO_RANGE);
}

static void the_longest_head_is_as_long_as_its_limit(void **state)
{
    (void)state;
    struct trust_writer writer = trust_writer_init(packed, sizeof packed);
    struct trust_wire_head head = {.head = {.seq = UINT64_MAX, .count = UINT32_MAX}};
    trust_list_put_head(&writer, &head);
    assert_int_equal(writer.size, TRUST_HEAD_SIZE_MAX);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ranges_and_heads_come_back),
        cmocka_unit_test(an_end_has_no_range),
        cmocka_unit_test(heads_out_of_order_or_range_are_refused),
        cmocka_unit_test(the_longest_head_is_as_long_as_its_limit),
    };
    return cmocka_run_group_tests_name("gossip/frame_sync", tests, NULL, NULL);
}
