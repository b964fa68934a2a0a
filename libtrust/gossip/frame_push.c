/* push [1, [record...]]: records that nobody asked for, new to the sender. */
#include "gossip/frame_kind.h"

enum trust_error trust_frame_take_push(struct trust_list *out_records, struct trust_reader *reader)
{
    enum trust_error error = trust_frame_take_records_list(out_records, reader);
    if (error == TRUST_OK && out_records->count == 0)
        return TRUST_NO_RANGE;
    return error;
}

void trust_frame_put_push(struct trust_writer *writer, const struct trust_list *records)
{
    trust_frame_put_list(writer, records);
}
