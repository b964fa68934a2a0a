/* See frame.h. This file only wires: each type has its own file. */
#include "gossip/frame.h"

#include "base/assert.h"
#include "base/limits.h"
#include "gossip/frame_kind.h"
#include "record/msgpack.h"

/* Items of the array of a type; 0: not a type of this version. */
static uint32_t items_of(uint64_t type)
{
    static const uint8_t items[] = {
        [TRUST_FRAME_HELLO] = TRUST_FRAME_HELLO_ITEMS,
        [TRUST_FRAME_PUSH] = TRUST_FRAME_PUSH_ITEMS,
        [TRUST_FRAME_INTEREST] = TRUST_FRAME_INTEREST_ITEMS,
        [TRUST_FRAME_INTEREST_RESET] = TRUST_FRAME_INTEREST_RESET_ITEMS,
        [TRUST_FRAME_SYNC] = TRUST_FRAME_SYNC_ITEMS,
        [TRUST_FRAME_PULL] = TRUST_FRAME_PULL_ITEMS,
        [TRUST_FRAME_RECORDS] = TRUST_FRAME_RECORDS_ITEMS,
        [TRUST_FRAME_PROOF] = TRUST_FRAME_PROOF_ITEMS,
        [TRUST_FRAME_PING] = TRUST_FRAME_PING_ITEMS,
        [TRUST_FRAME_PONG] = TRUST_FRAME_PING_ITEMS,
        [TRUST_FRAME_BYE] = TRUST_FRAME_BYE_ITEMS,
    };
    return type < sizeof items ? items[type] : 0;
}

static enum trust_error take_fields(struct trust_frame *frame, struct trust_reader *reader)
{
    switch (frame->type) {
    case TRUST_FRAME_HELLO:
        return trust_frame_take_hello(&frame->hello, reader);
    case TRUST_FRAME_PUSH:
        return trust_frame_take_push(&frame->push, reader);
    case TRUST_FRAME_INTEREST:
        return trust_frame_take_interest(&frame->interest, reader);
    case TRUST_FRAME_INTEREST_RESET:
        return TRUST_OK;
    case TRUST_FRAME_SYNC:
        return trust_frame_take_sync(&frame->sync, reader);
    case TRUST_FRAME_PULL:
        return trust_frame_take_pull(&frame->pull, reader);
    case TRUST_FRAME_RECORDS:
        return trust_frame_take_records(&frame->records, reader);
    case TRUST_FRAME_PROOF:
        return trust_frame_take_proof(frame->proof, reader);
    case TRUST_FRAME_PING:
    case TRUST_FRAME_PONG:
        frame->nonce = trust_msgpack_take_uint(reader);
        return TRUST_OK;
    case TRUST_FRAME_BYE:
        return trust_frame_take_bye(&frame->bye, reader);
    }
    return TRUST_NO_VERSION;
}

enum trust_error trust_frame_decode(struct trust_frame *out_frame, struct trust_bytes bytes)
{
    if (bytes.size == 0 || bytes.size > TRUST_FRAME_SIZE_MAX)
        return TRUST_NO_SIZE;
    struct trust_reader reader = trust_reader_init(bytes);
    uint32_t items = trust_msgpack_take_array(&reader);
    uint64_t type = trust_msgpack_take_uint(&reader);
    if (reader.failed || items == 0)
        return TRUST_NO_CANONICAL;
    if (items_of(type) == 0)
        return TRUST_NO_VERSION;
    if (items_of(type) != items)
        return TRUST_NO_CANONICAL;
    struct trust_frame frame = {.type = (enum trust_frame_type)type};
    enum trust_error error = take_fields(&frame, &reader);
    if (error == TRUST_OK && !trust_reader_is_done(&reader))
        error = TRUST_NO_CANONICAL;
    if (error == TRUST_OK)
        *out_frame = frame;
    return error;
}

void trust_frame_encode(struct trust_writer *writer, const struct trust_frame *frame)
{
    assert(items_of(frame->type) > 0);
    trust_msgpack_put_array(writer, items_of(frame->type));
    trust_msgpack_put_uint(writer, frame->type);
    switch (frame->type) {
    case TRUST_FRAME_HELLO:
        trust_frame_put_hello(writer, &frame->hello);
        break;
    case TRUST_FRAME_PUSH:
        trust_frame_put_push(writer, &frame->push);
        break;
    case TRUST_FRAME_INTEREST:
        trust_frame_put_interest(writer, &frame->interest);
        break;
    case TRUST_FRAME_INTEREST_RESET:
        break;
    case TRUST_FRAME_SYNC:
        trust_frame_put_sync(writer, &frame->sync);
        break;
    case TRUST_FRAME_PULL:
        trust_frame_put_pull(writer, &frame->pull);
        break;
    case TRUST_FRAME_RECORDS:
        trust_frame_put_records(writer, &frame->records);
        break;
    case TRUST_FRAME_PROOF:
        trust_frame_put_proof(writer, frame->proof);
        break;
    case TRUST_FRAME_PING:
    case TRUST_FRAME_PONG:
        trust_msgpack_put_uint(writer, frame->nonce);
        break;
    case TRUST_FRAME_BYE:
        trust_frame_put_bye(writer, &frame->bye);
        break;
    }
}
