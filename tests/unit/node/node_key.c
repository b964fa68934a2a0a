/* The transport key's file: made once, private, and never taken from where others could put it. */
#include "node/node_key.h"

#include <setjmp.h>
#include <sodium.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

static char directory[] = "/tmp/node_key.XXXXXX";
static char path[64];

static int make_directory(void **state)
{
    (void)state;
    strcpy(directory, "/tmp/node_key.XXXXXX");
    if (sodium_init() < 0 || mkdtemp(directory) == NULL)
        return -1;
    (void)snprintf(path, sizeof path, "%s/node.key", directory);
    return 0;
}

static int remove_directory(void **state)
{
    (void)state;
    char other[64];
    (void)snprintf(other, sizeof other, "%s/other", directory);
    (void)unlink(path);
    (void)unlink(other);
    return rmdir(directory);
}

static void write_file(const char *name, const char *text, mode_t mode)
{
    FILE *file = fopen(name, "w");
    assert_non_null(file);
    assert_true(fputs(text, file) >= 0);
    assert_int_equal(fclose(file), 0);
    assert_int_equal(chmod(name, mode), 0);
}

#define GOOD "77076d0a7318a57d3c16c17251b26645c6c2f6c929ba1de9e6a2c6f6b2ef9e2a"
#define PADDED " " GOOD

static void the_first_start_makes_a_private_file(void **state)
{
    (void)state;
    struct node_key key;
    assert_int_equal(node_key_open(&key, path), TRUST_OK);
    struct stat status;
    assert_int_equal(stat(path, &status), 0);
    assert_int_equal(status.st_mode & 07777, 0600);
    assert_int_equal(status.st_size, 65);
    uint8_t expected[32];
    assert_int_equal(crypto_scalarmult_base(expected, key.secret), 0);
    assert_memory_equal(key.key.bytes, expected, 32);
    node_key_close(&key);
}

static void the_next_start_reads_the_same_key(void **state)
{
    (void)state;
    struct node_key first;
    struct node_key second;
    assert_int_equal(node_key_open(&first, path), TRUST_OK);
    assert_int_equal(node_key_open(&second, path), TRUST_OK);
    assert_memory_equal(first.secret, second.secret, 32);
    assert_memory_equal(first.key.bytes, second.key.bytes, 32);
}

/* Keys of Bob in RFC 7748, section 6.1. */
static void a_known_secret_gives_its_known_key(void **state)
{
    (void)state;
    write_file(path, "5dab087e624a8a4b79e17f8b83800ee66f3bb1292618b6fd1c2f8b27ff88e0eb\n", 0600);
    struct node_key key;
    assert_int_equal(node_key_open(&key, path), TRUST_OK);
    char public[65];
    sodium_bin2hex(public, sizeof public, key.key.bytes, 32);
    assert_string_equal(public, "de9edb7d7b7dc1b4d35b61c2ece435373f8343c85b78674dadfc7e146f882b4f");
}

static void a_file_that_others_may_read_is_refused(void **state)
{
    (void)state;
    static const mode_t modes[] = {0604, 0640, 0620, 0602, 0644};
    for (size_t i = 0; i < sizeof modes / sizeof *modes; i++) {
        write_file(path, GOOD "\n", modes[i]);
        struct node_key key;
        assert_int_equal(node_key_open(&key, path), TRUST_NO_FILE);
    }
}

static void a_link_is_refused(void **state)
{
    (void)state;
    char other[64];
    (void)snprintf(other, sizeof other, "%s/other", directory);
    write_file(other, GOOD "\n", 0600);
    assert_int_equal(symlink(other, path), 0);
    struct node_key key;
    assert_int_equal(node_key_open(&key, path), TRUST_NO_FILE);
}

static void a_damaged_file_is_refused_and_left_as_it_is(void **state)
{
    (void)state;
    static const char *const texts[] = {
        "",
        "\n",
        "7707\n",
        (GOOD "00\n"),
        (GOOD "\n\n"),
        "g7076d0a7318a57d3c16c17251b26645c6c2f6c929ba1de9e6a2c6f6b2ef9e2a\n",
        PADDED,
    };
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        write_file(path, texts[i], 0600);
        struct node_key key;
        enum trust_error error = node_key_open(&key, path);
        if (error != TRUST_NO_SYNTAX)
            fail_msg("text %zu: %s", i, trust_error_name(error));
        struct stat status;
        assert_int_equal(stat(path, &status), 0);
        assert_int_equal(status.st_size, strlen(texts[i]));
    }
}

static void closing_wipes_the_secret(void **state)
{
    (void)state;
    static const uint8_t zeros[32];
    struct node_key key;
    assert_int_equal(node_key_open(&key, path), TRUST_OK);
    node_key_close(&key);
    assert_memory_equal(key.secret, zeros, 32);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#define KEY_TEST(name) cmocka_unit_test_setup_teardown(name, make_directory, remove_directory)
        KEY_TEST(the_first_start_makes_a_private_file),
        KEY_TEST(the_next_start_reads_the_same_key),
        KEY_TEST(a_known_secret_gives_its_known_key),
        KEY_TEST(a_file_that_others_may_read_is_refused),
        KEY_TEST(a_link_is_refused),
        KEY_TEST(a_damaged_file_is_refused_and_left_as_it_is),
        KEY_TEST(closing_wipes_the_secret),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
