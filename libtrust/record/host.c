/*
 * See host.h. An address that is written in another way than four plain decimals (octal, hex,
 * fewer parts) is refused, not converted: resolvers do not agree on what it means.
 */
#include "record/host.h"

#include "record/charset.h"
#include "record/idna.h"

#define HOST_SIZE_MAX 253u
#define LABEL_SIZE_MAX 63u
#define PORT_MAX 65535u

#define LABEL_SET (TRUST_CHARSET_LOWER | TRUST_CHARSET_DIGIT | TRUST_CHARSET_HYPHEN)

struct block {
    uint32_t first;
    uint32_t last;
};

/* The special-purpose IPv4 addresses (RFC 6890 and its registry) that are not global. */
static const struct block private_blocks[] = {
    {0x00000000, 0x00ffffff}, /* 0.0.0.0/8 */
    {0x0a000000, 0x0affffff}, /* 10.0.0.0/8 */
    {0x64400000, 0x647fffff}, /* 100.64.0.0/10 */
    {0xa9fe0000, 0xa9feffff}, /* 169.254.0.0/16 */
    {0xac100000, 0xac1fffff}, /* 172.16.0.0/12 */
    {0xc0000000, 0xc00000ff}, /* 192.0.0.0/24 */
    {0xc0000200, 0xc00002ff}, /* 192.0.2.0/24 */
    {0xc0a80000, 0xc0a8ffff}, /* 192.168.0.0/16 */
    {0xc6120000, 0xc613ffff}, /* 198.18.0.0/15 */
    {0xc6336400, 0xc63364ff}, /* 198.51.100.0/24 */
    {0xcb007100, 0xcb0071ff}, /* 203.0.113.0/24 */
    {0xe0000000, 0xffffffff}, /* multicast, reserved and broadcast */
};

static inline bool ends_with(struct trust_bytes text, const char *suffix)
{
    size_t size = strlen(suffix);
    return text.size > size && memcmp(text.data + text.size - size, suffix, size) == 0;
}

/* A decimal number without leading zeros, at most max; false for anything else. */
static bool parse_decimal(struct trust_bytes text, uint32_t max, uint32_t *out_value)
{
    if (text.size == 0 || text.size > 5 || !trust_charset_covers(TRUST_CHARSET_DIGIT, text) ||
        (text.size > 1 && text.data[0] == '0'))
        return false;
    uint32_t value = 0;
    for (size_t i = 0; i < text.size; i++)
        value = value * 10 + text.data[i] - '0';
    *out_value = value;
    return value <= max;
}

static enum trust_host_reach reach_of_address(uint32_t address)
{
    if (address >> 24 == 127)
        return TRUST_HOST_LOOPBACK;
    for (size_t i = 0; i < sizeof private_blocks / sizeof *private_blocks; i++) {
        if (address >= private_blocks[i].first && address <= private_blocks[i].last)
            return TRUST_HOST_PRIVATE;
    }
    return TRUST_HOST_PUBLIC;
}

static bool parse_address(enum trust_host_reach *out_reach, struct trust_bytes host)
{
    uint32_t address = 0;
    size_t from = 0;
    for (unsigned part = 0; part < 4; part++) {
        size_t to = trust_charset_span(TRUST_CHARSET_DIGIT, host, from);
        uint32_t value = 0;
        if (!parse_decimal(trust_bytes_cut(host, from, to), 255, &value))
            return false;
        address = address << 8 | value;
        if (part < 3 && (to == host.size || host.data[to] != '.'))
            return false;
        from = to + 1;
    }
    if (from != host.size + 1)
        return false;
    *out_reach = reach_of_address(address);
    return true;
}

static bool is_label(struct trust_bytes label)
{
    if (label.size == 0 || label.size > LABEL_SIZE_MAX || label.data[0] == '-' ||
        label.data[label.size - 1] == '-')
        return false;
    if (label.size > 4 && memcmp(label.data, "xn--", 4) == 0)
        return trust_idna_is_single_script(trust_bytes_cut(label, 4, label.size));
    return true;
}

/* True if resolvers may read a host with this last label as an address: digits, or "0x" and so. */
static bool is_number(struct trust_bytes label)
{
    return trust_charset_covers(TRUST_CHARSET_DIGIT, label) ||
           (label.size >= 2 && label.data[0] == '0' && label.data[1] == 'x');
}

static enum trust_host_reach reach_of_name(struct trust_bytes host, bool has_dot)
{
    if (trust_charset_is_word(host, "localhost") || ends_with(host, ".localhost"))
        return TRUST_HOST_LOOPBACK;
    /* Names that resolve within one network only: RFC 6762, RFC 8375, ICANN's .internal. */
    bool is_private = !has_dot || ends_with(host, ".local") || ends_with(host, ".internal") ||
                      ends_with(host, ".home.arpa");
    return is_private ? TRUST_HOST_PRIVATE : TRUST_HOST_PUBLIC;
}

/* The length of the host name or address at the start of authority, up to a colon or the end; 0 if
 * there is none. */
static size_t parse_name(enum trust_host_reach *out_reach, struct trust_bytes authority)
{
    size_t from = 0;
    for (;;) {
        size_t to = trust_charset_span(LABEL_SET, authority, from);
        struct trust_bytes label = trust_bytes_cut(authority, from, to);
        if (!is_label(label))
            return 0;
        if (to == authority.size || authority.data[to] == ':') {
            struct trust_bytes host = trust_bytes_cut(authority, 0, to);
            *out_reach = reach_of_name(host, from > 0);
            return !is_number(label) || parse_address(out_reach, host) ? to : 0;
        }
        if (authority.data[to] != '.')
            return 0;
        from = to + 1;
    }
}

/* The same for "[::1]", the only host in brackets. */
static size_t parse_bracket(enum trust_host_reach *out_reach, struct trust_bytes authority)
{
    static const char loopback[] = "[::1]";
    size_t size = sizeof loopback - 1;
    if (authority.size < size || memcmp(authority.data, loopback, size) != 0)
        return 0;
    *out_reach = TRUST_HOST_LOOPBACK;
    return size;
}

/* port begins with its colon. */
static bool is_port(struct trust_bytes port, unsigned port_default)
{
    uint32_t number = 0;
    return port.data[0] == ':' &&
           parse_decimal(trust_bytes_cut(port, 1, port.size), PORT_MAX, &number) && number != 0 &&
           number != port_default;
}

bool trust_host_parse(enum trust_host_reach *out_reach, struct trust_bytes authority,
                      unsigned port_default)
{
    if (authority.size == 0)
        return false;
    enum trust_host_reach reach = TRUST_HOST_PRIVATE;
    size_t end =
        authority.data[0] == '[' ? parse_bracket(&reach, authority) : parse_name(&reach, authority);
    if (end == 0 || end > HOST_SIZE_MAX)
        return false;
    if (end < authority.size &&
        !is_port(trust_bytes_cut(authority, end, authority.size), port_default))
        return false;
    *out_reach = reach;
    return true;
}

/* Splits "host:port" at the colon behind the host, brackets included; without one, the port is
 * empty. */
static void split(struct trust_bytes authority, struct trust_bytes *out_host,
                  struct trust_bytes *out_port)
{
    bool has_bracket = authority.size > 0 && authority.data[0] == '[';
    size_t from = has_bracket ? trust_charset_find(authority, 0, ']') : 0;
    size_t colon = trust_charset_find(authority, from, ':');
    *out_host = trust_bytes_cut(authority, 0, colon);
    *out_port = trust_bytes_cut(authority, colon, authority.size);
}

bool trust_host_canonical(struct trust_writer *writer, struct trust_bytes authority,
                          unsigned port_default)
{
    struct trust_bytes host;
    struct trust_bytes port;
    split(authority, &host, &port);
    if (host.size > 1 && host.data[host.size - 1] == '.')
        host.size--;
    for (size_t i = 0; i < host.size; i++)
        trust_writer_put_be(writer, trust_charset_fold(host.data[i]), 1);
    if (port.size <= 1)
        return true;
    uint32_t number = 0;
    if (!parse_decimal(trust_bytes_cut(port, 1, port.size), PORT_MAX, &number))
        return false;
    if (number != port_default)
        trust_writer_put(writer, port);
    return true;
}
