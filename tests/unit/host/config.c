/* host/config: the whole file at once: defaults, the documented example, what does not go together.
 */
#include <stdio.h>

#include "load.h"

static void without_a_file_every_value_is_its_default(void **state)
{
    (void)state;
    struct trust_config config = load("");
    assert_false(config.operator_key.is_set);
    assert_string_equal(config.network, "main");
    assert_null(config.link.listen);
    assert_false(config.link.newcomers);
    assert_int_equal(config.link.relay, TRUST_RELAY_PEERS);
    assert_int_equal(config.link.peers.count, 0);
    assert_int_equal(config.store_limit, UINT64_C(8589934592));
    assert_true(config.policy.min_score == 0.5);
    assert_int_equal(config.breaker.window_ms, 30000);
    assert_int_equal(config.breaker.streak, 5);
    assert_int_equal(config.groups.count, 0);
    assert_string_equal(entry_of(&config, "store.limit").value, "8GiB");
    assert_int_equal(entry_of(&config, "store.limit").mark.line, 0);
    trust_config_close(&config);
}

static void values_say_the_line_they_came_from(void **state)
{
    (void)state;
    struct trust_config config = load("network: lab\n"
                                      "store:\n"
                                      "  limit: 64MiB\n");
    assert_string_equal(config.network, "lab");
    assert_int_equal(config.store_limit, 67108864);
    assert_int_equal(entry_of(&config, "store.limit").mark.line, 3);
    assert_int_equal(entry_of(&config, "store.limit").mark.column, 10);
    trust_config_close(&config);
}

static void what_is_not_offered_is_refused_rather_than_ignored(void **state)
{
    (void)state;
    assert_refused("http: { listen: \"127.0.0.1:7718\" }\n", TRUST_NO_OPTION,
                   "test.yaml:1:18: http.listen: this version opens no TCP port");
    assert_refused("quarantine: { enforce: [nft] }\n", TRUST_NO_OPTION,
                   "test.yaml:1:25: quarantine.enforce: this version cuts no connection off");
    struct trust_config config = load("http: { listen: null }\nquarantine: { enforce: [] }\n");
    trust_config_close(&config);
}

static void a_listen_beyond_loopback_needs_newcomers_written_out(void **state)
{
    (void)state;
    assert_refused("link: { listen: \"tcp://0.0.0.0:7717\" }\n", TRUST_NO_CONFLICT,
                   "test.yaml:1:18: link: listening beyond loopback needs");
    struct trust_config config =
        load("link: { listen: \"tcp://0.0.0.0:7717\", newcomers: false }\n");
    assert_true(config.link.newcomers_set);
    trust_config_close(&config);
    config = load("link: { listen: \"tcp://127.0.0.1:7717\" }\n");
    assert_string_equal(config.link.listen, "tcp://127.0.0.1:7717");
    assert_false(config.link.newcomers_set);
    trust_config_close(&config);
}

static void peers_have_a_key_and_perhaps_an_endpoint(void **state)
{
    (void)state;
    struct trust_key key = {.bytes = {1, 2, 3}};
    char text[TRUST_KEY_TEXT_SIZE];
    trust_key_encode(text, &key, TRUST_KEY_NODE);
    char yaml[256];
    (void)snprintf(yaml, sizeof yaml,
                   "link:\n  peers:\n    - { key: %s, endpoint: \"tcp://[::1]:9\", name: bob }\n"
                   "    - key: %s\n",
                   text, text);
    struct trust_config config = load(yaml);
    assert_int_equal(config.link.peers.count, 2);
    assert_memory_equal(config.link.peers.peers[0].key.key.bytes, key.bytes, 32);
    assert_string_equal(config.link.peers.peers[0].endpoint, "tcp://[::1]:9");
    assert_string_equal(config.link.peers.peers[0].name, "bob");
    assert_null(config.link.peers.peers[1].endpoint);
    trust_config_close(&config);
    text[20] = text[20] == 'q' ? 'p' : 'q';
    (void)snprintf(yaml, sizeof yaml, "link: { peers: [ { key: %s } ] }\n", text);
    assert_refused(yaml, TRUST_NO_KEY, "test.yaml:1:25: key: expected a node key (rpn1");
    assert_refused("link: { peers: [ { name: x } ] }\n", TRUST_NO_OPTION,
                   "test.yaml:1:20: link.peers[0]: \"key\" is missing");
    assert_refused("link: { listen: \"tcp://nowhere\" }\n", TRUST_NO_RANGE,
                   "test.yaml:1:18: link.listen: expected tcp://host:port");
}

static void the_network_and_essential_groups_are_checked_at_the_end(void **state)
{
    (void)state;
    assert_refused("network: \"a b\"\n", TRUST_NO_RANGE, "test.yaml:1:11: network: expected");
    assert_refused("quarantine: { essential: [ search ] }\n", TRUST_NO_FOUND,
                   "test.yaml:1:28: quarantine.essential: there is no group \"search\"");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(without_a_file_every_value_is_its_default),
        cmocka_unit_test(values_say_the_line_they_came_from),
        cmocka_unit_test(what_is_not_offered_is_refused_rather_than_ignored),
        cmocka_unit_test(a_listen_beyond_loopback_needs_newcomers_written_out),
        cmocka_unit_test(peers_have_a_key_and_perhaps_an_endpoint),
        cmocka_unit_test(the_network_and_essential_groups_are_checked_at_the_end),
    };
    return cmocka_run_group_tests_name("host/config", tests, NULL, NULL);
}
