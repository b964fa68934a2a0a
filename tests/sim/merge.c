/*
 * Two nodes receive the same 10,000 records, each in an order of its own and some of them twice,
 * with equivocations, third ids and revocations among them: their disks end byte for byte the same.
 */
#include "../unit/engine/records.h"
#include "base/random.h"

#define AUTHORS 40u
#define RECORDS 10000u
#define SEED 20260101

struct deck {
    struct trust_secret *me;
    struct trust_secret *authors[AUTHORS];
    struct trust_signed records[RECORDS];
};

static struct trust_record some_record(struct trust_random *random, const struct deck *deck)
{
    static char subject[] = "mcp:io.example/s00";
    uint64_t server = trust_random_below(random, 60);
    subject[16] = (char)('0' + server / 10);
    subject[17] = (char)('0' + server % 10);
    /* Few seqs, so that registers meet and some of them twice at one seq. */
    uint64_t seq = RIG_START_MS - 100 + trust_random_below(random, 100);
    uint64_t kind = trust_random_below(random, 1000);
    if (kind < 4)
        return (struct trust_record){.kind = TRUST_KIND_REVOCATION,
                                     .seq = seq,
                                     .revocation = {.reason = TRUST_REVOKED_COMPROMISED}};
    if (kind < 12)
        return (struct trust_record){
            .kind = TRUST_KIND_REVOCATION,
            .seq = seq,
            .revocation = {.reason = TRUST_REVOKED_RETIRED,
                           .last_seq = seq - trust_random_below(random, 60)}};
    if (kind < 200)
        return rig_vouch(deck->authors[trust_random_below(random, AUTHORS)], 500, seq);
    return rig_rating(subject, (uint16_t)trust_random_below(random, 1001), seq);
}

static void deal(struct deck *deck, const struct rig *rig)
{
    struct trust_random random = trust_random_init(SEED);
    deck->me = rig_secret(200);
    for (uint8_t i = 0; i < AUTHORS; i++)
        deck->authors[i] = rig_secret((uint8_t)(i + 1));
    for (uint32_t i = 0; i < RECORDS; i++) {
        uint32_t author = (uint32_t)trust_random_below(&random, AUTHORS);
        struct trust_record record = some_record(&random, deck);
        struct trust_key key;
        trust_secret_key(&key, deck->authors[author]);
        if (record.kind == TRUST_KIND_VOUCH &&
            memcmp(record.vouch.subject.bytes, key.bytes, sizeof key.bytes) == 0)
            record = rig_rating("mcp:io.example/self", 500, record.seq);
        deck->records[i] = rig_sign(rig, deck->authors[author], record);
    }
}

/* Everything once in an order of its own, and every fifth again. */
static void feed(struct rig *rig, const struct deck *deck, uint64_t seed)
{
    struct trust_random random = trust_random_init(seed);
    uint32_t *order = malloc(RECORDS * sizeof *order);
    assert_non_null(order);
    for (uint32_t i = 0; i < RECORDS; i++)
        order[i] = i;
    for (uint32_t i = RECORDS - 1; i > 0; i--) {
        uint32_t j = (uint32_t)trust_random_below(&random, i + 1);
        uint32_t swapped = order[i];
        order[i] = order[j];
        order[j] = swapped;
    }
    for (uint32_t i = 0; i < AUTHORS; i++) {
        struct trust_signed vouch =
            rig_sign(rig, deck->me, rig_vouch(deck->authors[i], 1000, RIG_START_MS));
        assert_int_equal(rig_publish(rig, &vouch), TRUST_OK);
    }
    rig_pass(rig, 1000);
    for (uint32_t i = 0; i < RECORDS; i++) {
        (void)rig_publish(rig, &deck->records[order[i]]);
        if (i % 5 == 4)
            assert_int_not_equal(rig_publish(rig, &deck->records[order[i - 3]]), TRUST_OK);
        if (i % 1000 == 0)
            rig_pass(rig, 200);
    }
    free(order);
}

static void different_orders_end_in_the_same_bytes(void **state)
{
    (void)state;
    struct deck *deck = calloc(1, sizeof *deck);
    assert_non_null(deck);
    struct trust_secret *me = rig_secret(200);
    struct trust_key key;
    trust_secret_key(&key, me);
    struct rig *a = rig_open(&key, 1);
    struct rig *b = rig_open(&key, 2);
    deal(deck, a);
    print_message("seed %d\n", SEED);
    feed(a, deck, 1);
    feed(b, deck, 2);
    assert_int_equal(a->count, b->count);
    assert_true(a->count > 1000);
    for (size_t i = 0; i < a->count; i++) {
        assert_int_equal(a->records[i].size, b->records[i].size);
        assert_memory_equal(a->records[i].bytes, b->records[i].bytes, a->records[i].size);
    }
    rig_close(a);
    rig_close(b);
    for (uint32_t i = 0; i < AUTHORS; i++)
        trust_secret_close(deck->authors[i]);
    trust_secret_close(deck->me);
    trust_secret_close(me);
    free(deck);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(different_orders_end_in_the_same_bytes),
    };
    return cmocka_run_group_tests_name("sim/merge", tests, NULL, NULL);
}
