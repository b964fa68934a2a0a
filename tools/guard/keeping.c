/* See keeping.h. */
#include "guard/keeping.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "host/files.h"
#include "record/key.h"

#define KEY_TEXT_MAX 128

static enum trust_error read_operator(struct keeping *keeping, const char *path)
{
    char text[KEY_TEXT_MAX];
    size_t size = 0;
    enum trust_error error = trust_file_read(path, text, &size, sizeof text);
    if (error == TRUST_NO_FOUND || error == TRUST_NO_FILE)
        return TRUST_OK;
    if (error != TRUST_OK)
        return error;
    while (size > 0 && (text[size - 1] == '\n' || text[size - 1] == '\r'))
        size--;
    error = trust_key_decode(&keeping->operator_key,
                             (struct trust_bytes){.data = (const uint8_t *)text, .size = size},
                             TRUST_KEY_OPERATOR);
    keeping->has_operator = error == TRUST_OK;
    return error;
}

static enum trust_error find_operator(struct keeping *keeping, struct pins_fault *out_fault,
                                      const struct trust_home *home,
                                      const struct trust_config *config)
{
    if (config->operator_key.is_set) {
        keeping->has_operator = true;
        keeping->operator_key = config->operator_key.key;
        return TRUST_OK;
    }
    char path[TRUST_HOME_PATH_SIZE];
    trust_home_path(path, home, TRUST_HOME_OPERATOR_PUB);
    enum trust_error error = read_operator(keeping, path);
    if (error != TRUST_OK)
        (void)snprintf(out_fault->text, sizeof out_fault->text, "%s: %s", path,
                       trust_error_text(error));
    return error;
}

/* What stands in the way of it shows when a pin is to be stored. */
static void make_folder(const struct trust_home *home, const char *folder)
{
    (void)mkdir(home->roots[TRUST_HOME_ROOT_STATE], 0700);
    (void)mkdir(folder, 0700);
}

enum trust_error keeping_open(struct keeping *out_keeping, struct pins_fault *out_fault,
                              const struct trust_home *home, const struct trust_config *config,
                              const char *group)
{
    struct keeping keeping = {0};
    char folder[TRUST_HOME_PATH_SIZE];
    char path[TRUST_HOME_PATH_SIZE + TRUST_GROUP_NAME_SIZE_MAX + 8];
    out_fault->text[0] = '\0';
    enum trust_error error = find_operator(&keeping, out_fault, home, config);
    if (error != TRUST_OK)
        return error;
    trust_home_path(folder, home, TRUST_HOME_PINS);
    make_folder(home, folder);
    (void)snprintf(path, sizeof path, "%s/%s.json", folder, group);
    error = pins_open(&keeping.pins, out_fault, path);
    if (error == TRUST_OK)
        *out_keeping = keeping;
    else if (out_fault->text[0] == '\0')
        (void)snprintf(out_fault->text, sizeof out_fault->text, "%.150s: %s", path,
                       trust_error_text(error));
    return error;
}

void keeping_close(struct keeping *keeping)
{
    pins_close(keeping->pins);
    *keeping = (struct keeping){0};
}
