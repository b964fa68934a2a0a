/* guard/recall: the same call is known again however it is written, for five minutes. */
#include "guard/router/recall.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/limits.h"

static struct recall_digest digest_of(const char *tool, const char *arguments)
{
    return recall_digest(trust_bytes_text(tool), trust_bytes_text(arguments));
}

static bool is_same(const char *tool, const char *a, const char *other, const char *b)
{
    struct recall_digest first = digest_of(tool, a);
    struct recall_digest second = digest_of(other, b);
    return memcmp(&first, &second, sizeof first) == 0;
}

static void how_arguments_are_written_does_not_matter(void **state)
{
    (void)state;
    assert_true(is_same("t", "{\"a\":1,\"b\":[1e2,\"x\"]}", "t",
                        " { \"b\" : [100, \"\\u0078\"] , \"a\":1.0 }"));
    assert_true(is_same("t", "", "t", "{}"));
    assert_false(is_same("t", "{\"a\":1}", "t", "{\"a\":2}"));
    assert_false(is_same("t", "{\"a\":[1,2]}", "t", "{\"a\":[2,1]}"));
    assert_false(is_same("t", "{}", "u", "{}"));
    assert_false(is_same("ta", "{}", "t", "{}"));
    assert_true(is_same("t", "{\"a\":1e20,\"b\":-1e20}", "t",
                        "{\"b\":-100000000000000000000,\"a\":100000000000000000000}"));
}

static void arguments_without_a_canonical_form_count_as_they_are_written(void **state)
{
    (void)state;
    assert_true(is_same("t", "{\"a\":\"\\ud800\"}", "t", "{\"a\":\"\\ud800\"}"));
    assert_false(is_same("t", "{\"a\":\"\\ud800\"}", "t", "{\"a\": \"\\ud800\"}"));
    assert_false(is_same("t", "{\"a\":1,\"a\":2}", "t", "{\"a\":2,\"a\":1}"));
}

static void a_call_is_remembered_for_five_minutes(void **state)
{
    (void)state;
    struct recall recall = {0};
    struct recall_digest one = digest_of("t", "{}");
    struct recall_digest two = digest_of("u", "{}");
    assert_true(recall_is_empty(&recall));
    assert_false(recall_has(&recall, &one, 5));
    recall_add(&recall, &one, 1000);
    recall_add(&recall, &two, 2000);
    assert_true(recall_has(&recall, &one, 300999));
    assert_true(recall_has(&recall, &two, 300999));
    assert_false(recall_has(&recall, &one, 301000));
    assert_true(recall_has(&recall, &two, 301999));
    assert_false(recall_has(&recall, &two, 302000));
    assert_true(recall_is_empty(&recall));
    recall_close(&recall);
}

static void a_full_ring_forgets_its_oldest(void **state)
{
    (void)state;
    struct recall recall = {0};
    struct recall_digest digest = {{0}};
    for (uint32_t i = 0; i <= TRUST_GUARD_RECALL_MAX; i++) {
        memcpy(digest.bytes, &i, sizeof i);
        recall_add(&recall, &digest, 10 + i);
    }
    uint32_t number = 0;
    memcpy(digest.bytes, &number, sizeof number);
    assert_false(recall_has(&recall, &digest, 20));
    for (number = 1; number <= TRUST_GUARD_RECALL_MAX; number += 1365) {
        memcpy(digest.bytes, &number, sizeof number);
        assert_true(recall_has(&recall, &digest, 20));
    }
    recall_close(&recall);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(how_arguments_are_written_does_not_matter),
        cmocka_unit_test(arguments_without_a_canonical_form_count_as_they_are_written),
        cmocka_unit_test(a_call_is_remembered_for_five_minutes),
        cmocka_unit_test(a_full_ring_forgets_its_oldest),
    };
    return cmocka_run_group_tests_name("tools/guard/recall", tests, NULL, NULL);
}
