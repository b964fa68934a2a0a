/* Loads a configuration text for the tests of host/, and checks refusals. */
#ifndef TESTS_UNIT_HOST_LOAD_H
#define TESTS_UNIT_HOST_LOAD_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/bytes.h"
#include "host/config.h"

static inline struct trust_config load(const char *text)
{
    struct trust_config config;
    struct trust_yaml_fault fault;
    enum trust_error error =
        trust_config_load(&config, &fault, "test.yaml", trust_bytes_text(text));
    if (error != TRUST_OK)
        print_error("%s\n", fault.text);
    assert_int_equal(error, TRUST_OK);
    return config;
}

/* The text is refused with this error, and the printed fault begins with these words. */
static inline void assert_refused(const char *text, enum trust_error expected, const char *begin)
{
    struct trust_config config;
    struct trust_yaml_fault fault;
    enum trust_error error =
        trust_config_load(&config, &fault, "test.yaml", trust_bytes_text(text));
    assert_string_equal(trust_error_name(error), trust_error_name(expected));
    if (strncmp(fault.text, begin, strlen(begin)) != 0)
        assert_string_equal(fault.text, begin);
}

/* What is said of a path; it must be there. */
static inline struct trust_config_entry entry_of(const struct trust_config *config,
                                                 const char *path)
{
    for (const struct trust_config_entry *entry = config->entries; entry != NULL;
         entry = entry->next) {
        if (strcmp(entry->path, path) == 0)
            return *entry;
    }
    fail_msg("no entry %s", path);
    return (struct trust_config_entry){0};
}

#endif
