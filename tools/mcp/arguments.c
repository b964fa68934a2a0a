/* See arguments.h. */
#include "mcp/arguments.h"

#include <stdio.h>
#include <string.h>

#include "base/bytes.h"

__attribute__((format(printf, 2, 3))) static void refuse(struct arguments *arguments,
                                                         const char *format, ...)
{
    if (!arguments_is_good(arguments))
        return;
    va_list values;
    va_start(values, format);
    (void)vsnprintf(arguments->refusal, sizeof arguments->refusal, format, values);
    va_end(values);
}

static bool is_known(const char *name, const char *const *names)
{
    while (*names != NULL && strcmp(*names, name) != 0)
        names++;
    return *names != NULL;
}

static void refuse_unknown(struct arguments *arguments, const char *const *names)
{
    char list[160] = "";
    size_t size = 0;
    for (; *names != NULL && size < sizeof list; names++)
        size += (size_t)snprintf(list + size, sizeof list - size, "%s%s", size == 0 ? "" : ", ",
                                 *names);
    refuse(arguments, "There is an argument that this tool does not have. It takes: %s.",
           list[0] == '\0' ? "none" : list);
}

void arguments_open(struct arguments *arguments, struct trust_bytes raw, const char *const *names)
{
    *arguments = (struct arguments){0};
    arguments->object =
        raw.size == 0 ? json_object()
                      : json_loadb((const char *)raw.data, raw.size, JSON_REJECT_DUPLICATES, NULL);
    if (!json_is_object(arguments->object)) {
        refuse(arguments, "The arguments do not read: an argument stands there twice, or a text or "
                          "number is none that can be stored.");
        return;
    }
    const char *name;
    json_t *value;
    json_object_foreach(arguments->object, name, value)
    {
        if (!is_known(name, names))
            refuse_unknown(arguments, names);
    }
}

void arguments_close(struct arguments *arguments)
{
    json_decref(arguments->object);
    arguments->object = NULL;
}

bool arguments_is_good(const struct arguments *arguments)
{
    return arguments->refusal[0] == '\0';
}

void arguments_refuse(struct arguments *arguments, const char *sentence)
{
    refuse(arguments, "%s", sentence);
}

bool arguments_has(const struct arguments *arguments, const char *name)
{
    const json_t *value = json_object_get(arguments->object, name);
    return value != NULL && !json_is_null(value);
}

static bool make_subject(char out_subject[TRUST_SUBJECT_TEXT_SIZE], const json_t *value)
{
    const struct trust_bytes text = {.data = (const uint8_t *)json_string_value(value),
                                     .size = json_string_length(value)};
    return json_is_string(value) && trust_subject_canonical(out_subject, text) == TRUST_OK;
}

#define NO_SUBJECT                                                                                 \
    "%s: no id of a server. An id is mcp:NAMESPACE/NAME, pkg:TYPE/NAME, an https URL or "          \
    "sha256:HEX."

void arguments_subject(struct arguments *arguments, char out_subject[TRUST_SUBJECT_TEXT_SIZE],
                       const char *name)
{
    if (!arguments_has(arguments, name))
        refuse(arguments, "%s: it is not there.", name);
    else if (!make_subject(out_subject, json_object_get(arguments->object, name)))
        refuse(arguments, NO_SUBJECT, name);
}

size_t arguments_subjects(struct arguments *arguments,
                          char (*out_subjects)[TRUST_SUBJECT_TEXT_SIZE], const char *name,
                          size_t least, size_t most)
{
    const json_t *list = json_object_get(arguments->object, name);
    size_t count = json_array_size(list);
    if (!arguments_has(arguments, name) && least == 0)
        return 0;
    if (!json_is_array(list) || count < least || count > most) {
        refuse(arguments, "%s: not a list of %zu to %zu ids.", name, least, most);
        return 0;
    }
    for (size_t i = 0; i < count; i++) {
        if (!make_subject(out_subjects[i], json_array_get(list, i)))
            refuse(arguments, NO_SUBJECT, name);
    }
    return count;
}

static bool is_text(const json_t *value, size_t most)
{
    return json_is_string(value) && json_string_length(value) >= 1 &&
           json_string_length(value) <= most;
}

const char *arguments_text(struct arguments *arguments, const char *name, size_t most,
                           bool is_needed)
{
    const json_t *value = json_object_get(arguments->object, name);
    if (!arguments_has(arguments, name)) {
        if (is_needed)
            refuse(arguments, "%s: it is not there.", name);
        return NULL;
    }
    if (is_text(value, most))
        return json_string_value(value);
    refuse(arguments, "%s: not a text of 1 to %zu bytes.", name, most);
    return NULL;
}

size_t arguments_texts(struct arguments *arguments, const char **out_texts, const char *name,
                       size_t most, size_t size)
{
    const json_t *list = json_object_get(arguments->object, name);
    size_t count = json_array_size(list);
    if (!arguments_has(arguments, name))
        return 0;
    bool is_good = json_is_array(list) && count <= most;
    for (size_t i = 0; i < count && is_good; i++) {
        is_good = is_text(json_array_get(list, i), size);
        out_texts[i] = json_string_value(json_array_get(list, i));
    }
    if (!is_good)
        refuse(arguments, "%s: not a list of at most %zu texts of 1 to %zu bytes.", name, most,
               size);
    return is_good ? count : 0;
}

uint32_t arguments_ratio(struct arguments *arguments, const char *name)
{
    const json_t *value = json_object_get(arguments->object, name);
    if (!arguments_has(arguments, name))
        return 0;
    double ratio = json_number_value(value);
    if (json_is_number(value) && ratio >= 0 && ratio <= 1)
        return (uint32_t)(ratio * 1000000 + 0.5);
    refuse(arguments, "%s: not a number from 0 to 1.", name);
    return 0;
}

uint32_t arguments_whole(struct arguments *arguments, const char *name, uint32_t most,
                         uint32_t otherwise)
{
    const json_t *value = json_object_get(arguments->object, name);
    if (!arguments_has(arguments, name))
        return otherwise;
    json_int_t number = json_integer_value(value);
    if (json_is_integer(value) && number >= 0 && number <= (json_int_t)most)
        return (uint32_t)number;
    refuse(arguments, "%s: not a whole number from 0 to %u.", name, most);
    return otherwise;
}
