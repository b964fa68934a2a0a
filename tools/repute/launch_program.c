/* See launch_program.h. Options are those of npm 11, pnpm 10, yarn 4, bun 1.2, uv 0.8, pipx 1.7,
 * docker 28, podman 5, node 24 and deno 2 that may stand before the name. */
#include "repute/launch_program.h"

#include <ctype.h>
#include <string.h>

#define SWITCH(name_)                                                                              \
    {                                                                                              \
        name_, LAUNCH_SWITCH                                                                       \
    }
#define VALUE(name_)                                                                               \
    {                                                                                              \
        name_, LAUNCH_VALUE                                                                        \
    }

static const struct launch_option npm_options[] = {
    SWITCH("-y"),
    SWITCH("--yes"),
    SWITCH("--no"),
    SWITCH("--no-install"),
    SWITCH("-q"),
    SWITCH("--quiet"),
    SWITCH("-s"),
    SWITCH("--silent"),
    SWITCH("-d"),
    SWITCH("--verbose"),
    SWITCH("--bun"),
    SWITCH("--no-cache"),
    SWITCH("--offline"),
    SWITCH("--prefer-offline"),
    SWITCH("--prefer-online"),
    SWITCH("--ignore-existing"),
    SWITCH("--ignore-scripts"),
    SWITCH("--no-update-notifier"),
    SWITCH("--no-fund"),
    SWITCH("--no-audit"),
    SWITCH("--legacy-peer-deps"),
    VALUE("--loglevel"),
    VALUE("--cache"),
    VALUE("--prefix"),
    VALUE("--node-options"),
    VALUE("--reporter"),
    {"-p", LAUNCH_PACKAGE},
    {"--package", LAUNCH_PACKAGE},
    {"-c", LAUNCH_CODE},
    {"--call", LAUNCH_CODE},
    {"--registry", LAUNCH_REGISTRY},
    {"--userconfig", LAUNCH_REGISTRY},
    {0},
};

static const struct launch_option uv_options[] = {
    SWITCH("-q"),
    SWITCH("--quiet"),
    SWITCH("-v"),
    SWITCH("--verbose"),
    SWITCH("-n"),
    SWITCH("--no-cache"),
    SWITCH("--offline"),
    SWITCH("--isolated"),
    SWITCH("--refresh"),
    SWITCH("-U"),
    SWITCH("--upgrade"),
    SWITCH("--reinstall"),
    SWITCH("--native-tls"),
    SWITCH("--no-config"),
    SWITCH("--no-progress"),
    SWITCH("--managed-python"),
    SWITCH("--no-managed-python"),
    SWITCH("--no-env-file"),
    SWITCH("--no-build"),
    VALUE("-p"),
    VALUE("--python"),
    VALUE("-w"),
    VALUE("--with"),
    VALUE("--with-editable"),
    VALUE("--with-requirements"),
    VALUE("-P"),
    VALUE("--upgrade-package"),
    VALUE("--refresh-package"),
    VALUE("--directory"),
    VALUE("--project"),
    VALUE("--cache-dir"),
    VALUE("--env-file"),
    VALUE("--color"),
    VALUE("--prerelease"),
    VALUE("--resolution"),
    VALUE("--exclude-newer"),
    VALUE("--link-mode"),
    VALUE("--index-strategy"),
    VALUE("--allow-insecure-host"),
    VALUE("-c"),
    VALUE("--constraints"),
    VALUE("--overrides"),
    {"--from", LAUNCH_PACKAGE},
    {"-i", LAUNCH_REGISTRY},
    {"--index", LAUNCH_REGISTRY},
    {"--index-url", LAUNCH_REGISTRY},
    {"--default-index", LAUNCH_REGISTRY},
    {"--extra-index-url", LAUNCH_REGISTRY},
    {"-f", LAUNCH_REGISTRY},
    {"--find-links", LAUNCH_REGISTRY},
    {"--config-file", LAUNCH_REGISTRY},
    {0},
};

static const struct launch_option pipx_options[] = {
    SWITCH("-q"),
    SWITCH("--quiet"),
    SWITCH("-v"),
    SWITCH("--verbose"),
    SWITCH("--no-cache"),
    SWITCH("--pypackages"),
    SWITCH("--system-site-packages"),
    SWITCH("--fetch-missing-python"),
    VALUE("--python"),
    VALUE("--with"),
    {"--spec", LAUNCH_PACKAGE},
    {"--path", LAUNCH_CODE},
    {"-i", LAUNCH_REGISTRY},
    {"--index-url", LAUNCH_REGISTRY},
    {"--pip-args", LAUNCH_REGISTRY},
    {0},
};

static const struct launch_option engine_options[] = {
    VALUE("-c"),
    VALUE("--context"),
    VALUE("--config"),
    VALUE("-H"),
    VALUE("--host"),
    VALUE("--url"),
    VALUE("--log-level"),
    VALUE("-l"),
    SWITCH("-D"),
    SWITCH("--debug"),
    SWITCH("--tls"),
    SWITCH("--remote"),
    {0},
};

static const struct launch_option image_options[] = {
    SWITCH("-i"),
    SWITCH("--interactive"),
    SWITCH("-t"),
    SWITCH("--tty"),
    SWITCH("-d"),
    SWITCH("--detach"),
    SWITCH("-P"),
    SWITCH("--publish-all"),
    SWITCH("-q"),
    SWITCH("--quiet"),
    SWITCH("--rm"),
    SWITCH("--init"),
    SWITCH("--privileged"),
    SWITCH("--read-only"),
    SWITCH("--sig-proxy"),
    SWITCH("--replace"),
    SWITCH("--no-healthcheck"),
    SWITCH("--oom-kill-disable"),
    SWITCH("--disable-content-trust"),
    VALUE("-e"),
    VALUE("--env"),
    VALUE("--env-file"),
    VALUE("-v"),
    VALUE("--volume"),
    VALUE("--volumes-from"),
    VALUE("--mount"),
    VALUE("--tmpfs"),
    VALUE("-p"),
    VALUE("--publish"),
    VALUE("--expose"),
    VALUE("-w"),
    VALUE("--workdir"),
    VALUE("-u"),
    VALUE("--user"),
    VALUE("--userns"),
    VALUE("--group-add"),
    VALUE("-h"),
    VALUE("--hostname"),
    VALUE("--name"),
    VALUE("-l"),
    VALUE("--label"),
    VALUE("--network"),
    VALUE("--net"),
    VALUE("--network-alias"),
    VALUE("--add-host"),
    VALUE("--dns"),
    VALUE("--ip"),
    VALUE("--ipc"),
    VALUE("--pid"),
    VALUE("--pull"),
    VALUE("--platform"),
    VALUE("--restart"),
    VALUE("--entrypoint"),
    VALUE("-m"),
    VALUE("--memory"),
    VALUE("--memory-swap"),
    VALUE("-c"),
    VALUE("--cpus"),
    VALUE("--cpu-shares"),
    VALUE("--pids-limit"),
    VALUE("--shm-size"),
    VALUE("--ulimit"),
    VALUE("--sysctl"),
    VALUE("--gpus"),
    VALUE("--device"),
    VALUE("--runtime"),
    VALUE("--isolation"),
    VALUE("--cap-add"),
    VALUE("--cap-drop"),
    VALUE("--security-opt"),
    VALUE("--secret"),
    VALUE("--log-driver"),
    VALUE("--log-opt"),
    VALUE("-a"),
    VALUE("--attach"),
    VALUE("--cidfile"),
    VALUE("--stop-signal"),
    VALUE("--stop-timeout"),
    {0},
};

static const struct launch_option node_options[] = {
    VALUE("-r"),
    VALUE("--require"),
    VALUE("--import"),
    VALUE("--loader"),
    VALUE("--experimental-loader"),
    VALUE("-C"),
    VALUE("--conditions"),
    VALUE("--env-file"),
    VALUE("--max-old-space-size"),
    SWITCH("--inspect"),
    SWITCH("--inspect-brk"),
    SWITCH("--watch"),
    SWITCH("--no-warnings"),
    SWITCH("--no-deprecation"),
    SWITCH("--trace-warnings"),
    SWITCH("--enable-source-maps"),
    SWITCH("--experimental-strip-types"),
    SWITCH("--experimental-modules"),
    SWITCH("--use-system-ca"),
    {"-e", LAUNCH_CODE},
    {"--eval", LAUNCH_CODE},
    {"-p", LAUNCH_CODE},
    {"--print", LAUNCH_CODE},
    {0},
};

static const struct launch_option deno_options[] = {
    SWITCH("-A"),
    SWITCH("--allow-all"),
    SWITCH("-R"),
    SWITCH("-W"),
    SWITCH("-N"),
    SWITCH("-E"),
    SWITCH("-S"),
    SWITCH("--allow-read"),
    SWITCH("--allow-write"),
    SWITCH("--allow-net"),
    SWITCH("--allow-env"),
    SWITCH("--allow-sys"),
    SWITCH("--allow-run"),
    SWITCH("--allow-ffi"),
    SWITCH("--allow-import"),
    SWITCH("--deny-read"),
    SWITCH("--deny-write"),
    SWITCH("--deny-net"),
    SWITCH("--deny-env"),
    SWITCH("--deny-run"),
    SWITCH("-q"),
    SWITCH("--quiet"),
    SWITCH("--reload"),
    SWITCH("--no-check"),
    SWITCH("--no-prompt"),
    SWITCH("--no-config"),
    SWITCH("--no-lock"),
    SWITCH("--cached-only"),
    SWITCH("--node-modules-dir"),
    SWITCH("--unstable"),
    VALUE("-c"),
    VALUE("--config"),
    VALUE("--env-file"),
    {"--import-map", LAUNCH_CODE},
    {0},
};

static const struct launch_option python_options[] = {
    SWITCH("-u"), SWITCH("-B"),        SWITCH("-E"),          SWITCH("-I"),
    SWITCH("-s"), SWITCH("-S"),        SWITCH("-O"),          VALUE("-W"),
    VALUE("-X"),  {"-c", LAUNCH_CODE}, {"-m", LAUNCH_MODULE}, {0},
};

static const struct launch_option go_options[] = {
    SWITCH("-v"),
    SWITCH("-race"),
    SWITCH("-trimpath"),
    VALUE("-ldflags"),
    VALUE("-tags"),
    VALUE("-mod"),
    {"-exec", LAUNCH_CODE},
    {"-modfile", LAUNCH_REGISTRY},
    {0},
};

static const struct launch_option nuget_options[] = {
    SWITCH("-y"),
    SWITCH("--yes"),
    SWITCH("--prerelease"),
    VALUE("-v"),
    VALUE("--verbosity"),
    {"--source", LAUNCH_REGISTRY},
    {"--add-source", LAUNCH_REGISTRY},
    {"--configfile", LAUNCH_REGISTRY},
    {0},
};

#define NPM(name_, verb_)                                                                          \
    {                                                                                              \
        .name = name_, .verbs = {verb_}, .runner = LAUNCH_RUN_NPM, .before = npm_options,          \
        .options = npm_options                                                                     \
    }
#define IMAGE(name_, verb_, verb2_)                                                                \
    {                                                                                              \
        .name = name_, .verbs = {verb_, verb2_}, .runner = LAUNCH_RUN_IMAGE,                       \
        .before = engine_options, .options = image_options                                         \
    }
#define GAP(name_, gap_)                                                                           \
    {                                                                                              \
        .name = name_, .runner = LAUNCH_RUN_GAP, .gap = gap_                                       \
    }

/* Rows with verbs before the row of the same name without. */
static const struct launch_program programs[] = {
    NPM("npx", NULL),
    NPM("bunx", NULL),
    NPM("pnpx", NULL),
    NPM("npm", "exec"),
    NPM("npm", "x"),
    NPM("pnpm", "dlx"),
    NPM("yarn", "dlx"),
    NPM("bun", "x"),
    GAP("npm", LAUNCH_GAP_FILE),
    GAP("pnpm", LAUNCH_GAP_FILE),
    GAP("yarn", LAUNCH_GAP_FILE),
    {.name = "uvx", .runner = LAUNCH_RUN_PYPI, .options = uv_options},
    {.name = "uv",
     .verbs = {"tool", "run"},
     .runner = LAUNCH_RUN_PYPI,
     .before = uv_options,
     .options = uv_options},
    GAP("uv", LAUNCH_GAP_FILE),
    {.name = "pipx", .verbs = {"run"}, .runner = LAUNCH_RUN_PYPI, .options = pipx_options},
    GAP("poetry", LAUNCH_GAP_FILE),
    IMAGE("docker", "run", NULL),
    IMAGE("docker", "container", "run"),
    IMAGE("podman", "run", NULL),
    IMAGE("podman", "container", "run"),
    IMAGE("nerdctl", "run", NULL),
    GAP("docker", LAUNCH_GAP_CONTAINER),
    GAP("podman", LAUNCH_GAP_CONTAINER),
    GAP("nerdctl", LAUNCH_GAP_CONTAINER),
    GAP("docker-compose", LAUNCH_GAP_CONTAINER),
    {.name = "node", .runner = LAUNCH_RUN_SCRIPT, .options = node_options},
    {.name = "nodejs", .runner = LAUNCH_RUN_SCRIPT, .options = node_options},
    {.name = "tsx", .runner = LAUNCH_RUN_SCRIPT, .options = node_options},
    {.name = "ts-node", .runner = LAUNCH_RUN_SCRIPT, .options = node_options},
    {.name = "bun", .verbs = {"run"}, .runner = LAUNCH_RUN_SCRIPT, .options = node_options},
    {.name = "bun", .runner = LAUNCH_RUN_SCRIPT, .options = node_options},
    {.name = "deno", .verbs = {"run"}, .runner = LAUNCH_RUN_SCRIPT, .options = deno_options},
    {.name = "python", .runner = LAUNCH_RUN_SCRIPT, .options = python_options},
    {.name = "python3", .runner = LAUNCH_RUN_SCRIPT, .options = python_options},
    {.name = "py", .runner = LAUNCH_RUN_SCRIPT, .options = python_options},
    {.name = "go", .verbs = {"run"}, .runner = LAUNCH_RUN_GO, .options = go_options},
    {.name = "dnx", .runner = LAUNCH_RUN_NUGET, .options = nuget_options},
    GAP("dotnet", LAUNCH_GAP_FILE),
    GAP("cargo", LAUNCH_GAP_FILE),
    GAP("java", LAUNCH_GAP_FILE),
    GAP("ruby", LAUNCH_GAP_FILE),
    GAP("php", LAUNCH_GAP_FILE),
};

bool launch_program_name(char out_name[32], const char *command)
{
    static const char *const suffixes[] = {".exe", ".cmd", ".bat", ".ps1"};
    const char *name = command;
    for (const char *at = command; *at != '\0'; at++) {
        if (*at == '/' || *at == '\\')
            name = at + 1;
    }
    size_t size = strlen(name);
    if (size == 0 || size >= 32)
        return false;
    for (size_t i = 0; i <= size; i++)
        out_name[i] = (char)tolower((unsigned char)name[i]);
    for (size_t i = 0; i < sizeof suffixes / sizeof *suffixes; i++) {
        if (size > 4 && strcmp(out_name + size - 4, suffixes[i]) == 0) {
            out_name[size - 4] = '\0';
            break;
        }
    }
    /* python3.12 */
    if (strncmp(out_name, "python3.", 8) == 0)
        out_name[7] = '\0';
    return true;
}

/* Takes the verbs; false: others stand there, and nothing is taken. */
static bool take_verbs(struct launch_words *words, const struct launch_program *program)
{
    const char *package = NULL;
    size_t start = words->at;
    if (program->verbs[0] != NULL && program->before != NULL &&
        launch_words_skip(words, &package, program->before) != LAUNCH_GAP_NONE) {
        words->at = start;
        return false;
    }
    for (size_t i = 0; i < 2 && program->verbs[i] != NULL; i++) {
        const char *word = launch_words_next(words);
        if (word == NULL || strcmp(word, program->verbs[i]) != 0) {
            words->at = start;
            return false;
        }
    }
    return true;
}

const struct launch_program *launch_program_find(struct launch_words *words)
{
    char name[32];
    const char *command = launch_words_next(words);
    if (command == NULL || !launch_program_name(name, command))
        return NULL;
    for (size_t i = 0; i < sizeof programs / sizeof *programs; i++) {
        if (strcmp(programs[i].name, name) == 0 && take_verbs(words, &programs[i]))
            return &programs[i];
    }
    return NULL;
}
