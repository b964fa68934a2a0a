/* See bech32m.h. After BIP-173 ("Bech32", checksum design) and BIP-350 (the constant of bech32m).
 */
#include "record/bech32m.h"

#include "base/assert.h"

#define CHECKSUM_SIZE 6u
#define CONSTANT UINT32_C(0x2bc830a3)
#define PAYLOAD_SIZE 32u
#define PAYLOAD_COUNT 52u /* 256 bits in groups of 5, the last padded with 4 zero bits */

static const char alphabet[] = "qpzry9x8gf2tvdw0s3jn54khce6mua7l";

/* One step of the checksum: the polynomial remainder over GF(32) of BIP-173. */
static uint32_t polymod(uint32_t state, uint8_t value)
{
    static const uint32_t generator[5] = {0x3b6a57b2, 0x26508e6d, 0x1ea119fa, 0x3d4233dd,
                                          0x2a1462b3};
    uint32_t top = state >> 25;
    state = (state & 0x1ffffff) << 5 ^ value;
    for (unsigned i = 0; i < 5; i++)
        state ^= top >> i & 1 ? generator[i] : 0;
    return state;
}

static uint32_t polymod_prefix(const char *prefix)
{
    uint32_t state = 1;
    for (const char *c = prefix; *c != '\0'; c++)
        state = polymod(state, (uint8_t)((uint8_t)*c >> 5));
    state = polymod(state, 0);
    for (const char *c = prefix; *c != '\0'; c++)
        state = polymod(state, (uint8_t)((uint8_t)*c & 0x1f));
    return state;
}

static bool is_upper(uint8_t c)
{
    return c >= 'A' && c <= 'Z';
}

static bool is_lower(uint8_t c)
{
    return c >= 'a' && c <= 'z';
}

static bool is_one_case(struct trust_bytes text)
{
    bool upper = false;
    bool lower = false;
    for (size_t i = 0; i < text.size; i++) {
        upper = upper || is_upper(text.data[i]);
        lower = lower || is_lower(text.data[i]);
    }
    return !(upper && lower);
}

static uint8_t fold(uint8_t c)
{
    return is_upper(c) ? (uint8_t)(c + ('a' - 'A')) : c;
}

/* The index of the last "1"; 0 if there is none, which no bech32m string has there either. */
static size_t find_separator(struct trust_bytes text)
{
    for (size_t at = text.size; at > 0; at--) {
        if (text.data[at - 1] == '1')
            return at - 1;
    }
    return 0;
}

bool trust_bech32m_split(struct trust_bech32m *out_parts, struct trust_bytes text)
{
    if (text.size > TRUST_BECH32M_SIZE_MAX || !is_one_case(text))
        return false;
    size_t separator = find_separator(text);
    if (separator == 0 || text.size - separator - 1 < CHECKSUM_SIZE)
        return false;
    for (size_t i = 0; i < separator; i++) {
        if (text.data[i] < 33 || text.data[i] > 126)
            return false;
        out_parts->prefix[i] = (char)fold(text.data[i]);
    }
    out_parts->prefix[separator] = '\0';
    uint32_t state = polymod_prefix(out_parts->prefix);
    size_t count = 0;
    for (size_t i = separator + 1; i < text.size; i++) {
        const char *found = memchr(alphabet, fold(text.data[i]), sizeof alphabet - 1);
        if (found == NULL)
            return false;
        out_parts->values[count] = (uint8_t)(found - alphabet);
        state = polymod(state, out_parts->values[count++]);
    }
    out_parts->count = count - CHECKSUM_SIZE;
    return state == CONSTANT;
}

/* The 5 bits of payload from bit 5 * index on; behind its end come zeros. */
static uint8_t group(const uint8_t payload[PAYLOAD_SIZE], size_t index)
{
    size_t bit = 5 * index;
    unsigned pair = (unsigned)payload[bit / 8] << 8;
    if (bit / 8 + 1 < PAYLOAD_SIZE)
        pair |= payload[bit / 8 + 1];
    return (uint8_t)(pair >> (11 - bit % 8) & 0x1f);
}

void trust_bech32m_encode(char *out_text, const char *prefix, const uint8_t payload[32])
{
    size_t prefix_size = strlen(prefix);
    assert(prefix_size + TRUST_BECH32M_TAIL_SIZE <= TRUST_BECH32M_SIZE_MAX);
    memcpy(out_text, prefix, prefix_size);
    char *at = out_text + prefix_size;
    *at++ = '1';
    uint32_t state = polymod_prefix(prefix);
    for (size_t i = 0; i < PAYLOAD_COUNT; i++) {
        uint8_t value = group(payload, i);
        state = polymod(state, value);
        *at++ = alphabet[value];
    }
    for (size_t i = 0; i < CHECKSUM_SIZE; i++)
        state = polymod(state, 0);
    state ^= CONSTANT;
    for (size_t i = 0; i < CHECKSUM_SIZE; i++)
        *at++ = alphabet[state >> 5 * (CHECKSUM_SIZE - 1 - i) & 0x1f];
    *at = '\0';
}

bool trust_bech32m_decode(uint8_t out_payload[32], const char *prefix, struct trust_bytes text)
{
    struct trust_bech32m parts;
    if (!trust_bech32m_split(&parts, text))
        return false;
    /* 52 groups are 260 bits: the last 4 are padding and must be zero. */
    if (strcmp(parts.prefix, prefix) != 0 || parts.count != PAYLOAD_COUNT ||
        (parts.values[PAYLOAD_COUNT - 1] & 0x0f) != 0)
        return false;
    uint32_t bits = 0;
    unsigned held = 0;
    size_t size = 0;
    for (size_t i = 0; i < PAYLOAD_COUNT; i++) {
        bits = (bits << 5 | parts.values[i]) & 0xfff;
        held += 5;
        if (held >= 8) {
            held -= 8;
            out_payload[size++] = (uint8_t)(bits >> held);
        }
    }
    assert(size == PAYLOAD_SIZE);
    return true;
}
