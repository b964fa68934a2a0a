/* engine/reads: a pull is answered with what its author's head counts, not with what the disk has
 * so far. */
#include "engine/reads.h"

#include "pair.h"

static struct trust_gossip_read read_of(uint32_t ticket)
{
    return (struct trust_gossip_read){.ticket = ticket};
}

static void a_read_leaves_when_its_change_is_durable(void **state)
{
    (void)state;
    struct trust_reads reads = {0};
    struct trust_gossip_read out = {0};
    assert_false(trust_reads_take(&reads, &out, 100));
    const uint64_t numbers[4] = {9, 4, 0, 4};
    for (uint32_t i = 0; i < 4; i++) {
        struct trust_gossip_read read = read_of(i);
        trust_reads_add(&reads, &read, numbers[i]);
    }
    assert_true(trust_reads_take(&reads, &out, 3));
    assert_int_equal(out.ticket, 2);
    assert_false(trust_reads_take(&reads, &out, 3));
    assert_true(trust_reads_take(&reads, &out, 8));
    assert_int_equal(out.ticket, 1);
    assert_true(trust_reads_take(&reads, &out, 8));
    assert_int_equal(out.ticket, 3);
    assert_false(trust_reads_take(&reads, &out, 8));
    assert_true(trust_reads_take(&reads, &out, 9));
    assert_int_equal(out.ticket, 0);
    assert_int_equal(reads.count, 0);
}

static void the_oldest_makes_room(void **state)
{
    (void)state;
    struct trust_reads reads = {0};
    struct trust_gossip_read out = {0};
    for (uint32_t i = 0; i < TRUST_ENGINE_READS_MAX; i++) {
        struct trust_gossip_read read = read_of(i);
        assert_false(trust_reads_take(&reads, &out, 0));
        trust_reads_add(&reads, &read, 1);
    }
    assert_true(trust_reads_take(&reads, &out, 0));
    assert_int_equal(out.ticket, 0);
    assert_false(trust_reads_take(&reads, &out, 0));
}

/* A slow disk: what is accepted is asked for before it is written. Once it is written it must not
 * count as asked for in vain. The link is down at that moment, so that it is not pushed. */
static void a_pull_waits_for_what_is_on_its_way_to_the_disk(void **state)
{
    (void)state;
    struct couple couple = couple_open();
    struct rig *a = couple.a;
    struct rig *b = couple.b;
    a->holds_commits = true;
    struct trust_signed rating =
        rig_sign(a, couple.alice, rig_rating("mcp:io.example/a", 900, RIG_START_MS));
    assert_int_equal(rig_publish(a, &rating), TRUST_NO_BUSY);
    pair_connect(a, b);
    pair_run(a, b, 55);
    assert_int_equal(b->count, 1);
    pair_disconnect(a, b);
    a->holds_commits = false;
    rig_run(a);
    pair_link(a, b);
    pair_run(a, b, 120);
    assert_int_equal(b->count, 2);
    couple_close(&couple);
}

/* Its store writes nothing: what is there is given out. */
static void a_fault_is_not_waited_for(void **state)
{
    (void)state;
    struct couple couple = couple_open();
    struct rig *a = couple.a;
    struct rig *b = couple.b;
    struct trust_signed early =
        rig_sign(a, couple.alice, rig_rating("mcp:io.example/a", 900, RIG_START_MS));
    assert_int_equal(rig_publish(a, &early), TRUST_OK);
    a->holds_commits = true;
    struct trust_signed late =
        rig_sign(a, couple.alice, rig_rating("mcp:io.example/b", 900, RIG_START_MS + 1));
    assert_int_equal(rig_publish(a, &late), TRUST_NO_BUSY);
    trust_engine_handle_store_fault(a->engine, TRUST_NO_ROOM, a->now);
    rig_run(a);
    pair_connect(a, b);
    pair_run(a, b, 60);
    assert_int_equal(b->count, 2);
    couple_close(&couple);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_read_leaves_when_its_change_is_durable),
        cmocka_unit_test(the_oldest_makes_room),
        cmocka_unit_test(a_pull_waits_for_what_is_on_its_way_to_the_disk),
        cmocka_unit_test(a_fault_is_not_waited_for),
    };
    return cmocka_run_group_tests_name("engine/reads", tests, NULL, NULL);
}
