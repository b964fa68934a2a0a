/* See start.h. */
#include "guard/start.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "guard/become.h"
#include "guard/keeping.h"
#include "guard/port.h"
#include "guard/serve.h"
#include "guard/session/loop.h"
#include "host/config.h"
#include "host/files.h"
#include "host/home.h"
#include "record/sodium.h"

#define CONFIG_SIZE_MAX ((size_t)1 << 20)
/* This program, whatever was installed over it meanwhile. */
#define OWN_PROGRAM "/proc/self/exe"
/* Its neighbour, which reaches URLs and listens for HTTP. */
#define HTTP_PROGRAM "repute-guard-http"

struct serving {
    const struct trust_group *group;
    const struct options *options;
    const struct start_means *means;
    const struct keeping *keeping;
    struct face_address address; /* where it listens... */
    int listen_fd;               /* ...or -1 */
};

static enum options_exit exit_of(enum trust_error error)
{
    if (error == TRUST_NO_PERMISSION)
        return OPTIONS_EXIT_LOCKED;
    return error < TRUST_OK ? OPTIONS_EXIT_FAILED : OPTIONS_EXIT_USAGE;
}

static enum options_exit refuse(enum trust_error error, const char *what, const char *why)
{
    (void)fprintf(stderr, "repute-guard: %s%s%s\n", what, what[0] == '\0' ? "" : ": ", why);
    return exit_of(error);
}

/* A file that is not there holds no group. */
static enum trust_error load(struct trust_config *out_config, struct trust_yaml_fault *out_fault,
                             const char *path)
{
    *out_fault = (struct trust_yaml_fault){0};
    size_t size = 0;
    uint8_t *text = malloc(CONFIG_SIZE_MAX);
    if (text == NULL)
        return TRUST_FAIL_MEMORY;
    enum trust_error error = trust_file_read(path, text, &size, CONFIG_SIZE_MAX);
    if (error == TRUST_OK || error == TRUST_NO_FOUND)
        error = trust_config_load(out_config, out_fault, path,
                                  (struct trust_bytes){.data = text, .size = size});
    free(text);
    return error;
}

static enum options_exit refuse_group(const struct trust_config *config, const char *name,
                                      const char *path)
{
    if (access(path, F_OK) != 0 && errno == ENOENT) {
        (void)fprintf(stderr,
                      "repute-guard: there is no group \"%s\": there is no %s "
                      "(--home or REPUTE_HOME name another place)\n",
                      name, path);
        return OPTIONS_EXIT_NO;
    }
    if (config->groups.count == 0) {
        (void)fprintf(stderr, "repute-guard: there is no group \"%s\": %s has none\n", name, path);
        return OPTIONS_EXIT_NO;
    }
    (void)fprintf(stderr, "repute-guard: there is no group \"%s\"; there is", name);
    for (size_t i = 0; i < config->groups.count; i++)
        (void)fprintf(stderr, "%s %s", i == 0 ? "" : ",", config->groups.groups[i].name);
    (void)fputc('\n', stderr);
    return OPTIONS_EXIT_NO;
}

static bool has_url(const struct trust_group *group)
{
    for (uint32_t i = 0; i <= group->fallbacks.count; i++) {
        if (chooser_server(group, i)->url != NULL)
            return true;
    }
    return false;
}

/* Comes back only if it cannot. */
static enum options_exit become_http(const struct trust_group *group, char **words)
{
    char path[BECOME_PATH_SIZE];
    enum trust_error error = become(path, HTTP_PROGRAM, words);
    if (has_url(group))
        (void)fprintf(stderr,
                      "repute-guard: a server of \"%s\" has a url, and %s, which reaches it",
                      group->name, path);
    else
        (void)fprintf(stderr, "repute-guard: %s, to which clients come by HTTP", path);
    (void)fprintf(stderr, ", cannot be executed: %s\n", trust_error_text(error));
    return OPTIONS_EXIT_FAILED;
}

/* ---- the way in ---- */

static enum options_exit refuse_address(enum trust_error error, const struct face_address *address)
{
    char text[FACE_ADDRESS_TEXT_SIZE];
    face_address_text(text, address);
    if (error == TRUST_NO_PERMISSION)
        return refuse(error, text, "ports below 1024 are not for everybody: choose another one");
    if (error == TRUST_NO_FOUND)
        return refuse(error, text, "this host has no such address");
    if (error != TRUST_NO_RUNNING)
        return refuse(error, text, trust_error_text(error));
    (void)refuse(error, text,
                 "somebody listens there already: end that, or choose another port (0: any)");
    return OPTIONS_EXIT_RUNNING;
}

/* Who starts the guard reads where it is to be found. */
static enum trust_error announce(const struct face_address *address)
{
    char text[FACE_ADDRESS_TEXT_SIZE];
    face_address_text(text, address);
    bool is_said = printf("listening on http://%s" FACE_PATH_NAME "\n", text) > 0;
    return is_said && fflush(stdout) == 0 ? TRUST_OK : TRUST_FAIL_IO;
}

static enum trust_error serve_http(const struct serving *serving,
                                   const struct session_config *session, int signal_fd)
{
    const struct hall_config config = {.fd = serving->listen_fd,
                                       .rules = {.address = serving->address,
                                                 .origins = serving->options->origins,
                                                 .origin_count = serving->options->origin_count},
                                       .session = session};
    enum trust_error error = announce(&serving->address);
    if (error == TRUST_OK)
        return serving->means->serve_http(&config, signal_fd);
    (void)close(serving->listen_fd);
    return error;
}

static enum trust_error serve(const struct serving *serving, struct trust_client *client,
                              int signal_fd)
{
    const struct keeping *keeping = serving->keeping;
    const struct session_config config = {
        .group = serving->group,
        .client = client,
        .http = serving->means->http,
        .launcher = OWN_PROGRAM,
        .notes_fd = STDERR_FILENO,
        .pins = keeping->pins,
        .operator_key = keeping->has_operator ? &keeping->operator_key : NULL,
    };
    return serving->options->is_http ? serve_http(serving, &config, signal_fd)
                                     : serve_stdio(&config, signal_fd);
}

static enum options_exit run_group(const struct serving *serving)
{
    struct trust_client *client = NULL;
    int signal_fd = -1;
    enum trust_error error = loop_take_signals(&signal_fd);
    if (error == TRUST_OK)
        error = trust_client_open(&client, serving->options->home, NULL);
    if (error == TRUST_OK)
        error = serve(serving, client, signal_fd);
    trust_client_close(client);
    if (signal_fd >= 0)
        (void)close(signal_fd);
    if (error == TRUST_OK)
        return OPTIONS_EXIT_YES;
    if (error != TRUST_NO_FOUND)
        return refuse(error, "", trust_error_text(error));
    (void)fprintf(stderr, "repute-guard: no server of \"%s\" can be reached\n",
                  serving->group->name);
    return OPTIONS_EXIT_NO;
}

static enum options_exit run_in(const struct trust_home *home, const struct trust_config *config,
                                const struct options *options, const struct start_means *means)
{
    char path[TRUST_HOME_PATH_SIZE];
    trust_home_path(path, home, TRUST_HOME_CONFIG);
    const struct trust_group *group = trust_config_group(config, options->group);
    if (group == NULL)
        return refuse_group(config, options->group, path);
    if ((means->http == NULL && has_url(group)) || (means->serve_http == NULL && options->is_http))
        return become_http(group, means->words);
    struct serving serving = {.group = group,
                              .options = options,
                              .means = means,
                              .address = options->address,
                              .listen_fd = -1};
    struct keeping keeping;
    struct pins_fault fault;
    enum trust_error error = keeping_open(&keeping, &fault, home, config, group->name);
    if (error != TRUST_OK)
        return refuse(error, "", fault.text);
    serving.keeping = &keeping;
    error = options->is_http ? port_open(&serving.listen_fd, &serving.address) : TRUST_OK;
    enum options_exit code =
        error == TRUST_OK ? run_group(&serving) : refuse_address(error, &serving.address);
    keeping_close(&keeping);
    return code;
}

enum options_exit start_run(const struct options *options, const struct start_means *means)
{
    struct trust_home home;
    const struct trust_home_inputs inputs = trust_home_inputs_read(options->home);
    enum trust_error error = trust_home_find(&home, &inputs);
    if (error == TRUST_OK)
        error = trust_sodium_start();
    if (error != TRUST_OK)
        return refuse(error, "", trust_error_text(error));
    char path[TRUST_HOME_PATH_SIZE];
    trust_home_path(path, &home, TRUST_HOME_CONFIG);
    struct trust_config config;
    struct trust_yaml_fault fault;
    error = load(&config, &fault, path);
    if (error != TRUST_OK)
        return refuse(error, fault.text[0] == '\0' ? path : "",
                      fault.text[0] == '\0' ? trust_error_text(error) : fault.text);
    enum options_exit code = run_in(&home, &config, options, means);
    trust_config_close(&config);
    return code;
}
