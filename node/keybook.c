/* See keybook.h. */
#include "node/keybook.h"

#include <stdlib.h>
#include <string.h>

#include "base/assert.h"
#include "base/bytes.h"
#include "base/line.h"
#include "host/files.h"
#include "node/line_file.h"
#include "record/key.h"

/* Key, blank, word, blank, name, line end. */
#define LINE_SIZE_MAX (TRUST_KEY_TEXT_SIZE + KEYBOOK_WORD_SIZE + KEYBOOK_NAME_SIZE)
#define FILE_MODE 0600

enum trust_error keybook_open(struct keybook *out_book, enum trust_key_use use, uint32_t limit)
{
    struct keybook_entry *entries = calloc(limit, sizeof *entries);
    if (entries == NULL)
        return TRUST_FAIL_MEMORY;
    *out_book = (struct keybook){.use = use, .limit = limit, .entries = entries};
    return TRUST_OK;
}

void keybook_close(struct keybook *book)
{
    free(book->entries);
    *book = (struct keybook){0};
}

/* The place of a key, or where it would stand. */
static uint32_t place_of(const struct keybook *book, const struct trust_key *key)
{
    uint32_t low = 0;
    uint32_t high = book->count;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (trust_key_compare(&book->entries[middle].key, key) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static bool is_at(const struct keybook *book, uint32_t place, const struct trust_key *key)
{
    return place < book->count && trust_key_is_same(&book->entries[place].key, key);
}

const struct keybook_entry *keybook_find(const struct keybook *book, const struct trust_key *key)
{
    uint32_t place = place_of(book, key);
    return is_at(book, place, key) ? &book->entries[place] : NULL;
}

const char *keybook_name(const struct keybook *book, const struct trust_key *key)
{
    const struct keybook_entry *entry = keybook_find(book, key);
    return entry == NULL || entry->name[0] == '\0' ? NULL : entry->name;
}

enum trust_error keybook_put(struct keybook *book, const struct keybook_entry *entry)
{
    assert(entry->word[0] != '\0');
    uint32_t place = place_of(book, &entry->key);
    if (!is_at(book, place, &entry->key)) {
        if (book->count == book->limit)
            return TRUST_NO_ROOM;
        memmove(&book->entries[place + 1], &book->entries[place],
                (book->count - place) * sizeof *book->entries);
        book->count++;
    }
    book->entries[place] = *entry;
    return TRUST_OK;
}

enum trust_error keybook_remove(struct keybook *book, const struct trust_key *key)
{
    uint32_t place = place_of(book, key);
    if (!is_at(book, place, key))
        return TRUST_NO_FOUND;
    book->count--;
    memmove(&book->entries[place], &book->entries[place + 1],
            (book->count - place) * sizeof *book->entries);
    return TRUST_OK;
}

/* ---- text ---- */

static bool is_word(struct trust_bytes text)
{
    for (size_t i = 0; i < text.size; i++) {
        if (text.data[i] <= ' ' || text.data[i] >= 0x7f)
            return false;
    }
    return text.size > 0 && text.size < KEYBOOK_WORD_SIZE;
}

static bool is_name(struct trust_bytes text)
{
    for (size_t i = 0; i < text.size; i++) {
        if (text.data[i] < ' ' || text.data[i] == 0x7f)
            return false;
    }
    return text.size > 0 && text.size < KEYBOOK_NAME_SIZE;
}

static enum trust_error read_entry(struct keybook_entry *out_entry, struct trust_bytes line,
                                   enum trust_key_use use)
{
    struct trust_reader reader = trust_reader_init(line);
    struct trust_bytes key = trust_line_take(&reader);
    struct trust_bytes word = trust_line_take(&reader);
    if (reader.failed)
        return TRUST_NO_SYNTAX;
    struct trust_bytes name = trust_reader_take(&reader, trust_reader_left(&reader));
    enum trust_error error = trust_key_decode(&out_entry->key, key, use);
    if (error != TRUST_OK)
        return error;
    if (!is_word(word) || (name.size > 0 && !is_name(name)))
        return TRUST_NO_RANGE;
    memcpy(out_entry->word, word.data, word.size);
    if (name.size > 0)
        memcpy(out_entry->name, name.data, name.size);
    return TRUST_OK;
}

static enum trust_error add_line(void *context, struct trust_bytes line)
{
    struct keybook *book = context;
    struct keybook_entry entry = {0};
    enum trust_error error = read_entry(&entry, line, book->use);
    if (error == TRUST_OK && keybook_find(book, &entry.key) != NULL)
        error = TRUST_NO_CONFLICT;
    return error == TRUST_OK ? keybook_put(book, &entry) : error;
}

enum trust_error keybook_parse(struct keybook *book, uint32_t *out_line, struct trust_bytes text)
{
    assert(book->count == 0);
    return line_file_parse(out_line, text, add_line, book);
}

static void put_entry(struct trust_writer *writer, const struct keybook_entry *entry,
                      enum trust_key_use use)
{
    char key[TRUST_KEY_TEXT_SIZE];
    trust_key_encode(key, &entry->key, use);
    trust_line_put_text(writer, key);
    trust_line_put_text(writer, " ");
    trust_line_put_text(writer, entry->word);
    if (entry->name[0] != '\0') {
        trust_line_put_text(writer, " ");
        trust_line_put_text(writer, entry->name);
    }
    trust_line_put_text(writer, "\n");
}

enum trust_error keybook_format(const struct keybook *book, char **out_text, size_t *out_size)
{
    size_t capacity = (size_t)book->count * LINE_SIZE_MAX + 1;
    char *text = malloc(capacity);
    if (text == NULL)
        return TRUST_FAIL_MEMORY;
    struct trust_writer writer = trust_writer_init(text, capacity);
    for (uint32_t i = 0; i < book->count; i++)
        put_entry(&writer, &book->entries[i], book->use);
    assert(!trust_writer_has_overflowed(&writer));
    *out_text = text;
    *out_size = writer.size;
    return TRUST_OK;
}

/* ---- files ---- */

enum trust_error keybook_load(struct keybook *book, uint32_t *out_line, const char *path)
{
    assert(book->count == 0);
    return line_file_load(out_line, path, (size_t)book->limit * LINE_SIZE_MAX, add_line, book);
}

enum trust_error keybook_save(const struct keybook *book, const char *path)
{
    char *text = NULL;
    size_t size = 0;
    enum trust_error error = keybook_format(book, &text, &size);
    if (error != TRUST_OK)
        return error;
    error = trust_file_write(
        path, (struct trust_bytes){.data = (const uint8_t *)text, .size = size}, FILE_MODE);
    free(text);
    return error;
}
