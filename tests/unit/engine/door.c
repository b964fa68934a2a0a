/* engine/door: one door for every record; verdicts come when the disk has it, or at once. */
#include <stdio.h>

#include "records.h"

static void a_publish_is_answered_when_it_is_durable(void **state)
{
    (void)state;
    struct trust_secret *me = rig_secret(1);
    struct trust_key key;
    trust_secret_key(&key, me);
    struct rig *rig = rig_open(&key, 1);
    rig->holds_commits = true;
    struct trust_signed rating =
        rig_sign(rig, me, rig_rating("mcp:io.example/a", 900, RIG_START_MS));
    trust_engine_publish(rig->engine, 7, rig_bytes(&rating), rig->now);
    rig_run(rig);
    assert_int_equal(rig->count, 1);
    assert_int_equal(rig->verdict_count, 0);
    rig->holds_commits = false;
    rig_run(rig);
    assert_int_equal(rig->verdict_count, 1);
    assert_int_equal(rig->verdicts[0].ticket, 7);
    assert_int_equal(rig->verdicts[0].error, TRUST_OK);
    assert_memory_equal(rig->records[0].bytes, rating.data, rating.size);
    rig_close(rig);
    trust_secret_close(me);
}

static void every_refusal_has_its_name_and_stores_nothing(void **state)
{
    (void)state;
    struct trust_secret *me = rig_secret(1);
    struct trust_secret *stranger = rig_secret(2);
    struct trust_key key;
    trust_secret_key(&key, me);
    struct rig *rig = rig_open(&key, 1);
    const char *subject = "mcp:io.example/a";
    struct trust_signed good = rig_sign(rig, me, rig_rating(subject, 900, RIG_START_MS));
    struct trust_signed other = rig_sign(rig, stranger, rig_rating(subject, 0, RIG_START_MS));
    assert_int_equal(rig_publish(rig, &other), TRUST_NO_INTEREST);
    struct trust_signed bad = good;
    bad.data[bad.size - 40] ^= 1;
    assert_int_equal(rig_publish(rig, &bad), TRUST_NO_SIGNATURE);
    bad = good;
    bad.size -= 1;
    assert_int_not_equal(rig_publish(rig, &bad), TRUST_OK);
    bad.size = 64;
    assert_int_equal(rig_publish(rig, &bad), TRUST_NO_SIZE);
    bad = good;
    bad.data[0] = 0x90;
    assert_int_equal(rig_publish(rig, &bad), TRUST_NO_CANONICAL);
    struct trust_signed early = rig_sign(rig, me, rig_rating(subject, 900, RIG_START_MS + 601000));
    assert_int_equal(rig_publish(rig, &early), TRUST_NO_TIME);
    assert_int_equal(rig->count, 0);
    assert_int_equal(rig_publish(rig, &good), TRUST_OK);
    assert_int_equal(rig_publish(rig, &good), TRUST_NO_DUPLICATE);
    struct trust_signed older = rig_sign(rig, me, rig_rating(subject, 100, RIG_START_MS - 1));
    assert_int_equal(rig_publish(rig, &older), TRUST_NO_OLDER);
    assert_int_equal(rig->count, 1);
    rig_close(rig);
    trust_secret_close(me);
    trust_secret_close(stranger);
}

static void a_full_disk_is_told_and_heals(void **state)
{
    (void)state;
    struct trust_secret *me = rig_secret(1);
    struct trust_key key;
    trust_secret_key(&key, me);
    struct rig *rig = rig_open(&key, 1);
    rig->holds_commits = true;
    struct trust_signed first =
        rig_sign(rig, me, rig_rating("mcp:io.example/a", 900, RIG_START_MS));
    assert_int_equal(rig_publish(rig, &first), TRUST_NO_BUSY);
    trust_engine_handle_store_fault(rig->engine, TRUST_NO_ROOM, rig->now);
    rig_run(rig);
    assert_int_equal(rig->verdict_count, 1);
    assert_int_equal(rig->verdicts[0].error, TRUST_NO_ROOM);
    struct trust_signed second =
        rig_sign(rig, me, rig_rating("mcp:io.example/b", 900, RIG_START_MS + 1));
    assert_int_equal(rig_publish(rig, &second), TRUST_NO_ROOM);
    trust_engine_handle_store_fault(rig->engine, TRUST_OK, rig->now);
    rig->holds_commits = false;
    rig->verdict_count = 0;
    rig_run(rig);
    assert_int_equal(rig->verdict_count, 0);
    assert_int_equal(rig_publish(rig, &second), TRUST_OK);
    assert_int_equal(rig->count, 2);
    rig_close(rig);
    trust_secret_close(me);
}

static void what_the_disk_holds_is_loaded_into_the_same_state(void **state)
{
    (void)state;
    struct trust_secret *me = rig_secret(1);
    struct trust_key key;
    trust_secret_key(&key, me);
    struct rig *rig = rig_open(&key, 1);
    struct rig *again = rig_open(&key, 1);
    for (uint16_t i = 0; i < 20; i++) {
        char subject[32];
        (void)snprintf(subject, sizeof subject, "mcp:io.example/s%u", i % 7u);
        struct trust_signed rating = rig_sign(rig, me, rig_rating(subject, i, RIG_START_MS + i));
        assert_int_equal(rig_publish(rig, &rating), TRUST_OK);
    }
    assert_int_equal(rig->count, 7);
    for (size_t i = 0; i < rig->count; i++)
        assert_int_equal(
            trust_engine_load(again->engine, (struct trust_bytes){.data = rig->records[i].bytes,
                                                                  .size = rig->records[i].size}),
            TRUST_OK);
    rig_run(again);
    assert_int_equal(again->count, 0);
    uint32_t author = 0;
    assert_true(trust_keys_find(trust_engine_keys(rig->engine), &author, &key));
    struct trust_head head = trust_ledger_head(trust_engine_ledger(rig->engine), author);
    assert_true(trust_keys_find(trust_engine_keys(again->engine), &author, &key));
    struct trust_head loaded = trust_ledger_head(trust_engine_ledger(again->engine), author);
    assert_int_equal(head.count, 7);
    assert_memory_equal(&head, &loaded, sizeof head);
    rig_close(rig);
    rig_close(again);
    trust_secret_close(me);
}

static void a_stale_row_of_the_disk_is_erased(void **state)
{
    (void)state;
    struct trust_secret *me = rig_secret(1);
    struct trust_key key;
    trust_secret_key(&key, me);
    struct rig *rig = rig_open(&key, 1);
    struct trust_signed newer =
        rig_sign(rig, me, rig_rating("mcp:io.example/a", 900, RIG_START_MS + 1));
    struct trust_signed older =
        rig_sign(rig, me, rig_rating("mcp:io.example/a", 100, RIG_START_MS));
    assert_int_equal(trust_engine_load(rig->engine, rig_bytes(&newer)), TRUST_OK);
    assert_int_equal(trust_engine_load(rig->engine, rig_bytes(&older)), TRUST_NO_OLDER);
    struct trust_action action;
    assert_true(trust_engine_poll_action(rig->engine, &action, true, rig->now));
    assert_int_equal(action.kind, TRUST_ACTION_STORE);
    assert_int_equal(action.store.kind, TRUST_STORE_ERASE);
    assert_int_equal(action.store.seq, RIG_START_MS);
    assert_int_equal(action.store.head.count, 1);
    rig_close(rig);
    trust_secret_close(me);
}

static void a_damaged_record_can_be_brought_again(void **state)
{
    (void)state;
    struct trust_secret *me = rig_secret(1);
    struct trust_key key;
    trust_secret_key(&key, me);
    struct rig *rig = rig_open(&key, 1);
    struct trust_signed rating =
        rig_sign(rig, me, rig_rating("mcp:io.example/a", 900, RIG_START_MS));
    assert_int_equal(rig_publish(rig, &rating), TRUST_OK);
    assert_int_equal(rig_publish(rig, &rating), TRUST_NO_DUPLICATE);
    trust_engine_handle_damaged(rig->engine, &key, RIG_START_MS + 1);
    rig_run(rig);
    assert_int_equal(rig_publish(rig, &rating), TRUST_NO_DUPLICATE);
    trust_engine_handle_damaged(rig->engine, &key, RIG_START_MS);
    rig_run(rig);
    assert_int_equal(rig->count, 0);
    assert_int_equal(rig_publish(rig, &rating), TRUST_OK);
    assert_int_equal(rig->count, 1);
    rig_close(rig);
    trust_secret_close(me);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_publish_is_answered_when_it_is_durable),
        cmocka_unit_test(every_refusal_has_its_name_and_stores_nothing),
        cmocka_unit_test(a_full_disk_is_told_and_heals),
        cmocka_unit_test(what_the_disk_holds_is_loaded_into_the_same_state),
        cmocka_unit_test(a_stale_row_of_the_disk_is_erased),
        cmocka_unit_test(a_damaged_record_can_be_brought_again),
    };
    return cmocka_run_group_tests_name("engine/door", tests, NULL, NULL);
}
