/* guard/contract_map: renamed, left out, constant; everything else byte for byte. */
#include "guard/offer/contract_map.h"

#include "base/limits.h"
#include "manifests.h"

static const struct trust_group_pair pairs[] = {
    {"q", "query"}, {"verbose", "-"}, {"limit", "={\"n\": 10}"}, {"\xc3\xa9", "e"}};
static const struct trust_group_pairs map = {pairs, 4};

static enum trust_error apply(const struct trust_group_pairs *with, const char *arguments,
                              char out_text[MANIFESTS_SIZE])
{
    struct manifests_text quoted = manifests_quote(arguments);
    struct trust_bytes bytes = trust_bytes_text(quoted.text);
    size_t room = contract_map_room(with, bytes);
    assert_true(room <= MANIFESTS_SIZE - 1);
    struct trust_writer writer = trust_writer_init(out_text, room);
    enum trust_error error = contract_map_write(&writer, with, bytes);
    assert_false(trust_writer_has_overflowed(&writer));
    out_text[writer.size] = '\0';
    return error;
}

static void arguments_go_through_the_map(void **state)
{
    (void)state;
    static const char *const rows[][2] = {
        {"", "{'limit':{'n': 10}}"},
        {"{}", "{'limit':{'n': 10}}"},
        {"{ 'q' : 'a\\u0062' , 'verbose':true,'other':[1, 2]}",
         "{'query':'a\\u0062','other':[1, 2],'limit':{'n': 10}}"},
        {"{'\\u0071':1}", "{'query':1,'limit':{'n': 10}}"},
        {"{'\\u00e9':1.0,'limit':3}", "{'e':1.0,'limit':{'n': 10}}"},
        {"{'x':'\\ud800'}", "{'x':'\\ud800','limit':{'n': 10}}"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char text[MANIFESTS_SIZE];
        assert_int_equal(apply(&map, rows[i][0], text), TRUST_OK);
        manifests_check(trust_bytes_text(text), rows[i][1]);
    }
}

static void what_does_not_fit_is_refused(void **state)
{
    (void)state;
    static const char *const rows[] = {
        "[]", "7", "{'q':1,'query':2}", "{'a':1,'a':2}", "{'\\ud800':1}", "{'q':1"};
    char text[MANIFESTS_SIZE];
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        assert_int_equal(apply(&map, rows[i], text), TRUST_NO_RANGE);
    static const struct trust_group_pair odd[] = {{"a", "=b"}};
    static const struct trust_group_pairs odds = {odd, 1};
    assert_int_equal(apply(&odds, "{}", text), TRUST_NO_RANGE);
}

static void arguments_have_their_bound(void **state)
{
    (void)state;
    static const struct trust_group_pairs none = {0};
    for (int most = TRUST_MAP_ARGUMENTS_MAX; most <= TRUST_MAP_ARGUMENTS_MAX + 1; most++) {
        char arguments[MANIFESTS_SIZE] = "{", text[MANIFESTS_SIZE];
        size_t size = 1;
        for (int i = 0; i < most; i++)
            size += (size_t)snprintf(arguments + size, sizeof arguments - size, "%s'%d':0",
                                     i > 0 ? "," : "", i);
        (void)snprintf(arguments + size, sizeof arguments - size, "}");
        assert_int_equal(apply(&none, arguments, text),
                         most == TRUST_MAP_ARGUMENTS_MAX ? TRUST_OK : TRUST_NO_RANGE);
    }
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(arguments_go_through_the_map),
        cmocka_unit_test(what_does_not_fit_is_refused),
        cmocka_unit_test(arguments_have_their_bound),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
