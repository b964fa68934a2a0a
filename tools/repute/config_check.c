/* `repute config check [FILE]`: whether a configuration is right; without a node. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "host/config.h"
#include "host/files.h"
#include "repute/commands.h"
#include "repute/context.h"

#define CONFIG_SIZE_MAX (1u << 20)

static const struct output_field fields[] = {
    {"file", "file", OUTPUT_AS_IT_IS},
    {"valid", "valid", OUTPUT_AS_IT_IS},
    {"groups", "groups", OUTPUT_COUNT},
    {"peers", "peers", OUTPUT_COUNT},
    {0},
};

/* A finding, not a usage error: the command line was right. */
static enum trust_error refuse(struct context *context, enum trust_error error, const char *text)
{
    (void)context_refuse(context, error, "correct the file; `man reputed.yaml` lists every key",
                         "%s", text);
    if (error > TRUST_OK)
        context->failure.exit = FAILURE_EXIT_NO;
    return error;
}

static enum trust_error check(struct context *context, const char *path, struct trust_bytes text)
{
    struct trust_config config;
    struct trust_yaml_fault fault = {0};
    enum trust_error error = trust_config_load(&config, &fault, path, text);
    if (error != TRUST_OK)
        return refuse(context, error, error > TRUST_OK ? fault.text : trust_error_text(error));
    json_t *document =
        json_pack("{s:s,s:b,s:I,s:I}", "file", path, "valid", 1, "groups",
                  (json_int_t)config.groups.count, "peers", (json_int_t)config.link.peers.count);
    trust_config_close(&config);
    error =
        document == NULL ? TRUST_FAIL_MEMORY : output_object(&context->output, document, fields);
    json_decref(document);
    return error;
}

static enum trust_error run(struct context *context, const struct command_arguments *arguments)
{
    char path[TRUST_HOME_PATH_SIZE];
    trust_home_path(path, &context->home, TRUST_HOME_CONFIG);
    bool is_named = arguments->word_count > 0;
    const char *file = is_named ? arguments->words[0] : path;
    uint8_t *text = malloc(CONFIG_SIZE_MAX);
    if (text == NULL)
        return TRUST_FAIL_MEMORY;
    size_t size = 0;
    enum trust_error error = trust_file_read(file, text, &size, CONFIG_SIZE_MAX);
    /* A home needs no file: then everything is as by default. */
    if (error == TRUST_OK || (error == TRUST_NO_FOUND && !is_named))
        error = check(context, file, (struct trust_bytes){.data = text, .size = size});
    else
        (void)context_refuse(context, error, "give the path of a configuration", "%s: %s", file,
                             trust_error_text(error));
    free(text);
    return error;
}

const struct command config_check_command = {
    .name = "config check",
    .words = "[FILE]",
    .summary = "check a configuration; needs no node",
    .most = 1,
    .run = run,
};
