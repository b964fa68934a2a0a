/* See face_address.h. */
#include "guard/face/face_address.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "base/bytes.h"

#define PORT_DIGITS_MAX 5
#define HTTP_PORT 80

/* ---- reading ---- */

static enum trust_error read_port(uint16_t *out_port, const char *text)
{
    uint32_t port = 0;
    size_t size = strlen(text);
    if (size == 0 || size > PORT_DIGITS_MAX)
        return TRUST_NO_RANGE;
    for (size_t i = 0; i < size; i++) {
        if (text[i] < '0' || text[i] > '9')
            return TRUST_NO_RANGE;
        port = 10 * port + (uint32_t)(text[i] - '0');
    }
    if (port > UINT16_MAX)
        return TRUST_NO_RANGE;
    *out_port = (uint16_t)port;
    return TRUST_OK;
}

static enum trust_error read_host(struct face_address *address, const char *text, size_t size)
{
    char host[INET6_ADDRSTRLEN];
    struct in_addr four;
    struct in6_addr six;
    bool has_brackets = size >= 2 && text[0] == '[' && text[size - 1] == ']';
    if (has_brackets) {
        text++;
        size -= 2;
    }
    if (size == 0)
        return TRUST_NO_SYNTAX;
    if (size >= sizeof host)
        return TRUST_NO_PERMISSION;
    memcpy(host, text, size);
    host[size] = '\0';
    if (!has_brackets && strcasecmp(host, "localhost") == 0)
        (void)snprintf(host, sizeof host, "127.0.0.1");
    if (!has_brackets && inet_pton(AF_INET, host, &four) == 1) {
        if (ntohl(four.s_addr) >> 24 != 127)
            return TRUST_NO_PERMISSION;
        address->is_v6 = false;
        return inet_ntop(AF_INET, &four, address->host, sizeof address->host) == NULL
                   ? TRUST_NO_SYNTAX
                   : TRUST_OK;
    }
    if (!has_brackets)
        return strchr(host, ':') == NULL ? TRUST_NO_PERMISSION : TRUST_NO_SYNTAX;
    if (inet_pton(AF_INET6, host, &six) != 1)
        return TRUST_NO_SYNTAX;
    if (!IN6_IS_ADDR_LOOPBACK(&six))
        return TRUST_NO_PERMISSION;
    address->is_v6 = true;
    memcpy(address->host, "::1", sizeof "::1");
    return TRUST_OK;
}

enum trust_error face_address_read(struct face_address *out_address, const char *text)
{
    struct face_address address = {0};
    const char *colon = strrchr(text, ':');
    if (colon == NULL)
        return TRUST_NO_SYNTAX;
    enum trust_error error = read_host(&address, text, (size_t)(colon - text));
    if (error == TRUST_OK)
        error = read_port(&address.port, colon + 1);
    if (error == TRUST_OK)
        *out_address = address;
    return error;
}

void face_address_text(char out_text[FACE_ADDRESS_TEXT_SIZE], const struct face_address *address)
{
    (void)snprintf(out_text, FACE_ADDRESS_TEXT_SIZE, address->is_v6 ? "[%s]:%u" : "%s:%u",
                   address->host, (unsigned)address->port);
}

/* ---- names ---- */

/* ASCII alone, as host names are. */
static bool is_same_name(struct trust_bytes a, const char *b)
{
    return a.size == strlen(b) && strncasecmp((const char *)a.data, b, a.size) == 0;
}

/* Cuts :PORT off the end. False: it is another port. */
static bool take_port(struct trust_bytes *host, uint16_t port)
{
    char text[PORT_DIGITS_MAX + 2];
    size_t size = (size_t)snprintf(text, sizeof text, ":%u", (unsigned)port);
    if (host->size > size && memcmp(host->data + host->size - size, text, size) == 0) {
        host->size -= size;
        return true;
    }
    return port == HTTP_PORT;
}

bool face_address_is_named(const struct face_address *address, struct trust_bytes host)
{
    static const char *const usual[] = {"localhost", "127.0.0.1", "[::1]"};
    if (!take_port(&host, address->port))
        return false;
    for (size_t i = 0; i < sizeof usual / sizeof *usual; i++) {
        if (is_same_name(host, usual[i]))
            return true;
    }
    return !address->is_v6 && is_same_name(host, address->host);
}

bool face_address_is_origin(const char *text)
{
    const char *host = strstr(text, "://");
    if (host == NULL || host == text || host[3] == '\0')
        return false;
    for (const char *at = text; *at != '\0'; at++) {
        bool is_part = at >= host && at < host + 3;
        if (*at <= ' ' || *at > '~' || *at == '*' || (*at == '/' && !is_part))
            return false;
    }
    return true;
}
