/* engine/peers: a record published at one node reaches another that wants its author. */
#include "pair.h"

static void what_one_publishes_the_other_scores(void **state)
{
    (void)state;
    struct couple couple = couple_open();
    struct rig *a = couple.a;
    struct rig *b = couple.b;
    struct trust_signed early =
        rig_sign(a, couple.alice, rig_rating("mcp:io.example/early", 900, RIG_START_MS));
    assert_int_equal(rig_publish(a, &early), TRUST_OK);
    pair_connect(a, b);
    pair_run(a, b, 100);
    struct trust_signed late =
        rig_sign(a, couple.alice, rig_rating("mcp:io.example/late", 100, RIG_START_MS + 1));
    assert_int_equal(rig_publish(a, &late), TRUST_OK);
    pair_run(a, b, 20);
    assert_int_equal(b->count, 3);
    struct trust_score score;
    const struct trust_question question = {.subject = trust_bytes_text("mcp:io.example/late")};
    assert_int_equal(
        trust_scorer_score(trust_engine_scorer(b->engine, b->now), &score, &question, b->now.wall),
        TRUST_OK);
    assert_int_equal(score.raters, 1);
    assert_int_equal(a->count, 2); /* Bob asks Alice for himself; she asks nobody else */
    trust_engine_handle_peer_down(b->engine, 0);
    rig_run(b);
    trust_engine_remove_peer(b->engine, 0);
    rig_run(b);
    assert_null(trust_gossip_peer(trust_engine_gossip(b->engine), 0));
    couple_close(&couple);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_one_publishes_the_other_scores),
    };
    return cmocka_run_group_tests_name("engine/peers", tests, NULL, NULL);
}
