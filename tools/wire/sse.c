/* See sse.h. */
#include "wire/sse.h"

#include <endian.h>
#include <stdlib.h>
#include <string.h>

static const char byte_order_mark[] = "\xef\xbb\xbf";

void sse_init(struct sse *sse, size_t size_max)
{
    *sse = (struct sse){.size_max = size_max};
}

void sse_close(struct sse *sse)
{
    free(sse->data);
    sse_init(sse, sse->size_max);
}

static void drop_data(struct sse *sse)
{
    sse->size = 0;
    sse->name_size = 0;
    if (sse->capacity > TRUST_WIRE_ROOM_SIZE) {
        free(sse->data);
        sse->data = NULL;
        sse->capacity = 0;
    }
}

/* Its error, which is told once. */
static enum trust_error skip_event(struct sse *sse, enum trust_error error)
{
    drop_data(sse);
    sse->is_skipping = true;
    return error;
}

static enum trust_error reserve(struct sse *sse, size_t capacity)
{
    if (capacity <= sse->capacity)
        return TRUST_OK;
    if (capacity < sse->capacity * 2)
        capacity = sse->capacity * 2;
    uint8_t *data = realloc(sse->data, capacity);
    if (data == NULL)
        return TRUST_FAIL_MEMORY;
    sse->data = data;
    sse->capacity = capacity;
    return TRUST_OK;
}

static enum trust_error append_data(struct sse *sse, struct trust_bytes bytes)
{
    if (sse->is_skipping)
        return TRUST_OK;
    if (sse->size > sse->size_max || bytes.size > sse->size_max - sse->size)
        return skip_event(sse, TRUST_NO_SIZE);
    /* With room for the LF that ends the line. */
    enum trust_error error = reserve(sse, sse->size + bytes.size + 1);
    if (error != TRUST_OK)
        return skip_event(sse, error);
    if (bytes.size > 0)
        memcpy(sse->data + sse->size, bytes.data, bytes.size);
    sse->size += bytes.size;
    return TRUST_OK;
}

/* The fields that are kept whole until their line ends. */
static enum trust_error append_value(struct sse *sse, struct trust_bytes bytes)
{
    size_t size_max = sse->field == SSE_FIELD_EVENT ? sizeof sse->name : sizeof sse->value;
    if (bytes.size <= size_max - sse->value_size) {
        memcpy(sse->value + sse->value_size, bytes.data, bytes.size);
        sse->value_size += bytes.size;
        return TRUST_OK;
    }
    bool is_news = !sse->is_skipping && sse->field != SSE_FIELD_RETRY;
    sse->field = SSE_FIELD_OTHER;
    return is_news ? skip_event(sse, TRUST_NO_SIZE) : TRUST_OK;
}

static enum trust_error append(struct sse *sse, struct trust_bytes bytes)
{
    if (bytes.size == 0 || sse->field == SSE_FIELD_OTHER)
        return TRUST_OK;
    return sse->field == SSE_FIELD_DATA ? append_data(sse, bytes) : append_value(sse, bytes);
}

static void begin_value(struct sse *sse)
{
    static const struct {
        const char *name;
        enum sse_field field;
    } rows[] = {
        {"data", SSE_FIELD_DATA},
        {"event", SSE_FIELD_EVENT},
        {"id", SSE_FIELD_ID},
        {"retry", SSE_FIELD_RETRY},
    };
    sse->field = SSE_FIELD_OTHER;
    sse->is_blank_skipped = false;
    sse->value_size = 0;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        size_t size = strlen(rows[i].name);
        if (sse->field_size == size && memcmp(sse->field_name, rows[i].name, size) == 0)
            sse->field = rows[i].field;
    }
}

static void take_field_byte(struct sse *sse, uint8_t byte)
{
    if (sse->field_size < sizeof sse->field_name)
        sse->field_name[sse->field_size] = (char)byte;
    sse->field_size++;
    bool is_mark = !sse->is_begun && sse->field_size == sizeof byte_order_mark - 1 &&
                   memcmp(sse->field_name, byte_order_mark, sse->field_size) == 0;
    if (is_mark) {
        sse->field_size = 0;
        sse->is_begun = true;
    }
}

static void set_retry(struct sse *sse)
{
    uint64_t number = 0;
    for (size_t i = 0; i < sse->value_size; i++) {
        uint64_t digit = (uint64_t)(uint8_t)sse->value[i] - '0';
        if (digit > 9 || number > (UINT64_MAX - digit) / 10)
            return;
        number = number * 10 + digit;
    }
    if (sse->value_size == 0)
        return;
    sse->retry_ms = number;
    sse->has_retry = true;
}

/* What the line says, at its end. */
static enum trust_error apply_line(struct sse *sse)
{
    switch (sse->field) {
    case SSE_FIELD_DATA:
        if (sse->is_skipping)
            break;
        if (sse->size > sse->size_max)
            return skip_event(sse, TRUST_NO_SIZE);
        if (reserve(sse, sse->size + 1) != TRUST_OK)
            return skip_event(sse, TRUST_FAIL_MEMORY);
        sse->data[sse->size++] = '\n';
        break;
    case SSE_FIELD_EVENT:
        memcpy(sse->name, sse->value, sse->value_size);
        sse->name_size = sse->value_size;
        break;
    case SSE_FIELD_ID:
        if (memchr(sse->value, 0, sse->value_size) != NULL)
            break;
        memcpy(sse->next_id, sse->value, sse->value_size);
        sse->next_id_size = sse->value_size;
        break;
    case SSE_FIELD_RETRY:
        set_retry(sse);
        break;
    case SSE_FIELD_UNREAD:
    case SSE_FIELD_OTHER:
        break;
    }
    return TRUST_OK;
}

/* True if there is one. */
static bool end_event(struct sse *sse, struct sse_event *out_event)
{
    bool is_whole = !sse->is_skipping && sse->size > 0;
    memcpy(sse->id, sse->next_id, sse->next_id_size);
    sse->id_size = sse->next_id_size;
    sse->is_skipping = false;
    if (!is_whole) {
        drop_data(sse);
        return false;
    }
    sse->is_taken = true;
    const char *name = sse->name_size == 0 ? "message" : sse->name;
    *out_event = (struct sse_event){
        .name = {.data = (const uint8_t *)name,
                 .size = sse->name_size == 0 ? strlen(name) : sse->name_size},
        .data = {.data = sse->data, .size = sse->size - 1},
        .id = {.data = (const uint8_t *)sse->id, .size = sse->id_size},
    };
    return true;
}

/* TRUST_NO_FOUND: no event ended. */
static enum trust_error end_line(struct sse *sse, struct sse_event *out_event)
{
    bool is_blank = sse->field == SSE_FIELD_UNREAD && sse->field_size == 0;
    if (sse->field == SSE_FIELD_UNREAD)
        begin_value(sse);
    enum trust_error error = is_blank ? TRUST_OK : apply_line(sse);
    sse->field = SSE_FIELD_UNREAD;
    sse->field_size = 0;
    sse->is_begun = true;
    if (!is_blank)
        return error == TRUST_OK ? TRUST_NO_FOUND : error;
    return end_event(sse, out_event) ? TRUST_OK : TRUST_NO_FOUND;
}

#define EACH(byte) (UINT64_C(0x0101010101010101) * (byte))

/* The top bit of each of eight bytes that is 0; the lowest mark is true, those above it may not be.
 */
static uint64_t zeros_of(uint64_t bytes)
{
    return (bytes - EACH(1)) & ~bytes & EACH(0x80);
}

/* Bytes before the first CR or LF. */
static size_t rest_of_line(struct trust_bytes bytes)
{
    size_t at = 0;
    for (; bytes.size - at >= 8; at += 8) {
        uint64_t eight;
        memcpy(&eight, bytes.data + at, sizeof eight);
        eight = le64toh(eight);
        uint64_t ends = zeros_of(eight ^ EACH('\n')) | zeros_of(eight ^ EACH('\r'));
        if (ends != 0)
            return at + (size_t)(__builtin_ctzll(ends) >> 3);
    }
    while (at < bytes.size && bytes.data[at] != '\n' && bytes.data[at] != '\r')
        at++;
    return at;
}

static struct trust_bytes take(struct trust_bytes *stream, size_t size)
{
    struct trust_bytes taken = {.data = stream->data, .size = size};
    stream->data += size;
    stream->size -= size;
    return taken;
}

/* What of a line lies ahead, which is not its end; TRUST_NO_FOUND: no more than that. */
static enum trust_error take_part(struct sse *sse, struct trust_bytes *stream)
{
    if (sse->field != SSE_FIELD_UNREAD) {
        if (!sse->is_blank_skipped && stream->data[0] == ' ')
            take(stream, 1);
        sse->is_blank_skipped = true;
        enum trust_error error = append(sse, take(stream, rest_of_line(*stream)));
        return error == TRUST_OK ? TRUST_NO_FOUND : error;
    }
    uint8_t byte = *take(stream, 1).data;
    if (byte == ':')
        begin_value(sse);
    else
        take_field_byte(sse, byte);
    return TRUST_NO_FOUND;
}

enum trust_error sse_take(struct sse *sse, struct sse_event *out_event, struct trust_bytes *stream)
{
    if (sse->is_taken)
        drop_data(sse);
    sse->is_taken = false;
    while (stream->size > 0) {
        uint8_t byte = stream->data[0];
        bool is_second = sse->was_cr && byte == '\n';
        sse->was_cr = byte == '\r';
        enum trust_error error;
        if (byte != '\n' && byte != '\r') {
            error = take_part(sse, stream);
        } else {
            take(stream, 1);
            error = is_second ? TRUST_NO_FOUND : end_line(sse, out_event);
        }
        if (error != TRUST_NO_FOUND)
            return error;
    }
    return TRUST_NO_FOUND;
}
