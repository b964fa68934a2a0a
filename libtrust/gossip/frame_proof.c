/* proof [9, record, record]: both halves of a void pair, which together prove that their author
 * signed two statements under one number. */
#include "base/limits.h"
#include "gossip/frame_kind.h"
#include "record/msgpack.h"

enum trust_error trust_frame_take_proof(struct trust_bytes out_proof[2],
                                        struct trust_reader *reader)
{
    bool in_range = true;
    for (int i = 0; i < 2; i++) {
        out_proof[i] = trust_msgpack_take_bin(reader);
        if (out_proof[i].size < TRUST_RECORD_SIZE_MIN || out_proof[i].size > TRUST_RECORD_SIZE_MAX)
            in_range = false;
    }
    if (trust_bytes_equal(out_proof[0], out_proof[1]))
        in_range = false;
    return trust_frame_verdict(reader, in_range);
}

void trust_frame_put_proof(struct trust_writer *writer, const struct trust_bytes proof[2])
{
    trust_msgpack_put_bin(writer, proof[0]);
    trust_msgpack_put_bin(writer, proof[1]);
}
