/* See unified.h. The spans of the patch say which lines can differ at all: nothing is searched. */
#include "repute/unified.h"

#include <stdlib.h>
#include <string.h>

#include "base/bytes.h"
#include "base/utf8.h"

/* ---- lines ---- */

struct lines {
    struct trust_bytes text;
    size_t *starts; /* count + 1 of them: the last is the size */
    size_t count;
};

static bool open_lines(struct lines *lines, struct trust_bytes text)
{
    size_t feeds = 0;
    for (size_t i = 0; i < text.size; i++)
        feeds += text.data[i] == '\n';
    *lines = (struct lines){.text = text, .starts = calloc(feeds + 2, sizeof *lines->starts)};
    if (lines->starts == NULL)
        return false;
    for (size_t i = 0; i < text.size; i++) {
        if (i + 1 == text.size || text.data[i] == '\n')
            lines->starts[++lines->count] = i + 1;
    }
    return true;
}

static struct trust_bytes line_of(const struct lines *lines, size_t line)
{
    size_t start = lines->starts[line];
    return (struct trust_bytes){.data = lines->text.data + start,
                                .size = lines->starts[line + 1] - start};
}

/* The line that the byte is in; the end of the text is in its last line, or in the one that would
 * begin there. */
static size_t find_line(const struct lines *lines, size_t at)
{
    size_t size = lines->text.size;
    if (size > 0 && at >= size && lines->text.data[size - 1] != '\n')
        return lines->count - 1;
    size_t low = 0;
    size_t high = lines->count;
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (lines->starts[middle + 1] <= at)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* ---- hunks ---- */

/* Lines [before, before_end) become lines [after, after_end). */
struct change {
    size_t before;
    size_t before_end;
    size_t after;
    size_t after_end;
};

struct diff {
    FILE *file;
    const struct unified *unified;
    struct lines before;
    struct lines after;
    struct lines shown_before;
    struct lines shown_after;
    struct change *changes;
    size_t count;
};

static size_t line_end(const struct lines *lines, size_t at)
{
    size_t line = find_line(lines, at);
    return line < lines->count ? line + 1 : lines->count;
}

/* Drops lines at both ends that are the same. */
static void trim(const struct diff *diff, struct change *change)
{
    while (change->before < change->before_end && change->after < change->after_end &&
           trust_bytes_equal(line_of(&diff->before, change->before),
                             line_of(&diff->after, change->after))) {
        change->before++;
        change->after++;
    }
    while (change->before < change->before_end && change->after < change->after_end &&
           trust_bytes_equal(line_of(&diff->before, change->before_end - 1),
                             line_of(&diff->after, change->after_end - 1))) {
        change->before_end--;
        change->after_end--;
    }
}

static bool is_empty(const struct change *change)
{
    return change->before == change->before_end && change->after == change->after_end;
}

/* Edits that touch one line are one change. */
static void gather(struct diff *diff)
{
    const struct patch *patch = diff->unified->patch;
    size_t added = 0;
    size_t cut = 0;
    for (size_t i = 0; i < patch->count; i++) {
        const struct patch_edit *edit = &patch->edits[i];
        size_t after = edit->at + added - cut;
        struct change change = {
            .before = find_line(&diff->before, edit->at),
            .before_end = line_end(&diff->before, edit->at + edit->cut),
            .after = find_line(&diff->after, after),
            .after_end = line_end(&diff->after, after + edit->put_size),
        };
        struct change *last = diff->count > 0 ? &diff->changes[diff->count - 1] : NULL;
        if (last != NULL && (change.before < last->before_end || change.after < last->after_end)) {
            last->before_end = change.before_end;
            last->after_end = change.after_end;
        } else {
            diff->changes[diff->count++] = change;
        }
        added += edit->put_size;
        cut += edit->cut;
    }
    size_t kept = 0;
    for (size_t i = 0; i < diff->count; i++) {
        trim(diff, &diff->changes[i]);
        if (!is_empty(&diff->changes[i]))
            diff->changes[kept++] = diff->changes[i];
    }
    diff->count = kept;
}

/* ---- writing ---- */

/* A character of this size at the front of text, as it is. */
static bool is_shown(struct trust_bytes text, size_t size)
{
    uint8_t c = text.data[0];
    bool is_wide = size == 2 && c == 0xc2 && text.data[1] < 0xa0;
    bool is_control = (c < 0x20 && c != '\t') || c == 0x7f || is_wide;
    return !is_control && !trust_utf8_is_turning(text);
}

static void put_line(const struct diff *diff, char mark, const struct lines *lines, size_t line)
{
    struct trust_bytes text = line_of(lines, line);
    bool is_ended = text.size > 0 && text.data[text.size - 1] == '\n';
    text.size -= is_ended;
    if (text.size > 0 && text.data[text.size - 1] == '\r')
        text.size--;
    (void)fputc(mark, diff->file);
    while (text.size > 0) {
        size_t size = trust_utf8_next(text);
        size = size == 0 ? 1 : size;
        if (is_shown(text, size))
            (void)fwrite(text.data, 1, size, diff->file);
        else
            (void)fputc('?', diff->file);
        text.data += size;
        text.size -= size;
    }
    (void)fputs(is_ended ? "\n" : "\n\\ No newline at end of file\n", diff->file);
}

static void put_range(const struct diff *diff, char mark, size_t from, size_t to)
{
    /* An empty range is named by the line before it. */
    (void)fprintf(diff->file, "%c%zu,%zu ", mark, to > from ? from + 1 : from, to - from);
}

/* The changes [first, end) with their context. */
static void put_hunk(const struct diff *diff, size_t first, size_t end)
{
    const struct change *changes = diff->changes;
    size_t context = diff->unified->context;
    size_t lead = changes[first].before < context ? changes[first].before : context;
    size_t rest = diff->before.count - changes[end - 1].before_end;
    size_t tail = rest < context ? rest : context;
    (void)fputs("@@ ", diff->file);
    put_range(diff, '-', changes[first].before - lead, changes[end - 1].before_end + tail);
    put_range(diff, '+', changes[first].after - lead, changes[end - 1].after_end + tail);
    (void)fputs("@@\n", diff->file);
    size_t at = changes[first].before - lead;
    for (size_t i = first; i < end; i++) {
        for (; at < changes[i].before; at++)
            put_line(diff, ' ', &diff->shown_before, at);
        for (; at < changes[i].before_end; at++)
            put_line(diff, '-', &diff->shown_before, at);
        for (size_t line = changes[i].after; line < changes[i].after_end; line++)
            put_line(diff, '+', &diff->shown_after, line);
    }
    for (size_t i = 0; i < tail; i++)
        put_line(diff, ' ', &diff->shown_before, at + i);
}

static void put_all(const struct diff *diff)
{
    if (diff->count == 0)
        return;
    (void)fprintf(diff->file, "--- %s\n+++ %s\n",
                  diff->unified->is_new ? "/dev/null" : diff->unified->path, diff->unified->path);
    for (size_t first = 0; first < diff->count;) {
        size_t end = first + 1;
        while (end < diff->count && diff->changes[end].before - diff->changes[end - 1].before_end <=
                                        2 * diff->unified->context)
            end++;
        put_hunk(diff, first, end);
        first = end;
    }
}

enum trust_error unified_write(FILE *file, const struct unified *unified)
{
    struct diff diff = {.file = file, .unified = unified};
    diff.changes = calloc(unified->patch->count + 1, sizeof *diff.changes);
    bool is_open = diff.changes != NULL && open_lines(&diff.before, unified->before.text) &&
                   open_lines(&diff.after, unified->after.text) &&
                   open_lines(&diff.shown_before, unified->before.shown) &&
                   open_lines(&diff.shown_after, unified->after.shown);
    if (is_open) {
        gather(&diff);
        put_all(&diff);
    }
    free(diff.changes);
    free(diff.before.starts);
    free(diff.after.starts);
    free(diff.shown_before.starts);
    free(diff.shown_after.starts);
    return is_open ? TRUST_OK : TRUST_FAIL_MEMORY;
}
