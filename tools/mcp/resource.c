/* See resource.h. */
#include "mcp/resource.h"

#include <stdio.h>
#include <string.h>

#include "base/assert.h"
#include "base/bytes.h"
#include "client/request.h"

#define FRONT "repute://score/"
#define FRONT_SIZE (sizeof FRONT - 1)

static int digit_of(uint8_t character)
{
    static const char digits[] = "0123456789abcdefABCDEF";
    const char *at = character == '\0' ? NULL : strchr(digits, character);
    if (at == NULL)
        return -1;
    return (int)(at - digits) < 16 ? (int)(at - digits) : (int)(at - digits) - 6;
}

/* Takes one character off the front; -1: an escape that is none. */
static int take(struct trust_bytes *text)
{
    uint8_t first = text->data[0];
    size_t size = first == '%' ? 3 : 1;
    if (text->size < size)
        return -1;
    int high = size == 3 ? digit_of(text->data[1]) : 0;
    int low = size == 3 ? digit_of(text->data[2]) : 0;
    text->data += size;
    text->size -= size;
    if (high < 0 || low < 0)
        return -1;
    return size == 3 ? high * 16 + low : first;
}

enum trust_error resource_subject(char out_subject[TRUST_SUBJECT_TEXT_SIZE], struct trust_bytes uri)
{
    if (uri.size <= FRONT_SIZE || memcmp(uri.data, FRONT, FRONT_SIZE) != 0)
        return TRUST_NO_FOUND;
    struct trust_bytes rest = {.data = uri.data + FRONT_SIZE, .size = uri.size - FRONT_SIZE};
    uint8_t text[RESOURCE_URI_SIZE];
    size_t size = 0;
    while (rest.size > 0) {
        int character = take(&rest);
        if (character < 0 || size == sizeof text)
            return TRUST_NO_SUBJECT;
        text[size++] = (uint8_t)character;
    }
    return trust_subject_canonical(out_subject, (struct trust_bytes){.data = text, .size = size});
}

void resource_uri(char out_uri[RESOURCE_URI_SIZE], const char *subject)
{
    (void)snprintf(out_uri, RESOURCE_URI_SIZE, FRONT);
    enum trust_error error = trust_request_escape(out_uri, RESOURCE_URI_SIZE, subject);
    assert(error == TRUST_OK);
}
