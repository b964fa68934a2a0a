/* See sse.h. */
#include "repute/sse.h"

#include <string.h>

static const char data_field[] = "data:";

void sse_init(struct sse *sse, sse_handle *handle, void *context)
{
    *sse = (struct sse){.handle = handle, .context = context};
}

static bool end_line(struct sse *sse)
{
    bool is_data = !sse->is_overlong && sse->size >= sizeof data_field - 1 &&
                   memcmp(sse->line, data_field, sizeof data_field - 1) == 0;
    sse->line[sse->size] = '\0';
    sse->size = 0;
    sse->is_overlong = false;
    if (!is_data)
        return true;
    const char *data = sse->line + sizeof data_field - 1;
    return sse->handle(sse->context, data + (*data == ' '));
}

bool sse_take(struct sse *sse, struct trust_bytes piece)
{
    for (size_t i = 0; i < piece.size; i++) {
        char c = (char)piece.data[i];
        if (c == '\n') {
            if (!end_line(sse))
                return false;
        } else if (sse->size + 1 < sizeof sse->line) {
            sse->line[sse->size++] = c;
        } else {
            sse->is_overlong = true;
        }
    }
    return true;
}
