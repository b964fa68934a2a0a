/* See store_row.h. */
#include "node/store_row.h"

#include <string.h>

#include "base/assert.h"
#include "base/limits.h"
#include "base/reader.h"
#include "base/writer.h"

#define ID_START 8u

static struct trust_bytes view(const void *data, size_t size)
{
    return (struct trust_bytes){.data = data, .size = size};
}

struct store_key store_number_key(uint32_t number)
{
    struct store_key key;
    struct trust_writer writer = trust_writer_init(key.bytes, sizeof key.bytes);
    trust_writer_put_be(&writer, number, 4);
    key.size = writer.size;
    return key;
}

struct store_key store_record_key(const struct store_place *place, size_t id_size)
{
    assert(id_size == ID_START || id_size == sizeof place->id.bytes);
    struct store_key key;
    struct trust_writer writer = trust_writer_init(key.bytes, sizeof key.bytes);
    trust_writer_put_be(&writer, place->number, 4);
    trust_writer_put_be(&writer, place->seq, 8);
    trust_writer_put(&writer, view(place->id.bytes, id_size));
    key.size = writer.size;
    return key;
}

struct store_key store_register_key(uint32_t number, const struct trust_register *place)
{
    struct store_key key;
    struct trust_writer writer = trust_writer_init(key.bytes, sizeof key.bytes);
    trust_writer_put_be(&writer, number, 4);
    trust_writer_put(&writer, view(place->digest, sizeof place->digest));
    key.size = writer.size;
    return key;
}

bool store_row_split(struct store_row *out_row, MDB_val key, MDB_val value)
{
    if (key.mv_size != STORE_RECORD_PREFIX_SIZE && key.mv_size != STORE_RECORD_KEY_MAX)
        return false;
    struct trust_reader reader = trust_reader_init(store_bytes(key));
    struct store_row row = {0};
    row.number = (uint32_t)trust_reader_take_be(&reader, 4);
    row.seq = trust_reader_take_be(&reader, 8);
    row.id_start = trust_reader_take(&reader, trust_reader_left(&reader));
    reader = trust_reader_init(store_bytes(value));
    row.hash = trust_reader_take_be(&reader, STORE_HASH_SIZE);
    row.record = trust_reader_take(&reader, trust_reader_left(&reader));
    if (reader.failed || row.record.size > TRUST_RECORD_SIZE_MAX)
        return false;
    *out_row = row;
    return true;
}

bool store_author_split(struct store_author *out_author, MDB_val value)
{
    if (value.mv_size != STORE_HEAD_SIZE)
        return false;
    struct store_author author;
    const uint8_t *bytes = value.mv_data;
    struct trust_reader numbers =
        trust_reader_init((struct trust_bytes){.data = bytes + 32, .size = 12});
    memcpy(author.key.bytes, bytes, 32);
    author.head.seq = trust_reader_take_be(&numbers, 8);
    author.head.count = (uint32_t)trust_reader_take_be(&numbers, 4);
    memcpy(author.head.digest, bytes + 44, 32);
    *out_author = author;
    return true;
}

void store_author_join(uint8_t out_value[STORE_HEAD_SIZE], const struct store_author *author)
{
    struct trust_writer writer = trust_writer_init(out_value, STORE_HEAD_SIZE);
    trust_writer_put(&writer, view(author->key.bytes, 32));
    trust_writer_put_be(&writer, author->head.seq, 8);
    trust_writer_put_be(&writer, author->head.count, 4);
    trust_writer_put(&writer, view(author->head.digest, 32));
    assert(writer.size == STORE_HEAD_SIZE);
    assert(!trust_writer_has_overflowed(&writer));
}

bool store_entries_split(struct store_entries *out_entries, MDB_val value)
{
    size_t count = value.mv_size / STORE_REGISTER_ENTRY_SIZE;
    if (count == 0 || count > STORE_REGISTER_ENTRIES_MAX ||
        count * STORE_REGISTER_ENTRY_SIZE != value.mv_size)
        return false;
    struct store_entries entries = {.count = (uint32_t)count};
    memcpy(entries.bytes, value.mv_data, value.mv_size);
    *out_entries = entries;
    return true;
}

static void make_entry(uint8_t out_entry[STORE_REGISTER_ENTRY_SIZE],
                       const struct store_place *place)
{
    struct trust_writer writer = trust_writer_init(out_entry, STORE_REGISTER_ENTRY_SIZE);
    trust_writer_put_be(&writer, place->seq, 8);
    trust_writer_put(&writer, view(place->id.bytes, ID_START));
}

/* The entry's index, or count. */
static uint32_t find_entry(const struct store_entries *entries, const struct store_place *place)
{
    uint8_t entry[STORE_REGISTER_ENTRY_SIZE];
    make_entry(entry, place);
    uint32_t i = 0;
    while (i < entries->count && memcmp(entries->bytes[i], entry, sizeof entry) != 0)
        i++;
    return i;
}

bool store_entries_has(const struct store_entries *entries, const struct store_place *place)
{
    return find_entry(entries, place) < entries->count;
}

void store_entries_remove(struct store_entries *entries, const struct store_place *place)
{
    uint32_t i = find_entry(entries, place);
    if (i == entries->count)
        return;
    entries->count--;
    memmove(entries->bytes[i], entries->bytes[i + 1],
            (entries->count - i) * STORE_REGISTER_ENTRY_SIZE);
}

void store_entries_add(struct store_entries *entries, const struct store_place *place)
{
    if (store_entries_has(entries, place))
        return;
    if (entries->count == STORE_REGISTER_ENTRIES_MAX) {
        entries->count--;
        memmove(entries->bytes[0], entries->bytes[1], entries->count * STORE_REGISTER_ENTRY_SIZE);
    }
    make_entry(entries->bytes[entries->count], place);
    entries->count++;
}

uint64_t store_row_hash(const struct trust_siphash_key *check, MDB_val key,
                        struct trust_bytes record)
{
    uint8_t buffer[STORE_RECORD_KEY_MAX + TRUST_RECORD_SIZE_MAX];
    struct trust_writer writer = trust_writer_init(buffer, sizeof buffer);
    trust_writer_put(&writer, store_bytes(key));
    trust_writer_put(&writer, record);
    assert(!trust_writer_has_overflowed(&writer));
    return trust_siphash(check, trust_writer_bytes(&writer));
}
