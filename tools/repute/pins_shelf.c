/* See pins_shelf.h. */
#include "repute/pins_shelf.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/date.h"
#include "host/files.h"
#include "repute/dress.h"
#include "repute/operator.h"

#define SUFFIX ".json"

static const struct output_field columns[] = {
    {"TOOL", "tool", OUTPUT_AS_IT_IS},       {"STATE", "state", OUTPUT_AS_IT_IS},
    {"SINCE", "since", OUTPUT_AS_IT_IS},     {"PINNED", "pinned", OUTPUT_AS_IT_IS},
    {"OFFERED", "offered", OUTPUT_AS_IT_IS}, {"SERVER", "subject", OUTPUT_AS_IT_IS},
    {"GROUP", "group", OUTPUT_AS_IT_IS},     {0},
};

/* ---- reading ---- */

static bool is_group(const char *name)
{
    return name[0] != '\0' && strlen(name) < sizeof((struct pins_shelf_file *)0)->group &&
           strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789_-") == strlen(name);
}

static enum trust_error add_file(struct context *context, struct pins_shelf *shelf,
                                 const char *group)
{
    char folder[TRUST_HOME_PATH_SIZE], path[TRUST_HOME_PATH_SIZE + 80];
    struct pins_fault fault = {{0}};
    const struct trust_config *config = NULL;
    struct pins_shelf_file file = {0};
    enum trust_error error = context_config(context, &config);
    if (error != TRUST_OK)
        return error;
    trust_home_path(folder, &context->home, TRUST_HOME_PINS);
    (void)snprintf(path, sizeof path, "%s/%s" SUFFIX, folder, group);
    error = pins_open(&file.pins, &fault, path);
    if (error != TRUST_OK)
        return context_refuse(context, error,
                              "nothing was changed: look at the file, or remove it "
                              "to pin anew",
                              "%s", fault.text);
    const struct trust_group *known = trust_config_group(config, group);
    file.is_confirmed = known != NULL && known->pin == TRUST_GROUP_PIN_CONFIRM;
    (void)snprintf(file.group, sizeof file.group, "%s", group);
    struct pins_shelf_file *files =
        realloc(shelf->files, (shelf->count + 1) * sizeof *shelf->files);
    if (files == NULL) {
        pins_close(file.pins);
        return TRUST_FAIL_MEMORY;
    }
    shelf->files = files;
    shelf->files[shelf->count++] = file;
    return TRUST_OK;
}

static int is_pins_file(const struct dirent *entry)
{
    char name[80];
    size_t size = strlen(entry->d_name);
    if (size >= sizeof name || size <= strlen(SUFFIX) ||
        strcmp(entry->d_name + size - strlen(SUFFIX), SUFFIX) != 0)
        return 0;
    (void)snprintf(name, sizeof name, "%.*s", (int)(size - strlen(SUFFIX)), entry->d_name);
    return is_group(name);
}

static enum trust_error add_files(struct context *context, struct pins_shelf *shelf,
                                  const char *group)
{
    char folder[TRUST_HOME_PATH_SIZE];
    struct dirent **found = NULL;
    enum trust_error error = TRUST_OK;
    trust_home_path(folder, &context->home, TRUST_HOME_PINS);
    int count = scandir(folder, &found, is_pins_file, alphasort);
    for (int i = 0; i < count; i++) {
        found[i]->d_name[strlen(found[i]->d_name) - strlen(SUFFIX)] = '\0';
        if (error == TRUST_OK && (group == NULL || strcmp(found[i]->d_name, group) == 0))
            error = add_file(context, shelf, found[i]->d_name);
        free(found[i]);
    }
    free(found);
    if (error == TRUST_OK && group != NULL && shelf->count == 0)
        error = context_refuse(context, TRUST_NO_FOUND, "see the groups: repute pins list",
                               "there are no pins of a group '%s'", group);
    return error;
}

/* Only operator.pub counts, as for the guard. */
static enum trust_error read_key(struct context *context, struct pins_shelf *shelf)
{
    char path[TRUST_HOME_PATH_SIZE];
    uint8_t byte[256];
    size_t size = 0;
    trust_home_path(path, &context->home, TRUST_HOME_OPERATOR_PUB);
    if (trust_file_read(path, byte, &size, sizeof byte) == TRUST_NO_FOUND)
        return TRUST_OK;
    shelf->has_operator_key = true;
    return operator_public(context, &shelf->operator_key);
}

enum trust_error pins_shelf_open(struct context *context, struct pins_shelf *out_shelf,
                                 const char *group)
{
    struct pins_shelf shelf = {0};
    enum trust_error error = read_key(context, &shelf);
    if (error == TRUST_OK)
        error = add_files(context, &shelf, group);
    if (error == TRUST_OK)
        *out_shelf = shelf;
    else
        pins_shelf_close(&shelf);
    return error;
}

void pins_shelf_close(struct pins_shelf *shelf)
{
    for (size_t i = 0; i < shelf->count; i++)
        pins_close(shelf->files[i].pins);
    free(shelf->files);
    *shelf = (struct pins_shelf){0};
}

/* ---- entries ---- */

bool pins_shelf_believes(const struct pins_shelf *shelf, const struct pins_shelf_file *file,
                         const struct pins_entry *entry)
{
    return pins_entry_is_believed(entry, shelf->has_operator_key ? &shelf->operator_key : NULL,
                                  file->is_confirmed);
}

bool pins_shelf_is(const struct pins_entry *entry, const char *subject)
{
    struct trust_subject asked, there;
    if (strcmp(entry->subject, subject) == 0)
        return true;
    return trust_subject_parse(&asked, trust_bytes_text(subject)) == TRUST_OK &&
           trust_subject_parse(&there, trust_bytes_text(entry->subject)) == TRUST_OK &&
           asked.version.size == 0 && trust_bytes_equal(asked.server, there.server);
}

/* ---- rows ---- */

static json_t *hex_of(const uint8_t digest[DIGEST_SIZE])
{
    char hex[DIGEST_HEX_SIZE];
    digest_hex(hex, digest);
    return json_string(hex);
}

static json_t *row_of(const struct pins_shelf_file *file, const struct pins_entry *entry,
                      const struct pins_tool *tool, bool is_believed)
{
    char since[TRUST_DATE_SIZE];
    enum pin_state state = pins_tool_state(tool);
    if (!is_believed && state != PIN_REJECTED)
        state = PIN_PENDING;
    trust_date_encode(since, tool->since_s);
    return json_pack("{s:s,s:s,s:o,s:s,s:s,s:s,s:o?,s:o?,s:s?,s:s?}", "group", file->group,
                     "subject", entry->subject, "capabilities", hex_of(entry->capabilities), "tool",
                     tool->name, "state", pins_state_name(state), "since", since, "pinned",
                     tool->pinned.text != NULL ? hex_of(tool->pinned.digest) : NULL, "offered",
                     tool->offered.text != NULL ? hex_of(tool->offered.digest) : NULL, "definition",
                     tool->pinned.text, "offered_definition", tool->offered.text);
}

enum trust_error pins_shelf_rows(json_t *rows, const struct pins_shelf *shelf,
                                 const struct pins_shelf_file *file, const struct pins_entry *entry,
                                 const char *tool)
{
    bool is_believed = pins_shelf_believes(shelf, file, entry);
    for (size_t i = 0; i < entry->count; i++) {
        if (tool != NULL && strcmp(entry->tools[i].name, tool) != 0)
            continue;
        if (json_array_append_new(rows, row_of(file, entry, &entry->tools[i], is_believed)) != 0)
            return TRUST_FAIL_MEMORY;
    }
    return TRUST_OK;
}

enum trust_error pins_shelf_show(struct context *context, json_t *rows)
{
    struct dress dress = dress_open(context);
    for (size_t i = 0; i < json_array_size(rows); i++) {
        json_t *row = json_array_get(rows, i);
        dress_time(&dress, row, "since");
        dress_digest(&dress, row, "pinned");
        dress_digest(&dress, row, "offered");
    }
    enum trust_error error = output_list(&context->output, rows, columns, "it has no tools");
    dress_close(&dress);
    return error;
}

enum trust_error pins_shelf_refuse(struct context *context,
                                   const struct command_arguments *arguments)
{
    if (arguments->word_count > 1)
        return context_refuse(context, TRUST_NO_FOUND, "see its tools: repute pins show SUBJECT",
                              "there is no pin of a tool '%s' of %s", arguments->words[1],
                              arguments->words[0]);
    return context_refuse(context, TRUST_NO_FOUND, "see all pins: repute pins list",
                          "there are no pins of %s", arguments->words[0]);
}
