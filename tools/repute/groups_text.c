/* See groups_text.h. Texts are double-quoted, whatever they are: a name is never taken for a number
 * or null. */
#include "repute/groups_text.h"

#include <string.h>

#include "base/bytes.h"
#include "base/limits.h"
#include "base/utf8.h"
#include "repute/mask_word.h"

struct writing {
    FILE *file;
    const struct groups_text_form *form;
    unsigned depth;
};

/* ---- scalars ---- */

/* What YAML does not take as it is within double quotes: controls, and the two line ends and the
 * byte order mark of Unicode. */
static bool needs_escape(uint32_t c)
{
    return c < 0x20 || (c >= 0x7f && c < 0xa0) || c == 0x2028 || c == 0x2029 || c == 0xfeff;
}

static uint32_t decode(const uint8_t *at, size_t size)
{
    static const uint8_t masks[] = {0, 0x7f, 0x1f, 0x0f, 0x07};
    uint32_t c = at[0] & masks[size];
    for (size_t i = 1; i < size; i++)
        c = c << 6 | (at[i] & 0x3f);
    return c;
}

/* The first size bytes of text, and an ellipsis if is_cut. */
static void put_text(const struct writing *writing, const char *text, size_t size, bool is_cut)
{
    struct trust_bytes rest = {.data = (const uint8_t *)text, .size = size};
    (void)fputc('"', writing->file);
    while (rest.size > 0) {
        size_t step = trust_utf8_next(rest);
        step = step == 0 ? 1 : step;
        uint32_t c = decode(rest.data, step);
        if (c == '"' || c == '\\')
            (void)fprintf(writing->file, "\\%c", (char)c);
        else if (needs_escape(c))
            (void)fprintf(writing->file, "\\u%04x", (unsigned)c);
        else
            (void)fwrite(rest.data, 1, step, writing->file);
        rest.data += step;
        rest.size -= step;
    }
    (void)fputs(is_cut ? MASK_WORD_HIDDEN "\"" : "\"", writing->file);
}

static void put_whole(const struct writing *writing, const char *text)
{
    put_text(writing, text, strlen(text), false);
}

/* A word of a command line or a URL. */
static void put_word(const struct writing *writing, const char *word, const char *before)
{
    size_t size = strlen(word);
    size_t shown = writing->form->is_shown ? mask_word_shown(word, before) : size;
    put_text(writing, word, shown, shown < size);
}

/* ---- members ---- */

/* On a line of its own, or behind what stands there. */
static void begin_member(const struct writing *writing, bool is_first)
{
    if (writing->form->is_flow)
        (void)fputs(is_first ? " " : ", ", writing->file);
    else
        (void)fprintf(writing->file, "%s%*s", writing->form->newline,
                      (int)(writing->form->indent + 2 * writing->depth), "");
}

static void put_name(const struct writing *writing, const char *name, bool is_first)
{
    begin_member(writing, is_first);
    (void)fprintf(writing->file, "%s:", name);
}

static void open_map(struct writing *writing)
{
    writing->depth++;
    (void)fputs(writing->form->is_flow ? " {" : "", writing->file);
}

static void close_map(struct writing *writing)
{
    writing->depth--;
    (void)fputs(writing->form->is_flow ? " }" : "", writing->file);
}

static void put_pairs(struct writing *writing, const char *name,
                      const struct trust_group_pairs *pairs)
{
    if (pairs->count == 0)
        return;
    put_name(writing, name, false);
    open_map(writing);
    for (size_t i = 0; i < pairs->count; i++) {
        const char *value = pairs->pairs[i].value;
        bool is_cut = writing->form->is_shown;
        begin_member(writing, i == 0);
        put_whole(writing, pairs->pairs[i].name);
        (void)fputs(": ", writing->file);
        put_text(writing, value, is_cut ? 0 : strlen(value), is_cut);
    }
    close_map(writing);
}

static void put_field(const struct writing *writing, const char *name, const char *text)
{
    if (text == NULL)
        return;
    put_name(writing, name, strcmp(name, "subject") == 0);
    (void)fputc(' ', writing->file);
    put_word(writing, text, NULL);
}

static void put_args(const struct writing *writing, const struct trust_text_list *args)
{
    if (args->count == 0)
        return;
    put_name(writing, "args", false);
    (void)fputs(" [", writing->file);
    for (size_t i = 0; i < args->count; i++) {
        (void)fputs(i == 0 ? "" : ", ", writing->file);
        put_word(writing, args->texts[i], i == 0 ? NULL : args->texts[i - 1]);
    }
    (void)fputs("]", writing->file);
}

/* A name that begins with a letter and is no word that some YAML takes for a value. */
static bool may_be_plain(const char *name)
{
    static const char *const words[] = {"null", "true", "false", "yes", "no",
                                        "on",   "off",  "y",     "n"};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        if (strcmp(words[i], name) == 0)
            return false;
    }
    return name[0] >= 'a' && name[0] <= 'z';
}

void groups_text_write(FILE *file, const struct groups_text_form *form, const char *name,
                       const struct trust_group_server *primary)
{
    struct writing writing = {.file = file, .form = form};
    char quoted[TRUST_GROUP_NAME_SIZE_MAX + 3];
    (void)snprintf(quoted, sizeof quoted, "\"%s\"", name);
    put_name(&writing, may_be_plain(name) ? name : quoted, true);
    open_map(&writing);
    put_name(&writing, "primary", true);
    open_map(&writing);
    put_field(&writing, "subject", primary->subject);
    put_field(&writing, "command", primary->command);
    put_args(&writing, &primary->args);
    put_pairs(&writing, "env", &primary->env);
    put_field(&writing, "cwd", primary->cwd);
    put_field(&writing, "url", primary->url);
    put_pairs(&writing, "headers", &primary->headers);
    close_map(&writing);
    close_map(&writing);
    (void)fputs(form->is_flow ? "," : "", file);
}
