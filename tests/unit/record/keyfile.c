/* record/keyfile: what was sealed opens again, and everything else is refused by name. */
#include "record/keyfile.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/bytes.h"
#include "record/sodium.h"

/* Where the parts of the file stand. */
#define AT_VERSION 8
#define AT_KDF 9
#define AT_OPS 10
#define AT_MEMORY 14
#define AT_SALT 18
#define AT_NONCE 34
#define AT_KEY 58
#define AT_BOX 90

static const uint8_t seed[TRUST_SEED_SIZE] = {1, 2, 3};

struct file {
    uint8_t data[TRUST_KEYFILE_SIZE_MAX + 1];
    size_t size;
};

static struct trust_bytes bytes_of(const struct file *file)
{
    return (struct trust_bytes){.data = file->data, .size = file->size};
}

/* The cheapest costs there are: what they are is tested once, not in every test. */
static struct trust_keyfile_form form_of(enum trust_keyfile_kdf kdf)
{
    struct trust_keyfile_form form = {.kdf = kdf};
    if (kdf == TRUST_KEYFILE_PLAIN)
        return form;
    form.ops = 1;
    form.memory_kib = 8;
    memset(form.salt, 7, sizeof form.salt);
    memset(form.nonce, 9, sizeof form.nonce);
    return form;
}

static enum trust_error seal_as(struct file *out_file, const struct trust_keyfile_form *form,
                                const char *label, const char *passphrase)
{
    struct trust_secret *secret = NULL;
    assert_int_equal(trust_secret_open(&secret, seed), TRUST_OK);
    struct trust_keyfile_content content = {.secret = secret, .note = {.created_s = 1795132800}};
    (void)snprintf(content.note.label, sizeof content.note.label, "%s", label);
    enum trust_error error = trust_keyfile_seal(out_file->data, &out_file->size, &content, form,
                                                trust_bytes_text(passphrase));
    trust_secret_close(secret);
    return error;
}

static struct file seal(enum trust_keyfile_kdf kdf, const char *label, const char *passphrase)
{
    struct file file = {.size = 0};
    struct trust_keyfile_form form = form_of(kdf);
    assert_int_equal(seal_as(&file, &form, label, passphrase), TRUST_OK);
    return file;
}

/* Parses and opens; the label's text must be the one given. */
static enum trust_error open_file(const struct file *file, const char *passphrase,
                                  const char *label)
{
    struct trust_keyfile parsed;
    enum trust_error error = trust_keyfile_parse(&parsed, bytes_of(file));
    if (error != TRUST_OK)
        return error;
    struct trust_secret *secret = NULL;
    struct trust_keyfile_note note;
    error = trust_keyfile_open(&secret, &note, &parsed, trust_bytes_text(passphrase));
    if (error != TRUST_OK) {
        assert_null(secret);
        return error;
    }
    assert_memory_equal(trust_secret_seed(secret), seed, sizeof seed);
    assert_int_equal(note.created_s, 1795132800);
    assert_string_equal(note.label, label);
    trust_secret_close(secret);
    return TRUST_OK;
}

static void what_was_sealed_opens_with_its_passphrase_and_no_other(void **state)
{
    (void)state;
    struct file file = seal(TRUST_KEYFILE_ARGON2ID, "alice at work", "correct horse");
    assert_int_equal(file.size, AT_BOX + 16 + 32 + 8 + 1 + 13);
    assert_int_equal(open_file(&file, "correct horse", "alice at work"), TRUST_OK);
    assert_int_equal(open_file(&file, "correct hors", ""), TRUST_NO_PASSPHRASE);
    assert_int_equal(open_file(&file, "", ""), TRUST_NO_PASSPHRASE);
}

static void an_empty_passphrase_seals_like_any_other(void **state)
{
    (void)state;
    struct file file = seal(TRUST_KEYFILE_ARGON2ID, "", "");
    assert_int_equal(open_file(&file, "", ""), TRUST_OK);
    assert_int_equal(open_file(&file, "x", ""), TRUST_NO_PASSPHRASE);
}

static void the_seed_is_not_in_a_sealed_file_and_is_in_a_plain_one(void **state)
{
    (void)state;
    struct file sealed = seal(TRUST_KEYFILE_ARGON2ID, "", "x");
    struct file plain = seal(TRUST_KEYFILE_PLAIN, "", "ignored");
    assert_memory_not_equal(sealed.data + AT_BOX + 16, seed, sizeof seed);
    assert_memory_equal(plain.data + AT_BOX, seed, sizeof seed);
    assert_int_equal(open_file(&plain, "", ""), TRUST_OK);
}

static void the_file_says_its_costs_and_its_public_key_without_a_passphrase(void **state)
{
    (void)state;
    struct file file = seal(TRUST_KEYFILE_ARGON2ID, "", "x");
    static const uint8_t start[AT_SALT] = {'R', 'P', 'T', 'K', 'E', 'Y', 'F', '\n', 1,
                                           1,   0,   0,   0,   1,   0,   0,   0,    8};
    assert_memory_equal(file.data, start, sizeof start);
    struct trust_keyfile parsed;
    assert_int_equal(trust_keyfile_parse(&parsed, bytes_of(&file)), TRUST_OK);
    assert_int_equal(parsed.kdf, TRUST_KEYFILE_ARGON2ID);
    assert_int_equal(parsed.ops, 1);
    assert_int_equal(parsed.memory_kib, 8);
    assert_int_equal(parsed.salt.data[15], 7);
    assert_int_equal(parsed.nonce.data[23], 9);
    struct trust_secret *secret = NULL;
    assert_int_equal(trust_secret_open(&secret, seed), TRUST_OK);
    struct trust_key key;
    trust_secret_key(&key, secret);
    trust_secret_close(secret);
    assert_memory_equal(&parsed.public_key, &key, sizeof key);
}

static void a_changed_byte_is_refused_wherever_it_stands(void **state)
{
    (void)state;
    static const struct {
        size_t at;
        uint8_t value;
        enum trust_error sealed;
        enum trust_error plain;
    } rows[] = {
        {0, 'r', TRUST_NO_SYNTAX, TRUST_NO_SYNTAX},
        {7, '\r', TRUST_NO_SYNTAX, TRUST_NO_SYNTAX},
        {AT_VERSION, 0, TRUST_NO_VERSION, TRUST_NO_VERSION},
        {AT_VERSION, 2, TRUST_NO_VERSION, TRUST_NO_VERSION},
        {AT_KDF, 2, TRUST_NO_VERSION, TRUST_NO_VERSION},
        {AT_OPS + 3, 9, TRUST_NO_RANGE, TRUST_NO_RANGE},
        {AT_OPS + 3, 2, TRUST_NO_PASSPHRASE, TRUST_NO_RANGE},
        {AT_MEMORY, 1, TRUST_NO_RANGE, TRUST_NO_RANGE},
        {AT_MEMORY + 3, 7, TRUST_NO_RANGE, TRUST_NO_RANGE},
        {AT_MEMORY + 3, 9, TRUST_NO_PASSPHRASE, TRUST_NO_RANGE},
        {AT_SALT, 8, TRUST_NO_PASSPHRASE, TRUST_NO_SYNTAX},
        {AT_NONCE + 23, 8, TRUST_NO_PASSPHRASE, TRUST_NO_SYNTAX},
        {AT_KEY, 0, TRUST_NO_KEY, TRUST_NO_KEY},
        {AT_BOX, 0xee, TRUST_NO_PASSPHRASE, TRUST_NO_KEY},
    };
    struct file sealed = seal(TRUST_KEYFILE_ARGON2ID, "a", "x");
    struct file plain = seal(TRUST_KEYFILE_PLAIN, "a", "");
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct file changed = sealed;
        changed.data[rows[i].at] = rows[i].value;
        assert_int_equal(open_file(&changed, "x", ""), rows[i].sealed);
        changed = plain;
        changed.data[rows[i].at] = rows[i].value;
        assert_int_equal(open_file(&changed, "x", ""), rows[i].plain);
    }
}

static void the_inside_of_a_plain_file_is_checked_to_the_byte(void **state)
{
    (void)state;
    struct file file = seal(TRUST_KEYFILE_PLAIN, "ab", "");
    struct file longer = file;
    longer.data[longer.size++] = 'c';
    assert_int_equal(open_file(&longer, "", ""), TRUST_NO_SYNTAX);
    struct file counted = file;
    counted.data[AT_BOX + 40] = 3;
    assert_int_equal(open_file(&counted, "", ""), TRUST_NO_SYNTAX);
    struct file unprintable = file;
    unprintable.data[AT_BOX + 41] = '\n';
    assert_int_equal(open_file(&unprintable, "", ""), TRUST_NO_SYNTAX);
    unprintable.data[AT_BOX + 41] = '\0';
    assert_int_equal(open_file(&unprintable, "", ""), TRUST_NO_SYNTAX);
}

static void every_file_that_is_cut_off_or_padded_is_refused(void **state)
{
    (void)state;
    char label[TRUST_KEYFILE_LABEL_SIZE_MAX + 1];
    memset(label, 'l', sizeof label - 1);
    label[sizeof label - 1] = '\0';
    struct file whole = seal(TRUST_KEYFILE_ARGON2ID, label, "x");
    assert_int_equal(whole.size, TRUST_KEYFILE_SIZE_MAX);
    assert_int_equal(open_file(&whole, "x", label), TRUST_OK);
    for (size_t size = 0; size < whole.size; size++) {
        struct file cut = whole;
        cut.size = size;
        enum trust_error error = open_file(&cut, "x", label);
        /* From here on the outer form is that of a shorter label. */
        bool is_formed = size >= AT_BOX + 16 + 32 + 8 + 1;
        assert_int_equal(error, is_formed ? TRUST_NO_PASSPHRASE : TRUST_NO_SYNTAX);
    }
    whole.size++;
    assert_int_equal(open_file(&whole, "x", label), TRUST_NO_SYNTAX);
}

static void costs_and_labels_outside_their_bounds_are_not_sealed(void **state)
{
    (void)state;
    struct file file = {.size = 77};
    struct trust_keyfile_form form = form_of(TRUST_KEYFILE_ARGON2ID);
    assert_int_equal(seal_as(&file, &form, "tab\t", "x"), TRUST_NO_RANGE);
    form.ops = 0;
    assert_int_equal(seal_as(&file, &form, "", "x"), TRUST_NO_RANGE);
    form.ops = TRUST_KEYFILE_OPS_MAX + 1;
    assert_int_equal(seal_as(&file, &form, "", "x"), TRUST_NO_RANGE);
    form = form_of(TRUST_KEYFILE_ARGON2ID);
    form.memory_kib = TRUST_KEYFILE_MEMORY_KIB_MAX + 1;
    assert_int_equal(seal_as(&file, &form, "", "x"), TRUST_NO_RANGE);
    form = form_of(TRUST_KEYFILE_PLAIN);
    form.ops = 1;
    assert_int_equal(seal_as(&file, &form, "", "x"), TRUST_NO_RANGE);
    form = form_of(TRUST_KEYFILE_PLAIN);
    form.nonce[0] = 1;
    assert_int_equal(seal_as(&file, &form, "", "x"), TRUST_NO_RANGE);
    assert_int_equal(file.size, 77);
}

static void new_files_cost_three_passes_over_256_mebibytes(void **state)
{
    (void)state;
    struct trust_keyfile_form form = trust_keyfile_form_moderate();
    assert_int_equal(form.kdf, TRUST_KEYFILE_ARGON2ID);
    assert_int_equal(form.ops, 3);
    assert_int_equal(form.memory_kib, 262144);
}

static int start_sodium(void **state)
{
    (void)state;
    return trust_sodium_start() == TRUST_OK ? 0 : -1;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_was_sealed_opens_with_its_passphrase_and_no_other),
        cmocka_unit_test(an_empty_passphrase_seals_like_any_other),
        cmocka_unit_test(the_seed_is_not_in_a_sealed_file_and_is_in_a_plain_one),
        cmocka_unit_test(the_file_says_its_costs_and_its_public_key_without_a_passphrase),
        cmocka_unit_test(a_changed_byte_is_refused_wherever_it_stands),
        cmocka_unit_test(the_inside_of_a_plain_file_is_checked_to_the_byte),
        cmocka_unit_test(every_file_that_is_cut_off_or_padded_is_refused),
        cmocka_unit_test(costs_and_labels_outside_their_bounds_are_not_sealed),
        cmocka_unit_test(new_files_cost_three_passes_over_256_mebibytes),
    };
    return cmocka_run_group_tests_name("record/keyfile", tests, start_sodium, NULL);
}
