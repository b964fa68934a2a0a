/* engine/batch: the records of a file are one batch, whatever their order. */
#include "engine/batch.h"

#include "base/random.h"
#include "records.h"

#define FILE_RECORDS_MAX 64
#define SUBJECT "mcp:io.example/a"

struct file {
    struct trust_signed records[FILE_RECORDS_MAX];
    uint32_t count;
};

static void add(struct file *file, struct trust_signed record)
{
    assert_true(file->count < FILE_RECORDS_MAX);
    file->records[file->count++] = record;
}

/* Runs the file through an engine and writes each record's verdict; returns how many rounds the
 * vouches took. */
static uint32_t run(struct rig *rig, const struct file *file,
                    enum trust_error out_verdicts[FILE_RECORDS_MAX])
{
    static uint8_t bytes[FILE_RECORDS_MAX * (TRUST_RECORD_SIZE_MAX + 2)];
    uint8_t marks[FILE_RECORDS_MAX];
    size_t size = 0;
    for (uint32_t i = 0; i < file->count; i++) {
        bytes[size++] = (uint8_t)(file->records[i].size >> 8);
        bytes[size++] = (uint8_t)file->records[i].size;
        memcpy(bytes + size, file->records[i].data, file->records[i].size);
        size += file->records[i].size;
    }
    struct trust_batch batch;
    trust_batch_begin(&batch, rig->engine, (struct trust_bytes){bytes, size}, marks, file->count);
    batch.tickets = 1000;
    rig->verdict_count = 0;
    for (int turn = 0; trust_batch_step(&batch, 7, rig->now) != TRUST_BATCH_READY; turn++) {
        assert_true(turn < 10000);
        rig_run(rig);
        for (uint32_t i = 0; i < rig->verdict_count; i++)
            trust_batch_hear(&batch, (uint32_t)(rig->verdicts[i].ticket - 1000),
                             rig->verdicts[i].error);
        rig->verdict_count = 0;
        /* Time goes on: a tick in the middle must not move the interest. */
        rig_pass(rig, 50);
        assert_int_equal(rig->verdict_count, 0);
    }
    struct trust_batch_result result;
    uint32_t seen = 0;
    while (trust_batch_next_result(&batch, &result, rig->now)) {
        assert_int_equal(result.index, seen);
        out_verdicts[seen++] = result.verdict;
    }
    assert_int_equal(seen, file->count);
    trust_batch_end(&batch, rig->now);
    rig_run(rig);
    return batch.round;
}

static struct trust_record revocation(enum trust_revocation_reason reason, uint64_t last_seq,
                                      uint64_t seq)
{
    return (struct trust_record){.kind = TRUST_KIND_REVOCATION,
                                 .seq = seq,
                                 .revocation = {.reason = reason, .last_seq = last_seq}};
}

/* me, and authors 2..9. */
struct people {
    struct trust_secret *secrets[10];
    struct trust_key me;
};

static struct people gather(void)
{
    struct people people;
    for (uint8_t i = 1; i < 10; i++)
        people.secrets[i] = rig_secret(i);
    trust_secret_key(&people.me, people.secrets[1]);
    return people;
}

static void scatter(struct people *people)
{
    for (int i = 1; i < 10; i++)
        trust_secret_close(people->secrets[i]);
}

static void a_chain_of_vouches_is_followed_to_its_end(void **state)
{
    (void)state;
    struct people people = gather();
    struct rig *rig = rig_open(&people.me, 1);
    struct file file = {0};
    for (uint64_t i = 9; i > 1; i--) {
        add(&file, rig_sign(rig, people.secrets[i], rig_rating(SUBJECT, 900, RIG_START_MS + i)));
        add(&file, rig_sign(rig, people.secrets[i - 1],
                            rig_vouch(people.secrets[i], 1000, RIG_START_MS + 100 + i)));
    }
    enum trust_error verdicts[FILE_RECORDS_MAX];
    assert_int_equal(run(rig, &file, verdicts), 9);
    for (uint32_t i = 0; i < file.count; i++)
        assert_int_equal(verdicts[i], TRUST_OK);
    assert_int_equal(rig->count, file.count);
    run(rig, &file, verdicts);
    for (uint32_t i = 0; i < file.count; i++)
        assert_int_equal(verdicts[i], TRUST_NO_DUPLICATE);
    rig_close(rig);
    scatter(&people);
}

/* A bit of everything: what each verdict is, stands beside it. */
static uint32_t fill(struct file *file, enum trust_error *wanted, const struct rig *rig,
                     const struct people *people)
{
    struct trust_secret *const *who = people->secrets;
    const struct {
        uint8_t author;
        enum trust_error verdict;
        struct trust_record record;
    } rows[] = {
        {1, TRUST_OK, rig_vouch(who[2], 1000, RIG_START_MS)},
        {1, TRUST_NO_OLDER, rig_vouch(who[2], 500, RIG_START_MS - 9)},
        {2, TRUST_OK, rig_vouch(who[3], 1000, RIG_START_MS)},
        {3, TRUST_OK, rig_rating(SUBJECT, 500, RIG_START_MS)},
        {3, TRUST_OK, rig_rating(SUBJECT, 501, RIG_START_MS)},
        {3, TRUST_OK, rig_vouch(who[4], 1000, RIG_START_MS)},
        {4, TRUST_OK, revocation(TRUST_REVOKED_COMPROMISED, 0, RIG_START_MS + 5)},
        {4, TRUST_NO_REVOKED, rig_vouch(who[5], 1000, RIG_START_MS + 1)},
        {4, TRUST_NO_REVOKED, rig_rating(SUBJECT, 1, RIG_START_MS + 2)},
        {5, TRUST_NO_INTEREST, rig_vouch(who[6], 1000, RIG_START_MS + 1)},
        {5, TRUST_NO_INTEREST, revocation(TRUST_REVOKED_COMPROMISED, 0, RIG_START_MS)},
        {6, TRUST_NO_INTEREST, rig_rating(SUBJECT, 1, RIG_START_MS)},
        {1, TRUST_NO_TIME, rig_rating(SUBJECT, 1, RIG_START_MS + 900000)},
        {1, TRUST_OK, rig_vouch(who[7], 0, RIG_START_MS + 1)},
        {1, TRUST_NO_OLDER, rig_vouch(who[7], 1000, RIG_START_MS)},
        {7, TRUST_NO_INTEREST, rig_rating(SUBJECT, 1, RIG_START_MS)},
        {2, TRUST_OK, rig_vouch(who[8], 900, RIG_START_MS + 3)},
        {8, TRUST_OK, revocation(TRUST_REVOKED_RETIRED, RIG_START_MS + 2, RIG_START_MS + 7)},
        {8, TRUST_OK, rig_rating(SUBJECT, 700, RIG_START_MS + 4)},
    };
    uint32_t count = sizeof rows / sizeof rows[0];
    for (uint32_t i = 0; i < count; i++) {
        add(file, rig_sign(rig, who[rows[i].author], rows[i].record));
        wanted[i] = rows[i].verdict;
    }
    struct trust_signed forged = rig_sign(rig, who[2], rig_rating(SUBJECT, 3, RIG_START_MS + 8));
    forged.data[forged.size - 1] ^= 1;
    add(file, forged);
    wanted[count] = TRUST_NO_SIGNATURE;
    return count + 1;
}

static void shuffle(struct file *file, enum trust_error *wanted, uint64_t seed)
{
    struct trust_random random = trust_random_init(seed);
    for (uint32_t i = file->count; i > 1; i--) {
        uint32_t j = (uint32_t)trust_random_below(&random, i);
        struct trust_signed record = file->records[i - 1];
        enum trust_error verdict = wanted[i - 1];
        file->records[i - 1] = file->records[j];
        wanted[i - 1] = wanted[j];
        file->records[j] = record;
        wanted[j] = verdict;
    }
}

/* The records on the disk, whatever their places. */
static uint64_t disk_sum(const struct rig *rig)
{
    uint64_t sum = 0;
    for (uint32_t i = 0; i < rig->count; i++)
        sum += trust_siphash(&(struct trust_siphash_key){.low = 1},
                             (struct trust_bytes){rig->records[i].bytes, rig->records[i].size});
    return sum;
}

static void every_order_gives_the_same_verdicts_and_the_same_disk(void **state)
{
    (void)state;
    struct people people = gather();
    uint64_t sum = 0;
    for (uint64_t seed = 0; seed < 40; seed++) {
        struct rig *rig = rig_open(&people.me, 1);
        struct file file = {0};
        enum trust_error wanted[FILE_RECORDS_MAX];
        enum trust_error verdicts[FILE_RECORDS_MAX];
        uint32_t count = fill(&file, wanted, rig, &people);
        assert_int_equal(file.count, count);
        shuffle(&file, wanted, seed);
        run(rig, &file, verdicts);
        for (uint32_t i = 0; i < count; i++)
            assert_string_equal(trust_error_name(verdicts[i]), trust_error_name(wanted[i]));
        sum = seed == 0 ? disk_sum(rig) : sum;
        assert_true(disk_sum(rig) == sum);
        rig_close(rig);
    }
    scatter(&people);
}

static void of_copies_one_is_accepted_and_a_greater_signature_is_a_duplicate(void **state)
{
    (void)state;
    struct people people = gather();
    struct rig *rig = rig_open(&people.me, 1);
    struct file file = {0};
    struct trust_signed good =
        rig_sign(rig, people.secrets[1], rig_rating(SUBJECT, 1, RIG_START_MS));
    struct trust_signed greater = good;
    memset(greater.data + greater.size - 64, 0xff, 64);
    add(&file, good);
    add(&file, good);
    add(&file, greater);
    enum trust_error verdicts[FILE_RECORDS_MAX];
    run(rig, &file, verdicts);
    /* Which of two copies the workers are done with first is nobody's matter. */
    assert_int_equal((verdicts[0] == TRUST_OK) + (verdicts[1] == TRUST_OK), 1);
    assert_int_equal((verdicts[0] == TRUST_NO_DUPLICATE) + (verdicts[1] == TRUST_NO_DUPLICATE), 1);
    /* In the join it is a greater signature on a known body, good or not. */
    assert_int_equal(verdicts[2], TRUST_NO_DUPLICATE);
    rig_close(rig);
    scatter(&people);
}

static void lengths_that_no_record_has_are_refused_alone(void **state)
{
    (void)state;
    struct people people = gather();
    struct rig *rig = rig_open(&people.me, 1);
    struct file file = {0};
    struct trust_signed none = {.size = 0};
    struct trust_signed tiny = {.size = 64};
    add(&file, none);
    add(&file, rig_sign(rig, people.secrets[1], rig_rating(SUBJECT, 1, RIG_START_MS)));
    add(&file, tiny);
    enum trust_error verdicts[FILE_RECORDS_MAX];
    run(rig, &file, verdicts);
    assert_int_equal(verdicts[0], TRUST_NO_SIZE);
    assert_int_equal(verdicts[1], TRUST_OK);
    assert_int_equal(verdicts[2], TRUST_NO_SIZE);
    rig_close(rig);
    scatter(&people);
}

static void an_empty_batch_is_ready_and_leaves_nothing_behind(void **state)
{
    (void)state;
    struct people people = gather();
    struct rig *rig = rig_open(&people.me, 1);
    struct file file = {0};
    enum trust_error verdicts[FILE_RECORDS_MAX];
    run(rig, &file, verdicts);
    /* The next vouch moves the interest again. */
    struct trust_signed vouch =
        rig_sign(rig, people.secrets[1], rig_vouch(people.secrets[2], 1000, RIG_START_MS));
    struct trust_signed rating =
        rig_sign(rig, people.secrets[2], rig_rating(SUBJECT, 1, RIG_START_MS));
    assert_int_equal(rig_publish(rig, &vouch), TRUST_OK);
    rig_pass(rig, 300);
    assert_int_equal(rig_publish(rig, &rating), TRUST_OK);
    rig_close(rig);
    scatter(&people);
}

static void records_are_counted_however_the_bytes_come(void **state)
{
    (void)state;
    static const uint8_t bytes[] = {0, 3, 1, 2, 3, 0, 0, 1, 1, 9, 9, 9};
    for (size_t cut = 0; cut <= sizeof bytes; cut++) {
        struct trust_batch_counter counter = {0};
        trust_batch_counter_take(&counter, (struct trust_bytes){bytes, cut});
        bool is_end = cut == 0 || cut == 5 || cut == 7;
        assert_int_equal(trust_batch_counter_is_whole(&counter), is_end);
        trust_batch_counter_take(&counter, (struct trust_bytes){bytes + cut, sizeof bytes - cut});
        assert_int_equal(counter.count, 3);
        assert_int_equal(counter.left, 257 - 3);
        assert_false(trust_batch_counter_is_whole(&counter));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_chain_of_vouches_is_followed_to_its_end),
        cmocka_unit_test(every_order_gives_the_same_verdicts_and_the_same_disk),
        cmocka_unit_test(of_copies_one_is_accepted_and_a_greater_signature_is_a_duplicate),
        cmocka_unit_test(lengths_that_no_record_has_are_refused_alone),
        cmocka_unit_test(an_empty_batch_is_ready_and_leaves_nothing_behind),
        cmocka_unit_test(records_are_counted_however_the_bytes_come),
    };
    return cmocka_run_group_tests_name("engine/batch", tests, NULL, NULL);
}
