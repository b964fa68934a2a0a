/* See invite.h. The secret is written in the characters of bech32, 5 bits each. */
#include "host/invite.h"

#include <string.h>

#include "base/assert.h"
#include "base/bytes.h"
#include "base/writer.h"

static const char scheme[] = "tcp://";
static const char alphabet[] = "qpzry9x8gf2tvdw0s3jn54khce6mua7l";

static void put_secret(struct trust_writer *writer, const uint8_t *secret)
{
    for (uint32_t i = 0; i < TRUST_INVITE_SECRET_TEXT_SIZE; i++) {
        uint32_t value = 0;
        for (uint32_t bit = 5 * i; bit < 5 * i + 5; bit++) {
            uint32_t is_set = bit / 8 < TRUST_INVITE_SECRET_SIZE
                                  ? (uint32_t)secret[bit / 8] >> (7 - bit % 8) & 1
                                  : 0;
            value = value << 1 | is_set;
        }
        trust_writer_put(
            writer, (struct trust_bytes){.data = (const uint8_t *)&alphabet[value], .size = 1});
    }
}

void trust_invite_encode(char out_text[TRUST_INVITE_TEXT_SIZE], const struct trust_invite *invite)
{
    assert(strncmp(invite->endpoint, scheme, sizeof scheme - 1) == 0);
    struct trust_writer writer = trust_writer_init((uint8_t *)out_text, TRUST_INVITE_TEXT_SIZE);
    char key[TRUST_KEY_TEXT_SIZE];
    trust_key_encode(key, &invite->key, TRUST_KEY_NODE);
    trust_writer_put(&writer, trust_bytes_text(invite->endpoint + sizeof scheme - 1));
    trust_writer_put(&writer, trust_bytes_text("/"));
    trust_writer_put(&writer, trust_bytes_text(key));
    trust_writer_put(&writer, trust_bytes_text("/"));
    put_secret(&writer, invite->secret);
    trust_writer_put_be(&writer, 0, 1);
    assert(!trust_writer_has_overflowed(&writer));
}

static char lower(char character)
{
    return character >= 'A' && character <= 'Z' ? (char)(character - 'A' + 'a') : character;
}

/* False: another length, a character that is none, or the last bit set. */
static bool take_secret(uint8_t out_secret[TRUST_INVITE_SECRET_SIZE], const char *text, size_t size)
{
    uint8_t secret[TRUST_INVITE_SECRET_SIZE + 1] = {0};
    if (size != TRUST_INVITE_SECRET_TEXT_SIZE)
        return false;
    for (uint32_t i = 0; i < size; i++) {
        const char *at = text[i] == '\0' ? NULL : strchr(alphabet, text[i]);
        if (at == NULL)
            return false;
        uint32_t value = (uint32_t)(at - alphabet);
        for (uint32_t bit = 0; bit < 5; bit++)
            secret[(5 * i + bit) / 8] |=
                (uint8_t)((value >> (4 - bit) & 1) << (7 - (5 * i + bit) % 8));
    }
    if (secret[TRUST_INVITE_SECRET_SIZE] != 0)
        return false;
    memcpy(out_secret, secret, TRUST_INVITE_SECRET_SIZE);
    return true;
}

static bool is_blank(uint8_t byte)
{
    return byte == ' ' || byte == '\t' || byte == '\r' || byte == '\n';
}

static struct trust_bytes trim(struct trust_bytes text)
{
    while (text.size > 0 && is_blank(text.data[text.size - 1]))
        text.size--;
    while (text.size > 0 && is_blank(*text.data)) {
        text.data++;
        text.size--;
    }
    return text;
}

static enum trust_error take_endpoint(struct trust_invite *invite, const char *text, size_t size)
{
    struct trust_endpoint parsed;
    if (size > TRUST_ENDPOINT_SIZE_MAX - (sizeof scheme - 1))
        return TRUST_NO_SYNTAX;
    memcpy(invite->endpoint, scheme, sizeof scheme - 1);
    memcpy(invite->endpoint + sizeof scheme - 1, text, size);
    invite->endpoint[sizeof scheme - 1 + size] = '\0';
    return trust_endpoint_parse(&parsed, invite->endpoint);
}

enum trust_error trust_invite_decode(struct trust_invite *out_invite, struct trust_bytes text)
{
    char line[TRUST_INVITE_TEXT_SIZE];
    text = trim(text);
    if (text.size >= sizeof line)
        return TRUST_NO_SIZE;
    for (size_t i = 0; i < text.size; i++) {
        if (text.data[i] == '\0')
            return TRUST_NO_SYNTAX;
        line[i] = lower((char)text.data[i]);
    }
    line[text.size] = '\0';
    const char *key = strchr(line, '/');
    const char *secret = key == NULL ? NULL : strchr(key + 1, '/');
    if (secret == NULL)
        return TRUST_NO_SYNTAX;
    struct trust_invite invite = {0};
    enum trust_error error = take_endpoint(&invite, line, (size_t)(key - line));
    if (error != TRUST_OK)
        return error;
    error = trust_key_decode(
        &invite.key,
        (struct trust_bytes){.data = (const uint8_t *)key + 1, .size = (size_t)(secret - key - 1)},
        TRUST_KEY_NODE);
    if (error != TRUST_OK)
        return error;
    if (!take_secret(invite.secret, secret + 1, strlen(secret + 1)))
        return TRUST_NO_SYNTAX;
    *out_invite = invite;
    return TRUST_OK;
}
