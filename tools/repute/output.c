/*
 * Lists are measured first and then printed, so that columns are as narrow as their longest value.
 * The last column is not padded: no line ends in blanks.
 */
#include "repute/output.h"

#include <stdarg.h>
#include <string.h>

#include "base/assert.h"
#include "repute/output_cell.h"

#define COLUMNS_MAX 16

static size_t count_fields(const struct output_field *fields)
{
    size_t count = 0;
    while (fields[count].member != NULL)
        count++;
    assert(count <= COLUMNS_MAX);
    return count;
}

static void make_cell(struct output_cell *out_cell, const struct output *output,
                      const json_t *object, const struct output_field *field)
{
    output_cell_init(out_cell, output_cell_find(object, field->member), field->style, output->form);
}

static void print_padded(const struct output *output, const char *text, size_t width, size_t room)
{
    (void)fprintf(output->out, "%s%*s", text, (int)(room - width), "");
}

static void print_heading(const struct output *output, const struct output_field *columns,
                          size_t count, const size_t *widths)
{
    (void)fputs(output->is_coloured ? "\033[1m" : "", output->out);
    for (size_t i = 0; i < count; i++) {
        bool is_last = i + 1 == count;
        size_t width = strlen(columns[i].title);
        print_padded(output, columns[i].title, width, is_last ? width : widths[i] + 2);
    }
    (void)fputs(output->is_coloured ? "\033[0m\n" : "\n", output->out);
}

static void print_columns(const struct output *output, const json_t *array,
                          const struct output_field *columns)
{
    size_t count = count_fields(columns);
    size_t widths[COLUMNS_MAX] = {0};
    struct output_cell cell;
    for (size_t i = 0; i < count; i++) {
        widths[i] = strlen(columns[i].title);
        for (size_t row = 0; row < json_array_size(array); row++) {
            make_cell(&cell, output, json_array_get(array, row), &columns[i]);
            widths[i] = cell.width > widths[i] ? cell.width : widths[i];
        }
    }
    print_heading(output, columns, count, widths);
    for (size_t row = 0; row < json_array_size(array); row++) {
        for (size_t i = 0; i < count; i++) {
            bool is_last = i + 1 == count;
            make_cell(&cell, output, json_array_get(array, row), &columns[i]);
            print_padded(output, cell.text, cell.width, is_last ? cell.width : widths[i] + 2);
        }
        (void)fputc('\n', output->out);
    }
}

static void print_tabs(const struct output *output, const json_t *array,
                       const struct output_field *columns)
{
    struct output_cell cell;
    size_t count = count_fields(columns);
    for (size_t row = 0; row < json_array_size(array); row++) {
        for (size_t i = 0; i < count; i++) {
            make_cell(&cell, output, json_array_get(array, row), &columns[i]);
            (void)fprintf(output->out, "%s%c", cell.text, i + 1 == count ? '\n' : '\t');
        }
    }
}

static enum trust_error result(const struct output *output)
{
    return output_is_whole(output) ? TRUST_OK : TRUST_FAIL_IO;
}

enum trust_error output_list(const struct output *output, const json_t *array,
                             const struct output_field *columns, const char *none)
{
    switch (output->form) {
    case OUTPUT_JSON:
        return output_json(output, array);
    case OUTPUT_PLAIN:
        print_tabs(output, array, columns);
        return result(output);
    case OUTPUT_TEXT:
        if (json_array_size(array) == 0)
            output_say(output, "%s\n", none);
        else
            print_columns(output, array, columns);
        return result(output);
    }
    return TRUST_OK;
}

enum trust_error output_object(const struct output *output, const json_t *object,
                               const struct output_field *fields)
{
    if (output->form == OUTPUT_JSON)
        return output_json(output, object);
    size_t room = 0;
    size_t count = count_fields(fields);
    for (size_t i = 0; i < count; i++)
        room = strlen(fields[i].title) > room ? strlen(fields[i].title) : room;
    struct output_cell cell;
    for (size_t i = 0; i < count; i++) {
        make_cell(&cell, output, object, &fields[i]);
        if (output->form == OUTPUT_PLAIN)
            (void)fprintf(output->out, "%s\t%s\n", fields[i].member, cell.text);
        else
            (void)fprintf(output->out, "%-*s  %s\n", (int)room, fields[i].title, cell.text);
    }
    return result(output);
}

enum trust_error output_json(const struct output *output, const json_t *value)
{
    if (output->form != OUTPUT_JSON)
        return TRUST_OK;
    if (json_dumpf(value, output->out, JSON_COMPACT | JSON_ENCODE_ANY | JSON_REAL_PRECISION(15)) !=
        0)
        return output_is_whole(output) ? TRUST_FAIL_MEMORY : TRUST_FAIL_IO;
    (void)fputc('\n', output->out);
    return result(output);
}

void output_say(const struct output *output, const char *format, ...)
{
    if (output->form != OUTPUT_TEXT)
        return;
    va_list arguments;
    va_start(arguments, format);
    (void)vfprintf(output->out, format, arguments);
    va_end(arguments);
}

bool output_is_whole(const struct output *output)
{
    return fflush(output->out) == 0 && ferror(output->out) == 0;
}
