/* See explain_dot.h. */
#include "repute/explain_dot.h"

#include <string.h>

/* A text of the node inside quotes of the dot language: keys, pet names and subjects have no
 * control characters, but a pet name may have quotes. */
static void print_quoted(FILE *out, const char *text)
{
    (void)fputc('"', out);
    for (const char *c = text; *c != '\0'; c++) {
        if (*c == '"' || *c == '\\')
            (void)fputc('\\', out);
        if ((unsigned char)*c >= 0x20)
            (void)fputc(*c, out);
    }
    (void)fputc('"', out);
}

static const char *text_at(const json_t *array, size_t index)
{
    const char *text = json_string_value(json_array_get(array, index));
    return text == NULL ? "" : text;
}

/* True the first time that this text is met. */
static bool is_new(json_t *seen, const char *text)
{
    if (json_object_get(seen, text) != NULL)
        return false;
    (void)json_object_set_new(seen, text, json_true());
    return true;
}

static void print_path(FILE *out, const struct dress *dress, json_t *seen, const json_t *keys)
{
    char name[DRESS_KEY_SIZE];
    char edge[2 * DRESS_KEY_SIZE];
    for (size_t i = 0; i < json_array_size(keys); i++) {
        const char *key = text_at(keys, i);
        if (is_new(seen, key)) {
            dress_name(dress, name, key);
            (void)fputs("  ", out);
            print_quoted(out, key);
            (void)fputs(" [label=", out);
            print_quoted(out, name);
            (void)fputs("];\n", out);
        }
        if (i == 0)
            continue;
        (void)snprintf(edge, sizeof edge, "%.80s>%.80s", text_at(keys, i - 1), key);
        if (!is_new(seen, edge))
            continue;
        (void)fputs("  ", out);
        print_quoted(out, text_at(keys, i - 1));
        (void)fputs(" -> ", out);
        print_quoted(out, key);
        (void)fputs(";\n", out);
    }
}

static void print_share(FILE *out, const char *subject, const json_t *contribution)
{
    const char *from = json_string_value(json_object_get(contribution, "from"));
    const char *category = json_string_value(json_object_get(contribution, "category"));
    if (from == NULL || category == NULL)
        return;
    (void)fputs("  ", out);
    print_quoted(out, from);
    (void)fputs(" -> ", out);
    print_quoted(out, subject);
    (void)fprintf(out, " [style=dashed, label=\"%s %.3f\"];\n", category,
                  json_number_value(json_object_get(contribution, "share")));
}

void explain_dot_print(FILE *out, const struct dress *dress, const json_t *document)
{
    const char *subject = json_string_value(json_object_get(document, "subject"));
    const json_t *contributions = json_object_get(document, "contributions");
    json_t *seen = json_object();
    (void)fputs("digraph explanation {\n  rankdir=LR;\n  node [shape=box];\n", out);
    for (size_t i = 0; i < json_array_size(contributions); i++) {
        const json_t *contribution = json_array_get(contributions, i);
        const json_t *paths = json_object_get(contribution, "paths");
        for (size_t k = 0; k < json_array_size(paths); k++)
            print_path(out, dress, seen, json_object_get(json_array_get(paths, k), "keys"));
        if (json_array_size(paths) > 0)
            print_share(out, subject == NULL ? "" : subject, contribution);
    }
    (void)fputs("}\n", out);
    json_decref(seen);
}
