/* records [8, session, [record...], more]: the answer to a pull. more without a record would leave
 * the asker where it was, for ever. */
#include "gossip/frame_kind.h"
#include "record/msgpack.h"

enum trust_error trust_frame_take_records(struct trust_records *out_records,
                                          struct trust_reader *reader)
{
    bool in_range = true;
    struct trust_records records = {0};
    records.session = trust_frame_take_small(reader, UINT32_MAX, &in_range);
    if (trust_frame_take_records_list(&records.records, reader) != TRUST_OK)
        in_range = false;
    records.more = trust_frame_take_small(reader, 1, &in_range) == 1;
    if (records.more && records.records.count == 0)
        in_range = false;
    *out_records = records;
    return trust_frame_verdict(reader, in_range);
}

void trust_frame_put_records(struct trust_writer *writer, const struct trust_records *records)
{
    trust_msgpack_put_uint(writer, records->session);
    trust_frame_put_list(writer, &records->records);
    trust_msgpack_put_uint(writer, records->more ? 1 : 0);
}
