/* See withheld_list.h. */
#include "client/withheld_list.h"

#include <stdlib.h>
#include <string.h>

#include "trust/subject.h"

#include "base/bytes.h"
#include "base/limits.h"
#include "board/withheld.h"
#include "host/files.h"

#define FILE_SIZE_MAX ((size_t)TRUST_BOARD_SLOTS_MAX * TRUST_WITHHELD_LINE_SIZE_MAX)

static int compare(const void *a, const void *b)
{
    const struct trust_client_withheld_entry *left = a;
    const struct trust_client_withheld_entry *right = b;
    return memcmp(left->digest, right->digest, sizeof left->digest);
}

static size_t count_lines(struct trust_bytes text)
{
    size_t count = 1;
    for (size_t i = 0; i < text.size; i++)
        count += text.data[i] == '\n';
    return count < TRUST_BOARD_SLOTS_MAX ? count : TRUST_BOARD_SLOTS_MAX;
}

/* Takes the next line off the text, without its line feed. */
static struct trust_bytes next_line(struct trust_bytes *text)
{
    const uint8_t *end = memchr(text->data, '\n', text->size);
    struct trust_bytes line = *text;
    if (end != NULL)
        line.size = (size_t)(end - text->data);
    size_t taken = end != NULL ? line.size + 1 : line.size;
    text->data += taken;
    text->size -= taken;
    return line;
}

static bool read_line(struct trust_client_withheld_entry *out_entry, struct trust_bytes line)
{
    struct trust_withheld withheld;
    struct trust_subject subject;
    if (trust_withheld_decode(&withheld, line) != TRUST_OK ||
        trust_subject_parse(&subject, withheld.subject) != TRUST_OK)
        return false;
    *out_entry =
        (struct trust_client_withheld_entry){.state = withheld.state, .until = withheld.until};
    trust_subject_digest(out_entry->digest, &subject);
    return true;
}

/* Replaces the list by what the lines say. */
static void take(struct trust_client_withheld *withheld, struct trust_bytes text)
{
    size_t room = count_lines(text);
    struct trust_client_withheld_entry *entries = calloc(room, sizeof *entries);
    if (entries == NULL) {
        withheld->is_incomplete = true;
        return;
    }
    uint32_t count = 0;
    bool is_whole = true;
    while (text.size > 0 && count < room) {
        bool is_read = read_line(&entries[count], next_line(&text));
        count += is_read;
        is_whole = is_whole && is_read;
    }
    if (count > 0)
        qsort(entries, count, sizeof *entries, compare);
    free(withheld->entries);
    withheld->entries = entries;
    withheld->count = count;
    withheld->is_incomplete = !is_whole || text.size > 0;
}

void trust_client_withheld_refresh(struct trust_client_withheld *withheld, const char *path,
                                   struct trust_mono now)
{
    if (!trust_client_file_mark_is_new(&withheld->mark, path, now))
        return;
    if (!withheld->mark.is_there)
        return;
    size_t room = withheld->mark.size;
    uint8_t *bytes = room <= FILE_SIZE_MAX ? malloc(room + 1) : NULL;
    size_t size = 0;
    if (bytes == NULL || trust_file_read(path, bytes, &size, room) != TRUST_OK)
        withheld->is_incomplete = true;
    else
        take(withheld, (struct trust_bytes){.data = bytes, .size = size});
    free(bytes);
}

static int strictness(enum trust_quarantine_state state)
{
    return state == TRUST_QUARANTINE_BANNED ? 2 : state == TRUST_QUARANTINE_INVESTIGATING;
}

/* What an entry means now, as a line of the file would. */
static enum trust_quarantine_state state_of(const struct trust_client_withheld_entry *entry,
                                            struct trust_wall now)
{
    struct trust_withheld line = {.state = entry->state, .until = entry->until};
    return trust_withheld_state(&line, now);
}

enum trust_quarantine_state
trust_client_withheld_state(const struct trust_client_withheld *withheld, const uint8_t digest[32],
                            struct trust_wall now)
{
    uint32_t low = 0;
    uint32_t high = withheld->count;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (memcmp(withheld->entries[middle].digest, digest, 32) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    enum trust_quarantine_state strictest = TRUST_QUARANTINE_OK;
    for (; low < withheld->count && memcmp(withheld->entries[low].digest, digest, 32) == 0; low++) {
        enum trust_quarantine_state state = state_of(&withheld->entries[low], now);
        if (strictest == TRUST_QUARANTINE_OK || strictness(state) > strictness(strictest))
            strictest = state;
    }
    return strictest;
}

void trust_client_withheld_close(struct trust_client_withheld *withheld)
{
    free(withheld->entries);
    *withheld = (struct trust_client_withheld){0};
}
