/* See jsonc.h. */
#include "repute/jsonc.h"

#include <stdbool.h>
#include <string.h>

#include "base/limits.h"

#define NO_COMMA SIZE_MAX

struct pass {
    uint8_t *text;
    size_t size;
    size_t at;
    size_t comma; /* the last comma, if nothing but space came after it */
    unsigned depth;
    unsigned values;
    const char *problem;
};

static void locate(struct jsonc_fault *out_fault, const struct pass *pass, size_t at)
{
    out_fault->line = 1;
    out_fault->column = 1;
    out_fault->text = pass->problem;
    for (size_t i = 0; i < at && i < pass->size; i++) {
        bool is_first_byte = (pass->text[i] & 0xc0) != 0x80;
        out_fault->column += is_first_byte;
        if (pass->text[i] == '\n') {
            out_fault->line++;
            out_fault->column = 1;
        }
    }
}

static bool is_at(const struct pass *pass, size_t at, const char *text)
{
    size_t size = strlen(text);
    return pass->size - at >= size && memcmp(pass->text + at, text, size) == 0;
}

/* ---- strings ---- */

static int hex_value(uint8_t c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

/* The unit of an escape \uXXXX at this place; -1: none is there. */
static int unit_at(const struct pass *pass, size_t at)
{
    if (pass->size - at < 6 || !is_at(pass, at, "\\u"))
        return -1;
    int unit = 0;
    for (size_t i = at + 2; i < at + 6; i++) {
        int digit = hex_value(pass->text[i]);
        if (digit < 0)
            return -1;
        unit = unit * 16 + digit;
    }
    return unit;
}

/*
 * Takes an escape. Half a surrogate pair is legal grammar, and what is left of a text that was cut;
 * the parser would refuse the whole file for it, so that it becomes U+FFFD.
 */
static void take_escape(struct pass *pass)
{
    int unit = unit_at(pass, pass->at);
    size_t size = unit < 0 ? 2 : 6;
    if (unit >= 0xd800 && unit < 0xe000) {
        int low = unit < 0xdc00 ? unit_at(pass, pass->at + 6) : -1;
        if (low >= 0xdc00 && low < 0xe000)
            size = 12;
        else
            memcpy(pass->text + pass->at, "\\ufffd", 6);
    }
    pass->at = pass->size - pass->at < size ? pass->size : pass->at + size;
}

/* False: no end. */
static bool take_string(struct pass *pass)
{
    pass->at++;
    while (pass->at < pass->size && pass->text[pass->at] != '"') {
        if (pass->text[pass->at] == '\n')
            return false;
        if (pass->text[pass->at] == '\\')
            take_escape(pass);
        else
            pass->at++;
    }
    if (pass->at == pass->size)
        return false;
    pass->at++;
    return true;
}

/* ---- comments ---- */

/* Line feeds stay. */
static void blank(struct pass *pass, size_t to)
{
    for (; pass->at < to; pass->at++) {
        uint8_t c = pass->text[pass->at];
        if (c != '\n' && c != '\r')
            pass->text[pass->at] = ' ';
    }
}

static bool take_comment(struct pass *pass)
{
    const uint8_t *start = pass->text + pass->at;
    size_t rest = pass->size - pass->at;
    if (start[1] == '/') {
        const uint8_t *end = memchr(start, '\n', rest);
        blank(pass, end == NULL ? pass->size : (size_t)(end - pass->text));
        return true;
    }
    for (size_t i = pass->at + 2; i + 1 < pass->size; i++) {
        if (is_at(pass, i, "*/")) {
            blank(pass, i + 2);
            return true;
        }
    }
    return false;
}

/* ---- the whole ---- */

static bool is_space(uint8_t c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

/* A bracket, a comma or a byte of something else. False: too deep, or too many. */
static bool take_mark(struct pass *pass)
{
    uint8_t c = pass->text[pass->at];
    if ((c == '}' || c == ']') && pass->comma != NO_COMMA)
        pass->text[pass->comma] = ' ';
    pass->comma = c == ',' ? pass->at : NO_COMMA;
    if (c == '{' || c == '[')
        pass->depth++;
    if ((c == '}' || c == ']') && pass->depth > 0)
        pass->depth--;
    pass->values += c == ',' || c == '{' || c == '[';
    pass->problem = pass->depth > TRUST_SCAN_DEPTH_MAX ? "nested too deeply" : "too many values";
    pass->at++;
    return pass->depth <= TRUST_SCAN_DEPTH_MAX && pass->values <= TRUST_SCAN_VALUES_MAX;
}

enum trust_error jsonc_blank(struct jsonc_fault *out_fault, uint8_t *text, size_t size)
{
    struct pass pass = {.text = text, .size = size, .comma = NO_COMMA};
    if (is_at(&pass, 0, "\xef\xbb\xbf"))
        blank(&pass, 3);
    while (pass.at < size) {
        size_t start = pass.at;
        if (is_space(text[pass.at])) {
            pass.at++;
        } else if (text[pass.at] == '"') {
            pass.comma = NO_COMMA;
            pass.problem = "a string has no end";
            if (!take_string(&pass)) {
                locate(out_fault, &pass, start);
                return TRUST_NO_SYNTAX;
            }
        } else if (is_at(&pass, pass.at, "//") || is_at(&pass, pass.at, "/*")) {
            pass.problem = "a comment has no end";
            if (!take_comment(&pass)) {
                locate(out_fault, &pass, start);
                return TRUST_NO_SYNTAX;
            }
        } else if (!take_mark(&pass)) {
            locate(out_fault, &pass, start);
            return TRUST_NO_RANGE;
        }
    }
    return TRUST_OK;
}

/* The parser's own sentence quotes the text. */
static const char *sentence_of(enum json_error_code code)
{
    switch (code) {
    case json_error_premature_end_of_input:
        return "the file ends in the middle";
    case json_error_end_of_input_expected:
        return "something stands behind the document";
    case json_error_invalid_utf8:
        return "not UTF-8";
    case json_error_numeric_overflow:
        return "a number too large";
    case json_error_null_character:
    case json_error_null_value:
    case json_error_null_byte_in_key:
        return "a NUL character in a name";
    case json_error_stack_overflow:
        return "nested too deeply";
    case json_error_unknown:
    case json_error_out_of_memory:
    case json_error_cannot_open_file:
    case json_error_invalid_argument:
    case json_error_invalid_syntax:
    case json_error_invalid_format:
    case json_error_wrong_type:
    case json_error_duplicate_key:
    case json_error_item_not_found:
    case json_error_index_out_of_range:
        return "not JSON";
    }
    return "not JSON";
}

enum trust_error jsonc_read(json_t **out_document, struct jsonc_fault *out_fault, uint8_t *text,
                            size_t size)
{
    json_error_t problem;
    enum trust_error error = jsonc_blank(out_fault, text, size);
    if (error != TRUST_OK)
        return error;
    json_t *document =
        json_loadb((const char *)text, size, JSON_ALLOW_NUL | JSON_DECODE_INT_AS_REAL, &problem);
    if (document == NULL && json_error_code(&problem) == json_error_out_of_memory)
        return TRUST_FAIL_MEMORY;
    if (document == NULL) {
        /* The parser's place is behind the last byte that it took. */
        *out_fault = (struct jsonc_fault){
            .line = problem.line > 0 ? (unsigned)problem.line : 1,
            .column = problem.column > 0 ? (unsigned)problem.column : 1,
            .text = sentence_of(json_error_code(&problem)),
        };
        return TRUST_NO_SYNTAX;
    }
    *out_document = document;
    return TRUST_OK;
}
