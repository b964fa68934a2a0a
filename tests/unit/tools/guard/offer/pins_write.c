/* guard/pins_write: the file as people see it. */
#include "guard/offer/pins_text.h"
#include "pinning.h"

static void an_entry_is_written_in_full(void **state)
{
    (void)state;
    struct pins_book book = {0};
    char *text = NULL;
    size_t size = 0;
    uint8_t capabilities[DIGEST_SIZE] = {0xab};
    struct pins_entry *entry = pins_book_add(&book, PINNING_SUBJECT, capabilities, PINNING_NOW);
    struct pins_tool *tool = pins_entry_add(entry, trust_bytes_text("a"));
    tool->is_rejected = true;
    tool->rejected[0] = 0xcd;
    assert_int_equal(pins_text_write(&text, &size, &book), TRUST_OK);
    struct manifests_text expected = manifests_quote(
        "{\n 'version': 1,\n 'pins': [\n  {\n   'subject': '" PINNING_SUBJECT "',\n"
        "   'capabilities': "
        "'ab00000000000000000000000000000000000000000000000000000000000000',\n"
        "   'first': '2027-01-15T08:00:00Z',\n   'seen': '2027-01-15T08:00:00Z',\n"
        "   'accepted': null,\n   'pinned': null,\n   'offered': null,\n   'tools': [\n    {\n"
        "     'name': 'a',\n     'since': '1970-01-01T00:00:00Z',\n     'pinned': null,\n"
        "     'offered': null,\n     'rejected': "
        "'cd00000000000000000000000000000000000000000000000000000000000000'\n"
        "    }\n   ]\n  }\n ]\n}");
    assert_string_equal(text, expected.text);
    free(text);
    pins_book_close(&book);
}

static void no_pins_are_an_empty_list(void **state)
{
    (void)state;
    static const struct pins_book none = {0};
    char *text = NULL;
    size_t size = 0;
    assert_int_equal(pins_text_write(&text, &size, &none), TRUST_OK);
    assert_string_equal(text, "{\n \"version\": 1,\n \"pins\": []\n}");
    free(text);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_entry_is_written_in_full),
        cmocka_unit_test(no_pins_are_an_empty_list),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
