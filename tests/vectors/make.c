/*
 * Writes the record and key vectors: `make-vectors FOLDER`. It is built with every build and run by
 * hand: the files are checked in, and what is in them may only grow.
 *
 * A vector is a valid record with one thing wrong, signed like any other, so that nothing but that
 * thing can be the reason for its verdict. Items are raw msgpack: what must be refused cannot be
 * made with the encoder.
 */
#include "make.h"

#include <stdlib.h>
#include <string.h>

#include "base/assert.h"
#include "record/id.h"
#include "record/msgpack.h"
#include "record/sodium.h"

static struct item item_of(struct trust_writer *writer)
{
    assert(!trust_writer_has_overflowed(writer));
    struct item item = {.size = writer->size};
    memcpy(item.data, writer->data, writer->size);
    return item;
}

struct item make_uint(uint64_t value)
{
    uint8_t buffer[ITEM_SIZE_MAX];
    struct trust_writer writer = trust_writer_init(buffer, sizeof buffer);
    trust_msgpack_put_uint(&writer, value);
    return item_of(&writer);
}

struct item make_int(int64_t value)
{
    uint8_t buffer[ITEM_SIZE_MAX];
    struct trust_writer writer = trust_writer_init(buffer, sizeof buffer);
    trust_msgpack_put_int(&writer, value);
    return item_of(&writer);
}

struct item make_str(const char *text)
{
    uint8_t buffer[ITEM_SIZE_MAX];
    struct trust_writer writer = trust_writer_init(buffer, sizeof buffer);
    trust_msgpack_put_str(&writer, trust_bytes_text(text));
    return item_of(&writer);
}

struct item make_long_str(const char *prefix, size_t size)
{
    char text[ITEM_SIZE_MAX];
    assert(size < sizeof text);
    memset(text, 'a', size);
    memcpy(text, prefix, strlen(prefix));
    text[size] = '\0';
    return make_str(text);
}

struct item make_bin(uint8_t fill, size_t size)
{
    uint8_t content[64];
    uint8_t buffer[ITEM_SIZE_MAX];
    assert(size <= sizeof content);
    memset(content, fill, size);
    struct trust_writer writer = trust_writer_init(buffer, sizeof buffer);
    trust_msgpack_put_bin(&writer, (struct trust_bytes){.data = content, .size = size});
    return item_of(&writer);
}

struct item make_key(const struct trust_key *key)
{
    uint8_t buffer[ITEM_SIZE_MAX];
    struct trust_writer writer = trust_writer_init(buffer, sizeof buffer);
    trust_msgpack_put_bin(&writer, (struct trust_bytes){.data = key->bytes, .size = 32});
    return item_of(&writer);
}

struct item make_raw(const char *hex)
{
    struct item item = {.size = 0};
    int failed =
        sodium_hex2bin(item.data, sizeof item.data, hex, strlen(hex), NULL, &item.size, NULL);
    assert(failed == 0);
    return item;
}

struct draft make_draft(const struct maker *maker, uint64_t kind)
{
    struct draft draft = {.count = 5};
    draft.items[0] = make_uint(1);
    draft.items[1] = make_uint(kind);
    draft.items[2] = make_key(&maker->key);
    draft.items[3] = make_uint(SEQ);
    draft.items[4] = make_uint(kind == TRUST_KIND_REVOCATION ? 0 : SEQ / 1000 + YEAR_S);
    return draft;
}

void make_add(struct draft *draft, struct item item)
{
    assert(draft->count < ITEMS_MAX);
    draft->items[draft->count++] = item;
}

struct blob make_body(const struct draft *draft, size_t announced)
{
    struct blob body = {.size = 0};
    struct trust_writer writer = trust_writer_init(body.data, sizeof body.data);
    trust_msgpack_put_array(&writer, (uint32_t)announced);
    for (size_t i = 0; i < draft->count; i++)
        trust_writer_put(&writer, (struct trust_bytes){.data = draft->items[i].data,
                                                       .size = draft->items[i].size});
    assert(!trust_writer_has_overflowed(&writer));
    body.size = writer.size;
    return body;
}

struct blob make_preimage(const struct blob *body, const char *network_name)
{
    struct trust_network network;
    enum trust_error error = trust_network_init(&network, network_name);
    assert(error == TRUST_OK);
    struct blob preimage = {.size = 0};
    struct trust_writer writer = trust_writer_init(preimage.data, sizeof preimage.data);
    static const uint8_t tag[] = TRUST_RECORD_TAG;
    trust_writer_put(&writer, (struct trust_bytes){.data = tag, .size = sizeof tag});
    trust_writer_put(&writer, (struct trust_bytes){.data = network.bytes, .size = 8});
    trust_writer_put(&writer, (struct trust_bytes){.data = body->data, .size = body->size});
    assert(!trust_writer_has_overflowed(&writer));
    preimage.size = writer.size;
    return preimage;
}

static void print_hex(FILE *file, const uint8_t *bytes, size_t size)
{
    for (size_t i = 0; i < size; i++)
        fprintf(file, "%02x", bytes[i]);
}

void make_print(struct maker *maker, const struct vector *vector)
{
    fprintf(maker->records, "%s %s ", trust_error_name(vector->verdict), vector->name);
    print_hex(maker->records, vector->body.data, vector->body.size);
    print_hex(maker->records, vector->signature, sizeof vector->signature);
    fputc(' ', maker->records);
    if (vector->verdict == TRUST_OK) {
        uint8_t id[32];
        struct blob preimage = make_preimage(&vector->body, NETWORK);
        crypto_generichash(id, sizeof id, preimage.data, preimage.size, NULL, 0);
        print_hex(maker->records, id, sizeof id);
    } else {
        fputc('-', maker->records);
    }
    fputc('\n', maker->records);
}

void make_signed(struct maker *maker, const char *name, struct blob body, enum trust_error verdict)
{
    struct vector vector = {.name = name, .body = body, .verdict = verdict};
    struct blob preimage = make_preimage(&body, NETWORK);
    crypto_sign_detached(vector.signature, NULL, preimage.data, preimage.size, maker->secret);
    make_print(maker, &vector);
}

void make_valid(struct maker *maker, const char *name, const struct draft *draft)
{
    make_signed(maker, name, make_body(draft, draft->count), TRUST_OK);
}

void make_varied(struct maker *maker, const char *name, const struct draft *draft,
                 struct change change)
{
    struct draft varied = *draft;
    assert(change.at < varied.count);
    varied.items[change.at] = change.item;
    make_signed(maker, name, make_body(&varied, varied.count), change.verdict);
}

static void print_key(struct maker *maker, const char *name, const uint8_t *seed)
{
    struct trust_key key;
    uint8_t secret[crypto_sign_SECRETKEYBYTES];
    crypto_sign_seed_keypair(key.bytes, secret, seed);
    char operator_text[TRUST_KEY_TEXT_SIZE];
    char node_text[TRUST_KEY_TEXT_SIZE];
    trust_key_encode(operator_text, &key, TRUST_KEY_OPERATOR);
    trust_key_encode(node_text, &key, TRUST_KEY_NODE);
    fprintf(maker->keys, "%s ", name);
    print_hex(maker->keys, seed, 32);
    fputc(' ', maker->keys);
    print_hex(maker->keys, key.bytes, 32);
    fprintf(maker->keys, " %s %s\n", operator_text, node_text);
}

static FILE *create(const char *folder, const char *name)
{
    char path[4096];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    FILE *file = fopen(path, "w");
    if (file == NULL) {
        perror(path);
        exit(1);
    }
    return file;
}

int main(int argc, char **argv)
{
    if (argc != 2) {
        fputs("usage: make-vectors FOLDER\n", stderr);
        return 2;
    }
    enum trust_error error = trust_sodium_start();
    assert(error == TRUST_OK);
    struct maker maker = {.records = create(argv[1], "records.txt"),
                          .keys = create(argv[1], "keys.txt")};
    memset(maker.seed, 1, sizeof maker.seed);
    crypto_sign_seed_keypair(maker.key.bytes, maker.secret, maker.seed);
    fputs("# name seed public operator-text node-text\n", maker.keys);
    for (uint8_t i = 0; i < 4; i++) {
        uint8_t seed[32];
        char name[] = "key-0";
        memset(seed, i, sizeof seed);
        name[4] = (char)('0' + i);
        print_key(&maker, name, seed);
    }
    fputs("# verdict name record id; network \"" NETWORK "\", signed by key-1\n", maker.records);
    make_vouches(&maker);
    make_ratings(&maker);
    make_flags(&maker);
    make_aliases(&maker);
    make_revocations(&maker);
    make_envelopes(&maker);
    make_signatures(&maker);
    return fclose(maker.records) != 0 || fclose(maker.keys) != 0;
}
