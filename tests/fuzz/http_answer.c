/* A body cut in two ways, into single bytes and into pieces of the size that its second byte says,
 * gives the same messages, each one good line; and gives back all that it held. */
#include "guard/http/http_answer.h"

#include <string.h>

#include "base/assert.h"
#include "fuzz.h"

struct heard {
    size_t messages;
    uint64_t sum; /* of their bytes and sizes */
    bool is_answered;
    bool is_bad;
};

static void take_all(struct http_answer *answer, struct heard *heard, bool is_over)
{
    struct message message;
    while (http_answer_next(answer, &message, is_over)) {
        struct message again;
        assert(message.kind != MESSAGE_BATCH);
        assert(memchr(message.whole.data, '\n', message.whole.size) == NULL);
        assert(memchr(message.whole.data, '\r', message.whole.size) == NULL);
        assert(message_read(&again, message.whole) == TRUST_OK);
        assert(again.whole.size == message.whole.size);
        heard->messages++;
        for (size_t i = 0; i < message.whole.size; i++)
            heard->sum = heard->sum * 31 + message.whole.data[i];
        heard->sum = heard->sum * 31 + message.whole.size;
    }
}

static struct heard hear(struct trust_bytes body, size_t step, const char *type)
{
    struct heard heard = {0};
    struct http_budget budget = {0};
    struct http_answer answer;
    const struct http_answer_head head = {
        .may_answer = true, .may_stream = true, .content_type = type};
    http_answer_init(&answer, &budget, (struct trust_bytes){.data = (const uint8_t *)"7", 1});
    http_answer_begin(&answer, &head);
    for (size_t at = 0; at < body.size; at += step) {
        size_t left = body.size - at;
        struct trust_bytes piece = {.data = body.data + at, .size = left < step ? left : step};
        /* All before was taken, or it is bad. */
        assert(http_answer_feed(&answer, piece) != HTTP_ANSWER_FULL);
        take_all(&answer, &heard, false);
    }
    take_all(&answer, &heard, true);
    heard.is_answered = answer.is_answered;
    heard.is_bad = answer.is_bad;
    http_answer_close(&answer);
    assert(budget.used == 0);
    return heard;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size < 2)
        return 0;
    const char *type = data[0] == 'j' ? "application/json" : "text/event-stream";
    struct trust_bytes body = {.data = data + 2, .size = size - 2};
    struct heard single = hear(body, 1, type);
    struct heard pieces = hear(body, (size_t)data[1] + 1, type);
    assert(single.messages == pieces.messages);
    assert(single.sum == pieces.sum);
    assert(single.is_answered == pieces.is_answered);
    assert(single.is_bad == pieces.is_bad);
    return 0;
}
