/* See http_value.h. */
#include "guard/http/http_value.h"

#include <errno.h>
#include <math.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/assert.h"
#include "base/bytes.h"
#include "wire/json.h"

#define ENCODED_BEGIN "=?base64?"
#define ENCODED_END "?="
/* Beyond, two readers of JSON may have different numbers. */
#define INTEGER_MAX 9007199254740991.0
#define NUMBER_SIZE_MAX 64u

static_assert(sodium_base64_ENCODED_LEN(HTTP_VALUE_TEXT_MAX, sodium_base64_VARIANT_ORIGINAL) +
                      sizeof ENCODED_BEGIN + sizeof ENCODED_END <=
                  HTTP_VALUE_SIZE_MAX,
              "what is encoded fits");

bool http_value_is_plain(const char *text)
{
    return strncmp(text, ENCODED_BEGIN, sizeof ENCODED_BEGIN - 1) != 0;
}

/* It may stand as it is. */
static bool may_stand(const char *text, size_t size)
{
    if (size == 0)
        return true;
    for (size_t i = 0; i < size; i++) {
        if (text[i] < 0x20 || text[i] > 0x7e)
            return false;
    }
    return text[0] != ' ' && text[size - 1] != ' ' && http_value_is_plain(text);
}

static enum trust_error write_string(char *out_text, struct trust_bytes value)
{
    char text[HTTP_VALUE_TEXT_MAX + 1];
    size_t size = 0;
    enum trust_error error = json_string_copy(text, HTTP_VALUE_TEXT_MAX, &size, value);
    if (error != TRUST_OK)
        return error;
    text[size] = '\0';
    if (may_stand(text, size)) {
        memcpy(out_text, text, size + 1);
        return TRUST_OK;
    }
    size_t at = sizeof ENCODED_BEGIN - 1;
    memcpy(out_text, ENCODED_BEGIN, at);
    (void)sodium_bin2base64(out_text + at, HTTP_VALUE_SIZE_MAX - at, (const uint8_t *)text, size,
                            sodium_base64_VARIANT_ORIGINAL);
    at += strlen(out_text + at);
    memcpy(out_text + at, ENCODED_END, sizeof ENCODED_END);
    return TRUST_OK;
}

/* However it is written: 42, 42.0 and 4.2e1 are one integer. */
static enum trust_error write_number(char *out_text, struct trust_bytes value)
{
    char text[NUMBER_SIZE_MAX + 1];
    if (value.size > NUMBER_SIZE_MAX)
        return TRUST_NO_ROOM;
    memcpy(text, value.data, value.size);
    text[value.size] = '\0';
    double number = strtod(text, NULL);
    if (!(fabs(number) <= INTEGER_MAX) || number != trunc(number))
        return TRUST_NO_RANGE;
    (void)snprintf(out_text, HTTP_VALUE_SIZE_MAX, "%lld", (long long)number);
    return TRUST_OK;
}

enum trust_error http_value_write(char out_text[HTTP_VALUE_SIZE_MAX], struct trust_bytes value)
{
    bool is_true = false;
    switch (json_kind(value)) {
    case JSON_KIND_STRING:
        return write_string(out_text, value);
    case JSON_KIND_NUMBER:
        return write_number(out_text, value);
    case JSON_KIND_BOOL:
        if (json_bool(&is_true, value) != TRUST_OK)
            return TRUST_NO_TYPE;
        strcpy(out_text, is_true ? "true" : "false");
        return TRUST_OK;
    case JSON_KIND_NONE:
    case JSON_KIND_NULL:
    case JSON_KIND_ARRAY:
    case JSON_KIND_OBJECT:
        break;
    }
    return TRUST_NO_TYPE;
}
