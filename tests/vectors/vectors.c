/*
 * Runs the files of vectors against the library. README.md gives their form, so that another
 * implementation can run them too.
 */
#include <setjmp.h>
#include <sodium.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "trust/subject.h"

#include "record/encode.h"
#include "record/sign.h"
#include "record/sodium.h"
#include "record/verify.h"

#define LINE_SIZE 4096
#define FIELDS_MAX 5

struct line {
    char text[LINE_SIZE];
    char *fields[FIELDS_MAX];
    size_t count;
};

/* The next line of the file that is no comment, cut at its spaces. */
static bool next_line(FILE *file, struct line *out_line)
{
    while (fgets(out_line->text, sizeof out_line->text, file) != NULL) {
        if (out_line->text[0] == '#')
            continue;
        out_line->count = 0;
        char *rest = out_line->text;
        char *field = strtok_r(rest, " \n", &rest);
        for (; field != NULL; field = strtok_r(NULL, " \n", &rest)) {
            assert_true(out_line->count < FIELDS_MAX);
            out_line->fields[out_line->count++] = field;
        }
        return true;
    }
    return false;
}

static FILE *open_vectors(const char *name)
{
    char path[LINE_SIZE];
    snprintf(path, sizeof path, "%s/%s", getenv("VECTORS"), name);
    FILE *file = fopen(path, "r");
    assert_non_null(file);
    return file;
}

static size_t from_hex(uint8_t *out_bytes, size_t capacity, const char *hex)
{
    size_t size = 0;
    assert_int_equal(sodium_hex2bin(out_bytes, capacity, hex, strlen(hex), NULL, &size, NULL), 0);
    return size;
}

/* The whole rule, in its order: decode, the author's key, the signature. */
static enum trust_error judge(struct trust_verified *out_verified, struct trust_bytes bytes)
{
    struct trust_network network;
    struct trust_record record;
    assert_int_equal(trust_network_init(&network, "main"), TRUST_OK);
    enum trust_error error = trust_record_decode(&record, bytes);
    if (error != TRUST_OK)
        return error;
    if (!trust_key_is_prime_order(&record.author))
        return TRUST_NO_KEY;
    return trust_record_verify(out_verified, bytes, &network);
}

/* Decode, then encode: the same bytes. */
static void assert_encodes_back(const struct trust_verified *verified)
{
    uint8_t buffer[TRUST_RECORD_SIZE_MAX];
    struct trust_writer writer = trust_writer_init(buffer, sizeof buffer);
    assert_int_equal(trust_record_encode(&writer, &verified->record), TRUST_OK);
    assert_int_equal(writer.size, verified->bytes.size - TRUST_SIGNATURE_SIZE);
    assert_memory_equal(buffer, verified->bytes.data, writer.size);
}

/* No shorter record, and none with one bit changed, is one. */
static void assert_tamper_proof(struct trust_bytes bytes)
{
    uint8_t changed[TRUST_RECORD_SIZE_MAX];
    struct trust_verified verified;
    for (size_t size = 0; size < bytes.size; size++) {
        struct trust_record record;
        struct trust_bytes shorter = {.data = bytes.data, .size = size};
        enum trust_error expected =
            size < TRUST_RECORD_SIZE_MIN ? TRUST_NO_SIZE : TRUST_NO_CANONICAL;
        assert_int_equal(trust_record_decode(&record, shorter), expected);
    }
    memcpy(changed, bytes.data, bytes.size);
    for (size_t at = 0; at < bytes.size; at += 5) {
        changed[at] ^= (uint8_t)(1 << at % 8);
        enum trust_error error = judge(&verified, (struct trust_bytes){changed, bytes.size});
        assert_int_not_equal(error, TRUST_OK);
        if (at >= bytes.size - TRUST_SIGNATURE_SIZE)
            assert_int_equal(error, TRUST_NO_SIGNATURE);
        changed[at] = bytes.data[at];
    }
}

static void check_record(const struct line *line, bool thoroughly)
{
    uint8_t buffer[1024];
    assert_int_equal(line->count, 4);
    struct trust_bytes bytes = {.data = buffer};
    bytes.size = from_hex(buffer, sizeof buffer, line->fields[2]);
    struct trust_verified verified;
    enum trust_error error = judge(&verified, bytes);
    if (strcmp(trust_error_name(error), line->fields[0]) != 0)
        print_message("# vector %s\n", line->fields[1]);
    assert_string_equal(trust_error_name(error), line->fields[0]);
    if (error != TRUST_OK)
        return;
    uint8_t id[32];
    assert_int_equal(from_hex(id, sizeof id, line->fields[3]), sizeof id);
    assert_memory_equal(verified.id.bytes, id, sizeof id);
    assert_encodes_back(&verified);
    if (thoroughly)
        assert_tamper_proof(bytes);
}

static void every_record_vector_gets_its_verdict(void **state)
{
    (void)state;
    FILE *file = open_vectors("records.txt");
    struct line line;
    size_t count = 0;
    for (; next_line(file, &line); count++)
        check_record(&line, count % 10 == 0);
    fclose(file);
    assert_true(count >= 197);
}

static void every_key_vector_gets_its_texts(void **state)
{
    (void)state;
    FILE *file = open_vectors("keys.txt");
    struct line line;
    size_t count = 0;
    for (; next_line(file, &line); count++) {
        uint8_t seed[32];
        uint8_t public[32];
        assert_int_equal(line.count, 5);
        assert_int_equal(from_hex(seed, sizeof seed, line.fields[1]), 32);
        assert_int_equal(from_hex(public, sizeof public, line.fields[2]), 32);
        struct trust_secret *secret = NULL;
        assert_int_equal(trust_secret_open(&secret, seed), TRUST_OK);
        struct trust_key key;
        trust_secret_key(&key, secret);
        trust_secret_close(secret);
        assert_memory_equal(key.bytes, public, sizeof public);
        char text[TRUST_KEY_TEXT_SIZE];
        trust_key_encode(text, &key, TRUST_KEY_OPERATOR);
        assert_string_equal(text, line.fields[3]);
        trust_key_encode(text, &key, TRUST_KEY_NODE);
        assert_string_equal(text, line.fields[4]);
    }
    fclose(file);
    assert_true(count >= 4);
}

static void check_subject(const struct line *line)
{
    static const char *const forms[] = {
        [TRUST_SUBJECT_REGISTRY] = "registry", [TRUST_SUBJECT_PACKAGE] = "package",
        [TRUST_SUBJECT_URL] = "url",           [TRUST_SUBJECT_LOOPBACK] = "local",
        [TRUST_SUBJECT_ARTIFACT] = "artifact",
    };
    assert_int_equal(line->count, 3);
    struct trust_bytes typed = trust_bytes_text(line->fields[1]);
    char canonical[TRUST_SUBJECT_TEXT_SIZE];
    struct trust_subject subject;
    if (strcmp(line->fields[0], "none") == 0) {
        assert_int_equal(trust_subject_canonical(canonical, typed), TRUST_NO_SUBJECT);
        assert_int_equal(trust_subject_parse(&subject, typed), TRUST_NO_SUBJECT);
        return;
    }
    assert_int_equal(trust_subject_canonical(canonical, typed), TRUST_OK);
    assert_string_equal(canonical, line->fields[2]);
    assert_int_equal(trust_subject_parse(&subject, trust_bytes_text(canonical)), TRUST_OK);
    assert_string_equal(forms[subject.form], line->fields[0]);
    bool is_same = strcmp(line->fields[1], line->fields[2]) == 0;
    assert_int_equal(trust_subject_parse(&subject, typed), is_same ? TRUST_OK : TRUST_NO_SUBJECT);
}

static void every_subject_vector_has_its_form(void **state)
{
    (void)state;
    FILE *file = open_vectors("subjects.txt");
    struct line line;
    size_t count = 0;
    for (; next_line(file, &line); count++)
        check_subject(&line);
    fclose(file);
    assert_true(count >= 100);
}

static int start(void **state)
{
    (void)state;
    return trust_sodium_start() == TRUST_OK ? 0 : -1;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_record_vector_gets_its_verdict),
        cmocka_unit_test(every_key_vector_gets_its_texts),
        cmocka_unit_test(every_subject_vector_has_its_form),
    };
    return cmocka_run_group_tests_name("vectors", tests, start, NULL);
}
