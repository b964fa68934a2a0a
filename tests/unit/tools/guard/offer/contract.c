/* guard/contract: what is promised stays, and who has what of it is told tool by tool. */
#include "guard/offer/contract.h"

#include "manifests.h"

#define PRIMARY                                                                                    \
    "{'name':'b','inputSchema':{'type':'object','required':['q']}},{'name':'a'},"                  \
    "{'name':'c','inputSchema':{'type':'object','x-new':1}}"

static struct contract *make(void)
{
    struct contract *contract = NULL;
    struct manifest *source = manifests_make(MANIFESTS_GREETING, PRIMARY);
    bool has_changed = false;
    assert_int_equal(contract_new(&contract), TRUST_OK);
    assert_int_equal(contract_list(contract).size, 0);
    assert_int_equal(contract_build(contract, &has_changed, source), TRUST_OK);
    assert_true(has_changed);
    manifest_free(source);
    return contract;
}

static struct contract_route route(const struct contract *contract, const char *tool, uint32_t b)
{
    size_t index = 0;
    assert_true(contract_find(contract, &index, trust_bytes_text(tool)));
    return contract_route(contract, index, b);
}

static void names_and_order_are_the_sources(void **state)
{
    (void)state;
    struct contract *contract = make();
    size_t index = 9;
    manifests_check(contract_list(contract), "[" PRIMARY "]");
    assert_true(contract_find(contract, &index, trust_bytes_text("a")));
    assert_int_equal(index, 1);
    assert_false(contract_find(contract, &index, trust_bytes_text("d")));
    contract_free(contract);
}

static void the_list_changes_only_with_its_text(void **state)
{
    (void)state;
    struct contract *contract = make();
    struct manifest *same = manifests_make("{'capabilities':{}}", PRIMARY);
    struct manifest *other = manifests_make(MANIFESTS_GREETING, "{'name':'a'},{'name':'b'}");
    bool has_changed = true;
    assert_int_equal(contract_build(contract, &has_changed, same), TRUST_OK);
    assert_false(has_changed);
    assert_int_equal(contract_build(contract, &has_changed, other), TRUST_OK);
    assert_true(has_changed);
    manifests_check(contract_list(contract), "[{'name':'a'},{'name':'b'}]");
    manifest_free(same);
    manifest_free(other);
    contract_free(contract);
}

static void a_bad_tool_is_never_promised(void **state)
{
    (void)state;
    struct contract *contract = NULL;
    struct manifest *source =
        manifests_make(MANIFESTS_GREETING, "{'name':'a','title':'\\ud800'},{'name':'b'}");
    bool has_changed = false;
    assert_int_equal(contract_new(&contract), TRUST_OK);
    assert_int_equal(contract_build(contract, &has_changed, source), TRUST_OK);
    manifests_check(contract_list(contract), "[{'name':'b'}]");
    manifest_free(source);
    contract_free(contract);
}

static void a_backend_covers_what_its_schema_accepts(void **state)
{
    (void)state;
    struct contract *contract = make();
    struct manifest *fallback = manifests_make(
        MANIFESTS_GREETING,
        "{'name':'a','inputSchema':{'type':'object'}},{'name':'b','inputSchema':{'type':'object'},"
        "'annotations':{'readOnlyHint':true}},{'name':'c','inputSchema':{'type':'object'}}");
    assert_int_equal(route(contract, "b", 1).route.state, OFFER_UNKNOWN_YET);
    assert_int_equal(
        contract_set_backend(contract, 1, &(struct contract_backend){.manifest = fallback}),
        TRUST_OK);
    assert_int_equal(route(contract, "b", 1).route.state, OFFER_COVERED);
    assert_true(route(contract, "b", 1).route.hints.is_read_only);
    assert_false(route(contract, "b", 1).route.hints.is_idempotent);
    assert_int_equal(route(contract, "b", 1).route.name.size, 0);
    assert_int_equal(route(contract, "b", 2).route.state, OFFER_UNKNOWN_YET);
    /* a has no schema here: anything may come. */
    assert_int_equal(route(contract, "a", 1).route.state, OFFER_NOT_COVERED);
    assert_string_equal(contract_why(contract, 1, 1)->text,
                        "type: the contract allows types that it refuses");
    assert_int_equal(route(contract, "c", 1).route.state, OFFER_NOT_COVERED);
    assert_true(contract_why(contract, 2, 1)->is_undecided);
    assert_null(contract_why(contract, 0, 1));
    assert_int_equal(contract_set_backend(contract, 1, &(struct contract_backend){0}), TRUST_OK);
    assert_int_equal(route(contract, "b", 1).route.state, OFFER_UNKNOWN_YET);
    manifest_free(fallback);
    contract_free(contract);
}

static void a_tool_that_its_pin_withholds_is_changed(void **state)
{
    (void)state;
    static const struct {
        enum pin_state pin;
        enum offer_state state;
    } rows[] = {
        {PIN_FIRST, OFFER_COVERED},   {PIN_SAME, OFFER_COVERED},     {PIN_CHANGED, OFFER_CHANGED},
        {PIN_PENDING, OFFER_CHANGED}, {PIN_REJECTED, OFFER_CHANGED}, {PIN_BAD, OFFER_CHANGED},
    };
    struct contract *contract = make();
    struct manifest *live = manifests_make(MANIFESTS_GREETING, "{'name':'d'},{'name':'a'}");
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        enum pin_state states[] = {PIN_SAME, rows[i].pin};
        const struct contract_backend backend = {.manifest = live, .states = states};
        assert_int_equal(contract_set_backend(contract, 0, &backend), TRUST_OK);
        assert_int_equal(route(contract, "a", 0).route.state, rows[i].state);
        assert_int_equal(route(contract, "b", 0).route.state, OFFER_NOT_COVERED);
    }
    manifest_free(live);
    contract_free(contract);
}

static void a_tool_that_cannot_be_read_is_withheld_without_a_pin(void **state)
{
    (void)state;
    struct contract *contract = make();
    struct manifest *pinned =
        manifests_make(MANIFESTS_GREETING, "{'name':'a','title':'\\ud800'},{'name':'b'}");
    assert_int_equal(
        contract_set_backend(contract, 1, &(struct contract_backend){.manifest = pinned}),
        TRUST_OK);
    assert_int_equal(route(contract, "a", 1).route.state, OFFER_CHANGED);
    assert_int_equal(route(contract, "b", 1).route.state, OFFER_COVERED);
    manifest_free(pinned);
    contract_free(contract);
}

static void a_map_names_the_tool_and_stands_above_the_schemas(void **state)
{
    (void)state;
    static const struct trust_group_pair pairs[] = {{"q", "query"}};
    static const struct trust_group_map maps[] = {
        {.tool = "c", .target = "se\"arch", .args = {pairs, 1}},
        {.tool = "a", .target = "a"},
        {.tool = "b", .target = "gone"},
    };
    static const struct trust_group_maps list = {maps, 3};
    struct contract *contract = make();
    struct manifest *fallback = manifests_make(
        MANIFESTS_GREETING, "{'name':'se\\'arch','inputSchema':{'type':'object','x-y':2}},"
                            "{'name':'a','inputSchema':false},{'name':'b'}");
    const struct contract_backend backend = {.manifest = fallback, .maps = &list};
    assert_int_equal(contract_set_backend(contract, 3, &backend), TRUST_OK);
    struct contract_route found = route(contract, "c", 3);
    assert_int_equal(found.route.state, OFFER_COVERED);
    assert_true(found.route.has_map);
    assert_ptr_equal(found.map, &maps[0]);
    assert_true(trust_bytes_equal(found.route.name, trust_bytes_text("\"se\\\"arch\"")));
    found = route(contract, "a", 3);
    assert_int_equal(found.route.state, OFFER_COVERED);
    assert_false(found.route.has_map);
    assert_int_equal(found.route.name.size, 0);
    assert_int_equal(route(contract, "b", 3).route.state, OFFER_NOT_COVERED);
    manifest_free(fallback);
    contract_free(contract);
}

static void what_a_tool_answers_is_what_that_backend_declares(void **state)
{
    (void)state;
    struct contract *contract = make();
    struct manifest *fallback = manifests_make(
        MANIFESTS_GREETING,
        "{'name':'a','inputSchema':{},'outputSchema':{'type':'object','required':['x']}},"
        "{'name':'b','inputSchema':{}}");
    const struct contract_backend backend = {.manifest = fallback};
    assert_int_equal(contract_set_backend(contract, 1, &backend), TRUST_OK);
    manifest_free(fallback);
    size_t a = 0, b = 0;
    assert_true(contract_find(contract, &a, trust_bytes_text("a")));
    assert_true(contract_find(contract, &b, trust_bytes_text("b")));
    assert_true(contract_route(contract, a, 1).route.has_output);
    assert_false(contract_route(contract, b, 1).route.has_output);
    assert_false(contract_route(contract, a, 2).route.has_output);
    assert_true(contract_conforms(contract, a, 1, trust_bytes_text("{\"x\":1}")));
    assert_false(contract_conforms(contract, a, 1, trust_bytes_text("{}")));
    assert_false(contract_conforms(contract, a, 1, (struct trust_bytes){0}));
    assert_true(contract_conforms(contract, b, 1, (struct trust_bytes){0}));
    assert_true(contract_conforms(contract, a, 2, trust_bytes_text("{}")));
    contract_free(contract);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_and_order_are_the_sources),
        cmocka_unit_test(the_list_changes_only_with_its_text),
        cmocka_unit_test(a_bad_tool_is_never_promised),
        cmocka_unit_test(a_backend_covers_what_its_schema_accepts),
        cmocka_unit_test(a_tool_that_its_pin_withholds_is_changed),
        cmocka_unit_test(a_tool_that_cannot_be_read_is_withheld_without_a_pin),
        cmocka_unit_test(a_map_names_the_tool_and_stands_above_the_schemas),
        cmocka_unit_test(what_a_tool_answers_is_what_that_backend_declares),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
