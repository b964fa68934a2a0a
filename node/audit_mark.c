/* See audit_mark.h. The row "audit": version 1, next_seq (8 bytes, big-endian), the hash. */
#include "node/audit_mark.h"

#include <string.h>

#include "base/assert.h"
#include "base/reader.h"
#include "base/writer.h"
#include "node/core.h"

#define VERSION 1
#define ROW_SIZE (1 + 8 + AUDIT_HASH_SIZE)

static const char row_key[] = "audit";

static bool read_row(void *context, struct trust_bytes key, struct trust_bytes value)
{
    struct core *core = context;
    if (key.size != sizeof row_key - 1)
        return true;
    struct trust_reader reader = trust_reader_init(value);
    bool is_known = trust_reader_take_be(&reader, 1) == VERSION;
    struct audit_mark mark = {.next_seq = trust_reader_take_be(&reader, 8)};
    struct trust_bytes head = trust_reader_take(&reader, sizeof mark.head);
    if (!is_known || !trust_reader_is_done(&reader)) {
        log_write(&core->log, LOG_ERROR, "audit_mark",
                  LOG_FIELDS(log_code("error", TRUST_NO_SYNTAX)));
        return false;
    }
    memcpy(mark.head, head.data, sizeof mark.head);
    core->audit_mark = mark;
    return false;
}

enum trust_error audit_mark_load(struct core *core)
{
    const struct trust_bytes key = {(const uint8_t *)row_key, sizeof row_key - 1};
    core->audit_mark = (struct audit_mark){0};
    return store_read_state(core->store, key, read_row, core);
}

static bool is_saved(const struct core *core)
{
    const struct audit_mark *now = &core->audit.known;
    const struct audit_mark *saved = &core->audit_mark;
    return now->next_seq <= 1 || (now->next_seq == saved->next_seq &&
                                  memcmp(now->head, saved->head, sizeof now->head) == 0);
}

void audit_mark_save(struct core *core)
{
    if (is_saved(core))
        return;
    uint8_t row[ROW_SIZE];
    struct trust_writer writer = trust_writer_init(row, sizeof row);
    trust_writer_put_be(&writer, VERSION, 1);
    trust_writer_put_be(&writer, core->audit.known.next_seq, 8);
    trust_writer_put(&writer,
                     (struct trust_bytes){core->audit.known.head, sizeof core->audit.known.head});
    assert(!trust_writer_has_overflowed(&writer));
    const struct store_change change = {.kind = STORE_STATE_PUT,
                                        .state_key = {(const uint8_t *)row_key, sizeof row_key - 1},
                                        .bytes = trust_writer_bytes(&writer)};
    if (store_submit(core->store, &change) == TRUST_OK)
        core->audit_mark = core->audit.known;
}
