/* base: the keyed hash beside libsodium's, and a table look-up beside one random memory access. */
#include <sodium.h>
#include <stdlib.h>

#include "base/assert.h"
#include "base/random.h"
#include "base/siphash.h"
#include "base/table.h"
#include "bench.h"

#define ENTRIES 65536u
#define RECORD_SIZE 300u

struct fixture {
    uint8_t record[RECORD_SIZE];
    struct trust_siphash_key key;
    struct trust_table table;
    uint64_t *numbers;
};

static void hash_ours(void *context, uint64_t count)
{
    struct fixture *f = context;
    struct trust_bytes bytes = {.data = f->record, .size = sizeof f->record};
    for (uint64_t i = 0; i < count; i++) {
        uint64_t hash = trust_siphash(&f->key, bytes);
        bench_keep(&hash);
    }
}

static void hash_sodium(void *context, uint64_t count)
{
    struct fixture *f = context;
    uint8_t key[crypto_shorthash_KEYBYTES] = {0};
    for (uint64_t i = 0; i < count; i++) {
        uint8_t hash[crypto_shorthash_BYTES];
        crypto_shorthash(hash, f->record, sizeof f->record, key);
        bench_keep(hash);
    }
}

static uint32_t tag_of(uint64_t number)
{
    return trust_table_tag(trust_random_mix(number));
}

static bool same_number(const void *context, uint32_t index, const void *key)
{
    const uint64_t *numbers = context;
    return numbers[index] == *(const uint64_t *)key;
}

static void find_in_table(void *context, uint64_t count)
{
    struct fixture *f = context;
    for (uint64_t i = 0; i < count; i++) {
        uint64_t number = trust_random_mix(i) % ENTRIES;
        uint32_t index = 0;
        bool found = trust_table_find(&f->table, &index, tag_of(number), f->numbers, &number);
        bench_keep(&found);
        bench_keep(&index);
    }
}

static void read_at_random(void *context, uint64_t count)
{
    struct fixture *f = context;
    for (uint64_t i = 0; i < count; i++) {
        uint64_t number = f->numbers[trust_random_mix(i) % ENTRIES];
        bench_keep(&number);
    }
}

static void run(struct fixture *f)
{
    struct bench_timing timings[] = {
        {.body = hash_ours, .context = f},
        {.body = hash_sodium, .context = f},
        {.body = find_in_table, .context = f},
        {.body = read_at_random, .context = f},
    };
    bench_time(timings, sizeof timings / sizeof *timings);
    bench_print(&(struct bench_line){.name = "base: siphash of 300 bytes",
                                     .value = timings[0].ns,
                                     .unit = "ns",
                                     .baseline_name = "libsodium",
                                     .baseline = timings[1].ns});
    bench_print(&(struct bench_line){.name = "base: find among 65,536 entries",
                                     .value = timings[2].ns,
                                     .unit = "ns",
                                     .baseline_name = "one access",
                                     .baseline = timings[3].ns});
}

int main(void)
{
    struct trust_arena arena = {0};
    struct fixture f = {0};
    trust_table_init(&f.table, &arena, ENTRIES, same_number);
    arena = (struct trust_arena){.memory = calloc(1, arena.size), .capacity = arena.size};
    f.numbers = calloc(ENTRIES, sizeof *f.numbers);
    assert(arena.memory != NULL);
    assert(f.numbers != NULL);
    int failed = sodium_init();
    assert(failed >= 0);
    trust_table_init(&f.table, &arena, ENTRIES, same_number);
    for (uint32_t i = 0; i < ENTRIES; i++) {
        f.numbers[i] = i;
        trust_table_add(&f.table, tag_of(i), i);
    }
    run(&f);
    free(f.numbers);
    free(arena.memory);
    return 0;
}
