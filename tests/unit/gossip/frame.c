/* gossip/frame: the vectors of tests/vectors/frames.txt, both ways. */
#include "gossip/frame.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/limits.h"

#define LINE_SIZE 8192

/* One line of the file: verdict, name and the frame in hex. */
struct vector {
    char verdict[32];
    char name[64];
    uint8_t data[LINE_SIZE / 2];
    size_t size;
};

static bool next_vector(FILE *file, struct vector *out_vector)
{
    static char line[LINE_SIZE];
    static char hex[LINE_SIZE];
    while (fgets(line, sizeof line, file) != NULL) {
        if (line[0] == '#')
            continue;
        assert_int_equal(
            sscanf(line, "%31s %63s %8191s", out_vector->verdict, out_vector->name, hex), 3);
        out_vector->size = strlen(hex) / 2;
        for (size_t i = 0; i < out_vector->size; i++) {
            char digits[3] = {hex[2 * i], hex[2 * i + 1], '\0'};
            out_vector->data[i] = (uint8_t)strtoul(digits, NULL, 16);
        }
        return true;
    }
    return false;
}

static void every_vector_has_its_verdict_and_comes_back_as_it_was(void **state)
{
    (void)state;
    FILE *file = fopen(VECTORS, "r");
    assert_non_null(file);
    static struct vector vector;
    uint32_t count = 0;
    uint32_t wrong = 0;
    for (; next_vector(file, &vector); count++) {
        struct trust_frame frame;
        struct trust_bytes bytes = {.data = vector.data, .size = vector.size};
        enum trust_error error = trust_frame_decode(&frame, bytes);
        if (strcmp(trust_error_name(error), vector.verdict) != 0) {
            print_message("# %s is %s\n", vector.name, trust_error_name(error));
            wrong++;
        }
        if (error != TRUST_OK)
            continue;
        uint8_t encoded[LINE_SIZE];
        struct trust_writer writer = trust_writer_init(encoded, sizeof encoded);
        trust_frame_encode(&writer, &frame);
        assert_true(trust_bytes_equal(trust_writer_bytes(&writer), bytes));
    }
    fclose(file);
    assert_int_equal(wrong, 0);
    assert_int_equal(count, 97);
}

static void a_frame_of_nothing_or_too_much_is_refused_by_its_size(void **state)
{
    (void)state;
    static uint8_t data[TRUST_FRAME_SIZE_MAX + 1] = {0x91, 0x05};
    struct trust_frame frame = {.type = TRUST_FRAME_BYE};
    struct trust_bytes bytes = {.data = data, .size = 0};
    assert_int_equal(trust_frame_decode(&frame, bytes), TRUST_NO_SIZE);
    bytes.size = sizeof data;
    assert_int_equal(trust_frame_decode(&frame, bytes), TRUST_NO_SIZE);
    bytes.size = TRUST_FRAME_SIZE_MAX;
    assert_int_equal(trust_frame_decode(&frame, bytes), TRUST_NO_CANONICAL);
    assert_int_equal(frame.type, TRUST_FRAME_BYE);
    bytes.size = 2;
    assert_int_equal(trust_frame_decode(&frame, bytes), TRUST_OK);
    assert_int_equal(frame.type, TRUST_FRAME_INTEREST_RESET);
}

static void the_most_records_fill_a_frame(void **state)
{
    (void)state;
    static uint8_t packed[2 * TRUST_FRAME_SIZE_MAX];
    static uint8_t encoded[TRUST_FRAME_SIZE_MAX];
    uint8_t record[TRUST_RECORD_SIZE_MIN] = {0};
    struct trust_writer list = trust_writer_init(packed, sizeof packed);
    struct trust_frame frame = {.type = TRUST_FRAME_PUSH};
    for (uint32_t count = 1; count <= TRUST_FRAME_RECORDS_MAX + 1; count++) {
        trust_list_put_record(&list, (struct trust_bytes){record, sizeof record});
        frame.push = (struct trust_list){.packed = trust_writer_bytes(&list), .count = count};
        struct trust_writer writer = trust_writer_init(encoded, sizeof encoded);
        trust_frame_encode(&writer, &frame);
        assert_int_equal(trust_writer_has_overflowed(&writer), count > TRUST_FRAME_RECORDS_MAX);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_vector_has_its_verdict_and_comes_back_as_it_was),
        cmocka_unit_test(a_frame_of_nothing_or_too_much_is_refused_by_its_size),
        cmocka_unit_test(the_most_records_fill_a_frame),
    };
    return cmocka_run_group_tests_name("gossip/frame", tests, NULL, NULL);
}
