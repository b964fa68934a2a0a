/* host/suggest: the nearest word, and none where none is near. */
#include "host/suggest.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static const char *const words[] = {"listen", "newcomers", "relay", "peers", "essential"};

static const char *suggest(const char *word)
{
    return trust_suggest(word, words, sizeof words / sizeof *words);
}

static void a_typing_error_finds_its_word(void **state)
{
    (void)state;
    assert_string_equal(suggest("lsiten"), "listen");
    assert_string_equal(suggest("newcomer"), "newcomers");
    assert_string_equal(suggest("PEERS"), "peers");
    assert_string_equal(suggest("realy"), "relay");
    assert_string_equal(suggest("esential"), "essential");
}

static void what_is_far_from_every_word_finds_none(void **state)
{
    (void)state;
    assert_null(suggest("quarantine"));
    assert_null(suggest("x"));
    assert_null(suggest(""));
    char huge[TRUST_SUGGEST_SIZE_MAX + 2];
    memset(huge, 'a', sizeof huge - 1);
    huge[sizeof huge - 1] = '\0';
    assert_null(suggest(huge));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_typing_error_finds_its_word),
        cmocka_unit_test(what_is_far_from_every_word_finds_none),
    };
    return cmocka_run_group_tests_name("host/suggest", tests, NULL, NULL);
}
