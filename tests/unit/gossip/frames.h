/* Encoding a frame and decoding it again, for the tests of each type. */
#ifndef FRAMES_H
#define FRAMES_H

#include "base/limits.h"
#include "gossip/frame.h"

static uint8_t encoded_bytes[TRUST_FRAME_SIZE_MAX];

static inline struct trust_bytes encoded(const struct trust_frame *frame)
{
    struct trust_writer writer = trust_writer_init(encoded_bytes, sizeof encoded_bytes);
    trust_frame_encode(&writer, frame);
    assert_false(trust_writer_has_overflowed(&writer));
    return trust_writer_bytes(&writer);
}

/* The verdict on a frame that was encoded, and the frame as it was read. */
static inline enum trust_error reread(struct trust_frame *out_frame,
                                      const struct trust_frame *frame)
{
    return trust_frame_decode(out_frame, encoded(frame));
}

static inline struct trust_key filled_key(uint8_t byte)
{
    struct trust_key key;
    memset(key.bytes, byte, sizeof key.bytes);
    return key;
}

#endif
