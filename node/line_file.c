/* See line_file.h. */
#include "node/line_file.h"

#include <stdlib.h>
#include <string.h>

#include "host/files.h"

enum trust_error line_file_parse(uint32_t *out_line, struct trust_bytes text, line_file_take *take,
                                 void *context)
{
    size_t at = 0;
    for (uint32_t line = 1; at < text.size; line++) {
        const uint8_t *end = memchr(text.data + at, '\n', text.size - at);
        enum trust_error error = TRUST_NO_SYNTAX; /* the last line has its end too */
        size_t size = end == NULL ? 0 : (size_t)(end - text.data) - at;
        if (end != NULL)
            error = take(context, (struct trust_bytes){.data = text.data + at, .size = size});
        if (error != TRUST_OK) {
            *out_line = line;
            return error;
        }
        at += size + 1;
    }
    return TRUST_OK;
}

enum trust_error line_file_load(uint32_t *out_line, const char *path, size_t capacity,
                                line_file_take *take, void *context)
{
    *out_line = 0;
    uint8_t *text = malloc(capacity);
    if (text == NULL)
        return TRUST_FAIL_MEMORY;
    size_t size = 0;
    enum trust_error error = trust_file_read(path, text, &size, capacity);
    if (error == TRUST_OK)
        error = line_file_parse(out_line, (struct trust_bytes){.data = text, .size = size}, take,
                                context);
    else if (error == TRUST_NO_FOUND)
        error = TRUST_OK;
    free(text);
    return error;
}
