/* See http_origin.h. */
#include "guard/http/http_origin.h"

#include <arpa/inet.h>
#include <curl/curl.h>
#include <string.h>
#include <strings.h>

static CURLU *parse(const char *url)
{
    CURLU *handle = curl_url();
    if (handle != NULL && curl_url_set(handle, CURLUPART_URL, url, 0) != CURLUE_OK) {
        curl_url_cleanup(handle);
        return NULL;
    }
    return handle;
}

static bool has_part(CURLU *url, CURLUPart part)
{
    char *text = NULL;
    bool has = curl_url_get(url, part, &text, 0) == CURLUE_OK;
    curl_free(text);
    return has;
}

static bool is_loopback_name(const char *host)
{
    struct in_addr address;
    if (strcasecmp(host, "localhost") == 0 || strcmp(host, "[::1]") == 0)
        return true;
    return inet_pton(AF_INET, host, &address) == 1 && ntohl(address.s_addr) >> 24 == 127;
}

static enum trust_error check_parts(bool *out_is_plain, CURLU *url)
{
    char *scheme = NULL;
    char *host = NULL;
    enum trust_error error = TRUST_NO_SYNTAX;
    if (has_part(url, CURLUPART_USER) || has_part(url, CURLUPART_PASSWORD))
        return TRUST_NO_SYNTAX;
    if (curl_url_get(url, CURLUPART_SCHEME, &scheme, 0) == CURLUE_OK &&
        curl_url_get(url, CURLUPART_HOST, &host, 0) == CURLUE_OK) {
        bool is_plain = strcmp(scheme, "http") == 0;
        bool is_allowed = is_plain ? is_loopback_name(host) : strcmp(scheme, "https") == 0;
        error = is_allowed ? TRUST_OK : TRUST_NO_PERMISSION;
        if (is_allowed)
            *out_is_plain = is_plain;
    }
    curl_free(scheme);
    curl_free(host);
    return error;
}

enum trust_error http_origin_check(bool *out_is_plain, const char *url)
{
    CURLU *handle = parse(url);
    if (handle == NULL)
        return TRUST_NO_SYNTAX;
    enum trust_error error = check_parts(out_is_plain, handle);
    curl_url_cleanup(handle);
    return error;
}

static bool is_same_part(CURLU *left, CURLU *right, CURLUPart part)
{
    char *texts[2] = {NULL, NULL};
    bool is_same = curl_url_get(left, part, &texts[0], CURLU_DEFAULT_PORT) == CURLUE_OK &&
                   curl_url_get(right, part, &texts[1], CURLU_DEFAULT_PORT) == CURLUE_OK &&
                   strcasecmp(texts[0], texts[1]) == 0;
    curl_free(texts[0]);
    curl_free(texts[1]);
    return is_same;
}

bool http_origin_is_same(const char *left, const char *right)
{
    CURLU *one = parse(left);
    CURLU *other = parse(right);
    bool is_same = one != NULL && other != NULL && is_same_part(one, other, CURLUPART_SCHEME) &&
                   is_same_part(one, other, CURLUPART_HOST) &&
                   is_same_part(one, other, CURLUPART_PORT);
    curl_url_cleanup(one);
    curl_url_cleanup(other);
    return is_same;
}
