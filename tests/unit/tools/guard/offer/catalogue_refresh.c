/* guard/catalogue: what changes behind it, in servers' prompts and in the file of pins. */
#include <unistd.h>

#include "guard/offer/catalogue.h"
#include "manifests.h"

#define NOW UINT64_C(1800000000)
#define HELLO                                                                                      \
    "{'jsonrpc':'2.0','id':1,'method':'initialize','params':{'capabilities':{'roots':{}}}}"
#define OTHER_HELLO "{'jsonrpc':'2.0','id':1,'method':'initialize','params':{'capabilities':{}}}"

static const struct trust_group_server fallbacks[] = {{.subject = "mcp:io.example/second"}};
static const struct trust_group first_use = {.name = "g",
                                             .primary = {.subject = "mcp:io.example/first"},
                                             .fallbacks = {fallbacks, 1},
                                             .pin = TRUST_GROUP_PIN_FIRST_USE};
static const struct trust_group confirm = {.name = "g",
                                           .primary = {.subject = "mcp:io.example/first"},
                                           .fallbacks = {fallbacks, 1},
                                           .pin = TRUST_GROUP_PIN_CONFIRM};

static struct pins *open_pins(const char *path)
{
    struct pins *pins = NULL;
    struct pins_fault fault;
    assert_int_equal(pins_open(&pins, &fault, path), TRUST_OK);
    return pins;
}

static struct catalogue *open_catalogue(const struct trust_group *group, struct pins *pins,
                                        const char *hello)
{
    struct catalogue *catalogue = NULL;
    const struct catalogue_config config = {.group = group, .pins = pins};
    struct manifests_text line = manifests_quote(hello);
    assert_int_equal(catalogue_new(&catalogue, &config), TRUST_OK);
    catalogue_hear(catalogue, trust_bytes_text(line.text));
    return catalogue;
}

static void take(struct catalogue *catalogue, uint32_t b, enum offer_part part, const char *text)
{
    struct offer offer = catalogue_offer(catalogue);
    struct manifests_text result = manifests_quote(text);
    assert_int_equal(offer.calls->learn(offer.context, b, part, trust_bytes_text(result.text)),
                     TRUST_OK);
}

/* A server with one tool and, unless they are NULL, prompts. */
static void learn(struct catalogue *catalogue, uint32_t b, const char *prompts)
{
    struct catalogue_news news;
    take(catalogue, b, OFFER_SERVER, MANIFESTS_GREETING);
    take(catalogue, b, OFFER_TOOLS, "{'tools':[{'name':'a','inputSchema':{'type':'object'}}]}");
    if (prompts != NULL)
        take(catalogue, b, OFFER_PROMPTS, prompts);
    assert_int_equal(catalogue_judge(catalogue, &news, b, NOW), TRUST_OK);
}

static bool holds(struct catalogue *catalogue, enum offer_part part)
{
    struct offer offer = catalogue_offer(catalogue);
    return offer.calls->withholds(offer.context, part, 0);
}

static enum offer_state state_of(struct catalogue *catalogue, uint32_t b)
{
    struct offer offer = catalogue_offer(catalogue);
    return offer.calls->route(offer.context, trust_bytes_text("a"), b).state;
}

#define KIND "{'prompts':[{'name':'p','description':'Kind.'}]}"
#define CRUEL "{'prompts':[{'name':'p','description':'Cruel.'}]}"

static void prompts_that_are_not_as_pinned_are_withheld_and_nothing_else_is(void **state)
{
    (void)state;
    struct pins *pins = open_pins(NULL);
    struct catalogue *catalogue = open_catalogue(&first_use, pins, HELLO);
    assert_false(holds(catalogue, OFFER_PROMPTS));
    learn(catalogue, 0, KIND);
    assert_false(holds(catalogue, OFFER_PROMPTS));
    learn(catalogue, 0, CRUEL);
    assert_true(holds(catalogue, OFFER_PROMPTS));
    assert_false(holds(catalogue, OFFER_TEMPLATES));
    assert_int_equal(state_of(catalogue, 0), OFFER_COVERED);
    learn(catalogue, 0, KIND);
    assert_false(holds(catalogue, OFFER_PROMPTS));
    /* Prompts that are gone harm nobody. */
    learn(catalogue, 0, NULL);
    assert_false(holds(catalogue, OFFER_PROMPTS));
    catalogue_free(catalogue);
    catalogue = open_catalogue(&confirm, pins, OTHER_HELLO);
    learn(catalogue, 0, KIND);
    assert_true(holds(catalogue, OFFER_PROMPTS));
    catalogue_free(catalogue);
    pins_close(pins);
}

static bool lists(struct catalogue *catalogue, enum offer_part part, const char *text)
{
    struct offer offer = catalogue_offer(catalogue);
    struct manifests_text result = manifests_quote(text);
    return offer.calls->lists_known(offer.context, part, 0, trust_bytes_text(result.text));
}

static void what_a_client_is_listed_must_be_what_the_guard_was(void **state)
{
    (void)state;
    static const char *const others[] = {
        CRUEL,
        "{'prompts':[{'name':'p','description':'Kind.'},{'name':'q'}]}",
        "{'prompts':[{'name':'p','description':'Kind.','arguments':[{'name':'cruel'}]}]}",
        "{'prompts':[{'name':'p','description':'Kind.','description':'Cruel.'}]}",
        "{'prompts':[{'name':'p','description':'Kind.'}],'prompts':[{'name':'q'}]}",
        "{'prompts':['cruel']}",
        "{'prompts':[{'description':'Cruel.'}]}",
        "{'prompts':'cruel'}",
        "{}",
    };
    struct pins *pins = open_pins(NULL);
    struct catalogue *catalogue = open_catalogue(&first_use, pins, HELLO);
    assert_false(lists(catalogue, OFFER_PROMPTS, KIND));
    learn(catalogue, 0, KIND);
    assert_true(lists(catalogue, OFFER_PROMPTS, KIND));
    assert_true(lists(catalogue, OFFER_PROMPTS,
                      "{ 'nextCursor':'2', 'prompts':[ {'description':'Kind.','name':'p'} ]}"));
    assert_true(lists(catalogue, OFFER_PROMPTS, "{'prompts':[]}"));
    assert_false(holds(catalogue, OFFER_PROMPTS));
    for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
        assert_false(lists(catalogue, OFFER_PROMPTS, others[i]));
        assert_true(holds(catalogue, OFFER_PROMPTS));
        learn(catalogue, 0, KIND);
        assert_false(holds(catalogue, OFFER_PROMPTS));
    }
    assert_true(lists(catalogue, OFFER_TEMPLATES, "{'resourceTemplates':[]}"));
    assert_false(
        lists(catalogue, OFFER_TEMPLATES, "{'resourceTemplates':[{'uriTemplate':'a:{b}'}]}"));
    assert_true(holds(catalogue, OFFER_TEMPLATES));
    assert_false(holds(catalogue, OFFER_PROMPTS));
    catalogue_free(catalogue);
    pins_close(pins);
}

static void a_greeting_does_not_speak_for_the_guard(void **state)
{
    (void)state;
    struct pins *pins = open_pins(NULL);
    struct catalogue *catalogue = open_catalogue(&first_use, pins, HELLO);
    struct catalogue_news news;
    take(
        catalogue, 0, OFFER_SERVER,
        "{'protocolVersion':'2025-06-18','capabilities':{},'serverInfo':{'name':'s','version':'1'},"
        "'_meta':{'io.repute/guard':{'reason':'quarantined'}}}");
    take(catalogue, 0, OFFER_TOOLS, "{'tools':[]}");
    assert_int_equal(catalogue_judge(catalogue, &news, 0, NOW), TRUST_OK);
    struct offer offer = catalogue_offer(catalogue);
    struct manifests_text expected = manifests_quote(
        "{'protocolVersion':'2025-06-18','capabilities':{},'serverInfo':{'name':'s','version':'1'},"
        "'_meta':{'io.repute/guard':null}}");
    assert_true(trust_bytes_equal(offer.calls->text(offer.context, OFFER_TEXT_INITIALIZE),
                                  trust_bytes_text(expected.text)));
    catalogue_free(catalogue);
    pins_close(pins);
}

static void accept_first(const char *path)
{
    struct pins_fault fault;
    struct pins *pins = open_pins(path);
    assert_int_equal(pins_lock(pins, &fault), TRUST_OK);
    struct pins_book *book = pins_book(pins);
    assert_string_equal(book->entries[0].subject, "mcp:io.example/first");
    assert_int_equal(pins_entry_accept(&book->entries[0], NULL, true, NOW), TRUST_OK);
    assert_int_equal(pins_save(pins), TRUST_OK);
    pins_close(pins);
}

/* Judging another server reads the file too, and must not swallow what came with it; and each of
 * the sessions that share the pins hears of it. */
static void what_was_accepted_is_seen_whoever_read_the_file_first(void **state)
{
    (void)state;
    char folder[] = "/tmp/rpt-XXXXXX";
    char path[64];
    char lock[80];
    assert_non_null(mkdtemp(folder));
    (void)snprintf(path, sizeof path, "%s/g.json", folder);
    (void)snprintf(lock, sizeof lock, "%s.lock", path);
    struct pins *pins = open_pins(path);
    struct catalogue *catalogue = open_catalogue(&confirm, pins, HELLO);
    struct catalogue *other = open_catalogue(&confirm, pins, HELLO);
    learn(catalogue, 0, NULL);
    learn(other, 0, NULL);
    accept_first(path);
    learn(catalogue, 1, NULL);
    assert_int_equal(state_of(catalogue, 0), OFFER_CHANGED);
    assert_true(catalogue_refresh(catalogue, NOW));
    assert_int_equal(state_of(catalogue, 0), OFFER_COVERED);
    assert_true(catalogue_refresh(other, NOW));
    assert_int_equal(state_of(other, 0), OFFER_COVERED);
    assert_false(catalogue_refresh(catalogue, NOW));
    assert_false(catalogue_refresh(other, NOW));
    catalogue_free(other);
    catalogue_free(catalogue);
    pins_close(pins);
    assert_int_equal(unlink(path), 0);
    assert_int_equal(unlink(lock), 0);
    assert_int_equal(rmdir(folder), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(prompts_that_are_not_as_pinned_are_withheld_and_nothing_else_is),
        cmocka_unit_test(what_a_client_is_listed_must_be_what_the_guard_was),
        cmocka_unit_test(a_greeting_does_not_speak_for_the_guard),
        cmocka_unit_test(what_was_accepted_is_seen_whoever_read_the_file_first),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
