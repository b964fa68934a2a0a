/* host/group: the documented example of a group, its defaults and what it may not say. */
#include "trust/select.h"

#include "load.h"

static const char example[] =
    "policy: { min_score: 0.6, risk: low }\n"
    "groups:\n"
    "  search:\n"
    "    primary:\n"
    "      subject: \"mcp:io.github.acme/search\"\n"
    "      command: npx\n"
    "      args: [\"-y\", \"@acme/search-mcp\"]\n"
    "      env: { TOKEN: \"123\" }\n"
    "      trust_hints: true\n"
    "    fallbacks:\n"
    "      - subject: \"https://mcp.other.dev/mcp\"\n"
    "        url: \"https://mcp.other.dev/mcp\"\n"
    "        map: { web_search: { tool: search, args: { q: query } }, same: {} }\n"
    "    call_timeout: 5s\n"
    "  danger:\n"
    "    primary: { subject: \"pkg:npm/danger\" }\n"
    "    risk: high\n";

static void the_documented_group_is_read_whole(void **state)
{
    (void)state;
    struct trust_config config = load(example);
    assert_int_equal(config.groups.count, 2);
    const struct trust_group *group = trust_config_group(&config, "search");
    assert_string_equal(group->primary.subject, "mcp:io.github.acme/search");
    assert_string_equal(group->primary.command, "npx");
    assert_int_equal(group->primary.args.count, 2);
    assert_string_equal(group->primary.args.texts[1], "@acme/search-mcp");
    assert_string_equal(group->primary.env.pairs[0].name, "TOKEN");
    assert_string_equal(group->primary.env.pairs[0].value, "123");
    assert_true(group->primary.trust_hints);
    assert_int_equal(group->fallbacks.count, 1);
    const struct trust_group_server *fallback = &group->fallbacks.servers[0];
    assert_string_equal(fallback->url, "https://mcp.other.dev/mcp");
    assert_false(fallback->trust_hints);
    assert_int_equal(fallback->maps.count, 2);
    assert_string_equal(fallback->maps.maps[0].tool, "web_search");
    assert_string_equal(fallback->maps.maps[0].target, "search");
    assert_string_equal(fallback->maps.maps[0].args.pairs[0].name, "q");
    assert_string_equal(fallback->maps.maps[0].args.pairs[0].value, "query");
    assert_string_equal(fallback->maps.maps[1].target, "same");
    assert_int_equal(group->call_timeout_ms, 5000);
    assert_int_equal(group->connect_timeout_ms, 10000);
    assert_int_equal(group->idle_timeout_ms, 0);
    assert_false(group->auth_elsewhere);
    assert_null(trust_config_group(&config, "nothing"));
    trust_config_close(&config);
}

static void a_group_takes_the_policy_where_it_says_nothing(void **state)
{
    (void)state;
    struct trust_config config = load(example);
    const struct trust_group *group = trust_config_group(&config, "search");
    assert_true(group->min_score == 0.6);
    assert_int_equal(group->risk, TRUST_RISK_LOW);
    assert_int_equal(group->strategy, TRUST_STRATEGY_PRIMARY_FIRST);
    assert_int_equal(group->when_all_open, TRUST_WHEN_ALL_OPEN_UNAVAILABLE);
    assert_false(group->vetted_only);
    const struct trust_config_entry entry = entry_of(&config, "groups.search.min_score");
    assert_string_equal(entry.inherited, "policy.min_score");
    assert_int_equal(entry.mark.line, 1);
    trust_config_close(&config);
}

static void high_risk_asks_for_vetted_fallbacks_by_itself(void **state)
{
    (void)state;
    struct trust_config config = load(example);
    assert_true(trust_config_group(&config, "danger")->vetted_only);
    trust_config_close(&config);
    config = load("groups: { a: { primary: { subject: \"pkg:npm/x\" }, risk: high, "
                  "vetted_only: false } }\n");
    assert_false(trust_config_group(&config, "a")->vetted_only);
    trust_config_close(&config);
}

static void a_group_that_contradicts_itself_is_refused(void **state)
{
    (void)state;
    assert_refused("groups: { a: { strategy: best } }\n", TRUST_NO_OPTION,
                   "test.yaml:1:16: groups.a: \"primary\" is missing");
    assert_refused("groups: { A: { primary: { subject: \"pkg:npm/x\" } } }\n", TRUST_NO_RANGE,
                   "test.yaml:1:16: groups.A: a group's name has 1 to 64 of");
    assert_refused("groups: { a: { primary: { subject: \"pkg:npm/x\", command: a, url: b } } }\n",
                   TRUST_NO_CONFLICT,
                   "test.yaml:1:27: groups.a.primary: a server has a command or a url, not both");
    assert_refused("groups: { a: { primary: { subject: \"pkg:npm/x\" }, fallbacks: [ { subject: "
                   "\"pkg:npm/x\" } ] } }\n",
                   TRUST_NO_CONFLICT,
                   "test.yaml:1:16: groups.a: the primary stands among its own fallbacks");
    assert_refused("groups: { a: { primary: { subject: \"nonsense\" } } }\n", TRUST_NO_SUBJECT,
                   "test.yaml:1:37: subject: expected the id of a server");
    assert_refused("groups: { a: { primary: { subject: \"pkg:npm/x\" }, strateg: best } }\n",
                   TRUST_NO_OPTION,
                   "test.yaml:1:51: unknown key \"strateg\" in groups.a; did you mean "
                   "\"strategy\"?");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_documented_group_is_read_whole),
        cmocka_unit_test(a_group_takes_the_policy_where_it_says_nothing),
        cmocka_unit_test(high_risk_asks_for_vetted_fallbacks_by_itself),
        cmocka_unit_test(a_group_that_contradicts_itself_is_refused),
    };
    return cmocka_run_group_tests_name("host/group", tests, NULL, NULL);
}
