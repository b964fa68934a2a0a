/* See endpoint.h. Names are checked for form only: nothing is resolved here. */
#include "host/endpoint.h"

#include <arpa/inet.h>
#include <string.h>

#include "host/quantity.h"

static bool is_ipv4(const char *host, bool *out_is_loopback)
{
    struct in_addr address;
    if (inet_pton(AF_INET, host, &address) != 1)
        return false;
    *out_is_loopback = ntohl(address.s_addr) >> 24 == 127;
    return true;
}

static bool is_ipv6(const char *host, bool *out_is_loopback)
{
    struct in6_addr address;
    if (inet_pton(AF_INET6, host, &address) != 1)
        return false;
    *out_is_loopback = IN6_IS_ADDR_LOOPBACK(&address);
    return true;
}

/* RFC 1123 labels; a name of digits and dots alone would be a mistyped address. */
static bool is_name(const char *host)
{
    size_t label = 0;
    bool has_letter = false;
    for (const char *at = host; *at != '\0'; at++) {
        bool is_letter = (*at >= 'a' && *at <= 'z') || (*at >= 'A' && *at <= 'Z');
        bool is_digit = *at >= '0' && *at <= '9';
        has_letter = has_letter || is_letter;
        if (*at == '.') {
            if (label == 0 || at[-1] == '-')
                return false;
            label = 0;
            continue;
        }
        if (!is_letter && !is_digit && (*at != '-' || label == 0))
            return false;
        if (++label > 63)
            return false;
    }
    size_t size = strlen(host);
    return size > 0 && size <= 253 && label > 0 && host[size - 1] != '-' && has_letter;
}

static bool check_host(struct trust_endpoint *endpoint, bool has_brackets)
{
    if (has_brackets) {
        endpoint->is_ipv6 = true;
        return is_ipv6(endpoint->host, &endpoint->is_loopback);
    }
    if (is_ipv4(endpoint->host, &endpoint->is_loopback))
        return true;
    endpoint->is_loopback = strcmp(endpoint->host, "localhost") == 0;
    return is_name(endpoint->host);
}

enum trust_error trust_endpoint_parse(struct trust_endpoint *out_endpoint, const char *text)
{
    static const char scheme[] = "tcp://";
    if (strncmp(text, scheme, sizeof scheme - 1) != 0)
        return TRUST_NO_SYNTAX;
    const char *host = text + sizeof scheme - 1;
    bool has_brackets = *host == '[';
    const char *end = has_brackets ? strchr(++host, ']') : strrchr(host, ':');
    const char *colon = has_brackets && end != NULL ? end + 1 : end;
    if (end == NULL || *colon != ':')
        return TRUST_NO_SYNTAX;
    struct trust_endpoint endpoint = {0};
    size_t size = (size_t)(end - host);
    if (size == 0 || size >= sizeof endpoint.host)
        return TRUST_NO_SYNTAX;
    memcpy(endpoint.host, host, size);
    uint64_t port = 0;
    enum trust_error error = trust_whole_parse(&port, colon + 1);
    if (error != TRUST_OK)
        return error;
    if (port == 0 || port > UINT16_MAX)
        return TRUST_NO_RANGE;
    endpoint.port = (uint16_t)port;
    if (!check_host(&endpoint, has_brackets))
        return TRUST_NO_SYNTAX;
    *out_endpoint = endpoint;
    return TRUST_OK;
}
