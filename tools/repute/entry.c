/* See entry.h. */
#include "repute/entry.h"

#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/bytes.h"
#include "wire/json_text.h"

/* ---- values ---- */

/* Text as JSON: no character takes more than six bytes. */
static void put_text(FILE *file, const char *text)
{
    size_t room = 6 * strlen(text) + 2;
    uint8_t *quoted = malloc(room);
    if (quoted == NULL)
        return;
    struct trust_writer writer = trust_writer_init(quoted, room);
    json_put_string(&writer, trust_bytes_text(text));
    (void)fwrite(writer.data, 1, writer.size, file);
    sodium_memzero(quoted, room);
    free(quoted);
}

static void put_bytes(FILE *file, struct trust_bytes bytes)
{
    (void)fwrite(bytes.data, 1, bytes.size, file);
}

/* A text that is being made. */
struct making {
    char *text;
    size_t size;
    FILE *file;
};

static FILE *begin(struct making *making)
{
    making->file = open_memstream(&making->text, &making->size);
    return making->file;
}

/* NULL if it could not be made. */
static char *end(struct making *making)
{
    if (making->file != NULL && fclose(making->file) == 0 && making->size > 0)
        return making->text;
    if (making->file != NULL)
        free(making->text);
    return NULL;
}

static void add(struct entry *entry, char *name, char *value)
{
    if (name == NULL || value == NULL || entry->count == ENTRY_MEMBERS_MAX) {
        entry->has_failed = true;
        free(name);
        free(value);
        return;
    }
    entry->members[entry->count++] = (struct entry_member){.name = name, .value = value};
}

static char *quoted(const char *text)
{
    struct making making = {0};
    if (begin(&making) != NULL)
        put_text(making.file, text);
    return end(&making);
}

void entry_add_text(struct entry *entry, const char *name, const char *text)
{
    add(entry, quoted(name), quoted(text));
}

void entry_add_words(struct entry *entry, const char *name, const char *const *words, size_t count)
{
    struct making making = {0};
    FILE *file = begin(&making);
    if (file != NULL) {
        (void)fputs("[", file);
        for (size_t i = 0; i < count; i++) {
            (void)fputs(i == 0 ? "" : ", ", file);
            put_text(file, words[i]);
        }
        (void)fputs("]", file);
    }
    add(entry, quoted(name), end(&making));
}

void entry_add_pairs(struct entry *entry, const char *name, const struct trust_group_pairs *pairs)
{
    struct making making = {0};
    FILE *file = begin(&making);
    if (file != NULL) {
        (void)fputs("{ ", file);
        for (size_t i = 0; i < pairs->count; i++) {
            (void)fputs(i == 0 ? "" : ", ", file);
            put_text(file, pairs->pairs[i].name);
            (void)fputs(": ", file);
            put_text(file, pairs->pairs[i].value);
        }
        (void)fputs(" }", file);
    }
    add(entry, quoted(name), end(&making));
}

void entry_add_raw(struct entry *entry, struct trust_bytes name, struct trust_bytes value)
{
    struct making key = {0};
    struct making text = {0};
    if (begin(&key) != NULL) {
        (void)fputs("\"", key.file);
        put_bytes(key.file, name);
        (void)fputs("\"", key.file);
    }
    if (begin(&text) != NULL)
        put_bytes(text.file, value);
    add(entry, end(&key), end(&text));
}

/* ---- the whole ---- */

static void put_space(FILE *file, const struct jsonc_style *style, const char *unit)
{
    if (style->is_inline)
        (void)fputs(" ", file);
    else
        (void)fprintf(file, "%s%s%s", style->newline, style->indent, unit);
}

enum trust_error entry_write(const struct entry *entry, char **out_text,
                             const struct jsonc_style *style)
{
    struct making making = {0};
    FILE *file = entry->has_failed ? NULL : begin(&making);
    if (file == NULL)
        return TRUST_FAIL_MEMORY;
    (void)fputs("{", file);
    for (size_t i = 0; i < entry->count; i++) {
        (void)fputs(i == 0 ? "" : ",", file);
        put_space(file, style, style->unit);
        (void)fprintf(file, "%s: %s", entry->members[i].name, entry->members[i].value);
    }
    put_space(file, style, "");
    (void)fputs("}", file);
    char *text = end(&making);
    if (text == NULL)
        return TRUST_FAIL_MEMORY;
    *out_text = text;
    return TRUST_OK;
}

void entry_close(struct entry *entry)
{
    for (size_t i = 0; i < entry->count; i++) {
        sodium_memzero(entry->members[i].value, strlen(entry->members[i].value));
        free(entry->members[i].name);
        free(entry->members[i].value);
    }
    *entry = (struct entry){0};
}
