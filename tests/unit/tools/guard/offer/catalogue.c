/* guard/catalogue: the table that a router is given, from the first sight of a server on. */
#include "guard/offer/catalogue.h"

#include "guard/router/router.h"
#include "manifests.h"
#include "wire/message.h"

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
    check_text(catalogue, OFFER_TEXT_DISCOVER,
               "{'resultType':'complete','supportedVersions':['2026-07-28'],'capabilities':{"
               "'tools':{'listChanged':true}},'instructions':'Be kind.','ttlMs':0,'cacheScope':"
               "'private','_meta':{'io.modelcontextprotocol/serverInfo':{'name':'s','version':"
               "'1'}}}");
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

static void a_fallback_that_speaks_is_not_mapped_to_itself(void **state)
{
    (void)state;
    struct pins *pins = open_pins();
    struct catalogue *catalogue = open_catalogue(&first_use, pins);
    struct offer offer = catalogue_offer(catalogue);
    hear(catalogue, HELLO);
    (void)learn(catalogue, 1, "{'name':'find'},{'name':'b'}");
    struct offer_route route = offer.calls->route(offer.context, trust_bytes_text("b"), 1);
    assert_int_equal(route.state, OFFER_COVERED);
    assert_int_equal(route.name.size, 0);
    assert_false(route.has_map);
    catalogue_free(catalogue);
    pins_close(pins);
}

#define MODERN(capabilities)                                                                       \
    "{'jsonrpc':'2.0','id':1,'method':'tools/list','params':{'_meta':"                             \
    "{'io.modelcontextprotocol/clientCapabilities':" capabilities "}}}"

static void a_modern_client_is_the_one_that_it_said_first(void **state)
{
    (void)state;
    struct pins *pins = open_pins();
    struct catalogue *catalogue = open_catalogue(&first_use, pins);
    hear(catalogue, MODERN("{'roots':{}}"));
    (void)learn(catalogue, 0, A);
    hear(catalogue, MODERN("{}"));
    check_text(catalogue, OFFER_TEXT_TOOLS, "[" A "]");
    catalogue_free(catalogue);
    catalogue = open_catalogue(&first_use, pins);
    hear(catalogue, MODERN("{}"));
    check_text(catalogue, OFFER_TEXT_TOOLS, "");
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
    check_text(catalogue, OFFER_TEXT_INITIALIZE,
               "{'protocolVersion':'2025-11-25','capabilities':{},'serverInfo':{'name':'unnamed',"
               "'version':'0'}}");
    check_text(catalogue, OFFER_TEXT_DISCOVER,
               "{'supportedVersions':['2026-07-28'],'capabilities':{}}");
    /* The client goes back to initialize: that is another client. */
    hear(catalogue, OTHER_HELLO);
    check_text(catalogue, OFFER_TEXT_DISCOVER, "");
    catalogue_free(catalogue);
    pins_close(pins);
}

static void what_the_operator_accepts_is_offered_at_the_next_look(void **state)
{
    (void)state;
    char directory[] = "/tmp/repute-catalogue-XXXXXX", path[64], command[64];
    struct pins *pins = NULL, *hand = NULL;
    struct pins_fault fault;
    assert_non_null(mkdtemp(directory));
    (void)snprintf(path, sizeof path, "%s/g.json", directory);
    assert_int_equal(pins_open(&pins, &fault, path), TRUST_OK);
    struct catalogue *catalogue = open_catalogue(&first_use, pins);
    hear(catalogue, HELLO);
    (void)learn(catalogue, 0, A);
    (void)learn(catalogue, 0, A_OTHER);
    assert_int_equal(state_of(catalogue, "a", 0), OFFER_CHANGED);
    assert_false(catalogue_refresh(catalogue, NOW));
    uint64_t before = revision(catalogue);

    assert_int_equal(pins_open(&hand, &fault, path), TRUST_OK);
    assert_int_equal(pins_lock(hand, &fault), TRUST_OK);
    assert_int_equal(pins_entry_accept(&pins_book(hand)->entries[0], "a", true, NOW), TRUST_OK);
    assert_int_equal(pins_save(hand), TRUST_OK);
    pins_close(hand);

    assert_true(catalogue_refresh(catalogue, NOW));
    assert_int_equal(state_of(catalogue, "a", 0), OFFER_COVERED);
    check_text(catalogue, OFFER_TEXT_TOOLS, "[" A_OTHER "]");
    assert_int_equal(revision(catalogue), before + 1);
    catalogue_free(catalogue);
    pins_close(pins);
    (void)snprintf(command, sizeof command, "rm -rf '%s'", directory);
    assert_int_equal(system(command), 0);
}

/* ---- behind a router ---- */

static const struct trust_now now = {.wall = {NOW * 1000}, .mono = {1000}};

struct session {
    struct catalogue *catalogue;
    struct router *router;
    char id[24];      /* of the last request to a backend */
    char client[512]; /* the last line to the client */
    uint32_t able;    /* of the last choice */
    uint32_t changed;
};

static void take(struct session *session, const struct router_action *action)
{
    struct message message;
    if (action->kind == ROUTER_TO_CLIENT) {
        (void)snprintf(session->client, sizeof session->client, "%.*s", (int)action->bytes.size,
                       (const char *)action->bytes.data);
    } else if (action->kind == ROUTER_TO_BACKEND) {
        assert_int_equal(message_read(&message, action->bytes), TRUST_OK);
        if (message.kind == MESSAGE_REQUEST)
            (void)snprintf(session->id, sizeof session->id, "%.*s", (int)message.id.size,
                           (const char *)message.id.data);
    } else if (action->kind == ROUTER_CHOOSE) {
        session->able = action->able;
        session->changed = action->changed;
        const struct router_choice choice = {.is_found = true,
                                             .backend = (action->able & 1) != 0 ? 0 : 1};
        router_chosen(session->router, action->call, &choice, now);
    } else if (action->kind == ROUTER_LEARNED) {
        struct catalogue_news news;
        assert_int_equal(catalogue_judge(session->catalogue, &news, action->backend, NOW),
                         TRUST_OK);
        router_judged(session->router, action->backend, now);
    }
}

static void turn(struct session *session)
{
    struct router_action action;
    while (router_poll(session->router, &action))
        take(session, &action);
}

static void say(struct session *session, const char *line)
{
    struct manifests_text text = manifests_quote(line);
    catalogue_hear(session->catalogue, trust_bytes_text(text.text));
    router_client_line(session->router, trust_bytes_text(text.text), 0, now);
    turn(session);
}

static void answer(struct session *session, uint32_t b, const char *result)
{
    char line[MANIFESTS_SIZE];
    (void)snprintf(line, sizeof line, "{'jsonrpc':'2.0','id':%s,'result':%s}", session->id, result);
    struct manifests_text text = manifests_quote(line);
    router_backend_line(session->router, b, trust_bytes_text(text.text), now);
    turn(session);
}

static struct session open_session(struct pins *pins)
{
    struct session session = {.catalogue = open_catalogue(&first_use, pins)};
    const struct router_config config = {
        .group = "g",
        .subjects = {first_use.primary.subject, fallbacks[0].subject},
        .backend_count = 2,
        .offer = catalogue_offer(session.catalogue),
    };
    assert_int_equal(router_new(&session.router, &config), TRUST_OK);
    return session;
}

static void start(struct session *session, uint32_t b, const char *page)
{
    router_backend_up(session->router, b, now);
    turn(session);
    answer(session, b, MANIFESTS_GREETING);
    answer(session, b, page);
    assert_true(router_is_ready(session->router, b));
}

#define HELLO_LINE                                                                                 \
    "{'jsonrpc':'2.0','id':'x','method':'initialize','params':{'protocolVersion':'2025-06-18',"    \
    "'capabilities':{'roots':{}},'clientInfo':{'name':'c','version':'1'}}}"
#define LIST_LINE "{'jsonrpc':'2.0','id':2,'method':'tools/list'}"
#define CALL_LINE "{'jsonrpc':'2.0','id':3,'method':'tools/call','params':{'name':'a'}}"
#define WELCOME                                                                                    \
    "{'jsonrpc':'2.0','id':'x','result':{'protocolVersion':'2025-06-18','capabilities':{"          \
    "'tools':{'listChanged':true}},'serverInfo':{'name':'s','version':'1'},"                       \
    "'instructions':'Be kind.'}}"

static void check_client(const struct session *session, const char *expected)
{
    manifests_check(trust_bytes_text(session->client), expected);
}

static void close_session(struct session *session)
{
    router_free(session->router);
    catalogue_free(session->catalogue);
}

static void a_router_answers_from_the_pins_and_withholds_what_changed(void **state)
{
    (void)state;
    struct pins *pins = open_pins();
    struct session session = open_session(pins);
    /* The first start ever waits for a server. */
    say(&session, HELLO_LINE);
    assert_string_equal(session.client, "");
    start(&session, 0, "{'tools':[" A "]}");
    check_client(&session, WELCOME);
    say(&session, LIST_LINE);
    check_client(&session, "{'jsonrpc':'2.0','id':2,'result':{'tools':[" A "]}}");
    close_session(&session);
    /* The next one does not, and shows what was pinned. */
    session = open_session(pins);
    say(&session, HELLO_LINE);
    check_client(&session, WELCOME);
    start(&session, 0, "{'tools':[" A_OTHER "]}");
    say(&session, LIST_LINE);
    check_client(&session, "{'jsonrpc':'2.0','id':2,'result':{'tools':[" A "]}}");
    /* A server of which nothing is known is asked, and then found to have the tool. */
    say(&session, CALL_LINE);
    assert_int_equal(session.able, 2);
    assert_int_equal(session.changed, 1);
    start(&session, 1, "{'tools':[{'name':'a','inputSchema':{'type':'object'}}]}");
    answer(&session, 1, "{'content':[]}");
    check_client(&session, "{'jsonrpc':'2.0','id':3,'result':{'content':[]}}");
    close_session(&session);
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
        cmocka_unit_test(a_fallback_that_speaks_is_not_mapped_to_itself),
        cmocka_unit_test(a_modern_client_is_the_one_that_it_said_first),
        cmocka_unit_test(what_must_be_confirmed_is_not_shown),
        cmocka_unit_test(parts_come_after_their_server),
        cmocka_unit_test(what_the_operator_accepts_is_offered_at_the_next_look),
        cmocka_unit_test(a_router_answers_from_the_pins_and_withholds_what_changed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
