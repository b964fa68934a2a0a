/* node/peering: an invite lets a key in as often and as long as it says. */
#include <setjmp.h>
#include <signal.h>
#include <sodium.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>

#include <cmocka.h>

#include "node/peering.h"
#include "node_rig.h"

#define ENDPOINT "tcp://127.0.0.1:9"

static struct trust_key key_of(uint8_t number)
{
    struct trust_key key;
    memset(key.bytes, number, sizeof key.bytes);
    return key;
}

static struct node_rig *open_listening(void)
{
    struct node_rig *rig = node_rig_open("");
    rig->core.config.link.listen = ENDPOINT;
    return rig;
}

static const struct peer_book *book_of(const struct node_rig *rig)
{
    return &rig->core.peers.book;
}

static bool has_line(const struct node_rig *rig, const char *kind)
{
    const char *text = node_rig_text(node_rig_path(rig, TRUST_HOME_PEERS));
    char wanted[16];
    (void)snprintf(wanted, sizeof wanted, "\n%s ", kind);
    return strstr(text, wanted) != NULL;
}

/* Makes an invite; returns the one-time key that it seeds: BLAKE2b-256 of tag, key and secret. */
static struct trust_key invite(struct node_rig *rig, uint32_t uses, uint32_t lasts_s)
{
    struct trust_invite made;
    const struct peering_terms terms = {.uses = uses, .lasts_s = lasts_s};
    assert_int_equal(peering_invite(&rig->core, &made, &terms), TRUST_OK);
    assert_string_equal(made.endpoint, ENDPOINT);
    assert_memory_equal(made.key.bytes, rig->core.node_key.key.bytes, 32);
    uint8_t seed[16 + 32 + TRUST_INVITE_SECRET_SIZE];
    memcpy(seed, "repute-invite-v1", 16);
    memcpy(seed + 16, made.key.bytes, 32);
    memcpy(seed + 48, made.secret, sizeof made.secret);
    uint8_t secret[32];
    struct trust_key key;
    (void)crypto_generichash(secret, sizeof secret, seed, sizeof seed, NULL, 0);
    assert_int_equal(crypto_scalarmult_base(key.bytes, secret), 0);
    return key;
}

static void an_invite_is_kept_without_its_secret(void **state)
{
    (void)state;
    struct node_rig *rig = open_listening();
    struct trust_key key = invite(rig, 3, 600);
    const struct peer_invite *kept = peer_book_find_invite(book_of(rig), &key);
    assert_non_null(kept);
    assert_int_equal(kept->uses, 3);
    assert_int_equal(kept->expires_s, rig->core.now.wall.ms / 1000 + 600);
    assert_true(peering_is_invited(&rig->core, &key));
    struct trust_key other = key_of(1);
    assert_false(peering_is_invited(&rig->core, &other));
    rig->core.config.link.listen = NULL;
    node_rig_drop(rig);
    node_rig_start(rig);
    assert_true(peering_is_invited(&rig->core, &key));
    node_rig_close(rig);
}

static void an_endpoint_that_others_can_reach_is_needed(void **state)
{
    (void)state;
    static const struct {
        const char *listen;
        const char *endpoint;
        enum trust_error error;
        const char *told;
    } rows[] = {
        {NULL, NULL, TRUST_NO_PEER, ""},
        {NULL, "tcp://h.example:1", TRUST_NO_PEER, ""},
        {"tcp://0.0.0.0:7717", NULL, TRUST_NO_OPTION, ""},
        {"tcp://[::]:7717", NULL, TRUST_NO_OPTION, ""},
        {"tcp://0.0.0.0:7717", "tcp://h.example:1", TRUST_OK, "tcp://h.example:1"},
        {"tcp://192.0.2.1:7717", NULL, TRUST_OK, "tcp://192.0.2.1:7717"},
        {"tcp://192.0.2.1:7717", "tcp://h.example:1", TRUST_OK, "tcp://h.example:1"},
    };
    struct node_rig *rig = node_rig_open("");
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct trust_invite made = {.endpoint = ""};
        rig->core.config.link.listen = rows[i].listen;
        const struct peering_terms terms = {.endpoint = rows[i].endpoint, .uses = 1, .lasts_s = 60};
        assert_int_equal(peering_invite(&rig->core, &made, &terms), rows[i].error);
        assert_string_equal(made.endpoint, rows[i].told);
    }
    assert_int_equal(book_of(rig)->invite_count, 3);
    rig->core.config.link.listen = NULL;
    node_rig_close(rig);
}

static void each_peer_that_names_itself_takes_a_use(void **state)
{
    (void)state;
    struct node_rig *rig = open_listening();
    struct trust_key invited = invite(rig, 2, 600);
    struct trust_key first = key_of(1);
    struct trust_key second = key_of(2);
    peering_named(&rig->core, &invited, &first);
    assert_non_null(peer_book_find(book_of(rig), &first));
    assert_int_equal(peer_book_find_invite(book_of(rig), &invited)->uses, 1);
    assert_true(peering_is_invited(&rig->core, &invited));
    peering_named(&rig->core, &invited, &second);
    assert_int_equal(book_of(rig)->peer_count, 2);
    assert_false(peering_is_invited(&rig->core, &invited));
    assert_int_equal(book_of(rig)->invite_count, 0);
    assert_false(has_line(rig, "invite"));
    struct trust_key third = key_of(3);
    peering_named(&rig->core, &invited, &third);
    assert_int_equal(book_of(rig)->peer_count, 2);
    assert_non_null(strstr(node_rig_log(rig), "state=used"));
    rig->core.config.link.listen = NULL;
    node_rig_drop(rig);
    node_rig_start(rig);
    assert_non_null(peer_book_find(book_of(rig), &second));
    assert_false(peering_is_invited(&rig->core, &invited));
    node_rig_close(rig);
}

static void a_peer_that_is_known_takes_a_use_too_and_keeps_its_label(void **state)
{
    (void)state;
    struct node_rig *rig = open_listening();
    const struct peer_entry known = {
        .key = key_of(1), .endpoint = "tcp://127.0.0.1:10", .name = "known"};
    assert_int_equal(peering_add(&rig->core, &known), TRUST_OK);
    struct trust_key invited = invite(rig, 1, 600);
    peering_named(&rig->core, &invited, &known.key);
    assert_int_equal(book_of(rig)->peer_count, 1);
    assert_string_equal(peering_label(&rig->core, &known.key).endpoint, "tcp://127.0.0.1:10");
    assert_string_equal(peering_label(&rig->core, &known.key).name, "known");
    assert_int_equal(book_of(rig)->invite_count, 0);
    rig->core.config.link.listen = NULL;
    node_rig_close(rig);
}

static void a_peer_that_cannot_be_added_takes_no_use(void **state)
{
    (void)state;
    struct node_rig *rig = open_listening();
    struct trust_key invited = invite(rig, 1, 600);
    struct trust_key own = rig->core.node_key.key;
    peering_named(&rig->core, &invited, &own);
    assert_int_equal(book_of(rig)->peer_count, 0);
    assert_true(peering_is_invited(&rig->core, &invited));
    assert_non_null(strstr(node_rig_log(rig), "error=TRUST_NO_KEY"));
    rig->core.config.link.listen = NULL;
    node_rig_close(rig);
}

static void an_invite_ends_with_its_time(void **state)
{
    (void)state;
    struct node_rig *rig = open_listening();
    struct trust_key soon = invite(rig, 5, 60);
    struct trust_key late = invite(rig, 5, 120);
    uint64_t begin_ms = rig->core.now.wall.ms - rig->core.now.wall.ms % 1000;
    rig->core.now.wall.ms = begin_ms + 59999;
    peering_tick(&rig->core);
    assert_true(peering_is_invited(&rig->core, &soon));
    assert_int_equal(book_of(rig)->invite_count, 2);
    rig->core.now.wall.ms = begin_ms + 60000;
    assert_false(peering_is_invited(&rig->core, &soon));
    peering_tick(&rig->core);
    assert_null(peer_book_find_invite(book_of(rig), &soon));
    assert_true(peering_is_invited(&rig->core, &late));
    assert_true(has_line(rig, "invite"));
    assert_non_null(strstr(node_rig_log(rig), "state=expired"));
    rig->core.now.wall.ms = begin_ms + 120000;
    peering_tick(&rig->core);
    assert_int_equal(book_of(rig)->invite_count, 0);
    assert_false(has_line(rig, "invite"));
    rig->core.config.link.listen = NULL;
    node_rig_close(rig);
}

static void invites_are_bounded(void **state)
{
    (void)state;
    struct node_rig *rig = open_listening();
    for (int i = 0; i < PEER_BOOK_INVITES_MAX; i++)
        (void)invite(rig, 1, 60);
    struct trust_invite made = {.secret = {7}};
    const struct peering_terms terms = {.uses = 1, .lasts_s = 60};
    assert_int_equal(peering_invite(&rig->core, &made, &terms), TRUST_NO_ROOM);
    assert_int_equal(made.secret[0], 7);
    assert_int_equal(book_of(rig)->invite_count, PEER_BOOK_INVITES_MAX);
    rig->core.config.link.listen = NULL;
    node_rig_close(rig);
}

static void joining_makes_the_inviter_a_peer(void **state)
{
    (void)state;
    struct node_rig *rig = node_rig_open("");
    const struct trust_invite theirs = {.endpoint = ENDPOINT, .key = key_of(5), .secret = {1}};
    uint32_t peer = 0;
    assert_int_equal(peering_join(&rig->core, &theirs), TRUST_OK);
    assert_true(trust_gossip_find_peer(trust_engine_gossip(rig->core.engine), &peer, &theirs.key));
    assert_string_equal(peering_label(&rig->core, &theirs.key).endpoint, ENDPOINT);
    assert_true(has_line(rig, "peer"));
    node_rig_close(rig);
}

static void joining_a_peer_again_keeps_its_name(void **state)
{
    (void)state;
    struct node_rig *rig = node_rig_open("");
    const struct peer_entry known = {.key = key_of(5), .name = "known"};
    const struct trust_invite theirs = {.endpoint = ENDPOINT, .key = known.key, .secret = {1}};
    assert_int_equal(peering_add(&rig->core, &known), TRUST_OK);
    assert_int_equal(peering_join(&rig->core, &theirs), TRUST_OK);
    assert_int_equal(book_of(rig)->peer_count, 1);
    assert_string_equal(peering_label(&rig->core, &known.key).name, "known");
    assert_string_equal(peering_label(&rig->core, &known.key).endpoint, ENDPOINT);
    node_rig_close(rig);
}

/* The peer is in, whatever the disk says; the file is whole again with the next change. */
static void a_use_that_is_not_written_is_used_all_the_same(void **state)
{
    (void)state;
    struct node_rig *rig = open_listening();
    const struct peer_entry known = {.key = key_of(1)};
    assert_int_equal(peering_add(&rig->core, &known), TRUST_OK);
    struct trust_key invited = invite(rig, 1, 600);
    struct rlimit before;
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &before), 0);
    assert_true(signal(SIGXFSZ, SIG_IGN) != SIG_ERR);
    const struct rlimit limited = {.rlim_cur = 4, .rlim_max = before.rlim_max};
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &limited), 0);
    peering_named(&rig->core, &invited, &known.key);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &before), 0);
    assert_false(peering_is_invited(&rig->core, &invited));
    assert_true(has_line(rig, "invite"));
    assert_true(has_line(rig, "peer"));
    const struct peer_entry next = {.key = key_of(2)};
    assert_int_equal(peering_add(&rig->core, &next), TRUST_OK);
    assert_false(has_line(rig, "invite"));
    rig->core.config.link.listen = NULL;
    node_rig_close(rig);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_invite_is_kept_without_its_secret),
        cmocka_unit_test(an_endpoint_that_others_can_reach_is_needed),
        cmocka_unit_test(each_peer_that_names_itself_takes_a_use),
        cmocka_unit_test(a_peer_that_is_known_takes_a_use_too_and_keeps_its_label),
        cmocka_unit_test(a_peer_that_cannot_be_added_takes_no_use),
        cmocka_unit_test(an_invite_ends_with_its_time),
        cmocka_unit_test(invites_are_bounded),
        cmocka_unit_test(joining_makes_the_inviter_a_peer),
        cmocka_unit_test(joining_a_peer_again_keeps_its_name),
        cmocka_unit_test(a_use_that_is_not_written_is_used_all_the_same),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
