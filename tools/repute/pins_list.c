/* `repute pins list`: the servers whose tools are pinned, and what waits for the operator. */
#include "base/date.h"
#include "repute/commands.h"
#include "repute/dress.h"
#include "repute/pins_shelf.h"

enum { GROUP };

static const struct command_option options[] = {
    [GROUP] = PINS_GROUP_OPTION,
    [GROUP + 1] = {0},
};

static const struct output_field columns[] = {
    {"SERVER", "subject", OUTPUT_AS_IT_IS},    {"GROUP", "group", OUTPUT_AS_IT_IS},
    {"STATE", "state", OUTPUT_AS_IT_IS},       {"TOOLS", "tools", OUTPUT_COUNT},
    {"WAITING", "waiting", OUTPUT_COUNT},      {"FIRST", "first", OUTPUT_AS_IT_IS},
    {"ACCEPTED", "accepted", OUTPUT_AS_IT_IS}, {0},
};

static size_t count_waiting(const struct pins_entry *entry)
{
    size_t count = 0;
    for (size_t i = 0; i < entry->count; i++) {
        enum pin_state state = pins_tool_state(&entry->tools[i]);
        count += state == PIN_CHANGED || state == PIN_PENDING;
    }
    return count;
}

/* Of all that it offers: the worst. */
static const char *state_of(const struct pins_entry *entry, bool is_believed)
{
    if (!is_believed)
        return entry->accepted_s > 0 ? "forged" : "pending";
    if (count_waiting(entry) > 0 || entry->offered.text != NULL)
        return pins_state_name(PIN_CHANGED);
    return pins_state_name(PIN_SAME);
}

static json_t *row_of(const struct pins_shelf *shelf, const struct pins_shelf_file *file,
                      const struct pins_entry *entry)
{
    bool is_believed = pins_shelf_believes(shelf, file, entry);
    size_t waiting = is_believed ? count_waiting(entry) : entry->count;
    char first[TRUST_DATE_SIZE], accepted[TRUST_DATE_SIZE], hex[DIGEST_HEX_SIZE];
    trust_date_encode(first, entry->first_s);
    trust_date_encode(accepted, entry->accepted_s);
    digest_hex(hex, entry->capabilities);
    return json_pack("{s:s,s:s,s:s,s:s,s:I,s:I,s:b,s:s,s:s?}", "subject", entry->subject, "group",
                     file->group, "capabilities", hex, "state", state_of(entry, is_believed),
                     "tools", (json_int_t)entry->count, "waiting", (json_int_t)waiting,
                     "instructions_changed", entry->offered.text != NULL, "first", first,
                     "accepted", entry->accepted_s > 0 ? accepted : NULL);
}

static enum trust_error fill(json_t *rows, const struct pins_shelf *shelf)
{
    for (size_t i = 0; i < shelf->count; i++) {
        const struct pins_book *book = pins_book(shelf->files[i].pins);
        for (size_t j = 0; j < book->count; j++)
            if (json_array_append_new(rows, row_of(shelf, &shelf->files[i], &book->entries[j])) !=
                0)
                return TRUST_FAIL_MEMORY;
    }
    return TRUST_OK;
}

static enum trust_error show(struct context *context, json_t *rows)
{
    struct dress dress = dress_open(context);
    for (size_t i = 0; i < json_array_size(rows); i++) {
        dress_time(&dress, json_array_get(rows, i), "first");
        dress_time(&dress, json_array_get(rows, i), "accepted");
    }
    enum trust_error error =
        output_list(&context->output, rows, columns, "no server was seen by a guard yet");
    dress_close(&dress);
    return error;
}

static enum trust_error run(struct context *context, const struct command_arguments *arguments)
{
    struct pins_shelf shelf;
    enum trust_error error = pins_shelf_open(context, &shelf, arguments->values[GROUP].text);
    if (error != TRUST_OK)
        return error;
    json_t *rows = json_array();
    error = fill(rows, &shelf);
    if (error == TRUST_OK)
        error = show(context, rows);
    json_decref(rows);
    pins_shelf_close(&shelf);
    return error;
}

const struct command pins_list_command = {
    .name = "pins list",
    .words = "",
    .summary = "the servers whose tools are pinned",
    .options = options,
    .run = run,
};
