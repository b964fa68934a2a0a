/* A message that is read passes json_check, its spans lie in it, and with another id and a member
 * of _meta set it is read again as the same message with these. */
#include "wire/message.h"

#include <stdlib.h>

#include "base/assert.h"
#include "fuzz.h"
#include "wire/json.h"
#include "wire/splice.h"

#define ROOM_MORE 64

static void assert_within(struct trust_bytes span, struct trust_bytes whole)
{
    if (span.size == 0)
        return;
    assert(span.data >= whole.data);
    assert(span.data + span.size <= whole.data + whole.size);
    assert(json_check(span) == TRUST_OK);
}

static void assert_same(const struct message *again, const struct message *message)
{
    assert(again->kind == message->kind);
    assert(again->method == message->method);
    assert(trust_bytes_equal(again->arguments, message->arguments));
    assert(trust_bytes_equal(again->name, message->name));
    assert(trust_bytes_equal(again->is_error, message->is_error));
    assert(trust_bytes_equal(again->meta_version, message->meta_version));
}

static void splice_and_read(const struct message *message)
{
    struct trust_bytes id = trust_bytes_text("\"other\"");
    struct trust_bytes token = trust_bytes_text("4711");
    struct trust_bytes owner = message->params.size > 0 ? message->params : message->result;
    struct splice splice;
    splice_init(&splice, message->whole);
    if (message->id.size > 0)
        splice_replace(&splice, message->id, id);
    bool is_set = json_kind(owner) == JSON_KIND_OBJECT;
    if (is_set) {
        enum trust_error error =
            splice_set_meta(&splice, owner, message->meta, "progressToken", token);
        assert(error == TRUST_OK);
    }
    assert(splice.size <= message->whole.size + ROOM_MORE);
    uint8_t *room = malloc(splice.size);
    assert(room != NULL);
    struct trust_writer writer = trust_writer_init(room, splice.size);
    splice_write(&splice, &writer);
    assert(!trust_writer_has_overflowed(&writer));
    assert(writer.size == splice.size);
    struct message again;
    enum trust_error error = message_read(&again, trust_writer_bytes(&writer));
    /* One level more than the deepest of all was not asked for: _meta is at most the third. */
    assert(error == TRUST_OK);
    assert_same(&again, message);
    assert(message->id.size == 0 || trust_bytes_equal(again.id, id));
    assert(!is_set || trust_bytes_equal(again.meta_progress_token, token));
    free(room);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct trust_bytes bytes = {.data = data, .size = size};
    struct message message;
    if (message_read(&message, bytes) != TRUST_OK)
        return 0;
    assert(json_check(bytes) == TRUST_OK);
    assert(trust_bytes_equal(message.whole, json_trim(bytes)));
    const struct trust_bytes spans[] = {
        message.id,
        message.method_raw,
        message.params,
        message.result,
        message.error,
        message.name,
        message.arguments,
        message.uri,
        message.request_id,
        message.meta,
        message.error_code,
        message.meta_progress_token,
        message.is_error,
        message.meta_version,
        message.result_type,
        message.meta_subscription,
        message.error_message,
        message.progress_token,
    };
    for (size_t i = 0; i < sizeof spans / sizeof *spans; i++)
        assert_within(spans[i], message.whole);
    if (message.kind != MESSAGE_BATCH)
        splice_and_read(&message);
    return 0;
}
