/* See yaml.h. The walk over a fresh document is by parent links and a bounded stack of indices. */
#include "host/yaml.h"

#include <libfyaml.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/assert.h"
#include "base/utf8.h"

#define SIZE_LIMIT (UINT32_C(1) << 20)
#define DEPTH_LIMIT 16
#define MEMBERS_LIMIT 4096 /* libfyaml finds a member by walking to it */
#define CARET_COLUMN_MAX 200

struct trust_yaml {
    struct fy_diag *diag;
    struct fy_parser *parser;
    struct fy_document *document; /* NULL: empty */
    struct trust_bytes text;
    char name[160];
};

static struct trust_bytes source_line(struct trust_bytes text, uint32_t line)
{
    size_t start = 0;
    for (uint32_t at = 1; at < line; at++) {
        const uint8_t *newline = memchr(text.data + start, '\n', text.size - start);
        if (newline == NULL)
            return (struct trust_bytes){0};
        start = (size_t)(newline - text.data) + 1;
    }
    size_t end = start;
    while (end < text.size && text.data[end] != '\n' && text.data[end] != '\r')
        end++;
    return (struct trust_bytes){.data = text.data + start, .size = end - start};
}

void trust_yaml_fault_at(struct trust_yaml_fault *out_fault, const struct trust_yaml *yaml,
                         struct trust_yaml_mark mark, const char *message)
{
    out_fault->mark = mark;
    (void)snprintf(out_fault->message, sizeof out_fault->message, "%s", message);
    struct trust_bytes line = mark.line == 0 || yaml->text.size == 0
                                  ? (struct trust_bytes){0}
                                  : source_line(yaml->text, mark.line);
    int shown = line.size > CARET_COLUMN_MAX ? CARET_COLUMN_MAX : (int)line.size;
    int indent = mark.column > 1 && mark.column <= CARET_COLUMN_MAX ? (int)mark.column - 1 : 0;
    int used = snprintf(out_fault->text, sizeof out_fault->text, "%s:%u:%u: %s", yaml->name,
                        mark.line, mark.column, out_fault->message);
    if (shown > 0 && used > 0 && (size_t)used < sizeof out_fault->text)
        (void)snprintf(out_fault->text + used, sizeof out_fault->text - (size_t)used,
                       "\n  %.*s\n  %*s^", shown, (const char *)line.data, indent, "");
    /* A caret under a tab or an escape would lie. */
    trust_utf8_make_plain(out_fault->text);
}

enum trust_yaml_kind trust_yaml_kind(trust_yaml_node *node)
{
    if (node == NULL)
        return TRUST_YAML_NULL;
    switch (fy_node_get_type(node)) {
    case FYNT_SEQUENCE:
        return TRUST_YAML_LIST;
    case FYNT_MAPPING:
        return TRUST_YAML_MAP;
    case FYNT_SCALAR:
        break;
    }
    if (fy_node_is_null(node))
        return TRUST_YAML_NULL;
    const char *text = trust_yaml_text(node);
    if (text != NULL && trust_yaml_is_plain(node) &&
        (strcmp(text, "null") == 0 || strcmp(text, "~") == 0 || *text == '\0'))
        return TRUST_YAML_NULL;
    return TRUST_YAML_SCALAR;
}

/* A map or list has no token of its own: it stands where its first key or item stands. */
struct trust_yaml_mark trust_yaml_mark(trust_yaml_node *node)
{
    for (int depth = 0; node != NULL && depth <= DEPTH_LIMIT; depth++) {
        if (fy_node_is_scalar(node)) {
            struct fy_token *token = fy_node_get_scalar_token(node);
            const struct fy_mark *mark = token == NULL ? NULL : fy_token_start_mark(token);
            if (mark == NULL)
                break;
            return (struct trust_yaml_mark){.line = (uint32_t)mark->line + 1,
                                            .column = (uint32_t)mark->column + 1};
        }
        if (fy_node_is_sequence(node)) {
            node = fy_node_sequence_get_by_index(node, 0);
        } else {
            struct fy_node_pair *pair = fy_node_mapping_get_by_index(node, 0);
            node = pair == NULL ? NULL : fy_node_pair_key(pair);
        }
    }
    return (struct trust_yaml_mark){0};
}

const char *trust_yaml_text(trust_yaml_node *node)
{
    if (!fy_node_is_scalar(node))
        return NULL;
    size_t size = 0;
    const char *raw = fy_node_get_scalar(node, &size);
    if (raw != NULL && memchr(raw, '\0', size) != NULL)
        return NULL;
    return fy_node_get_scalar0(node);
}

bool trust_yaml_is_plain(trust_yaml_node *node)
{
    return fy_node_is_scalar(node) && fy_node_get_style(node) == FYNS_PLAIN;
}

size_t trust_yaml_count(trust_yaml_node *node)
{
    int count = 0;
    if (node != NULL && fy_node_is_sequence(node))
        count = fy_node_sequence_item_count(node);
    else if (node != NULL && fy_node_is_mapping(node))
        count = fy_node_mapping_item_count(node);
    return count < 0 ? 0 : (size_t)count;
}

trust_yaml_node *trust_yaml_item(trust_yaml_node *list, size_t index)
{
    assert(index < trust_yaml_count(list));
    return fy_node_sequence_get_by_index(list, (int)index);
}

trust_yaml_node *trust_yaml_member(trust_yaml_node *map, size_t index, trust_yaml_node **out_key)
{
    assert(index < trust_yaml_count(map));
    struct fy_node_pair *pair = fy_node_mapping_get_by_index(map, (int)index);
    *out_key = fy_node_pair_key(pair);
    return fy_node_pair_value(pair);
}

trust_yaml_node *trust_yaml_find(trust_yaml_node *map, const char *name)
{
    if (trust_yaml_kind(map) != TRUST_YAML_MAP)
        return NULL;
    for (size_t i = 0; i < trust_yaml_count(map); i++) {
        trust_yaml_node *key = NULL;
        trust_yaml_node *value = trust_yaml_member(map, i, &key);
        const char *text = trust_yaml_text(key);
        if (text != NULL && strcmp(text, name) == 0)
            return value;
    }
    return NULL;
}

trust_yaml_node *trust_yaml_root(const struct trust_yaml *yaml)
{
    return yaml->document == NULL ? NULL : fy_document_root(yaml->document);
}

/* What a configuration may not hold, or NULL. */
static const char *forbidden(trust_yaml_node *node)
{
    if (node == NULL)
        return NULL;
    if (fy_node_is_alias(node))
        return "aliases are not allowed here: write the value out";
    if (fy_node_get_anchor(node) != NULL)
        return "anchors are not allowed here";
    if (fy_node_get_tag_token(node) != NULL)
        return "tags are not allowed here";
    if (fy_node_is_scalar(node) && trust_yaml_text(node) == NULL &&
        fy_node_get_scalar_token(node) != NULL && !fy_node_is_null(node))
        return "a NUL character is not allowed here";
    if (trust_yaml_count(node) > MEMBERS_LIMIT)
        return "more than 4096 members";
    return NULL;
}

struct place {
    trust_yaml_node *node;
    size_t next; /* list: item; map: key and value count as two */
};

static trust_yaml_node *next_child(struct place *place)
{
    size_t at = place->next++;
    if (fy_node_is_sequence(place->node))
        return at < trust_yaml_count(place->node) ? trust_yaml_item(place->node, at) : NULL;
    if (at / 2 >= trust_yaml_count(place->node))
        return NULL;
    trust_yaml_node *key = NULL;
    trust_yaml_node *value = trust_yaml_member(place->node, at / 2, &key);
    return at % 2 == 0 ? key : value;
}

static bool has_children(trust_yaml_node *node)
{
    return node != NULL && !fy_node_is_scalar(node);
}

static size_t child_count(trust_yaml_node *node)
{
    return fy_node_is_sequence(node) ? trust_yaml_count(node) : 2 * trust_yaml_count(node);
}

/* Walks the whole document once: forbidden things and the depth. NULL if all is well. */
static const char *check(trust_yaml_node *root, struct trust_yaml_mark *out_mark)
{
    struct place stack[DEPTH_LIMIT];
    size_t depth = 0;
    const char *wrong = forbidden(root);
    *out_mark = trust_yaml_mark(root);
    if (wrong != NULL || !has_children(root))
        return wrong;
    stack[depth++] = (struct place){.node = root};
    while (depth > 0) {
        struct place *top = &stack[depth - 1];
        if (top->next >= child_count(top->node)) {
            depth--;
            continue;
        }
        trust_yaml_node *child = next_child(top);
        wrong = forbidden(child);
        if (wrong == NULL && has_children(child) && depth == DEPTH_LIMIT)
            wrong = "nested too deeply";
        if (wrong != NULL) {
            *out_mark = trust_yaml_mark(child);
            return wrong;
        }
        if (has_children(child))
            stack[depth++] = (struct place){.node = child};
    }
    return NULL;
}

static void syntax_fault(struct trust_yaml_fault *out_fault, const struct trust_yaml *yaml,
                         struct fy_diag *diag)
{
    void *iterator = NULL;
    const struct fy_diag_error *error = fy_diag_errors_iterate(diag, &iterator);
    if (error == NULL) {
        trust_yaml_fault_at(out_fault, yaml, (struct trust_yaml_mark){0}, "not a YAML document");
        return;
    }
    struct trust_yaml_mark mark = {.line = error->line < 1 ? 1 : (uint32_t)error->line,
                                   .column = error->column < 1 ? 1 : (uint32_t)error->column};
    trust_yaml_fault_at(out_fault, yaml, mark, error->msg == NULL ? "syntax error" : error->msg);
}

/* libfyaml also reports what it has already collected: nothing of it goes to a terminal. */
static void drop_output(struct fy_diag *diag, void *user, const char *text, size_t size)
{
    (void)diag;
    (void)user;
    (void)text;
    (void)size;
}

static struct fy_diag *open_diag(void)
{
    struct fy_diag_cfg config;
    fy_diag_cfg_default(&config);
    config.fp = NULL;
    config.output_fn = drop_output;
    struct fy_diag *diag = fy_diag_create(&config);
    if (diag != NULL)
        fy_diag_set_collect_errors(diag, true);
    return diag;
}

static enum trust_error refuse(struct trust_yaml *yaml, struct trust_yaml_fault *out_fault,
                               struct trust_yaml_mark mark, const char *message)
{
    trust_yaml_fault_at(out_fault, yaml, mark, message);
    return TRUST_NO_SYNTAX;
}

/* One document or none. TRUST_NO_SYNTAX with the fault. */
static enum trust_error parse(struct trust_yaml *yaml, struct trust_yaml_fault *out_fault,
                              struct fy_parser *parser, struct fy_diag *diag)
{
    yaml->document = fy_parse_load_document(parser);
    if (yaml->document != NULL) {
        struct trust_yaml_mark mark = {0};
        const char *wrong = check(trust_yaml_root(yaml), &mark);
        if (wrong != NULL)
            return refuse(yaml, out_fault, mark, wrong);
        struct fy_document *second = fy_parse_load_document(parser);
        if (second != NULL) {
            mark = trust_yaml_mark(fy_document_root(second));
            fy_parse_document_destroy(parser, second);
            return refuse(yaml, out_fault, mark, "a second document is not allowed here");
        }
    }
    if (fy_diag_got_error(diag)) {
        syntax_fault(out_fault, yaml, diag);
        return TRUST_NO_SYNTAX;
    }
    return TRUST_OK;
}

/* Where a byte stands, in lines and characters as libfyaml counts them. */
static struct trust_yaml_mark mark_of(struct trust_bytes text, size_t at)
{
    struct trust_yaml_mark mark = {.line = 1, .column = 1};
    for (size_t i = 0; i < at; i++) {
        bool is_character = (text.data[i] & 0xc0) != 0x80;
        mark.column = text.data[i] == '\n' ? 1 : mark.column + is_character;
        mark.line += text.data[i] == '\n';
    }
    return mark;
}

/* What stands before a byte, as far as it decides what a tab or a question mark there is. */
struct lexer {
    uint8_t quote; /* within a text in these quotes; 0: in none */
    bool is_comment;
    bool is_start; /* nothing but the signs of lists stands before it on its line */
    bool is_apart; /* a token may begin here */
};

static void pass(struct lexer *lexer, uint8_t c)
{
    bool is_end = c == '\n' || c == '\r';
    bool is_space = c == ' ' || c == '\t' || is_end;
    if (lexer->quote == 0 && lexer->is_apart && c == '#')
        lexer->is_comment = true;
    else if (!lexer->is_comment && lexer->quote == 0 && lexer->is_apart && (c == '"' || c == '\''))
        lexer->quote = c;
    else if (c == lexer->quote)
        lexer->quote = 0;
    lexer->is_comment = lexer->is_comment && !is_end;
    lexer->is_apart = is_space || strchr("[{,:-", c) != NULL;
    lexer->is_start = is_end || (lexer->is_start && (is_space || c == '-'));
}

/*
 * The first byte that libfyaml 0.7.12 may end the process over: a tab outside of texts in quotes
 * and comments, or a question mark that a line begins with. text.size: there is none, and no
 * configuration needs one.
 */
static size_t find_unsafe(struct trust_bytes text)
{
    struct lexer lexer = {.is_start = true, .is_apart = true};
    for (size_t i = 0; i < text.size; i++) {
        uint8_t c = text.data[i];
        bool is_bare = lexer.quote == 0 && !lexer.is_comment;
        if (is_bare && (c == '\t' || (c == '?' && lexer.is_start)))
            return i;
        bool is_doubled = c == '\'' && i + 1 < text.size && text.data[i + 1] == c;
        bool is_escaped = (lexer.quote == '"' && c == '\\') || (lexer.quote == c && is_doubled);
        i += is_escaped;
        if (!is_escaped)
            pass(&lexer, c);
    }
    return text.size;
}

/* libfyaml takes a NUL, and what is no UTF-8, for the end of the document: nothing behind it may be
 * passed over. */
static enum trust_error check_text(struct trust_yaml_fault *out_fault, struct trust_yaml *yaml)
{
    if (yaml->text.size > SIZE_LIMIT) {
        trust_yaml_fault_at(out_fault, yaml, (struct trust_yaml_mark){.line = 1, .column = 1},
                            "larger than 1 MiB");
        return TRUST_NO_SIZE;
    }
    size_t span = trust_utf8_span(yaml->text);
    const uint8_t *nul = span == 0 ? NULL : memchr(yaml->text.data, '\0', span);
    if (nul != NULL)
        span = (size_t)(nul - yaml->text.data);
    const char *wrong = "this byte is no UTF-8 text: save the file as UTF-8";
    if (span == yaml->text.size) {
        span = find_unsafe(yaml->text);
        wrong = span < yaml->text.size && yaml->text.data[span] == '?'
                    ? "\"?\" is not allowed here: write the key alone"
                    : "a tab is not allowed here: use spaces";
    }
    if (span == yaml->text.size)
        return TRUST_OK;
    trust_yaml_fault_at(out_fault, yaml, mark_of(yaml->text, span), wrong);
    return TRUST_NO_SYNTAX;
}

enum trust_error trust_yaml_open(struct trust_yaml **out_yaml, struct trust_yaml_fault *out_fault,
                                 const char *name, struct trust_bytes text)
{
    struct trust_yaml *yaml = calloc(1, sizeof *yaml);
    if (yaml == NULL)
        return TRUST_FAIL_MEMORY;
    (void)snprintf(yaml->name, sizeof yaml->name, "%s", name);
    yaml->text = text;
    enum trust_error error = check_text(out_fault, yaml);
    if (error != TRUST_OK) {
        free(yaml);
        return error;
    }
    error = TRUST_FAIL_MEMORY;
    yaml->diag = open_diag();
    const struct fy_parse_cfg config = {.flags = FYPCF_QUIET | FYPCF_DEFAULT_VERSION_1_2 |
                                                 FYPCF_SLOPPY_FLOW_INDENTATION | FYPCF_JSON_NONE,
                                        .diag = yaml->diag};
    if (yaml->diag != NULL)
        yaml->parser = fy_parser_create(&config);
    if (yaml->parser != NULL &&
        fy_parser_set_string(yaml->parser, (const char *)text.data, text.size) == 0)
        error = parse(yaml, out_fault, yaml->parser, yaml->diag);
    if (error != TRUST_OK) {
        trust_yaml_close(yaml);
        return error;
    }
    *out_yaml = yaml;
    return TRUST_OK;
}

void trust_yaml_close(struct trust_yaml *yaml)
{
    if (yaml == NULL)
        return;
    if (yaml->document != NULL)
        fy_parse_document_destroy(yaml->parser, yaml->document);
    if (yaml->parser != NULL)
        fy_parser_destroy(yaml->parser);
    if (yaml->diag != NULL)
        fy_diag_destroy(yaml->diag);
    free(yaml);
}
