/* engine/join: what the ledger decides reaches disk and scorer alike. */
#include "records.h"

static double score_of(struct rig *rig, const char *subject, enum trust_score_status *out_status)
{
    struct trust_score score;
    const struct trust_question question = {.subject = trust_bytes_text(subject)};
    struct trust_scorer *scorer = trust_engine_scorer(rig->engine, rig->now);
    assert_int_equal(trust_scorer_score(scorer, &score, &question, rig->now.wall), TRUST_OK);
    *out_status = score.status;
    return score.has_score ? score.score : -1;
}

static void a_newer_rating_replaces_the_older_on_disk_and_in_the_score(void **state)
{
    (void)state;
    struct trust_secret *me = rig_secret(1);
    struct trust_key key;
    trust_secret_key(&key, me);
    struct rig *rig = rig_open(&key, 1);
    struct trust_signed good =
        rig_sign(rig, me, rig_rating("mcp:io.example/a", 1000, RIG_START_MS));
    struct trust_signed bad =
        rig_sign(rig, me, rig_rating("mcp:io.example/a", 0, RIG_START_MS + 1));
    enum trust_score_status status;
    assert_int_equal(rig_publish(rig, &good), TRUST_OK);
    /* omega 10: r_o = 11/12, m_p = 2 r_o / 2, m_o = (2 x .5 + 10) / 12 = r_o. */
    assert_true(score_of(rig, "mcp:io.example/a", &status) > .9166);
    assert_int_equal(status, TRUST_SCORE_OK);
    assert_int_equal(rig_publish(rig, &bad), TRUST_OK);
    assert_true(score_of(rig, "mcp:io.example/a", &status) < .0834);
    assert_int_equal(rig->count, 1);
    assert_memory_equal(rig->records[0].bytes, bad.data, bad.size);
    rig_close(rig);
    trust_secret_close(me);
}

static void a_void_pair_counts_for_nothing_and_is_kept(void **state)
{
    (void)state;
    struct trust_secret *me = rig_secret(1);
    struct trust_key key;
    trust_secret_key(&key, me);
    struct rig *rig = rig_open(&key, 1);
    struct trust_signed one = rig_sign(rig, me, rig_rating("mcp:io.example/a", 1000, RIG_START_MS));
    struct trust_signed two = rig_sign(rig, me, rig_rating("mcp:io.example/a", 999, RIG_START_MS));
    enum trust_score_status status;
    assert_int_equal(rig_publish(rig, &one), TRUST_OK);
    assert_int_equal(rig_publish(rig, &two), TRUST_OK);
    assert_int_equal(rig->count, 2);
    (void)score_of(rig, "mcp:io.example/a", &status);
    assert_int_equal(status, TRUST_SCORE_UNKNOWN);
    struct trust_signed after =
        rig_sign(rig, me, rig_rating("mcp:io.example/a", 800, RIG_START_MS + 1));
    assert_int_equal(rig_publish(rig, &after), TRUST_OK);
    assert_int_equal(rig->count, 1);
    (void)score_of(rig, "mcp:io.example/a", &status);
    assert_int_equal(status, TRUST_SCORE_OK);
    rig_close(rig);
    trust_secret_close(me);
}

static void a_compromised_author_leaves_nothing_but_its_revocation(void **state)
{
    (void)state;
    struct trust_secret *me = rig_secret(1);
    struct trust_secret *friend = rig_secret(2);
    struct trust_key key;
    trust_secret_key(&key, me);
    struct rig *rig = rig_open(&key, 1);
    struct trust_signed vouch = rig_sign(rig, me, rig_vouch(friend, 1000, RIG_START_MS));
    assert_int_equal(rig_publish(rig, &vouch), TRUST_OK);
    rig_pass(rig, 1000);
    for (uint16_t i = 0; i < 5; i++) {
        char subject[] = "mcp:io.example/0";
        subject[15] = (char)('0' + i);
        struct trust_signed rating = rig_sign(rig, friend, rig_rating(subject, 0, RIG_START_MS));
        assert_int_equal(rig_publish(rig, &rating), TRUST_OK);
    }
    assert_int_equal(rig->count, 6);
    enum trust_score_status status;
    assert_true(score_of(rig, "mcp:io.example/0", &status) >= 0);
    struct trust_signed revocation =
        rig_sign(rig, friend,
                 (struct trust_record){.kind = TRUST_KIND_REVOCATION,
                                       .seq = RIG_START_MS + 5,
                                       .revocation = {.reason = TRUST_REVOKED_COMPROMISED}});
    assert_int_equal(rig_publish(rig, &revocation), TRUST_OK);
    assert_int_equal(rig->count, 2);
    (void)score_of(rig, "mcp:io.example/0", &status);
    assert_int_equal(status, TRUST_SCORE_UNKNOWN);
    struct trust_signed late =
        rig_sign(rig, friend, rig_rating("mcp:io.example/9", 0, RIG_START_MS + 9));
    assert_int_equal(rig_publish(rig, &late), TRUST_NO_REVOKED);
    rig_close(rig);
    trust_secret_close(me);
    trust_secret_close(friend);
}

static void a_retired_author_counts_up_to_its_last_word(void **state)
{
    (void)state;
    struct trust_secret *me = rig_secret(1);
    struct trust_key key;
    trust_secret_key(&key, me);
    struct rig *rig = rig_open(&key, 1);
    struct trust_signed early =
        rig_sign(rig, me, rig_rating("mcp:io.example/a", 1000, RIG_START_MS));
    struct trust_signed late =
        rig_sign(rig, me, rig_rating("mcp:io.example/b", 1000, RIG_START_MS + 10));
    struct trust_signed revocation =
        rig_sign(rig, me,
                 (struct trust_record){.kind = TRUST_KIND_REVOCATION,
                                       .seq = RIG_START_MS + 20,
                                       .revocation = {.reason = TRUST_REVOKED_RETIRED,
                                                      .last_seq = RIG_START_MS + 5}});
    assert_int_equal(rig_publish(rig, &early), TRUST_OK);
    assert_int_equal(rig_publish(rig, &late), TRUST_OK);
    assert_int_equal(rig_publish(rig, &revocation), TRUST_OK);
    assert_int_equal(rig->count, 3);
    enum trust_score_status status;
    (void)score_of(rig, "mcp:io.example/a", &status);
    assert_int_equal(status, TRUST_SCORE_OK);
    (void)score_of(rig, "mcp:io.example/b", &status);
    assert_int_equal(status, TRUST_SCORE_UNKNOWN);
    rig_close(rig);
    trust_secret_close(me);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_newer_rating_replaces_the_older_on_disk_and_in_the_score),
        cmocka_unit_test(a_void_pair_counts_for_nothing_and_is_kept),
        cmocka_unit_test(a_compromised_author_leaves_nothing_but_its_revocation),
        cmocka_unit_test(a_retired_author_counts_up_to_its_last_word),
    };
    return cmocka_run_group_tests_name("engine/join", tests, NULL, NULL);
}
