/* What the files of the vector generator share: items of raw msgpack, drafts of records of them,
 * and printing. */
#ifndef TESTS_VECTORS_MAKE_H
#define TESTS_VECTORS_MAKE_H

#include <sodium.h>
#include <stdio.h>

#include "trust/record.h"

#include "base/limits.h"

#define NETWORK "main"
#define SEQ UINT64_C(1795132800123) /* 2026-11-20T00:00:00.123Z */
#define YEAR_S 31536000u
#define ITEM_SIZE_MAX 256
#define ITEMS_MAX 12
#define BLOB_SIZE_MAX 1024

struct item {
    uint8_t data[ITEM_SIZE_MAX];
    size_t size;
};

struct blob {
    uint8_t data[BLOB_SIZE_MAX];
    size_t size;
};

struct draft {
    struct item items[ITEMS_MAX];
    size_t count;
};

struct vector {
    const char *name;
    struct blob body;
    uint8_t signature[64];
    enum trust_error verdict;
};

/* One item of a draft replaced, and the verdict that it then has. */
struct change {
    size_t at;
    struct item item;
    enum trust_error verdict;
};

struct maker {
    FILE *records;
    FILE *keys;
    uint8_t seed[32];
    uint8_t secret[crypto_sign_SECRETKEYBYTES];
    struct trust_key key;
};

struct item make_uint(uint64_t value);
struct item make_int(int64_t value);
struct item make_str(const char *text);
/* prefix and then "a" up to size characters. */
struct item make_long_str(const char *prefix, size_t size);
struct item make_bin(uint8_t fill, size_t size);
struct item make_key(const struct trust_key *key);
struct item make_raw(const char *hex);

/* The envelope of a record of this kind; its body is to be added. */
struct draft make_draft(const struct maker *maker, uint64_t kind);
void make_add(struct draft *draft, struct item item);

/* The draft's items behind the header of an array of announced items. */
struct blob make_body(const struct draft *draft, size_t announced);
/* What is hashed and signed of body. */
struct blob make_preimage(const struct blob *body, const char *network_name);

void make_print(struct maker *maker, const struct vector *vector);
void make_signed(struct maker *maker, const char *name, struct blob body, enum trust_error verdict);
void make_valid(struct maker *maker, const char *name, const struct draft *draft);
void make_varied(struct maker *maker, const char *name, const struct draft *draft,
                 struct change change);

void make_vouches(struct maker *maker);
void make_ratings(struct maker *maker);
void make_flags(struct maker *maker);
void make_aliases(struct maker *maker);
void make_revocations(struct maker *maker);
void make_envelopes(struct maker *maker);
void make_signatures(struct maker *maker);

#endif
