/* See uplink.h. */
#include "score/uplink.h"

#include <string.h>

#include "base/bytes.h"

static bool has_prefix(struct trust_bytes text, const char *prefix, struct trust_bytes *out_rest)
{
    size_t size = strlen(prefix);
    if (text.size < size || memcmp(text.data, prefix, size) != 0)
        return false;
    *out_rest = (struct trust_bytes){.data = text.data + size, .size = text.size - size};
    return true;
}

static struct trust_bytes upto(struct trust_bytes text, uint8_t end)
{
    const uint8_t *at = text.size == 0 ? NULL : memchr(text.data, end, text.size);
    if (at != NULL)
        text.size = (size_t)(at - text.data);
    return text;
}

/* The host of what follows https://; an address in brackets may hold colons. */
static struct trust_bytes host_of(struct trust_bytes rest)
{
    struct trust_bytes authority = upto(rest, '/');
    if (authority.size == 0 || authority.data[0] != '[')
        return upto(authority, ':');
    struct trust_bytes address = upto(authority, ']');
    return address.size < authority.size
               ? (struct trust_bytes){.data = address.data, .size = address.size + 1}
               : address;
}

/* The last two labels of a host's name; an address is kept whole. */
static struct trust_bytes host_kin(struct trust_bytes host)
{
    if (host.size == 0 || host.data[0] == '[' ||
        (host.data[host.size - 1] >= '0' && host.data[host.size - 1] <= '9'))
        return host;
    size_t dots = 0;
    for (size_t i = host.size; i-- > 0;) {
        if (host.data[i] != '.')
            continue;
        if (++dots == 2)
            return (struct trust_bytes){.data = host.data + i + 1, .size = host.size - i - 1};
    }
    return host;
}

struct trust_bytes trust_uplink_kin(struct trust_bytes server)
{
    struct trust_bytes rest;
    if (has_prefix(server, "https://", &rest))
        return host_kin(host_of(rest));
    if (has_prefix(server, "mcp:", &rest))
        return upto(rest, '/');
    if (has_prefix(server, "http://", &rest))
        return (struct trust_bytes){0};
    /* A package: type/namespace, or the whole name where there is no namespace. */
    if (has_prefix(server, "pkg:", &rest)) {
        struct trust_bytes type = upto(rest, '/');
        struct trust_bytes name = {.data = rest.data + type.size, .size = rest.size - type.size};
        for (size_t i = name.size; i-- > 1;) {
            if (name.data[i] == '/')
                return (struct trust_bytes){.data = rest.data, .size = type.size + i};
        }
    }
    return server;
}
