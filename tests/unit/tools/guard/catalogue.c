/* guard/catalogue: the table that a router is given, from the first sight of a server on. */
#include "guard/catalogue.h"

#include "manifests.h"

#define NOW UINT64_C(1800000000)
#define A "{'name':'a','inputSchema':{'type':'object','additionalProperties':false}}"
#define A_OTHER "{'name':'a','title':'!','inputSchema':{'type':'object'}}"

static const struct trust_group_pair pairs[] = {{"q", "query"}};
static const struct trust_group_map maps[] = {{.tool = "b", .target = "find", .args = {pairs, 1}}};
static const struct trust_group_server fallbacks[] = {
    {.subject = "mcp:io.example/second", .maps = {maps, 1}}};
static const struct trust_group first_use = {.name = "g",
                                             .primary = {.subject = "mcp:io.example/first"},
                                             .fallbacks = {fallbacks, 1},
                                             .pin = TRUST_GROUP_PIN_FIRST_USE};
static const struct trust_group confirm = {
    .name = "g", .primary = {.subject = "mcp:io.example/first"}, .pin = TRUST_GROUP_PIN_CONFIRM};

static struct catalogue *open_catalogue(const struct trust_group *group, struct pins *pins)
{
    struct catalogue *catalogue = NULL;
    const struct catalogue_config config = {.group = group, .pins = pins};
    assert_int_equal(catalogue_new(&catalogue, &config), TRUST_OK);
    return catalogue;
}

static struct pins *open_pins(void)
{
    struct pins *pins = NULL;
    struct pins_fault fault;
    assert_int_equal(pins_open(&pins, &fault, NULL), TRUST_OK);
    return pins;
}

static void hear(struct catalogue *catalogue, const char *line)
{
    struct manifests_text text = manifests_quote(line);
    catalogue_hear(catalogue, trust_bytes_text(text.text));
}

#define HELLO                                                                                      \
    "{'jsonrpc':'2.0','id':1,'method':'initialize','params':{'capabilities':{'roots':{}}}}"
#define OTHER_HELLO "{'jsonrpc':'2.0','id':1,'method':'initialize','params':{'capabilities':{}}}"

static struct catalogue_news learn(struct catalogue *catalogue, uint32_t b, const char *tools)
{
    struct offer offer = catalogue_offer(catalogue);
    char page[MANIFESTS_SIZE];
    struct catalogue_news news;
    (void)snprintf(page, sizeof page, "{'tools':[%s]}", tools);
    struct manifests_text server = manifests_quote(MANIFESTS_GREETING),
                          list = manifests_quote(page);
    assert_int_equal(
        offer.calls->learn(offer.context, b, OFFER_SERVER, trust_bytes_text(server.text)),
        TRUST_OK);
    assert_int_equal(offer.calls->learn(offer.context, b, OFFER_TOOLS, trust_bytes_text(list.text)),
                     TRUST_OK);
    assert_int_equal(catalogue_judge(catalogue, &news, b, NOW), TRUST_OK);
    assert_int_equal(news.stored, TRUST_OK);
    return news;
}

static enum offer_state state_of(struct catalogue *catalogue, const char *tool, uint32_t b)
{
    struct offer offer = catalogue_offer(catalogue);
    return offer.calls->route(offer.context, trust_bytes_text(tool), b).state;
}

static void check_text(struct catalogue *catalogue, enum offer_text which, const char *expected)
{
    struct offer offer = catalogue_offer(catalogue);
    manifests_check(offer.calls->text(offer.context, which), expected);
}

static uint64_t revision(struct catalogue *catalogue)
{
    struct offer offer = catalogue_offer(catalogue);
    return offer.calls->revision(offer.context);
}

static void nothing_is_known_at_first(void **state)
{
    (void)state;
    struct pins *pins = open_pins();
    struct catalogue *catalogue = open_catalogue(&first_use, pins);
    hear(catalogue, HELLO);
    check_text(catalogue, OFFER_TEXT_TOOLS, "");
    check_text(catalogue, OFFER_TEXT_INITIALIZE, "");
    assert_int_equal(state_of(catalogue, "a", 0), OFFER_UNKNOWN_YET);
    assert_null(catalogue_manifest(catalogue, 0));
    catalogue_free(catalogue);
    pins_close(pins);
}

static void what_was_learned_is_promised_and_routed(void **state)
{
    (void)state;
    struct pins *pins = open_pins();
    struct catalogue *catalogue = open_catalogue(&first_use, pins);
    hear(catalogue, HELLO);
    struct catalogue_news news = learn(catalogue, 0, A ",{'name':'b'}");
    assert_int_equal(news.verdict.counts[PIN_FIRST], 2);
    assert_memory_equal(news.manifest, catalogue_manifest(catalogue, 0), DIGEST_SIZE);
    assert_int_equal(revision(catalogue), 1);
    check_text(catalogue, OFFER_TEXT_TOOLS, "[" A ",{'name':'b'}]");
    check_text(catalogue, OFFER_TEXT_INITIALIZE,
               "{'protocolVersion':'2025-06-18','capabilities':{'tools':{'listChanged':true}},"
               "'serverInfo':{'name':'s','version':'1'},'instructions':'Be kind.'}");
    check_text(catalogue, OFFER_TEXT_DISCOVER, "");
    assert_int_equal(state_of(catalogue, "a", 0), OFFER_COVERED);
    assert_int_equal(state_of(catalogue, "a", 1), OFFER_UNKNOWN_YET);
    assert_int_equal(state_of(catalogue, "c", 0), OFFER_NOT_COVERED);
    assert_int_equal(state_of(catalogue, "a", 2), OFFER_UNKNOWN_YET);
    (void)learn(catalogue, 1, "{'name':'a','inputSchema':{'type':'object'}},{'name':'find'}");
    assert_int_equal(revision(catalogue), 1);
    assert_int_equal(state_of(catalogue, "a", 1), OFFER_COVERED);
    catalogue_free(catalogue);
    pins_close(pins);
}

static void a_map_is_applied(void **state)
{
    (void)state;
    struct pins *pins = open_pins();
    struct catalogue *catalogue = open_catalogue(&first_use, pins);
    struct offer offer = catalogue_offer(catalogue);
    struct trust_bytes out;
    hear(catalogue, HELLO);
    (void)learn(catalogue, 0, "{'name':'b'}");
    (void)learn(catalogue, 1, "{'name':'find'}");
    struct offer_route route = offer.calls->route(offer.context, trust_bytes_text("b"), 1);
    assert_int_equal(route.state, OFFER_COVERED);
    assert_true(route.has_map);
    manifests_check(route.name, "'find'");
    struct manifests_text arguments = manifests_quote("{'q':[1]}");
    assert_int_equal(offer.calls->map_arguments(offer.context, &out, trust_bytes_text("b"), 1,
                                                trust_bytes_text(arguments.text)),
                     TRUST_OK);
    manifests_check(out, "{'query':[1]}");
    assert_int_equal(offer.calls->map_arguments(offer.context, &out, trust_bytes_text("b"), 1,
                                                trust_bytes_text("[]")),
                     TRUST_NO_RANGE);
    assert_int_equal(offer.calls->map_arguments(offer.context, &out, trust_bytes_text("x"), 1,
                                                trust_bytes_text("{}")),
                     TRUST_NO_RANGE);
    catalogue_free(catalogue);
    pins_close(pins);
}

static void the_next_session_is_answered_from_the_pins(void **state)
{
    (void)state;
    struct pins *pins = open_pins();
    struct catalogue *catalogue = open_catalogue(&first_use, pins);
    hear(catalogue, HELLO);
    (void)learn(catalogue, 0, A);
    (void)learn(catalogue, 1, A);
    catalogue_free(catalogue);
    catalogue = open_catalogue(&first_use, pins);
    check_text(catalogue, OFFER_TEXT_TOOLS, "");
    hear(catalogue, HELLO);
    check_text(catalogue, OFFER_TEXT_TOOLS, "[" A "]");
    assert_int_equal(state_of(catalogue, "a", 0), OFFER_COVERED);
    assert_int_equal(state_of(catalogue, "a", 1), OFFER_COVERED);
    /* A change is withheld there, served elsewhere, and the promise stays. */
    uint64_t before = revision(catalogue);
    struct catalogue_news news = learn(catalogue, 0, A_OTHER);
    assert_int_equal(news.verdict.counts[PIN_CHANGED], 1);
    assert_int_equal(state_of(catalogue, "a", 0), OFFER_CHANGED);
    assert_int_equal(state_of(catalogue, "a", 1), OFFER_COVERED);
    check_text(catalogue, OFFER_TEXT_TOOLS, "[" A "]");
    assert_int_equal(revision(catalogue), before);
    catalogue_free(catalogue);
    catalogue = open_catalogue(&first_use, pins);
    hear(catalogue, OTHER_HELLO);
    check_text(catalogue, OFFER_TEXT_TOOLS, "");
    catalogue_free(catalogue);
    pins_close(pins);
}

static void a_fallback_speaks_until_the_primary_does(void **state)
{
    (void)state;
    struct pins *pins = open_pins();
    struct catalogue *catalogue = open_catalogue(&first_use, pins);
    hear(catalogue, HELLO);
    (void)learn(catalogue, 1, "{'name':'find'}");
    check_text(catalogue, OFFER_TEXT_TOOLS, "[{'name':'find'}]");
    assert_int_equal(state_of(catalogue, "find", 1), OFFER_COVERED);
    (void)learn(catalogue, 0, "{'name':'b'}");
    check_text(catalogue, OFFER_TEXT_TOOLS, "[{'name':'b'}]");
    assert_int_equal(revision(catalogue), 2);
    assert_int_equal(state_of(catalogue, "b", 1), OFFER_COVERED);
    catalogue_free(catalogue);
    pins_close(pins);
}

static void what_must_be_confirmed_is_not_shown(void **state)
{
    (void)state;
    struct pins *pins = open_pins();
    struct catalogue *catalogue = open_catalogue(&confirm, pins);
    hear(catalogue, HELLO);
    struct catalogue_news news = learn(catalogue, 0, A);
    assert_int_equal(news.verdict.counts[PIN_PENDING], 1);
    check_text(catalogue, OFFER_TEXT_TOOLS, "[]");
    check_text(catalogue, OFFER_TEXT_INITIALIZE,
               "{'protocolVersion':'2025-06-18','capabilities':{'tools':{'listChanged':true}},"
               "'serverInfo':{'name':'s','version':'1'}}");
    catalogue_free(catalogue);
    pins_close(pins);
}

static void parts_come_after_their_server(void **state)
{
    (void)state;
    struct pins *pins = open_pins();
    struct catalogue *catalogue = open_catalogue(&first_use, pins);
    struct offer offer = catalogue_offer(catalogue);
    struct manifests_text tools = manifests_quote("{'tools':[]}"), hello = manifests_quote("{}");
    struct manifests_text greeting =
        manifests_quote("{'supportedVersions':['2026-07-28'],'capabilities':{}}");
    assert_int_equal(
        offer.calls->learn(offer.context, 0, OFFER_TOOLS, trust_bytes_text(tools.text)),
        TRUST_NO_TYPE);
    assert_int_equal(
        offer.calls->learn(offer.context, 0, OFFER_SERVER, trust_bytes_text(hello.text)),
        TRUST_NO_TYPE);
    assert_int_equal(
        offer.calls->learn(offer.context, 9, OFFER_SERVER, trust_bytes_text(greeting.text)),
        TRUST_NO_RANGE);
    hear(catalogue, "{'jsonrpc':'2.0','id':1,'method':'server/discover','params':{'_meta':"
                    "{'io.modelcontextprotocol/clientCapabilities':{}}}}");
    assert_int_equal(
        offer.calls->learn(offer.context, 0, OFFER_SERVER, trust_bytes_text(greeting.text)),
        TRUST_OK);
    struct catalogue_news news;
    assert_int_equal(catalogue_judge(catalogue, &news, 0, NOW), TRUST_OK);
    check_text(catalogue, OFFER_TEXT_INITIALIZE, "");
    check_text(catalogue, OFFER_TEXT_DISCOVER,
               "{'supportedVersions':['2026-07-28'],'capabilities':{}}");
    /* The client goes back to initialize: that is another client. */
    hear(catalogue, OTHER_HELLO);
    check_text(catalogue, OFFER_TEXT_DISCOVER, "");
    catalogue_free(catalogue);
    pins_close(pins);
}

static void why_a_tool_is_not_covered_is_told(void **state)
{
    (void)state;
    struct pins *pins = open_pins();
    struct catalogue *catalogue = open_catalogue(&first_use, pins);
    hear(catalogue, HELLO);
    (void)learn(catalogue, 0, "{'name':'a','inputSchema':{'type':'object'}}");
    (void)learn(catalogue, 1, "{'name':'a','inputSchema':{'type':'object','required':['x']}}");
    assert_int_equal(state_of(catalogue, "a", 1), OFFER_NOT_COVERED);
    assert_string_equal(catalogue_why(catalogue, trust_bytes_text("a"), 1)->text,
                        "required: it wants a property that the contract does not");
    assert_null(catalogue_why(catalogue, trust_bytes_text("a"), 0));
    assert_null(catalogue_why(catalogue, trust_bytes_text("x"), 0));
    catalogue_free(catalogue);
    pins_close(pins);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(nothing_is_known_at_first),
        cmocka_unit_test(what_was_learned_is_promised_and_routed),
        cmocka_unit_test(a_map_is_applied),
        cmocka_unit_test(the_next_session_is_answered_from_the_pins),
        cmocka_unit_test(a_fallback_speaks_until_the_primary_does),
        cmocka_unit_test(what_must_be_confirmed_is_not_shown),
        cmocka_unit_test(parts_come_after_their_server),
        cmocka_unit_test(why_a_tool_is_not_covered_is_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
