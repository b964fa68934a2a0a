/* node/peering: orders about peers hold at once and after a restart, or not at all; invites end. */
#include "node/peering.h"

#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include <cmocka.h>

#include "base/bytes.h"
#include "host/files.h"
#include "node_rig.h"

#define LISTED 200
#define ENDPOINT "tcp://127.0.0.1:9"

static struct trust_key key_of(uint8_t number)
{
    struct trust_key key;
    memset(key.bytes, number, sizeof key.bytes);
    return key;
}

static struct peer_entry entry_of(uint8_t number, const char *endpoint, const char *name)
{
    struct peer_entry entry = {.key = key_of(number)};
    (void)snprintf(entry.endpoint, sizeof entry.endpoint, "%s", endpoint);
    (void)snprintf(entry.name, sizeof entry.name, "%s", name);
    return entry;
}

/* A node whose configuration lists one peer. */
static struct node_rig *open_with_listed(void)
{
    struct node_rig *rig = node_rig_make("");
    char text[TRUST_KEY_TEXT_SIZE];
    struct trust_key key = key_of(LISTED);
    trust_key_encode(text, &key, TRUST_KEY_NODE);
    (void)snprintf(rig->config, sizeof rig->config,
                   "network: test\nlink: { listen: null, peers: [ { key: %s, endpoint: \"%s\", "
                   "name: \"the listed\" } ] }\n",
                   text, ENDPOINT);
    node_rig_start(rig);
    return rig;
}

static bool is_known(const struct node_rig *rig, uint8_t number)
{
    uint32_t peer = 0;
    struct trust_key key = key_of(number);
    return trust_gossip_find_peer(trust_engine_gossip(rig->core.engine), &peer, &key);
}

static const struct peer_book *book_of(const struct node_rig *rig)
{
    return &rig->core.peers.book;
}

static const char *book_text(const struct node_rig *rig)
{
    return node_rig_text(node_rig_path(rig, TRUST_HOME_PEERS));
}

/* No file grows above a few bytes, as on a full disk. */
static struct rlimit fill_disk(void)
{
    struct rlimit before;
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &before), 0);
    assert_true(signal(SIGXFSZ, SIG_IGN) != SIG_ERR);
    const struct rlimit limited = {.rlim_cur = 4, .rlim_max = before.rlim_max};
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &limited), 0);
    return before;
}

static void empty_disk(struct rlimit before)
{
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &before), 0);
}

static void add(struct node_rig *rig, uint8_t number, const char *endpoint, const char *name)
{
    struct peer_entry entry = entry_of(number, endpoint, name);
    assert_int_equal(peering_add(&rig->core, &entry), TRUST_OK);
}

static void an_added_peer_is_there_at_once_and_after_a_restart(void **state)
{
    (void)state;
    struct node_rig *rig = node_rig_open("");
    add(rig, 1, ENDPOINT, "the first");
    add(rig, 2, "", "");
    assert_true(is_known(rig, 1));
    assert_true(is_known(rig, 2));
    node_rig_drop(rig);
    node_rig_start(rig);
    assert_true(is_known(rig, 1));
    assert_true(is_known(rig, 2));
    struct trust_key key = key_of(1);
    struct peering_label label = peering_label(&rig->core, &key);
    assert_string_equal(label.endpoint, ENDPOINT);
    assert_string_equal(label.name, "the first");
    assert_false(label.is_listed);
    node_rig_close(rig);
}

static void a_peer_that_is_added_again_is_updated(void **state)
{
    (void)state;
    struct node_rig *rig = node_rig_open("");
    add(rig, 1, "", "old");
    add(rig, 1, ENDPOINT, "new");
    assert_int_equal(book_of(rig)->peer_count, 1);
    assert_string_equal(book_of(rig)->peers[0].endpoint, ENDPOINT);
    assert_string_equal(book_of(rig)->peers[0].name, "new");
    node_rig_close(rig);
}

static void a_removed_peer_is_gone_at_once_and_after_a_restart(void **state)
{
    (void)state;
    struct node_rig *rig = node_rig_open("");
    struct trust_key first = key_of(1);
    add(rig, 1, "", "");
    add(rig, 2, "", "");
    assert_int_equal(peering_remove(&rig->core, &first), TRUST_OK);
    assert_false(is_known(rig, 1));
    assert_int_equal(peering_remove(&rig->core, &first), TRUST_NO_FOUND);
    node_rig_drop(rig);
    node_rig_start(rig);
    assert_false(is_known(rig, 1));
    assert_true(is_known(rig, 2));
    node_rig_close(rig);
}

static void a_node_is_no_peer_of_itself(void **state)
{
    (void)state;
    struct node_rig *rig = node_rig_open("");
    const struct peer_entry self = {.key = rig->core.node_key.key};
    const struct trust_invite own = {.endpoint = ENDPOINT, .key = rig->core.node_key.key};
    assert_int_equal(peering_add(&rig->core, &self), TRUST_NO_KEY);
    assert_int_equal(peering_join(&rig->core, &own), TRUST_NO_KEY);
    assert_int_equal(book_of(rig)->peer_count, 0);
    assert_string_equal(book_text(rig), "");
    node_rig_close(rig);
}

static void the_configuration_wins_over_orders(void **state)
{
    (void)state;
    struct node_rig *rig = open_with_listed();
    struct trust_key key = key_of(LISTED);
    struct peer_entry entry = entry_of(LISTED, "tcp://127.0.0.1:10", "another");
    assert_true(is_known(rig, LISTED));
    assert_int_equal(peering_add(&rig->core, &entry), TRUST_NO_CONFLICT);
    assert_int_equal(peering_remove(&rig->core, &key), TRUST_NO_CONFLICT);
    assert_true(is_known(rig, LISTED));
    struct peering_label label = peering_label(&rig->core, &key);
    assert_string_equal(label.endpoint, ENDPOINT);
    assert_string_equal(label.name, "the listed");
    assert_true(label.is_listed);
    assert_string_equal(book_text(rig), "");
    node_rig_close(rig);
}

static void an_order_that_is_not_written_changes_nothing(void **state)
{
    (void)state;
    struct node_rig *rig = node_rig_open("");
    add(rig, 1, ENDPOINT, "one");
    char before[512];
    (void)snprintf(before, sizeof before, "%s", book_text(rig));
    struct trust_key first = key_of(1);
    struct peer_entry second = entry_of(2, "", "");
    struct peer_entry changed = entry_of(1, "", "changed");
    const struct trust_invite invite = {.endpoint = ENDPOINT, .key = key_of(3)};
    const struct peering_terms terms = {.endpoint = ENDPOINT, .uses = 1, .lasts_s = 60};
    rig->core.config.link.listen = ENDPOINT;
    struct trust_invite made = {.secret = {7}};
    struct rlimit limit = fill_disk();
    enum trust_error errors[] = {
        peering_add(&rig->core, &second), peering_add(&rig->core, &changed),
        peering_remove(&rig->core, &first), peering_join(&rig->core, &invite),
        peering_invite(&rig->core, &made, &terms)};
    empty_disk(limit);
    for (size_t i = 0; i < sizeof errors / sizeof errors[0]; i++)
        assert_int_equal(errors[i], TRUST_NO_ROOM);
    assert_int_equal(book_of(rig)->peer_count, 1);
    assert_string_equal(book_of(rig)->peers[0].name, "one");
    assert_string_equal(book_of(rig)->peers[0].endpoint, ENDPOINT);
    assert_int_equal(book_of(rig)->invite_count, 0);
    assert_true(is_known(rig, 1));
    assert_false(is_known(rig, 2));
    assert_false(is_known(rig, 3));
    assert_int_equal(made.secret[0], 7);
    assert_string_equal(book_text(rig), before);
    node_rig_close(rig);
}

/* The configuration's and the book's peers share 64 places: the book alone has room for one more.
 */
static void a_peer_without_a_place_is_taken_out_of_the_file_again(void **state)
{
    (void)state;
    struct node_rig *rig = open_with_listed();
    for (uint8_t i = 1; i < TRUST_PEERS_MAX; i++)
        add(rig, i, "", "");
    char *before = strdup(book_text(rig));
    struct peer_entry late = entry_of(TRUST_PEERS_MAX, "", "");
    assert_int_equal(peering_add(&rig->core, &late), TRUST_NO_ROOM);
    assert_int_equal(book_of(rig)->peer_count, TRUST_PEERS_MAX - 1);
    assert_string_equal(book_text(rig), before);
    struct trust_key first = key_of(1);
    assert_int_equal(peering_remove(&rig->core, &first), TRUST_OK);
    assert_int_equal(peering_add(&rig->core, &late), TRUST_OK);
    free(before);
    node_rig_close(rig);
}

static void a_file_that_does_not_read_stops_the_start(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        mode_t mode;
        enum trust_error error;
    } rows[] = {
        {"repute-peers 2\n", 0600, TRUST_NO_VERSION},
        {"repute-peers 1\npeer nobody -\n", 0600, TRUST_NO_SYNTAX},
        {"repute-peers 1\n", 0666, TRUST_NO_FILE},
        {"repute-peers 1\n", 0600, TRUST_OK},
    };
    struct node_rig *rig = node_rig_open("");
    node_rig_drop(rig);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const char *path = node_rig_path(rig, TRUST_HOME_PEERS);
        must(trust_file_write(path, trust_bytes_text(rows[i].text), rows[i].mode));
        assert_int_equal(chmod(path, rows[i].mode), 0);
        assert_int_equal(node_rig_try(rig), rows[i].error);
    }
    node_rig_close(rig);
}

static void only_a_peer_that_is_connected_is_pinged(void **state)
{
    (void)state;
    struct node_rig *rig = node_rig_open("");
    struct trust_key key = key_of(1);
    assert_int_equal(peering_ping(&rig->core, &key), TRUST_NO_FOUND);
    add(rig, 1, "", "");
    assert_int_equal(peering_ping(&rig->core, &key), TRUST_NO_PEER);
    node_rig_close(rig);
}

static void a_key_that_nobody_named_has_no_label(void **state)
{
    (void)state;
    struct node_rig *rig = node_rig_open("");
    struct trust_key key = key_of(9);
    struct peering_label label = peering_label(&rig->core, &key);
    assert_string_equal(label.endpoint, "");
    assert_string_equal(label.name, "");
    assert_false(label.is_listed);
    node_rig_close(rig);
}

static void peers_that_left_the_configuration_are_forgotten(void **state)
{
    (void)state;
    struct node_rig *rig = node_rig_open("");
    add(rig, 2, "", "by order");
    const struct trust_config_peer before[] = {
        {.key.key = key_of(1)}, {.key.key = key_of(2)}, {.key.key = key_of(3)}};
    const struct trust_config_peer after[] = {{.key.key = key_of(3), .name = "kept"},
                                              {.key.key = key_of(4)}};
    const struct trust_config_peers former = {.peers = before, .count = 3};
    const struct trust_config_peers none = {.count = 0};
    struct trust_config_peers own = rig->core.config.link.peers;
    rig->core.config.link.peers = former;
    peering_follow(&rig->core, &none);
    assert_true(is_known(rig, 1) && is_known(rig, 2) && is_known(rig, 3));
    rig->core.config.link.peers = (struct trust_config_peers){.peers = after, .count = 2};
    peering_follow(&rig->core, &former);
    assert_false(is_known(rig, 1));
    assert_true(is_known(rig, 2) && is_known(rig, 3) && is_known(rig, 4));
    struct trust_key key = key_of(2);
    assert_string_equal(peering_label(&rig->core, &key).name, "by order");
    rig->core.config.link.peers = own;
    node_rig_close(rig);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_added_peer_is_there_at_once_and_after_a_restart),
        cmocka_unit_test(a_peer_that_is_added_again_is_updated),
        cmocka_unit_test(a_removed_peer_is_gone_at_once_and_after_a_restart),
        cmocka_unit_test(a_node_is_no_peer_of_itself),
        cmocka_unit_test(the_configuration_wins_over_orders),
        cmocka_unit_test(an_order_that_is_not_written_changes_nothing),
        cmocka_unit_test(a_peer_without_a_place_is_taken_out_of_the_file_again),
        cmocka_unit_test(a_file_that_does_not_read_stops_the_start),
        cmocka_unit_test(only_a_peer_that_is_connected_is_pinged),
        cmocka_unit_test(a_key_that_nobody_named_has_no_label),
        cmocka_unit_test(peers_that_left_the_configuration_are_forgotten),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
