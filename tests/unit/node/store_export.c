/* node/store_export: everything once, in the order of author keys, however small the steps are. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "fixture.h"

#define RECORDS 24u

/* What an export gave, one after another. */
struct dump {
    uint32_t count;
    struct trust_key author[RECORDS + 8];
    uint64_t seq[RECORDS + 8];
    struct trust_id id[RECORDS + 8];
    const struct trust_network *network;
};

static bool take(void *context, const struct trust_key *author, struct trust_bytes bytes)
{
    struct dump *dump = context;
    struct trust_record record;
    must(trust_record_decode(&record, bytes));
    assert_in_range(dump->count, 0, RECORDS + 7);
    dump->author[dump->count] = *author;
    dump->seq[dump->count] = record.seq;
    trust_record_id(&dump->id[dump->count], bytes, dump->network);
    dump->count++;
    return true;
}

/* Three authors in turn; some share a seq, so that ids decide. */
static struct fixture *make_store(void)
{
    struct fixture *fixture = fixture_open();
    for (unsigned i = 0; i < RECORDS; i++) {
        struct fixture_record record = fixture_rate(fixture, (i + 2) % 3, i, i / 6);
        fixture_submit(fixture, fixture_put(fixture, &record));
    }
    fixture_settle(fixture);
    return fixture;
}

static struct dump export(struct fixture *fixture, uint32_t count)
{
    struct dump dump = {.network = &fixture->network};
    struct store_export cursor = {0};
    for (uint32_t steps = 0; !cursor.done; steps++) {
        uint32_t before = dump.count;
        assert_in_range(steps, 0, RECORDS + 1);
        must(store_export_step(fixture->store, &cursor, count, take, &dump));
        assert_true(cursor.done || dump.count >= before + count);
    }
    return dump;
}

static int compare(const struct dump *dump, uint32_t left, uint32_t right)
{
    int order = memcmp(&dump->author[left], &dump->author[right], 32);
    if (order != 0)
        return order;
    if (dump->seq[left] != dump->seq[right])
        return dump->seq[left] < dump->seq[right] ? -1 : 1;
    return memcmp(&dump->id[left], &dump->id[right], 32);
}

static void steps_of_any_size_give_the_same_order(void **state)
{
    (void)state;
    static const uint32_t counts[] = {1000, 1, 3, 8, 24};
    struct fixture *fixture = make_store();
    for (size_t i = 0; i < sizeof counts / sizeof counts[0]; i++) {
        struct dump dump = export(fixture, counts[i]);
        assert_int_equal(dump.count, RECORDS);
        for (uint32_t k = 1; k < dump.count; k++)
            assert_in_range(compare(&dump, k, k - 1), 1, INT32_MAX);
    }
    fixture_close(fixture);
}

static void an_empty_store_is_done_at_once(void **state)
{
    (void)state;
    struct fixture *fixture = fixture_open();
    assert_int_equal(export(fixture, 1).count, 0);
    fixture_close(fixture);
}

static void an_author_erased_between_two_steps_is_left_behind(void **state)
{
    (void)state;
    struct fixture *fixture = make_store();
    struct dump dump = {.network = &fixture->network};
    struct store_export cursor = {0};
    must(store_export_step(fixture->store, &cursor, 2, take, &dump));
    size_t first = fixture_author(fixture, &dump.author[0]);
    fixture_submit(fixture, fixture_erase_author(fixture, first, NULL));
    fixture_settle(fixture);
    while (!cursor.done)
        must(store_export_step(fixture->store, &cursor, 2, take, &dump));
    assert_int_equal(dump.count, 2 + 16);
    for (uint32_t k = 2; k < dump.count; k++)
        assert_memory_not_equal(&dump.author[k], &dump.author[0], 32);
    fixture_close(fixture);
}

static void an_author_that_came_back_with_another_number_goes_on_where_it_was(void **state)
{
    (void)state;
    struct fixture *fixture = fixture_open();
    struct fixture_record records[6];
    (void)fixture_store(fixture, 1, 1, 1);
    for (unsigned i = 0; i < 6; i++)
        records[i] = fixture_store(fixture, 0, i, i);
    (void)fixture_store(fixture, 2, 1, 1);
    struct dump all = export(fixture, 100);
    struct dump dump = {.network = &fixture->network};
    struct store_export cursor = {0};
    while (dump.count == 0 || memcmp(&dump.author[dump.count - 1], &fixture->keys[0], 32) != 0)
        must(store_export_step(fixture->store, &cursor, 1, take, &dump));
    must(store_export_step(fixture->store, &cursor, 1, take, &dump));
    fixture_submit(fixture, fixture_erase_author(fixture, 0, NULL));
    fixture_settle(fixture);
    for (unsigned i = 0; i < 6; i++)
        fixture_submit(fixture, fixture_put(fixture, &records[i]));
    fixture_settle(fixture);
    while (!cursor.done)
        must(store_export_step(fixture->store, &cursor, 1, take, &dump));
    assert_int_equal(dump.count, all.count);
    assert_memory_equal(dump.id, all.id, sizeof all.id[0] * all.count);
    fixture_close(fixture);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(steps_of_any_size_give_the_same_order),
        cmocka_unit_test(an_empty_store_is_done_at_once),
        cmocka_unit_test(an_author_erased_between_two_steps_is_left_behind),
        cmocka_unit_test(an_author_that_came_back_with_another_number_goes_on_where_it_was),
    };
    return cmocka_run_group_tests_name("node/store_export", tests, NULL, NULL);
}
