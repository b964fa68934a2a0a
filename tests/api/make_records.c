/*
 * Makes keys, signed records and signed statements for the tests of the local API, since records
 * cannot be written by hand: reads one command a line and prints one line for each.
 *
 *   key N                                                  the operator key number N, rpt1...
 *   node N                                                 some transport key, rpn1...
 *   vouch N SEQ EXPIRES M SCOPES STRENGTH                  a record in hex, here and below
 *   rating N SEQ EXPIRES SUBJECT MANIFEST|- CATEGORY VALUE CALLS ORIGIN
 *   flag N SEQ EXPIRES SUBJECT MANIFEST|- SEVERITY CLASS RULE
 *   alias N SEQ EXPIRES SUBJECT SUBJECT STATE
 *   revocation N SEQ REASON LAST_SEQ
 *   statement N PURPOSE TEXT_IN_HEX                        a signature in hex
 *
 * Numbers name keys: the seed of key N is N, big-endian. Enums are their numbers.
 */
#include <inttypes.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/bytes.h"
#include "record/sign.h"
#include "record/sodium.h"
#include "record/statement.h"

#define LINE_SIZE 4096

/* One command: its words, and where the next one is. */
struct command {
    const char *words[16];
    size_t count;
    size_t at;
};

struct maker {
    struct trust_network network;
    struct command command;
};

static void fail(const char *what)
{
    (void)fprintf(stderr, "make_records: %s\n", what);
    exit(EXIT_FAILURE);
}

static void must(enum trust_error error)
{
    if (error != TRUST_OK)
        fail(trust_error_name(error));
}

static const char *word(struct maker *maker)
{
    if (maker->command.at == maker->command.count)
        fail("a word is missing");
    return maker->command.words[maker->command.at++];
}

static int64_t number(struct maker *maker)
{
    return strtoll(word(maker), NULL, 10);
}

static struct trust_secret *secret_of(int64_t n)
{
    uint8_t seed[TRUST_SEED_SIZE] = {0};
    for (size_t i = 0; i < 8; i++)
        seed[TRUST_SEED_SIZE - 1 - i] = (uint8_t)((uint64_t)n >> (8 * i));
    struct trust_secret *secret = NULL;
    must(trust_secret_open(&secret, seed));
    return secret;
}

static struct trust_key key_of(int64_t n)
{
    struct trust_secret *secret = secret_of(n);
    struct trust_key key;
    trust_secret_key(&key, secret);
    trust_secret_close(secret);
    return key;
}

static size_t hex_bytes(uint8_t *out_bytes, size_t capacity, const char *text)
{
    size_t size = 0;
    if (sodium_hex2bin(out_bytes, capacity, text, strlen(text), NULL, &size, NULL) != 0)
        fail("not hex");
    return size;
}

static void print_hex(const uint8_t *bytes, size_t size)
{
    for (size_t i = 0; i < size; i++)
        (void)printf("%02x", bytes[i]);
    (void)printf("\n");
}

static struct trust_bytes manifest(struct maker *maker, uint8_t buffer[32])
{
    const char *text = word(maker);
    if (strcmp(text, "-") == 0)
        return (struct trust_bytes){0};
    return (struct trust_bytes){.data = buffer, .size = hex_bytes(buffer, 32, text)};
}

static void read_rating(struct maker *maker, struct trust_rating *rating, uint8_t buffer[32])
{
    rating->subject = trust_bytes_text(word(maker));
    rating->manifest = manifest(maker, buffer);
    rating->category = (enum trust_category)number(maker);
    rating->value = (uint16_t)number(maker);
    rating->calls = (uint32_t)number(maker);
    rating->origin = (enum trust_origin)number(maker);
}

static void read_flag(struct maker *maker, struct trust_flag *flag, uint8_t buffer[32])
{
    flag->subject = trust_bytes_text(word(maker));
    flag->manifest = manifest(maker, buffer);
    flag->severity = (enum trust_severity)number(maker);
    flag->class_ = (enum trust_class)number(maker);
    flag->rule = trust_bytes_text(word(maker));
}

static void read_fields(struct maker *maker, struct trust_record *record, uint8_t buffer[32])
{
    switch (record->kind) {
    case TRUST_KIND_VOUCH:
        record->vouch.subject = key_of(number(maker));
        record->vouch.scopes = (uint8_t)number(maker);
        record->vouch.strength = (int16_t)number(maker);
        return;
    case TRUST_KIND_RATING:
        read_rating(maker, &record->rating, buffer);
        return;
    case TRUST_KIND_FLAG:
        read_flag(maker, &record->flag, buffer);
        return;
    case TRUST_KIND_ALIAS:
        record->alias.first = trust_bytes_text(word(maker));
        record->alias.second = trust_bytes_text(word(maker));
        record->alias.state = (uint8_t)number(maker);
        return;
    case TRUST_KIND_REVOCATION:
        record->revocation.reason = (enum trust_revocation_reason)number(maker);
        record->revocation.last_seq = (uint64_t)number(maker);
        return;
    }
}

static void make_record(struct maker *maker, enum trust_kind kind)
{
    uint8_t buffer[32];
    struct trust_record record = {.kind = kind};
    struct trust_secret *secret = secret_of(number(maker));
    trust_secret_key(&record.author, secret);
    record.seq = (uint64_t)number(maker);
    if (kind != TRUST_KIND_REVOCATION)
        record.expires = (uint64_t)number(maker);
    read_fields(maker, &record, buffer);
    struct trust_signed made;
    must(trust_record_sign(&made, &record, secret, &maker->network));
    trust_secret_close(secret);
    print_hex(made.data, made.size);
}

static void make_statement(struct maker *maker)
{
    struct trust_secret *secret = secret_of(number(maker));
    const char *purpose = word(maker);
    uint8_t text[TRUST_STATEMENT_SIZE_MAX];
    size_t size = hex_bytes(text, sizeof text, word(maker));
    uint8_t signature[TRUST_SIGNATURE_SIZE];
    must(trust_statement_sign(signature, secret, purpose,
                              (struct trust_bytes){.data = text, .size = size}));
    trust_secret_close(secret);
    print_hex(signature, sizeof signature);
}

static void print_key(struct maker *maker, enum trust_key_use use)
{
    struct trust_key key = key_of(number(maker));
    char text[TRUST_KEY_TEXT_SIZE];
    trust_key_encode(text, &key, use);
    (void)printf("%s\n", text);
}

static void obey(struct maker *maker)
{
    static const struct {
        const char *verb;
        enum trust_kind kind;
    } kinds[] = {{"vouch", TRUST_KIND_VOUCH},
                 {"rating", TRUST_KIND_RATING},
                 {"flag", TRUST_KIND_FLAG},
                 {"alias", TRUST_KIND_ALIAS},
                 {"revocation", TRUST_KIND_REVOCATION}};
    const char *verb = word(maker);
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
        if (strcmp(kinds[i].verb, verb) == 0) {
            make_record(maker, kinds[i].kind);
            return;
        }
    }
    if (strcmp(verb, "key") == 0)
        print_key(maker, TRUST_KEY_OPERATOR);
    else if (strcmp(verb, "node") == 0)
        print_key(maker, TRUST_KEY_NODE);
    else if (strcmp(verb, "statement") == 0)
        make_statement(maker);
    else
        fail("unknown verb");
}

int main(int argc, char **argv)
{
    struct maker maker = {0};
    char line[LINE_SIZE];
    must(trust_sodium_start());
    must(trust_network_init(&maker.network, argc > 1 ? argv[1] : "main"));
    while (fgets(line, sizeof line, stdin) != NULL) {
        maker.command = (struct command){0};
        char *rest = NULL;
        for (char *at = strtok_r(line, " \n", &rest); at != NULL && maker.command.count < 16;
             at = strtok_r(NULL, " \n", &rest))
            maker.command.words[maker.command.count++] = at;
        if (maker.command.count > 0)
            obey(&maker);
    }
    return EXIT_SUCCESS;
}
