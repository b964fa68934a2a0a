/*
 * An answer to tools/list and a call, a line each. Whatever the bytes: what is left of the list is
 * a message, its tools are offered by a second look as well, and what goes into headers is
 * printable ASCII.
 */
#include "guard/http/http_params.h"

#include <string.h>

#include "base/assert.h"
#include "base/bytes.h"
#include "fuzz.h"
#include "guard/http/http_value.h"

static void look_at(const struct params *params, struct trust_bytes arguments)
{
    char text[HTTP_VALUE_SIZE_MAX];
    for (uint32_t i = 0; i < params->count; i++) {
        const struct param *param = &params->items[i];
        assert(param->depth > 0);
        assert(param->name[0] != '\0');
        for (const char *at = param->name; *at != '\0'; at++)
            assert(*at > ' ' && *at <= '~' && *at != ':');
        struct trust_bytes value = params_value(param, arguments);
        if (value.size == 0 || http_value_write(text, value) != TRUST_OK)
            continue;
        for (const char *at = text; *at != '\0'; at++)
            assert(*at >= ' ' && *at <= '~');
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct http_params params = {0};
    struct message list, again, call;
    struct trust_bytes line, same;
    const uint8_t *end = size > 0 ? memchr(data, '\n', size) : NULL;
    if (end == NULL)
        return 0;
    struct trust_bytes first = {.data = data, .size = (size_t)(end - data)};
    struct trust_bytes second = {.data = end + 1, .size = size - first.size - 1};
    if (message_read(&list, first) != TRUST_OK ||
        http_params_learn(&params, &line, &list) != TRUST_OK) {
        http_params_close(&params);
        return 0;
    }
    assert(message_read(&again, line) == TRUST_OK);
    if (message_read(&call, second) == TRUST_OK) {
        const struct params *found = http_params_find(&params, &call);
        if (found != NULL)
            look_at(found, call.arguments);
    }
    struct http_params other = {0};
    assert(http_params_learn(&other, &same, &again) == TRUST_OK);
    assert(trust_bytes_equal(line, same));
    assert(other.note[0] == '\0');
    http_params_close(&other);
    http_params_close(&params);
    return 0;
}
