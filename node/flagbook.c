/* See flagbook.h. */
#include "node/flagbook.h"

#include <stdlib.h>
#include <string.h>

#include "base/assert.h"
#include "base/bytes.h"
#include "base/line.h"
#include "host/files.h"
#include "node/line_file.h"
#include "record/encode.h"
#include "record/key.h"
#include "record/words.h"

/* Key, class, rule, manifest and subject, each with what stands behind it. */
#define CLASS_SIZE_MAX 16
#define LINE_SIZE_MAX                                                                              \
    (TRUST_KEY_TEXT_SIZE + CLASS_SIZE_MAX + 1 + TRUST_RULE_SIZE_MAX + 1 + 65 +                     \
     TRUST_SUBJECT_TEXT_SIZE)
#define FILE_MODE 0600

enum trust_error flagbook_open(struct flagbook *out_book, uint32_t limit)
{
    struct flagbook_entry *entries = calloc(limit, sizeof *entries);
    if (entries == NULL)
        return TRUST_FAIL_MEMORY;
    *out_book = (struct flagbook){.limit = limit, .entries = entries};
    return TRUST_OK;
}

void flagbook_close(struct flagbook *book)
{
    free(book->entries);
    *book = (struct flagbook){0};
}

struct flagbook_entry flagbook_entry_of(const struct trust_record *flag)
{
    assert(flag->kind == TRUST_KIND_FLAG);
    struct flagbook_entry entry = {.author = flag->author,
                                   .class_ = flag->flag.class_,
                                   .has_manifest = flag->flag.manifest.size > 0};
    trust_register_init(&entry.place, flag);
    if (entry.has_manifest)
        memcpy(entry.manifest, flag->flag.manifest.data, sizeof entry.manifest);
    memcpy(entry.rule, flag->flag.rule.data, flag->flag.rule.size);
    memcpy(entry.subject, flag->flag.subject.data, flag->flag.subject.size);
    return entry;
}

/* The place of a register, or where it would stand. */
static uint32_t place_of(const struct flagbook *book, const struct trust_register *place)
{
    uint32_t low = 0;
    uint32_t high = book->count;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (trust_register_compare(&book->entries[middle].place, place) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static bool is_at(const struct flagbook *book, uint32_t at, const struct trust_register *place)
{
    return at < book->count && trust_register_compare(&book->entries[at].place, place) == 0;
}

const struct flagbook_entry *flagbook_find(const struct flagbook *book,
                                           const struct trust_register *place)
{
    uint32_t at = place_of(book, place);
    return is_at(book, at, place) ? &book->entries[at] : NULL;
}

enum trust_error flagbook_add(struct flagbook *book, const struct flagbook_entry *entry)
{
    uint32_t at = place_of(book, &entry->place);
    if (is_at(book, at, &entry->place))
        return TRUST_NO_CONFLICT;
    if (book->count == book->limit)
        return TRUST_NO_ROOM;
    memmove(&book->entries[at + 1], &book->entries[at], (book->count - at) * sizeof *book->entries);
    book->count++;
    book->entries[at] = *entry;
    return TRUST_OK;
}

enum trust_error flagbook_remove(struct flagbook *book, const struct trust_register *place)
{
    uint32_t at = place_of(book, place);
    if (!is_at(book, at, place))
        return TRUST_NO_FOUND;
    book->count--;
    memmove(&book->entries[at], &book->entries[at + 1], (book->count - at) * sizeof *book->entries);
    return TRUST_OK;
}

/* ---- text ---- */

static bool find_class(enum trust_class *out_class, struct trust_bytes word)
{
    char text[CLASS_SIZE_MAX + 1] = {0};
    if (word.size > CLASS_SIZE_MAX)
        return false;
    memcpy(text, word.data, word.size);
    return strlen(text) == word.size && trust_class_find(out_class, text);
}

static bool read_manifest(struct trust_bytes *out_manifest, uint8_t out_bytes[32],
                          struct trust_bytes word)
{
    if (word.size == 1 && word.data[0] == '-')
        return true;
    *out_manifest = (struct trust_bytes){.data = out_bytes, .size = 32};
    return trust_line_hex(out_bytes, 32, word);
}

/* What may stand in a flag is known to whoever writes one: of the first second, ended in the next.
 */
static enum trust_error check(struct trust_record *flag)
{
    uint8_t body[TRUST_RECORD_SIZE_MAX];
    struct trust_writer writer = trust_writer_init(body, sizeof body);
    flag->seq = 1000;
    flag->expires = 2;
    return trust_record_encode(&writer, flag);
}

static enum trust_error read_entry(struct flagbook_entry *out_entry, struct trust_bytes line)
{
    struct trust_reader reader = trust_reader_init(line);
    struct trust_bytes key = trust_line_take(&reader);
    struct trust_bytes class_ = trust_line_take(&reader);
    struct trust_bytes rule = trust_line_take(&reader);
    struct trust_bytes manifest = trust_line_take(&reader);
    struct trust_bytes subject = trust_line_take(&reader);
    if (!trust_reader_is_done(&reader))
        return TRUST_NO_SYNTAX;
    uint8_t bytes[32];
    struct trust_record flag = {.kind = TRUST_KIND_FLAG,
                                .flag = {.subject = subject, .rule = rule}};
    enum trust_error error = trust_key_decode(&flag.author, key, TRUST_KEY_OPERATOR);
    if (error != TRUST_OK)
        return error;
    if (!find_class(&flag.flag.class_, class_) ||
        !read_manifest(&flag.flag.manifest, bytes, manifest))
        return TRUST_NO_RANGE;
    error = check(&flag);
    if (error == TRUST_OK)
        *out_entry = flagbook_entry_of(&flag);
    return error;
}

static enum trust_error add_line(void *context, struct trust_bytes line)
{
    struct flagbook *book = context;
    struct flagbook_entry entry;
    enum trust_error error = read_entry(&entry, line);
    return error == TRUST_OK ? flagbook_add(book, &entry) : error;
}

enum trust_error flagbook_parse(struct flagbook *book, uint32_t *out_line, struct trust_bytes text)
{
    assert(book->count == 0);
    return line_file_parse(out_line, text, add_line, book);
}

static void put_entry(struct trust_writer *writer, const struct flagbook_entry *entry)
{
    char key[TRUST_KEY_TEXT_SIZE];
    trust_key_encode(key, &entry->author, TRUST_KEY_OPERATOR);
    trust_line_put_text(writer, key);
    trust_line_put_text(writer, " ");
    trust_line_put_text(writer, trust_class_name(entry->class_));
    trust_line_put_text(writer, " ");
    trust_line_put_text(writer, entry->rule);
    trust_line_put_text(writer, " ");
    if (entry->has_manifest)
        trust_line_put_hex(
            writer, (struct trust_bytes){.data = entry->manifest, .size = sizeof entry->manifest});
    else
        trust_line_put_text(writer, "-");
    trust_line_put_text(writer, " ");
    trust_line_put_text(writer, entry->subject);
    trust_line_put_text(writer, "\n");
}

enum trust_error flagbook_format(const struct flagbook *book, char **out_text, size_t *out_size)
{
    size_t capacity = (size_t)book->count * LINE_SIZE_MAX + 1;
    char *text = malloc(capacity);
    if (text == NULL)
        return TRUST_FAIL_MEMORY;
    struct trust_writer writer = trust_writer_init(text, capacity);
    for (uint32_t i = 0; i < book->count; i++)
        put_entry(&writer, &book->entries[i]);
    assert(!trust_writer_has_overflowed(&writer));
    *out_text = text;
    *out_size = writer.size;
    return TRUST_OK;
}

/* ---- files ---- */

enum trust_error flagbook_load(struct flagbook *book, uint32_t *out_line, const char *path)
{
    assert(book->count == 0);
    return line_file_load(out_line, path, (size_t)book->limit * LINE_SIZE_MAX, add_line, book);
}

enum trust_error flagbook_save(const struct flagbook *book, const char *path)
{
    char *text = NULL;
    size_t size = 0;
    enum trust_error error = flagbook_format(book, &text, &size);
    if (error != TRUST_OK)
        return error;
    error = trust_file_write(
        path, (struct trust_bytes){.data = (const uint8_t *)text, .size = size}, FILE_MODE);
    free(text);
    return error;
}
