/* A stream cut in two ways, into single bytes and into pieces of the size that its first byte says,
 * gives the same events, none of them too long. */
#include "wire/sse.h"

#include "base/assert.h"
#include "fuzz.h"

#define DATA_SIZE_MAX 40

struct heard {
    size_t events;
    size_t overlong;
    uint64_t sum; /* of their bytes and sizes */
    uint64_t retry_ms;
};

static void add(struct heard *heard, struct trust_bytes bytes)
{
    for (size_t i = 0; i < bytes.size; i++)
        heard->sum = heard->sum * 31 + bytes.data[i];
    heard->sum = heard->sum * 31 + bytes.size;
}

static void take_all(struct sse *sse, struct heard *heard, struct trust_bytes piece)
{
    struct sse_event event;
    for (;;) {
        enum trust_error error = sse_take(sse, &event, &piece);
        if (error == TRUST_NO_FOUND)
            break;
        heard->overlong += error == TRUST_NO_SIZE;
        if (error != TRUST_OK)
            continue;
        heard->events++;
        assert(event.data.size <= DATA_SIZE_MAX);
        add(heard, event.name);
        add(heard, event.data);
        add(heard, event.id);
    }
    assert(piece.size == 0);
}

static struct heard hear(struct trust_bytes stream, size_t step)
{
    struct heard heard = {0};
    struct sse sse;
    sse_init(&sse, DATA_SIZE_MAX);
    for (size_t at = 0; at < stream.size; at += step) {
        size_t left = stream.size - at;
        take_all(&sse, &heard,
                 (struct trust_bytes){.data = stream.data + at, .size = left < step ? left : step});
    }
    heard.retry_ms = sse.retry_ms;
    sse_close(&sse);
    return heard;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size == 0)
        return 0;
    struct trust_bytes stream = {.data = data + 1, .size = size - 1};
    struct heard single = hear(stream, 1);
    struct heard pieces = hear(stream, (size_t)data[0] + 1);
    assert(single.events == pieces.events);
    assert(single.overlong == pieces.overlong);
    assert(single.sum == pieces.sum);
    assert(single.retry_ms == pieces.retry_ms);
    return 0;
}
