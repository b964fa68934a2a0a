/* See jsonc_site.h. Spans are found in a copy without comments, whose places are the text's. */
#include "repute/jsonc_site.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/assert.h"
#include "base/bytes.h"
#include "repute/jsonc_blank.h"
#include "wire/json.h"

/* A name of a client's configuration: of a server, or the path of a project. */
#define NAME_SIZE_MAX 4096

/* ---- what stands between values ---- */

static bool is_blank(uint8_t c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

static bool begins_comment(struct trust_bytes text, size_t at)
{
    return text.size - at >= 2 && text.data[at] == '/' &&
           (text.data[at + 1] == '/' || text.data[at + 1] == '*');
}

/* The end of the comment at this place: before the line feed that ends one of a line. */
static size_t comment_end(struct trust_bytes text, size_t at)
{
    bool is_line = text.data[at + 1] == '/';
    for (at += 2; at < text.size; at++) {
        if (is_line && text.data[at] == '\n')
            return text.data[at - 1] == '\r' ? at - 1 : at;
        if (!is_line && at + 1 < text.size && text.data[at] == '*' && text.data[at + 1] == '/')
            return at + 2;
    }
    return text.size;
}

/* The next comma from here, if only space and comments stand before it; text.size: none. */
static size_t find_comma(struct trust_bytes text, size_t at)
{
    while (at < text.size && text.data[at] != ',') {
        if (begins_comment(text, at))
            at = comment_end(text, at);
        else if (is_blank(text.data[at]))
            at++;
        else
            return text.size;
    }
    return at;
}

/* Behind the comments that stand on the same line; out_is_line: the last of them ends it. */
static size_t pass_remarks(struct trust_bytes text, size_t at, bool *out_is_line)
{
    size_t end = at;
    *out_is_line = false;
    while (at < text.size && !*out_is_line) {
        if (text.data[at] == ' ' || text.data[at] == '\t') {
            at++;
        } else if (begins_comment(text, at)) {
            *out_is_line = text.data[at + 1] == '/';
            at = comment_end(text, at);
            end = at;
        } else {
            break;
        }
    }
    return end;
}

static bool has_newline(struct trust_bytes text, size_t from, size_t to)
{
    return to > from && memchr(text.data + from, '\n', to - from) != NULL;
}

/* ---- style ---- */

/* The white space that the line of this place begins with. */
static void take_indent(char out_indent[JSONC_SITE_INDENT_SIZE], struct trust_bytes text, size_t at)
{
    size_t size = 0;
    while (at > 0 && text.data[at - 1] != '\n')
        at--;
    if (at == 0 && text.size >= 3 && memcmp(text.data, "\xef\xbb\xbf", 3) == 0)
        at = 3;
    while (size + 1 < JSONC_SITE_INDENT_SIZE && at < text.size &&
           (text.data[at] == ' ' || text.data[at] == '\t'))
        out_indent[size++] = (char)text.data[at++];
    out_indent[size] = '\0';
}

/* indent and one unit more. */
static void deepen(char indent[JSONC_SITE_INDENT_SIZE], const char *unit)
{
    size_t size = strlen(indent);
    (void)snprintf(indent + size, JSONC_SITE_INDENT_SIZE - size, "%s", unit);
}

static const char *newline_of(struct trust_bytes text)
{
    const uint8_t *feed = text.size == 0 ? NULL : memchr(text.data, '\n', text.size);
    return feed != NULL && feed > text.data && feed[-1] == '\r' ? "\r\n" : "\n";
}

/* ---- finding ---- */

/* A copy of the text as plain JSON. */
struct plain {
    struct trust_bytes text;
    uint8_t *copy;
};

static struct jsonc_span span_of(const struct plain *plain, struct trust_bytes value)
{
    return (struct jsonc_span){.at = (size_t)(value.data - plain->copy), .size = value.size};
}

static bool is_name(struct trust_bytes key, const char *name)
{
    char decoded[NAME_SIZE_MAX];
    size_t size = 0;
    size_t room = strlen(name);
    /* The key with its quotes. */
    struct trust_bytes value = {.data = key.data - 1, .size = key.size + 2};
    return room <= sizeof decoded && json_string_copy(decoded, room, &size, value) == TRUST_OK &&
           size == room && memcmp(decoded, name, size) == 0;
}

/* How the members of an object look: by the first of them, or by the line that the object is on. */
static void read_style(struct jsonc_site *site, struct jsonc_span object, size_t first_key)
{
    struct jsonc_style *around = &site->around;
    if (first_key == 0) {
        take_indent(around->indent, site->text, object.at);
        deepen(around->indent, around->unit);
        around->is_inline = false;
        return;
    }
    around->is_inline = !has_newline(site->text, object.at, first_key);
    take_indent(around->indent, site->text, first_key);
}

/* The unit of the indentation is that of the document's own members. */
static void read_unit(struct jsonc_site *site, struct jsonc_span root, size_t first_key)
{
    char outer[JSONC_SITE_INDENT_SIZE];
    char inner[JSONC_SITE_INDENT_SIZE];
    (void)snprintf(site->around.unit, sizeof site->around.unit, "  ");
    if (first_key == 0 || !has_newline(site->text, root.at, first_key))
        return;
    take_indent(outer, site->text, root.at);
    take_indent(inner, site->text, first_key);
    size_t size = strlen(outer);
    if (strlen(inner) > size && strncmp(inner, outer, size) == 0)
        (void)snprintf(site->around.unit, sizeof site->around.unit, "%s", inner + size);
}

/* As of struct jsonc_site. */
struct member {
    struct jsonc_span value;
    size_t key;
    size_t previous;
};

/*
 * Looks at the object that site->value is, for the next name. With out_is_there the member of that
 * name is what site is about now.
 */
static enum trust_error look_into(struct jsonc_site *site, const struct plain *plain,
                                  bool *out_is_there)
{
    struct trust_bytes key;
    struct trust_bytes value;
    struct jsonc_span object = site->value;
    struct member wanted = {0};
    size_t first_key = 0;
    size_t last = 0;
    struct json_walk walk = json_walk_object(
        (struct trust_bytes){.data = plain->copy + object.at, .size = object.size});
    while (json_next_member(&walk, &key, &value)) {
        struct jsonc_span span = span_of(plain, value);
        size_t key_at = (size_t)(key.data - plain->copy) - 1;
        first_key = first_key == 0 ? key_at : first_key;
        if (is_name(key, site->names[site->found])) {
            if (wanted.value.size > 0)
                return TRUST_NO_DUPLICATE;
            wanted = (struct member){.value = span, .key = key_at, .previous = last};
        }
        last = span.at + span.size;
    }
    if (walk.error != TRUST_OK)
        return walk.error;
    if (site->found == 0)
        read_unit(site, object, first_key);
    *out_is_there = wanted.value.size > 0;
    site->last = last;
    read_style(site, object, first_key);
    if (*out_is_there) {
        take_indent(site->around.indent, site->text, wanted.key);
        site->value = wanted.value;
        site->key = wanted.key;
        site->previous = wanted.previous;
        site->found++;
    }
    return TRUST_OK;
}

static enum trust_error find_in(struct jsonc_site *site, const struct plain *plain)
{
    struct trust_bytes whole = {.data = plain->copy, .size = plain->text.size};
    struct trust_bytes root = json_trim(whole);
    site->value = (struct jsonc_span){.at = plain->text.size};
    site->is_hollow = true;
    if (root.size == 0)
        return TRUST_OK;
    enum trust_error error = json_check(whole);
    site->value = span_of(plain, root);
    for (bool is_there = true; error == TRUST_OK && is_there && site->found < site->name_count;) {
        struct trust_bytes value = {.data = plain->copy + site->value.at, .size = site->value.size};
        /* Clients take null for an object without members. */
        site->is_hollow = json_kind(value) == JSON_KIND_NULL;
        if (site->is_hollow)
            return TRUST_OK;
        if (json_kind(value) != JSON_KIND_OBJECT)
            return TRUST_NO_TYPE;
        error = look_into(site, plain, &is_there);
    }
    return error;
}

enum trust_error jsonc_site_find(struct jsonc_site *out_site, struct trust_bytes text,
                                 const char *const *names, size_t name_count)
{
    struct jsonc_fault fault;
    assert(name_count > 0);
    assert(name_count <= JSONC_SITE_NAMES_MAX);
    for (size_t i = 0; i < name_count; i++) {
        if (strlen(names[i]) > NAME_SIZE_MAX)
            return TRUST_NO_SIZE;
    }
    struct plain plain = {.text = text, .copy = malloc(text.size + 1)};
    if (plain.copy == NULL)
        return TRUST_FAIL_MEMORY;
    if (text.size > 0)
        memcpy(plain.copy, text.data, text.size);
    struct jsonc_site site = {.text = text,
                              .names = names,
                              .name_count = name_count,
                              .around = {.newline = newline_of(text), .unit = "  "}};
    enum trust_error error = jsonc_blank(&fault, plain.copy, text.size);
    if (error == TRUST_OK)
        error = find_in(&site, &plain);
    free(plain.copy);
    if (error == TRUST_OK)
        *out_site = site;
    return error;
}

bool jsonc_site_is_there(const struct jsonc_site *site)
{
    return site->found == site->name_count;
}

/* ---- writing ---- */

/* How many objects are made around the member: those of the names that are missing but the last,
 * and the one that a hollow value becomes. */
static size_t depth_of(const struct jsonc_site *site)
{
    return jsonc_site_is_there(site) ? 0 : site->name_count - site->found - 1 + site->is_hollow;
}

/* The indentation of the member that is `depth` objects deep in what is put. */
static void indent_at(char out_indent[JSONC_SITE_INDENT_SIZE], const struct jsonc_site *site,
                      size_t depth)
{
    (void)snprintf(out_indent, JSONC_SITE_INDENT_SIZE, "%s", site->around.indent);
    for (size_t i = 0; i < depth; i++)
        deepen(out_indent, site->around.unit);
}

void jsonc_site_style(struct jsonc_style *out_style, const struct jsonc_site *site)
{
    *out_style = site->around;
    indent_at(out_style->indent, site, depth_of(site));
    out_style->is_inline = site->around.is_inline && depth_of(site) == 0;
    /* What stands in one line is replaced by one. */
    if (jsonc_site_is_there(site))
        out_style->is_inline =
            !has_newline(site->text, site->value.at, site->value.at + site->value.size);
}

static void put_text(FILE *file, const char *text)
{
    (void)fputs(text, file);
}

static void put_key(FILE *file, const char *name)
{
    uint8_t quoted[6 * NAME_SIZE_MAX + 2];
    struct trust_writer writer = trust_writer_init(quoted, sizeof quoted);
    json_put_string(&writer, trust_bytes_text(name));
    (void)fwrite(writer.data, 1, writer.size, file);
    put_text(file, ": ");
}

static void put_line(FILE *file, const struct jsonc_site *site, size_t depth)
{
    char indent[JSONC_SITE_INDENT_SIZE];
    indent_at(indent, site, depth);
    put_text(file, site->around.newline);
    put_text(file, indent);
}

/* The names from first on, one within the other, and the value in the innermost; first stands
 * `depth` objects deep. */
static void put_members(FILE *file, const struct jsonc_site *site, size_t first, size_t depth,
                        struct trust_bytes value)
{
    size_t opened = site->name_count - first - 1;
    for (size_t i = 0; i < opened; i++) {
        put_key(file, site->names[first + i]);
        put_text(file, "{");
        put_line(file, site, depth + i + 1);
    }
    put_key(file, site->names[site->name_count - 1]);
    (void)fwrite(value.data, 1, value.size, file);
    for (size_t i = opened; i > 0; i--) {
        put_line(file, site, depth + i - 1);
        put_text(file, "}");
    }
}

/* A text that is being made. */
struct making {
    FILE *file;
    char *text;
    size_t size;
};

static FILE *begin(struct making *making)
{
    *making = (struct making){0};
    making->file = open_memstream(&making->text, &making->size);
    return making->file;
}

/* The text comes in the place of span. */
static enum trust_error finish(struct making *making, struct patch *patch, struct jsonc_span span)
{
    enum trust_error error = TRUST_FAIL_MEMORY;
    if (fclose(making->file) == 0)
        error =
            patch_add(patch, span.at, span.size,
                      (struct trust_bytes){.data = (uint8_t *)making->text, .size = making->size});
    free(making->text);
    return error;
}

/* An object in the place of null, or of nothing. */
static enum trust_error fill(struct patch *patch, const struct jsonc_site *site,
                             struct trust_bytes value)
{
    struct making making;
    FILE *file = begin(&making);
    if (file == NULL)
        return TRUST_FAIL_MEMORY;
    bool is_empty = site->value.size == 0;
    struct trust_bytes rest = site->text;
    if (rest.size >= 3 && memcmp(rest.data, "\xef\xbb\xbf", 3) == 0)
        rest = (struct trust_bytes){.data = rest.data + 3, .size = rest.size - 3};
    if (is_empty && rest.size > 0 && rest.data[rest.size - 1] != '\n')
        put_text(file, site->around.newline);
    put_text(file, "{");
    put_line(file, site, 1);
    put_members(file, site, site->found, 1, value);
    put_line(file, site, 0);
    put_text(file, "}");
    if (is_empty)
        put_text(file, site->around.newline);
    return finish(&making, patch, site->value);
}

/* Behind the last member, its comma and what is remarked on its line. */
static enum trust_error append(struct patch *patch, const struct jsonc_site *site,
                               struct trust_bytes value)
{
    bool is_line = false;
    size_t comma = find_comma(site->text, site->last);
    bool has_comma = comma < site->text.size;
    size_t at = pass_remarks(site->text, has_comma ? comma + 1 : site->last, &is_line);
    enum trust_error error = TRUST_OK;
    if (!has_comma)
        error = patch_add(patch, site->last, 0, trust_bytes_text(","));
    struct making making;
    FILE *file = error == TRUST_OK ? begin(&making) : NULL;
    if (file == NULL)
        return TRUST_FAIL_MEMORY;
    if (site->around.is_inline && !is_line)
        put_text(file, " ");
    else
        put_line(file, site, 0);
    put_members(file, site, site->found, 0, value);
    if (has_comma)
        put_text(file, ",");
    return finish(&making, patch, (struct jsonc_span){.at = at});
}

/* Into an object without members, behind what is remarked on the line of its bracket. */
static enum trust_error open_up(struct patch *patch, const struct jsonc_site *site,
                                struct trust_bytes value)
{
    bool is_line = false;
    size_t end = site->value.at + site->value.size - 1;
    size_t at = pass_remarks(site->text, site->value.at + 1, &is_line);
    struct making making;
    FILE *file = begin(&making);
    if (file == NULL)
        return TRUST_FAIL_MEMORY;
    put_line(file, site, 0);
    put_members(file, site, site->found, 0, value);
    if (!has_newline(site->text, at, end)) {
        char outer[JSONC_SITE_INDENT_SIZE];
        take_indent(outer, site->text, site->value.at);
        put_text(file, site->around.newline);
        put_text(file, outer);
    }
    return finish(&making, patch, (struct jsonc_span){.at = at});
}

enum trust_error jsonc_site_put(struct patch *patch, const struct jsonc_site *site,
                                struct trust_bytes value)
{
    if (jsonc_site_is_there(site))
        return patch_add(patch, site->value.at, site->value.size, value);
    if (site->is_hollow)
        return fill(patch, site, value);
    return site->last > 0 ? append(patch, site, value) : open_up(patch, site, value);
}

/* Nothing but space stands from here to the end of the line. */
static bool ends_line(struct trust_bytes text, size_t at)
{
    while (at < text.size && (text.data[at] == ' ' || text.data[at] == '\t'))
        at++;
    return at < text.size &&
           (text.data[at] == '\n' ||
            (text.data[at] == '\r' && at + 1 < text.size && text.data[at + 1] == '\n'));
}

/* The member with its line, if it has one for itself: else a remark of the line before would run on
 * into what stands behind. */
static struct jsonc_span whole_of(const struct jsonc_site *site, size_t end)
{
    struct trust_bytes text = site->text;
    bool is_line = false;
    size_t start = site->key;
    size_t remarks = pass_remarks(text, end, &is_line);
    while (start > 0 && (text.data[start - 1] == ' ' || text.data[start - 1] == '\t'))
        start--;
    if (!ends_line(text, remarks))
        return (struct jsonc_span){.at = start, .size = end - start};
    if (start > 0 && text.data[start - 1] == '\n')
        start -= start > 1 && text.data[start - 2] == '\r' ? 2 : 1;
    return (struct jsonc_span){.at = start, .size = remarks - start};
}

enum trust_error jsonc_site_drop(struct patch *patch, const struct jsonc_site *site)
{
    size_t end = site->value.at + site->value.size;
    size_t comma = find_comma(site->text, end);
    bool has_comma = comma < site->text.size;
    assert(jsonc_site_is_there(site));
    struct jsonc_span whole = whole_of(site, has_comma ? comma + 1 : end);
    enum trust_error error = patch_add(patch, whole.at, whole.size, (struct trust_bytes){0});
    if (has_comma || site->previous == 0 || error != TRUST_OK)
        return error;
    /* It was the last: the comma before it goes too. */
    return patch_add(patch, find_comma(site->text, site->previous), 1, (struct trust_bytes){0});
}
