/* See change.h. */
#include "repute/change.h"

#include <errno.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/bytes.h"
#include "repute/jsonc.h"
#include "repute/mask.h"
#include "repute/terminal.h"

/* Lines around a change to a client's configuration. */
#define CONTEXT_LINES 3
#define ANSWER_SIZE 64

/* ---- reading ---- */

static enum trust_error refuse_open(struct context *context, enum trust_error error,
                                    const char *path)
{
    if (error == TRUST_NO_FILE)
        return context_refuse(context, error, "name the file itself with --file",
                              "%s: no regular file, or a link that leads nowhere", path);
    if (error == TRUST_NO_SIZE)
        return context_refuse(context, error, "is it the file that you mean?",
                              "%s: larger than 4 MiB, or its path is too long", path);
    return context_refuse(context, error, "run it as the user whose file it is", "%s: %s", path,
                          trust_error_text(error));
}

enum trust_error change_open(struct context *context, struct change *change, const char *path,
                             size_t most)
{
    enum trust_error error = rewrite_open(&change->file, path, most);
    return error == TRUST_OK ? TRUST_OK : refuse_open(context, error, path);
}

void change_close(struct change *change)
{
    rewrite_close(&change->file);
    patch_close(&change->patch);
    if (change->after != NULL)
        sodium_memzero(change->after, change->after_size);
    free(change->after);
    free(change->diff);
    *change = (struct change){0};
}

struct trust_bytes change_text(const struct change *change)
{
    return (struct trust_bytes){.data = change->file.text, .size = change->file.size};
}

/* jsonc_read changes what it reads. out_document is NULL for a text of space and comments. */
static enum trust_error read_copy(json_t **out_document, struct jsonc_fault *out_fault,
                                  struct trust_bytes text)
{
    struct jsonc_fault ignored;
    uint8_t *copy = malloc(text.size + 1);
    if (copy == NULL)
        return TRUST_FAIL_MEMORY;
    if (text.size > 0)
        memcpy(copy, text.data, text.size);
    *out_document = NULL;
    bool is_empty = jsonc_blank(&ignored, copy, text.size) == TRUST_OK;
    for (size_t i = 0; i < text.size && is_empty; i++)
        is_empty = strchr(" \t\r\n", copy[i]) != NULL && copy[i] != '\0';
    if (text.size > 0)
        memcpy(copy, text.data, text.size);
    enum trust_error error =
        is_empty ? TRUST_OK : jsonc_read(out_document, out_fault, copy, text.size);
    sodium_memzero(copy, text.size);
    free(copy);
    return error;
}

enum trust_error change_read(struct context *context, const struct change *change,
                             json_t **out_document)
{
    struct jsonc_fault fault = {0};
    enum trust_error error = read_copy(out_document, &fault, change_text(change));
    if (error != TRUST_OK && fault.line > 0)
        return context_refuse(context, error, "correct it there; its client may not read it either",
                              "%s:%u:%u: %s", change->file.path, fault.line, fault.column,
                              fault.text);
    return error;
}

enum trust_error change_find(struct context *context, const struct change *change,
                             struct jsonc_site *out_site, const char *const *names,
                             size_t name_count)
{
    enum trust_error error = jsonc_site_find(out_site, change_text(change), names, name_count);
    const char *path = change->file.path;
    if (error == TRUST_NO_TYPE)
        return context_refuse(context, error, "compare it with the client's manual",
                              "%s: what should hold its servers is no object", path);
    if (error == TRUST_NO_DUPLICATE)
        return context_refuse(context, error, "take one of them out",
                              "%s: \"%s\", or a name that leads to it, stands there twice", path,
                              names[name_count - 1]);
    if (error > TRUST_OK)
        return context_refuse(context, error, "correct it there", "%s: it cannot be edited: %s",
                              path, trust_error_text(error));
    return error;
}

/* ---- the diff ---- */

static enum trust_error make_diff(struct change *change, const struct unified *unified)
{
    size_t size = 0;
    FILE *file = open_memstream(&change->diff, &size);
    if (file == NULL)
        return TRUST_FAIL_MEMORY;
    enum trust_error error = unified_write(file, unified);
    return fclose(file) == 0 ? error : TRUST_FAIL_MEMORY;
}

static struct unified start(const struct change *change)
{
    return (struct unified){
        .path = change->file.path,
        .is_new = !change->file.is_there,
        .patch = &change->patch,
        .before.text = change_text(change),
        .after.text = {.data = change->after, .size = change->after_size},
    };
}

enum trust_error change_finish(struct context *context, struct change *change)
{
    char *before = NULL;
    char *after = NULL;
    json_t *document = NULL;
    struct jsonc_fault fault;
    enum trust_error error =
        patch_apply(&change->patch, &change->after, &change->after_size, change_text(change));
    if (error != TRUST_OK)
        return error;
    struct unified unified = start(change);
    unified.context = CONTEXT_LINES;
    error = read_copy(&document, &fault, unified.after.text);
    json_decref(document);
    if (error > TRUST_OK)
        return context_refuse(context, TRUST_FAIL_LIBRARY, "make the change by hand",
                              "%s: it would not be readable any more", change->file.path);
    if (error == TRUST_OK)
        error = mask_jsonc(&before, &unified.before.shown.size, unified.before.text);
    if (error == TRUST_OK)
        error = mask_jsonc(&after, &unified.after.shown.size, unified.after.text);
    unified.before.shown.data = (const uint8_t *)before;
    unified.after.shown.data = (const uint8_t *)after;
    if (error == TRUST_OK)
        error = make_diff(change, &unified);
    free(before);
    free(after);
    return error;
}

enum trust_error change_finish_shown(struct change *change, const struct patch *shown)
{
    uint8_t *after = NULL;
    enum trust_error error =
        patch_apply(&change->patch, &change->after, &change->after_size, change_text(change));
    if (error != TRUST_OK)
        return error;
    struct unified unified = start(change);
    unified.before.shown = unified.before.text;
    error = patch_apply(shown, &after, &unified.after.shown.size, unified.before.text);
    unified.after.shown.data = after;
    if (error == TRUST_OK)
        error = make_diff(change, &unified);
    free(after);
    return error;
}

bool change_is_needed(const struct change *change)
{
    return change->diff != NULL && change->diff[0] != '\0';
}

/* ---- writing ---- */

static enum trust_error refuse_write(struct context *context, enum trust_error error,
                                     const char *path)
{
    if (error == TRUST_NO_CONFLICT)
        return context_refuse(context, error, "run it again, and look at the change once more",
                              "%s: it was changed meanwhile, and stands as it is", path);
    return context_refuse(context, error, NULL, "%s: %s", path, trust_error_text(error));
}

enum trust_error change_check(struct context *context, const struct change *change)
{
    enum trust_error error = rewrite_check(&change->file);
    return error == TRUST_OK ? TRUST_OK : refuse_write(context, error, change->file.path);
}

enum trust_error change_write(struct context *context, struct change *change)
{
    const char *path = change->file.path;
    enum trust_error error =
        rewrite_save(&change->file, change->backup,
                     (struct trust_bytes){.data = change->after, .size = change->after_size});
    if (error != TRUST_OK)
        return refuse_write(context, error, path);
    change->is_written = true;
    if (change->backup[0] != '\0')
        output_say(&context->output, "written: %s\n  before: %s\n", path, change->backup);
    else
        output_say(&context->output, "written: %s\n", path);
    return TRUST_OK;
}

json_t *change_document(const struct change *change)
{
    return json_pack("{s:s,s:s,s:b,s:s?}", "file", change->file.path, "diff",
                     change->diff == NULL ? "" : change->diff, "written", change->is_written,
                     "backup", change->backup[0] == '\0' ? NULL : change->backup);
}

/* ---- asking ---- */

static enum trust_error ask(struct context *context, bool *out_may_write)
{
    char line[ANSWER_SIZE];
    size_t size = 0;
    enum trust_error error =
        terminal_confirm(line, &size, sizeof line, "Write this change? [y/N] ");
    bool has_answer = error == TRUST_OK;
    if (error < TRUST_OK)
        return error;
    *out_may_write = has_answer && (strcmp(line, "y") == 0 || strcmp(line, "yes") == 0);
    if (!*out_may_write)
        output_say(&context->output, "Nothing was written.\n");
    return TRUST_OK;
}

enum trust_error change_ask(struct context *context, bool *out_may_write,
                            const struct change_choice *choice)
{
    enum trust_error error = TRUST_OK;
    bool has_person = context->output.form == OUTPUT_TEXT && isatty(STDIN_FILENO) == 1;
    *out_may_write = choice->wants_write && !choice->wants_nothing;
    if (choice->wants_nothing)
        output_say(&context->output, "Nothing was written: --dry-run.\n");
    else if (!choice->wants_write && !has_person)
        output_say(&context->output, "Nothing was written: there is no terminal to ask on. "
                                     "With --yes it is.\n");
    else if (!choice->wants_write)
        error = ask(context, out_may_write);
    if (!*out_may_write)
        context->exit_code = FAILURE_EXIT_NO;
    return error;
}
