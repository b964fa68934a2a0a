/* A stream cut in two ways, into single bytes and into pieces of the size that its first byte says,
 * gives the same lines, none of them empty, too long or with a newline in it. */
#include "wire/lines.h"

#include "base/assert.h"
#include "fuzz.h"

#define LINE_SIZE_MAX 40

struct heard {
    size_t lines;
    size_t overlong;
    uint64_t sum; /* of their bytes and places */
};

static void take_all(struct lines *lines, struct heard *heard)
{
    struct trust_bytes line;
    for (;;) {
        enum trust_error error = lines_next(lines, &line);
        if (error == TRUST_NO_FOUND)
            return;
        heard->overlong += error == TRUST_NO_SIZE;
        if (error != TRUST_OK)
            continue;
        assert(line.size > 0);
        assert(line.size <= LINE_SIZE_MAX);
        assert(memchr(line.data, '\n', line.size) == NULL);
        heard->lines++;
        for (size_t i = 0; i < line.size; i++)
            heard->sum = heard->sum * 31 + line.data[i];
        heard->sum = heard->sum * 31 + line.size;
    }
}

static struct heard hear(struct trust_bytes stream, size_t step)
{
    struct heard heard = {0};
    struct lines lines;
    lines_init(&lines, LINE_SIZE_MAX);
    for (size_t at = 0; at < stream.size;) {
        uint8_t *room;
        size_t size;
        enum trust_error error = lines_room(&lines, &room, &size);
        assert(error == TRUST_OK);
        size = size < step ? size : step;
        size = size < stream.size - at ? size : stream.size - at;
        memcpy(room, stream.data + at, size);
        lines_fed(&lines, size);
        take_all(&lines, &heard);
        at += size;
    }
    lines_close(&lines);
    return heard;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size == 0)
        return 0;
    struct trust_bytes stream = {.data = data + 1, .size = size - 1};
    struct heard single = hear(stream, 1);
    struct heard pieces = hear(stream, (size_t)data[0] + 1);
    assert(single.lines == pieces.lines);
    assert(single.overlong == pieces.overlong);
    assert(single.sum == pieces.sum);
    return 0;
}
