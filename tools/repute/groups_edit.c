/* See groups_edit.h. The reader of the configuration says where its keys stand; a change that came
 * out wrong is noticed by reading the result, which is the caller's. */
#include "repute/groups_edit.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/bytes.h"
#include "host/yaml.h"
#include "repute/groups_text.h"

/* ---- places ---- */

/* The byte where a line begins; the end of the text if it has fewer. */
static size_t line_start(struct trust_bytes text, uint32_t line)
{
    size_t at = 0;
    for (uint32_t i = 1; i < line && at < text.size; i++) {
        const uint8_t *feed = memchr(text.data + at, '\n', text.size - at);
        at = feed == NULL ? text.size : (size_t)(feed - text.data) + 1;
    }
    return at;
}

/* Before the end of the line that this byte is in. */
static size_t line_end(struct trust_bytes text, size_t at)
{
    while (at < text.size && text.data[at] != '\n')
        at++;
    return at > 0 && at < text.size && text.data[at - 1] == '\r' ? at - 1 : at;
}

/* The byte of a mark, whose columns are characters. */
static size_t place_of(struct trust_bytes text, struct trust_yaml_mark mark)
{
    size_t at = line_start(text, mark.line);
    for (uint32_t column = 1; column < mark.column && at < text.size; column++) {
        at++;
        while (at < text.size && (text.data[at] & 0xc0) == 0x80)
            at++;
    }
    return at;
}

/* Where a key begins: the reader's mark of one in quotes is behind the first. */
static struct trust_yaml_mark mark_of(struct trust_bytes text, trust_yaml_node *key)
{
    struct trust_yaml_mark mark = trust_yaml_mark(key);
    size_t at = place_of(text, mark);
    bool is_quoted = !trust_yaml_is_plain(key) && mark.column > 1 && at > 0 &&
                     (text.data[at - 1] == '"' || text.data[at - 1] == '\'');
    mark.column -= is_quoted;
    return mark;
}

static size_t pass_spaces(struct trust_bytes text, size_t at)
{
    while (at < text.size && (text.data[at] == ' ' || text.data[at] == '\t'))
        at++;
    return at;
}

/* The white space in front of a byte, if nothing else stands before it on its line. */
static bool has_own_line(struct trust_bytes text, size_t at)
{
    while (at > 0 && text.data[at - 1] == ' ')
        at--;
    return at == 0 || text.data[at - 1] == '\n';
}

static bool is_blank_line(struct trust_bytes text, size_t at)
{
    at = pass_spaces(text, at);
    return at == text.size || text.data[at] == '\n' || text.data[at] == '\r';
}

/* ---- the section ---- */

/* Where the groups of a file stand. */
struct section {
    bool is_there;
    size_t value;        /* the first byte behind the colon that is no space */
    uint32_t first_line; /* of what belongs to it, and the line behind that; 0: up to the end */
    uint32_t next_line;
    uint32_t root_column;
    uint32_t member_column; /* of the groups; 0: there is none */
    size_t member_count;
    enum trust_yaml_kind kind;
};

static struct section find_section(struct trust_bytes text, trust_yaml_node *root)
{
    trust_yaml_node *key = NULL;
    struct section section = {.root_column = 1};
    for (size_t i = 0; i < trust_yaml_count(root); i++) {
        trust_yaml_node *value = trust_yaml_member(root, i, &key);
        struct trust_yaml_mark mark = mark_of(text, key);
        const char *name = trust_yaml_text(key);
        if (i == 0)
            section.root_column = mark.column;
        if (section.is_there) {
            section.next_line = mark.line;
            return section;
        }
        if (name == NULL || strcmp(name, "groups") != 0)
            continue;
        size_t at = place_of(text, mark);
        while (at < text.size && text.data[at] != ':')
            at++;
        section.is_there = true;
        section.value = pass_spaces(text, at < text.size ? at + 1 : at);
        section.first_line = mark.line;
        section.kind = trust_yaml_kind(value);
        section.member_count = trust_yaml_count(value);
        if (section.kind == TRUST_YAML_MAP && section.member_count > 0) {
            (void)trust_yaml_member(value, 0, &key);
            section.member_column = mark_of(text, key).column;
        }
    }
    return section;
}

/* The end of the last line of the section that is indented: comments of what follows are not. */
static size_t section_end(struct trust_bytes text, const struct section *section)
{
    size_t at = line_start(text, section->first_line);
    size_t stop = section->next_line == 0 ? text.size : line_start(text, section->next_line);
    size_t end = line_end(text, at);
    for (;;) {
        const uint8_t *feed = at < stop ? memchr(text.data + at, '\n', stop - at) : NULL;
        if (feed == NULL)
            return end;
        at = (size_t)(feed - text.data) + 1;
        bool is_within = at < stop && pass_spaces(text, at) - at >= section->root_column;
        if (is_within && !is_blank_line(text, at))
            end = line_end(text, at);
    }
}

/* ---- writing ---- */

struct writing {
    const struct groups_edit_group *groups;
    size_t count;
    struct groups_text_form form;
};

static const char *newline_of(struct trust_bytes text)
{
    const uint8_t *feed = text.size == 0 ? NULL : memchr(text.data, '\n', text.size);
    return feed != NULL && feed > text.data && feed[-1] == '\r' ? "\r\n" : "\n";
}

/* head, the groups, tail: put at this place. */
static enum trust_error put(struct patch *patch, size_t at, struct writing writing,
                            const char *head, const char *tail)
{
    char *text = NULL;
    size_t size = 0;
    FILE *file = open_memstream(&text, &size);
    if (file == NULL)
        return TRUST_FAIL_MEMORY;
    (void)fputs(head, file);
    for (size_t i = 0; i < writing.count; i++)
        groups_text_write(file, &writing.form, writing.groups[i].name, writing.groups[i].primary);
    (void)fputs(tail, file);
    enum trust_error error = TRUST_FAIL_MEMORY;
    if (fclose(file) == 0)
        error = patch_add(patch, at, 0, trust_bytes_text(text));
    free(text);
    return error;
}

static enum trust_error put_both(struct patch *patch, struct patch *shown, size_t at,
                                 struct writing writing, const char *head)
{
    enum trust_error error = put(patch, at, writing, head, "");
    writing.form.is_shown = true;
    return error == TRUST_OK ? put(shown, at, writing, head, "") : error;
}

/* Behind everything, under a key of their own. */
static enum trust_error add_section(struct patch *patch, struct patch *shown,
                                    struct trust_bytes text, struct writing writing,
                                    uint32_t root_column)
{
    char head[128];
    const char *newline = writing.form.newline;
    bool is_ended = text.size == 0 || text.data[text.size - 1] == '\n';
    int indent = root_column < 32 ? (int)root_column - 1 : 0;
    writing.form.indent = (unsigned)indent + 2;
    /* Lines end before what is written, but for the last line of the file. */
    (void)snprintf(head, sizeof head, "%s%s%*sgroups:", is_ended ? "" : newline,
                   text.size > 0 ? newline : "", indent, "");
    enum trust_error error = put_both(patch, shown, text.size, writing, head);
    if (error == TRUST_OK)
        error = patch_add(patch, text.size, 0, trust_bytes_text(newline));
    return error == TRUST_OK ? patch_add(shown, text.size, 0, trust_bytes_text(newline)) : error;
}

/* {}: the braces go. */
static enum trust_error cut_braces(struct patch *patch, struct patch *shown,
                                   struct trust_bytes text, size_t open)
{
    const uint8_t *close = memchr(text.data + open, '}', text.size - open);
    if (close == NULL)
        return TRUST_NO_TYPE;
    size_t size = (size_t)(close - text.data) + 1 - open;
    if (memchr(text.data + open, '\n', size) != NULL)
        return TRUST_NO_TYPE;
    enum trust_error error = patch_add(patch, open, size, (struct trust_bytes){0});
    return error == TRUST_OK ? patch_add(shown, open, size, (struct trust_bytes){0}) : error;
}

static enum trust_error add_to_section(struct patch *patch, struct patch *shown,
                                       struct trust_bytes text, struct writing writing,
                                       const struct section *section)
{
    bool is_flow = section->value < text.size && text.data[section->value] == '{';
    writing.form.indent = section->root_column + 1;
    if (section->member_count > 0 && is_flow) {
        writing.form.is_flow = true;
        return put_both(patch, shown, section->value + 1, writing, "");
    }
    bool is_bare = is_blank_line(text, section->value) ||
                   (section->value < text.size && text.data[section->value] == '#');
    enum trust_error error = TRUST_OK;
    if (is_flow)
        error = cut_braces(patch, shown, text, section->value);
    else if (!is_bare)
        error = TRUST_NO_TYPE;
    if (section->member_count > 0)
        writing.form.indent = section->member_column - 1;
    return error == TRUST_OK ? put_both(patch, shown, section_end(text, section), writing, "")
                             : error;
}

enum trust_error groups_edit_add(struct patch *patch, struct patch *shown, struct trust_bytes text,
                                 const struct groups_edit_group *groups, size_t count)
{
    struct trust_yaml *yaml = NULL;
    struct trust_yaml_fault fault;
    struct writing writing = {
        .groups = groups, .count = count, .form = {.newline = newline_of(text)}};
    enum trust_error error = trust_yaml_open(&yaml, &fault, "", text);
    if (error != TRUST_OK)
        return error;
    trust_yaml_node *root = trust_yaml_root(yaml);
    enum trust_yaml_kind kind = trust_yaml_kind(root);
    struct section section = find_section(text, kind == TRUST_YAML_MAP ? root : NULL);
    trust_yaml_node *key = NULL;
    if (kind == TRUST_YAML_MAP && trust_yaml_count(root) > 0) {
        (void)trust_yaml_member(root, 0, &key);
        if (!has_own_line(text, place_of(text, mark_of(text, key))))
            error = TRUST_NO_TYPE;
    } else if (kind != TRUST_YAML_NULL) {
        error = TRUST_NO_TYPE;
    }
    trust_yaml_close(yaml);
    if (error != TRUST_OK)
        return error;
    return section.is_there ? add_to_section(patch, shown, text, writing, &section)
                            : add_section(patch, shown, text, writing, section.root_column);
}
