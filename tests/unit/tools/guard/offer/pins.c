/* guard/pins: one file for all guards of a group; nothing is lost, and nothing damaged is replaced.
 */
#include "guard/offer/pins.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "host/files.h"
#include "pinning.h"

struct place {
    char directory[32];
    char path[64];
};

static struct place make_place(void)
{
    struct place place = {.directory = "/tmp/repute-pins-XXXXXX"};
    assert_non_null(mkdtemp(place.directory));
    (void)snprintf(place.path, sizeof place.path, "%s/pins/g.json", place.directory);
    return place;
}

static void drop_place(const struct place *place)
{
    char command[64];
    (void)snprintf(command, sizeof command, "rm -rf '%s'", place->directory);
    assert_int_equal(system(command), 0);
}

static struct pins *open_at(const char *path)
{
    struct pins *pins = NULL;
    struct pins_fault fault = {{0}};
    assert_int_equal(pins_open(&pins, &fault, path), TRUST_OK);
    return pins;
}

/* The state of the one tool. */
static enum pin_state judge(struct pins *pins, const char *subject, const char *tool,
                            enum trust_error expected)
{
    struct manifest *manifest = manifests_make(MANIFESTS_GREETING, tool);
    struct pins_sight sight = pinning_sight(manifest);
    struct pins_verdict verdict;
    enum pin_state states[1] = {PIN_BAD};
    enum trust_error stored = TRUST_FAIL_LIBRARY;
    sight.subject = subject;
    assert_int_equal(pins_judge(pins, &verdict, states, &stored, &sight), TRUST_OK);
    assert_int_equal(stored, expected);
    manifest_free(manifest);
    return states[0];
}

static size_t read_file(const char *path, char *out_text, size_t room)
{
    size_t size = 0;
    assert_int_equal(trust_file_read(path, out_text, &size, room - 1), TRUST_OK);
    out_text[size] = '\0';
    return size;
}

static void pins_outlive_their_process(void **state)
{
    (void)state;
    struct place place = make_place();
    struct pins *pins = open_at(place.path);
    struct stat status;
    assert_int_equal(judge(pins, PINNING_SUBJECT, PINNING_A, TRUST_OK), PIN_FIRST);
    pins_close(pins);
    assert_int_equal(stat(place.path, &status), 0);
    assert_int_equal(status.st_mode & 07777, 0600);
    pins = open_at(place.path);
    assert_int_equal(judge(pins, PINNING_SUBJECT, PINNING_A, TRUST_OK), PIN_SAME);
    struct stat again;
    assert_int_equal(stat(place.path, &again), 0);
    assert_int_equal(again.st_ino, status.st_ino); /* what is the same is not stored again */
    assert_int_equal(judge(pins, PINNING_SUBJECT, PINNING_A_OTHER, TRUST_OK), PIN_CHANGED);
    pins_close(pins);
    drop_place(&place);
}

static void two_guards_that_store_lose_nothing(void **state)
{
    (void)state;
    struct place place = make_place();
    struct pins *one = open_at(place.path), *two = open_at(place.path);
    assert_int_equal(judge(one, "pkg:npm/one@1.0.0", PINNING_A, TRUST_OK), PIN_FIRST);
    assert_int_equal(judge(two, "pkg:npm/two@1.0.0", PINNING_B, TRUST_OK), PIN_FIRST);
    /* The first to see a server says what is pinned of it. */
    assert_int_equal(judge(two, "pkg:npm/one@1.0.0", PINNING_A_OTHER, TRUST_OK), PIN_CHANGED);
    assert_int_equal(judge(one, "pkg:npm/two@1.0.0", PINNING_B, TRUST_OK), PIN_SAME);
    assert_int_equal(pins_book(one)->count, 2);
    assert_true(pins_refresh(two) == false);
    assert_int_equal(judge(one, "pkg:npm/three@1.0.0", PINNING_B, TRUST_OK), PIN_FIRST);
    assert_true(pins_refresh(two));
    assert_false(pins_refresh(two));
    assert_int_equal(pins_book(two)->count, 3);
    pins_close(one);
    pins_close(two);
    drop_place(&place);
}

/* Without assertions: it runs in a child. */
static bool pin_one(const char *path, const struct manifest *manifest, int number)
{
    char subject[32];
    struct pins *pins = NULL;
    struct pins_fault fault;
    struct pins_verdict verdict;
    enum pin_state states[1] = {PIN_BAD};
    enum trust_error stored = TRUST_FAIL_LIBRARY;
    struct pins_sight sight = pinning_sight(manifest);
    (void)snprintf(subject, sizeof subject, "pkg:npm/server-%d@1.0.0", number);
    sight.subject = subject;
    if (pins_open(&pins, &fault, path) != TRUST_OK ||
        pins_judge(pins, &verdict, states, &stored, &sight) != TRUST_OK)
        return false;
    pins_close(pins);
    return stored == TRUST_OK && states[0] == PIN_FIRST;
}

static void many_processes_at_once_lose_nothing(void **state)
{
    (void)state;
    enum { CHILDREN = 8 };
    struct place place = make_place();
    struct manifest *manifest = manifests_make(MANIFESTS_GREETING, PINNING_A);
    pid_t children[CHILDREN];
    for (int i = 0; i < CHILDREN; i++) {
        children[i] = fork();
        assert_true(children[i] >= 0);
        if (children[i] == 0)
            _exit(pin_one(place.path, manifest, i) ? 0 : 1);
    }
    for (int i = 0; i < CHILDREN; i++) {
        int status = -1;
        assert_int_equal(waitpid(children[i], &status, 0), children[i]);
        assert_int_equal(status, 0);
    }
    struct pins *pins = open_at(place.path);
    assert_int_equal(pins_book(pins)->count, CHILDREN);
    pins_close(pins);
    manifest_free(manifest);
    drop_place(&place);
}

static void a_damaged_file_is_refused_and_left_alone(void **state)
{
    (void)state;
    struct place place = make_place();
    struct pins *pins = open_at(place.path), *other = NULL;
    struct pins_fault fault = {{0}};
    char text[4096], damaged[4096], after[4096], expected[128];
    assert_int_equal(judge(pins, PINNING_SUBJECT, PINNING_A, TRUST_OK), PIN_FIRST);
    size_t size = read_file(place.path, text, sizeof text);
    (void)snprintf(damaged, sizeof damaged, "%.*s", (int)(size / 2), text);
    assert_int_equal(trust_file_write(place.path, trust_bytes_text(damaged), 0600), TRUST_OK);
    assert_int_equal(pins_open(&other, &fault, place.path), TRUST_NO_SYNTAX);
    (void)snprintf(expected, sizeof expected, "%s: 1", place.path);
    assert_memory_equal(fault.text, expected, strlen(expected));
    assert_int_equal(pins_lock(pins, &fault), TRUST_NO_SYNTAX);
    assert_false(pins_refresh(pins));
    /* A guard that runs goes on with what it knows, and the file stays for whoever looks at it. */
    assert_int_equal(judge(pins, PINNING_SUBJECT, PINNING_A_OTHER, TRUST_NO_SYNTAX), PIN_CHANGED);
    assert_int_equal(judge(pins, PINNING_SUBJECT, PINNING_B, TRUST_FAIL_IO), PIN_CHANGED);
    (void)read_file(place.path, after, sizeof after);
    assert_string_equal(after, damaged);
    pins_close(pins);
    drop_place(&place);
}

static void a_file_that_is_taken_away_is_not_forgotten(void **state)
{
    (void)state;
    struct place place = make_place();
    struct pins *pins = open_at(place.path);
    assert_int_equal(judge(pins, PINNING_SUBJECT, PINNING_A, TRUST_OK), PIN_FIRST);
    assert_int_equal(unlink(place.path), 0);
    assert_false(pins_refresh(pins));
    assert_int_equal(judge(pins, PINNING_SUBJECT, PINNING_A, TRUST_OK), PIN_SAME);
    pins_close(pins);
    pins = open_at(place.path);
    assert_int_equal(judge(pins, PINNING_SUBJECT, PINNING_A_OTHER, TRUST_OK), PIN_CHANGED);
    pins_close(pins);
    drop_place(&place);
}

static void without_a_place_to_store_pins_hold_in_memory(void **state)
{
    (void)state;
    struct place place = make_place();
    char path[96];
    (void)snprintf(path, sizeof path, "%s/gone/pins/g.json", place.directory);
    struct pins *pins = open_at(path);
    assert_int_equal(judge(pins, PINNING_SUBJECT, PINNING_A, TRUST_NO_FILE), PIN_FIRST);
    assert_int_equal(judge(pins, PINNING_SUBJECT, PINNING_A_OTHER, TRUST_FAIL_IO), PIN_CHANGED);
    pins_close(pins);
    pins = open_at(NULL);
    assert_int_equal(judge(pins, PINNING_SUBJECT, PINNING_A, TRUST_OK), PIN_FIRST);
    assert_int_equal(judge(pins, PINNING_SUBJECT, PINNING_A_OTHER, TRUST_OK), PIN_CHANGED);
    pins_close(pins);
    drop_place(&place);
}

static void a_lock_is_waited_for_but_not_for_ever(void **state)
{
    (void)state;
    struct place place = make_place();
    struct pins *one = open_at(place.path), *two = open_at(place.path);
    struct pins_fault fault = {{0}};
    assert_int_equal(pins_lock(one, &fault), TRUST_OK);
    assert_int_equal(pins_lock(two, &fault), TRUST_NO_BUSY);
    pins_unlock(one);
    assert_int_equal(pins_lock(two, &fault), TRUST_OK);
    assert_int_equal(pins_save(two), TRUST_OK);
    assert_int_equal(pins_lock(one, &fault), TRUST_OK);
    pins_close(one);
    pins_close(two);
    drop_place(&place);
}

static void a_manifest_has_what_is_believed_of_a_server(void **state)
{
    (void)state;
    struct pins *pins = open_at(NULL);
    struct manifest *manifest = NULL;
    struct pins_sight sight = pinning_sight(NULL);
    assert_int_equal(pins_manifest(pins, &manifest, &sight), TRUST_NO_FOUND);
    assert_int_equal(judge(pins, PINNING_SUBJECT, PINNING_A, TRUST_OK), PIN_FIRST);
    assert_int_equal(judge(pins, PINNING_SUBJECT, PINNING_A_OTHER, TRUST_OK), PIN_CHANGED);
    assert_int_equal(judge(pins, PINNING_SUBJECT, PINNING_B, TRUST_OK), PIN_CHANGED);
    assert_int_equal(pins_manifest(pins, &manifest, &sight), TRUST_OK);
    assert_int_equal(manifest_count(manifest), 1);
    manifests_check(manifest_at(manifest, 0)->definition, PINNING_A);
    manifests_check(manifest_server(manifest), MANIFESTS_GREETING);
    manifest_free(manifest);
    /* Under another policy nothing of it was accepted yet. */
    sight.is_confirmed = true;
    assert_int_equal(pins_manifest(pins, &manifest, &sight), TRUST_OK);
    assert_int_equal(manifest_count(manifest), 0);
    manifests_check(manifest_server(manifest),
                    "{'protocolVersion':'2025-06-18','capabilities':{'tools':{}},"
                    "'serverInfo':{'name':'s','version':'1'}}");
    manifest_free(manifest);
    sight.is_confirmed = false;
    assert_int_equal(pins_entry_reject(&pins_book(pins)->entries[0], "a"), TRUST_OK);
    assert_int_equal(pins_entry_reject(&pins_book(pins)->entries[0], "b"), TRUST_OK);
    assert_int_equal(pins_manifest(pins, &manifest, &sight), TRUST_OK);
    assert_int_equal(manifest_count(manifest), 1); /* what was refused of a is not what is pinned */
    manifest_free(manifest);
    pins_close(pins);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(pins_outlive_their_process),
        cmocka_unit_test(two_guards_that_store_lose_nothing),
        cmocka_unit_test(many_processes_at_once_lose_nothing),
        cmocka_unit_test(a_damaged_file_is_refused_and_left_alone),
        cmocka_unit_test(a_file_that_is_taken_away_is_not_forgotten),
        cmocka_unit_test(without_a_place_to_store_pins_hold_in_memory),
        cmocka_unit_test(a_lock_is_waited_for_but_not_for_ever),
        cmocka_unit_test(a_manifest_has_what_is_believed_of_a_server),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
