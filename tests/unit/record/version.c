/* record/version: what names one version for ever. */
#include "record/version.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static void a_version_is_exact_unless_it_moves(void **state)
{
    (void)state;
    static const struct {
        const char *version;
        bool is_exact;
    } rows[] = {
        {"1.4.2", true},    {"2025.1.17", true}, {"v1", true},      {"1.0.0-alpha.x", true},
        {"1.0.0+x", true},  {"1.2x", true},      {"xx", true},      {"1.xx.2", true},
        {"latest-1", true}, {"", true},          {"latest", false}, {"Latest", false},
        {"x", false},       {"X", false},        {"1.x", false},    {"1.X.3", false},
        {"x.1", false},     {"1.x-rc", false},   {"1.x+b", false},  {"1.2.x", false},
        {"1.2.x.", false},  {"1-x.x", true},     {"1+b.x.c", true},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        assert_int_equal(trust_version_is_exact(trust_bytes_text(rows[i].version)),
                         rows[i].is_exact);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_version_is_exact_unless_it_moves),
    };
    return cmocka_run_group_tests_name("record/version", tests, NULL, NULL);
}
