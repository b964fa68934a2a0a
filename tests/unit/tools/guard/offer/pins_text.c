/* guard/pins_text: what is written is read again, and what is wrong is told with its place. */
#include "guard/offer/pins_text.h"

#include "pinning.h"

/* One server with a pinned, a changed and a refused tool, accepted and signed. */
static struct pins_book make(void)
{
    struct pins_book book = {0};
    enum pin_state states[4];
    struct pins_verdict verdict;
    struct trust_key key;
    struct trust_secret *secret = pinning_operator(&key);
    static const char *const lists[] = {PINNING_A "," PINNING_B, PINNING_A_OTHER ",{'name':'c'}"};
    for (size_t i = 0; i < 2; i++) {
        struct manifest *manifest = manifests_make(MANIFESTS_GREETING, lists[i]);
        struct pins_sight sight = pinning_sight(manifest);
        assert_int_equal(pins_book_judge(&book, &verdict, states, &sight), TRUST_OK);
        manifest_free(manifest);
    }
    assert_int_equal(pins_entry_accept(&book.entries[0], "b", true, PINNING_NOW), TRUST_OK);
    assert_int_equal(pins_entry_reject(&book.entries[0], "c"), TRUST_OK);
    pinning_sign(&book.entries[0], secret);
    trust_secret_close(secret);
    return book;
}

static __attribute__((noinline)) char *text_of(const struct pins_book *book)
{
    char *text = NULL;
    size_t size = 0;
    assert_int_equal(pins_text_write(&text, &size, book), TRUST_OK);
    assert_int_equal(size, strlen(text));
    return text;
}

static void what_is_written_is_read_again(void **state)
{
    (void)state;
    struct pins_book book = make(), again = {0};
    struct pins_place place = {{0}};
    char *text = text_of(&book);
    assert_int_equal(pins_text_read(&again, &place, trust_bytes_text(text)), TRUST_OK);
    assert_int_equal(again.count, 1);
    const struct pins_entry *entry = &again.entries[0];
    assert_string_equal(entry->subject, PINNING_SUBJECT);
    assert_memory_equal(entry->capabilities, pinning_capabilities, DIGEST_SIZE);
    assert_int_equal(entry->first_s, PINNING_NOW);
    assert_int_equal(entry->accepted_s, PINNING_NOW);
    assert_memory_equal(entry->signature, book.entries[0].signature, TRUST_SIGNATURE_SIZE);
    assert_int_equal(entry->count, 3);
    assert_int_equal(pins_tool_state(&entry->tools[0]), PIN_CHANGED);
    assert_int_equal(pins_tool_state(&entry->tools[1]), PIN_SAME);
    assert_int_equal(pins_tool_state(&entry->tools[2]), PIN_REJECTED);
    manifests_check(trust_bytes_text(entry->tools[0].offered.text), PINNING_A_OTHER);
    manifests_check(trust_bytes_text(entry->pinned.text), MANIFESTS_GREETING);
    char *twice = text_of(&again);
    assert_string_equal(text, twice);
    free(twice);
    free(text);
    pins_book_close(&book);
    pins_book_close(&again);
}

/* The text with the first from behind `after` replaced. */
static char *changed(const char *text, const char *after, const char *from, const char *to)
{
    const char *start = strstr(text, after);
    assert_non_null(start);
    const char *at = strstr(start, from);
    assert_non_null(at);
    size_t room = strlen(text) + strlen(to) + 1;
    char *other = malloc(room);
    assert_non_null(other);
    (void)snprintf(other, room, "%.*s%s%s", (int)(at - text), text, to, at + strlen(from));
    return other;
}

static void what_is_wrong_is_told_with_its_place(void **state)
{
    (void)state;
    static const struct {
        const char *after, *from, *to;
        enum trust_error error;
        const char *place;
    } rows[] = {
        {"", "{", "[", TRUST_NO_SYNTAX, "2:"},
        {"\"version\"", "1", "2", TRUST_NO_VERSION, "document.version: is not 1"},
        {"\"version\"", "\"version\"", "\"verse\"", TRUST_NO_OPTION, "document.verse"},
        {"\"subject\"", "pkg:", "PKG:", TRUST_NO_RANGE, "pins[0].subject"},
        {"\"capabilities\"", "07", "0", TRUST_NO_RANGE, "pins[0].capabilities: is not 64 hex"},
        {"\"first\"", "2027-01", "2027-13", TRUST_NO_RANGE, "pins[0].first: is no date"},
        {"\"seen\"", "\"2027", "7,\"x\":\"2027", TRUST_NO_OPTION, "pins[0].x: is not known"},
        {"\"accepted\"", "\"2027-01-15T08:00:00Z\"", "null", TRUST_NO_TYPE,
         "pins[0].accepted.time: is no text"},
        {"\"accepted\"", "2027", "1970", TRUST_FAIL_CORRUPT, ""},
        {"Be kind", "kind", "mean", TRUST_FAIL_CORRUPT, "pins[0].pinned.greeting: is not that"},
        {"\"tools\": [", "\"a\"", "\"d\"", TRUST_FAIL_CORRUPT, "pins[0].tools[0].pinned.definit"},
        {"A!", "!", "?", TRUST_FAIL_CORRUPT, "pins[0].tools[0].offered.definition: is not that"},
        {"\"tools\": [", "\"definition\"", "\"definitions\"", TRUST_NO_OPTION,
         "pins[0].tools[0].pinned.definitions: is not known"},
        {"\"b\"", "\"b\"", "\"a\"", TRUST_NO_DUPLICATE, "pins[0].tools[1].name: stands there"},
    };
    struct pins_book book = make();
    char *text = text_of(&book);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct pins_book read = {0};
        struct pins_place place = {{0}};
        char *other = changed(text, rows[i].after, rows[i].from, rows[i].to);
        enum trust_error error = pins_text_read(&read, &place, trust_bytes_text(other));
        free(other);
        if (rows[i].place[0] == '\0') {
            /* Only the signature can tell. */
            assert_int_equal(error, TRUST_OK);
            pins_book_close(&read);
            continue;
        }
        if (error != rows[i].error ||
            strncmp(place.text, rows[i].place, strlen(rows[i].place)) != 0)
            fail_msg("%zu: %s, %s", i, trust_error_name(error), place.text);
        assert_int_equal(read.count, 0);
    }
    free(text);
    pins_book_close(&book);
}

static void what_is_no_pins_file_is_refused(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        enum trust_error error;
        const char *place;
    } rows[] = {
        {"", TRUST_NO_SYNTAX, "1:"},
        {"[]", TRUST_NO_TYPE, "document: is no object"},
        {"{}", TRUST_NO_VERSION, "document.version"},
        {"{'version':1}", TRUST_NO_TYPE, "document.pins: is no list"},
        {"{'version':1,'version':1,'pins':[]}", TRUST_NO_SYNTAX, "1:"},
        {"{'version':1,'pins':[7]}", TRUST_NO_TYPE, "pins[0]: is no object"},
        {"{'version':1,'pins':[{}]}", TRUST_NO_TYPE, "pins[0].subject: is no text"},
        {"{'version':1,'pins':[{'subject':'a\\u0000'}]}", TRUST_NO_RANGE,
         "pins[0].subject: has a NUL"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct pins_book book = {0};
        struct pins_place place = {{0}};
        struct manifests_text text = manifests_quote(rows[i].text);
        enum trust_error error = pins_text_read(&book, &place, trust_bytes_text(text.text));
        if (error != rows[i].error ||
            strncmp(place.text, rows[i].place, strlen(rows[i].place)) != 0)
            fail_msg("%zu: %s, %s", i, trust_error_name(error), place.text);
    }
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_written_is_read_again),
        cmocka_unit_test(what_is_wrong_is_told_with_its_place),
        cmocka_unit_test(what_is_no_pins_file_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
