/* score/text: strings of every length come back, and chunks are never lost. */
#include "score/text.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define CHUNKS 64u
#define LENGTH_MAX 200u

static void open_texts(struct trust_texts *texts)
{
    struct trust_arena arena = {0};
    trust_texts_init(texts, &arena, CHUNKS);
    arena = (struct trust_arena){.memory = calloc(1, arena.size), .capacity = arena.size};
    trust_texts_init(texts, &arena, CHUNKS);
}

static void strings_of_every_length_are_kept_until_given_back(void **state)
{
    (void)state;
    struct trust_texts texts;
    open_texts(&texts);
    uint8_t bytes[LENGTH_MAX];
    for (uint32_t i = 0; i < LENGTH_MAX; i++)
        bytes[i] = (uint8_t)(i * 7 + 3);
    for (size_t size = 0; size <= LENGTH_MAX; size++) {
        uint32_t text = 99;
        uint8_t read[LENGTH_MAX];
        struct trust_bytes stored = {.data = bytes, .size = size};
        assert_true(trust_texts_put(&texts, &text, stored));
        assert_int_equal(texts.count, (size + TRUST_TEXT_CHUNK_SIZE - 1) / TRUST_TEXT_CHUNK_SIZE);
        assert_true(trust_texts_equal(&texts, text, size, stored));
        trust_texts_read(&texts, read, text, size);
        assert_memory_equal(read, bytes, size);
        if (size > 0) {
            bytes[size - 1] ^= 1;
            assert_false(trust_texts_equal(&texts, text, size, stored));
            assert_false(trust_texts_equal(&texts, text, size,
                                           (struct trust_bytes){.data = bytes, .size = size - 1}));
            bytes[size - 1] ^= 1;
        }
        trust_texts_give(&texts, text);
        assert_int_equal(texts.count, 0);
    }
    free(texts.chunks);
}

static void a_string_that_does_not_fit_changes_nothing(void **state)
{
    (void)state;
    struct trust_texts texts;
    open_texts(&texts);
    uint8_t bytes[CHUNKS * TRUST_TEXT_CHUNK_SIZE] = {1};
    uint32_t text = 0;
    uint32_t other = 77;
    struct trust_bytes all = {.data = bytes, .size = sizeof bytes - 1};
    assert_true(trust_texts_put(&texts, &text, all));
    assert_int_equal(texts.count, CHUNKS);
    assert_false(trust_texts_put(&texts, &other, (struct trust_bytes){.data = bytes, .size = 1}));
    assert_int_equal(other, 77);
    trust_texts_give(&texts, text);
    assert_true(trust_texts_put(&texts, &other, all));
    free(texts.chunks);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(strings_of_every_length_are_kept_until_given_back),
        cmocka_unit_test(a_string_that_does_not_fit_changes_nothing),
    };
    return cmocka_run_group_tests_name("score/text", tests, NULL, NULL);
}
