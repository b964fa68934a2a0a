/* See node_key.h. */
#include "node/node_key.h"

#include <sodium.h>
#include <string.h>
#include <sys/stat.h>

#include "host/files.h"

/* 64 digits, a line feed, the NUL that sodium_bin2hex writes. */
#define TEXT_SIZE 66

static enum trust_error derive(struct node_key *key)
{
    return crypto_scalarmult_base(key->key.bytes, key->secret) == 0 ? TRUST_OK : TRUST_FAIL_CRYPTO;
}

static enum trust_error make(struct node_key *out_key, const char *path)
{
    struct node_key key;
    randombytes_buf(key.secret, sizeof key.secret);
    char text[TEXT_SIZE];
    (void)sodium_bin2hex(text, TEXT_SIZE - 1, key.secret, sizeof key.secret);
    text[TEXT_SIZE - 2] = '\n';
    enum trust_error error = derive(&key);
    if (error == TRUST_OK)
        error = trust_file_write(
            path, (struct trust_bytes){.data = (const uint8_t *)text, .size = TEXT_SIZE - 1},
            S_IRUSR | S_IWUSR);
    if (error == TRUST_OK)
        *out_key = key;
    sodium_memzero(text, sizeof text);
    node_key_close(&key);
    return error;
}

static enum trust_error parse(struct node_key *out_key, const char *text, size_t size)
{
    struct node_key key;
    size_t decoded = 0;
    const char *end = NULL;
    if (size > 0 && text[size - 1] == '\n')
        size--;
    enum trust_error error = TRUST_NO_SYNTAX;
    if (sodium_hex2bin(key.secret, sizeof key.secret, text, size, NULL, &decoded, &end) == 0 &&
        decoded == sizeof key.secret && end == text + size)
        error = derive(&key);
    if (error == TRUST_OK)
        *out_key = key;
    node_key_close(&key);
    return error;
}

enum trust_error node_key_open(struct node_key *out_key, const char *path)
{
    char text[TEXT_SIZE];
    size_t size = 0;
    enum trust_error error = trust_file_read_secret(path, text, &size, sizeof text);
    if (error == TRUST_NO_FOUND)
        error = make(out_key, path);
    else if (error == TRUST_NO_SIZE)
        error = TRUST_NO_SYNTAX;
    else if (error == TRUST_OK)
        error = parse(out_key, text, size);
    sodium_memzero(text, sizeof text);
    return error;
}

void node_key_close(struct node_key *key)
{
    sodium_memzero(key->secret, sizeof key->secret);
}
