/* bye [15, reason, retry_after]: the last frame of a connection. */
#include "gossip/frame_kind.h"
#include "record/msgpack.h"

enum trust_error trust_frame_take_bye(struct trust_bye *out_bye, struct trust_reader *reader)
{
    bool in_range = true;
    uint32_t reason = trust_frame_take_small(reader, TRUST_BYE_REASON_MAX, &in_range);
    uint32_t retry_after_s = trust_frame_take_small(reader, UINT32_MAX, &in_range);
    *out_bye =
        (struct trust_bye){.reason = (enum trust_bye_reason)reason, .retry_after_s = retry_after_s};
    return trust_frame_verdict(reader, in_range);
}

void trust_frame_put_bye(struct trust_writer *writer, const struct trust_bye *bye)
{
    trust_msgpack_put_uint(writer, bye->reason);
    trust_msgpack_put_uint(writer, bye->retry_after_s);
}
