/* gossip/frame_proof: two different records. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "frames.h"
#include "gossip/frame.h"

static void both_halves_come_back(void **state)
{
    (void)state;
    uint8_t first[65] = {1};
    uint8_t second[512] = {2};
    struct trust_frame frame = {.type = TRUST_FRAME_PROOF,
                                .proof = {{first, sizeof first}, {second, sizeof second}}};
    struct trust_frame read;
    assert_int_equal(reread(&read, &frame), TRUST_OK);
    assert_int_equal(read.proof[0].size, 65);
    assert_int_equal(read.proof[0].data[0], 1);
    assert_int_equal(read.proof[1].size, 512);
    assert_int_equal(read.proof[1].data[0], 2);
}

static void the_same_twice_proves_nothing(void **state)
{
    (void)state;
    uint8_t record[65] = {1};
    struct trust_frame frame = {.type = TRUST_FRAME_PROOF,
                                .proof = {{record, sizeof record}, {record, sizeof record}}};
    struct trust_frame read;
    assert_int_equal(reread(&read, &frame), TRUST_NO_RANGE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(both_halves_come_back),
        cmocka_unit_test(the_same_twice_proves_nothing),
    };
    return cmocka_run_group_tests_name("gossip/frame_proof", tests, NULL, NULL);
}
