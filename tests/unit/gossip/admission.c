/* gossip/admission: the order of the checks, and that each of them bites. */
#include "gossip/admission.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "node.h"

static struct node node;
static struct trust_admission admission;
static struct trust_interest interest;
static struct trust_peer peers[TRUST_PEERS_MAX];
static uint8_t *memory;
static const struct trust_now now = {.wall = {START_WALL_MS}, .mono = {5000}};

static void cut_parts(struct trust_arena *arena)
{
    struct trust_siphash_key seed = {.low = 3};
    trust_interest_init(&interest, arena, 2048, seed, true);
    admission = (struct trust_admission){
        .ledger = &node.ledger, .network = node.network, .interest = &interest, .peers = peers};
    trust_memo_init(&admission.tried, arena, 64, seed);
}

static int open_admission(void **state)
{
    (void)state;
    open_node(&node, 0, 1, true, now);
    struct trust_arena arena = {0};
    cut_parts(&arena);
    size_t size = arena.size;
    memory = calloc(1, size);
    arena = (struct trust_arena){.memory = memory, .capacity = size};
    cut_parts(&arena);
    struct trust_key key = key_of(900);
    trust_peer_init(&peers[2], &key, TRUST_PEER_CONFIGURED, now.mono);
    trust_interest_add_peer(&interest, 2, true);
    key = key_of(1);
    return trust_interest_want(&interest, &key, TRUST_WANT_WEIGHT) != TRUST_OK;
}

static int close_admission(void **state)
{
    (void)state;
    free(memory);
    close_node(&node);
    return 0;
}

static enum trust_error admit(const struct statement *statement)
{
    struct trust_applicant applicant;
    return trust_admission_admit(&admission, &applicant, 2, bytes_of(statement), now);
}

static void hold(const struct statement *statement)
{
    struct trust_applicant applicant;
    struct trust_accepted accepted;
    assert_int_equal(trust_admission_judge(&admission, &applicant, bytes_of(statement), now),
                     TRUST_OK);
    assert_int_equal(apply(&node, &accepted, &applicant.claim, statement), TRUST_OK);
}

/* The author whom nobody knows sends records that fail one check after another: each time the check
 * that comes first in the order gives the verdict. */
static void checks_come_in_their_order(void **state)
{
    (void)state;
    uint64_t far = START_WALL_MS + (TRUST_SKEW_S + 10) * UINT64_C(1000);
    struct statement statement = rate(2, 1, far, 500);
    statement.size = 64;
    assert_int_equal(admit(&statement), TRUST_NO_SIZE);
    statement = rate(2, 1, far, 500);
    statement.data[0] = 0xdc;
    assert_int_equal(admit(&statement), TRUST_NO_CANONICAL);
    statement = rate(2, 1, far, 500);
    assert_int_equal(admit(&statement), TRUST_NO_TIME);
    statement = rate(2, 1, START_WALL_MS, 500);
    assert_int_equal(admit(&statement), TRUST_NO_INTEREST);
    statement = rate(1, 1, START_WALL_MS, 500);
    hold(&statement);
    peers[2].buckets.checks.level = 0;
    assert_int_equal(admit(&statement), TRUST_NO_DUPLICATE);
    statement = rate(1, 1, START_WALL_MS - 1, 500);
    assert_int_equal(admit(&statement), TRUST_NO_OLDER);
    statement = rate(1, 1, START_WALL_MS + 1, 500);
    assert_int_equal(admit(&statement), TRUST_NO_QUOTA);
    peers[2].buckets.checks.level = 1000;
    assert_int_equal(admit(&statement), TRUST_OK);
}

static void a_copy_of_what_is_being_verified_is_a_duplicate(void **state)
{
    (void)state;
    struct statement statement = rate(1, 1, START_WALL_MS, 500);
    assert_int_equal(admit(&statement), TRUST_OK);
    assert_int_equal(admit(&statement), TRUST_NO_DUPLICATE);
    struct statement other = forge(statement);
    assert_int_equal(admit(&other), TRUST_OK);
    trust_admission_settle(&admission, bytes_of(&statement), TRUST_NO_ROOM);
    assert_int_equal(admit(&statement), TRUST_OK);
}

static void the_records_of_an_author_are_counted_by_day(void **state)
{
    (void)state;
    peers[2].buckets.checks = trust_bucket_init(100000, 100000, now.mono);
    for (uint32_t i = 0; i < TRUST_AUTHOR_DAY_MAX; i++) {
        struct statement statement = rate(1, i, START_WALL_MS, 500);
        assert_int_equal(admit(&statement), TRUST_OK);
    }
    struct statement last = rate(1, TRUST_AUTHOR_DAY_MAX, START_WALL_MS, 500);
    assert_int_equal(admit(&last), TRUST_NO_QUOTA);
    /* A forgery cost its author nothing. */
    struct statement first = rate(1, 0, START_WALL_MS, 500);
    trust_admission_settle(&admission, bytes_of(&first), TRUST_NO_SIGNATURE);
    assert_int_equal(admit(&last), TRUST_OK);
}

static void a_relayed_author_is_charged_to_its_peer(void **state)
{
    (void)state;
    uint8_t item[33] = {0};
    struct trust_key key = key_of(7);
    memcpy(item, key.bytes, 32);
    struct trust_interest_delta delta = {.epoch = 1, .added = {item, sizeof item}};
    assert_int_equal(trust_interest_hear(&interest, 2, &delta), TRUST_NO_CONFLICT);
    struct statement statement = rate(7, 1, START_WALL_MS, 500);
    assert_int_equal(admit(&statement), TRUST_OK);
    assert_int_equal(peers[2].relay_size, TRUST_RECORD_SIZE_MAX);
    peers[2].relay_size = TRUST_RELAY_SIZE_MAX - TRUST_RECORD_SIZE_MAX + 1;
    statement = rate(7, 2, START_WALL_MS, 500);
    assert_int_equal(admit(&statement), TRUST_NO_QUOTA);
    hold(&statement);
    trust_admission_measure(&admission, 2);
    assert_int_equal(peers[2].relay_size, TRUST_RECORD_SIZE_MAX);
    statement = rate(7, 3, START_WALL_MS, 500);
    assert_int_equal(admit(&statement), TRUST_OK);
    /* Whom we want ourselves is charged to nobody. */
    peers[2].relay_size = TRUST_RELAY_SIZE_MAX;
    assert_int_equal(trust_interest_want(&interest, &key, TRUST_WANT_WEIGHT), TRUST_OK);
    statement = rate(7, 4, START_WALL_MS, 500);
    assert_int_equal(admit(&statement), TRUST_OK);
}

static void too_many_records_a_second_are_a_breach(void **state)
{
    (void)state;
    peers[2].buckets.records = trust_bucket_init(1, 3, now.mono);
    struct statement statement = rate(2, 1, START_WALL_MS, 500);
    for (int i = 0; i < 3; i++)
        assert_int_equal(admit(&statement), TRUST_NO_INTEREST);
    assert_int_equal(admit(&statement), TRUST_NO_QUOTA);
}

#define FRESH(test) cmocka_unit_test_setup_teardown(test, open_admission, close_admission)

int main(void)
{
    if (trust_sodium_start() != TRUST_OK)
        return 1;
    const struct CMUnitTest tests[] = {
        FRESH(checks_come_in_their_order),
        FRESH(a_copy_of_what_is_being_verified_is_a_duplicate),
        FRESH(the_records_of_an_author_are_counted_by_day),
        FRESH(a_relayed_author_is_charged_to_its_peer),
        FRESH(too_many_records_a_second_are_a_breach),
    };
    return cmocka_run_group_tests_name("gossip/admission", tests, NULL, NULL);
}
