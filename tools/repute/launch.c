/* See launch.h. From the outside in: wrappers are taken off until a launcher is there. */
#include "repute/launch.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "repute/launch_program.h"
#include "repute/launch_spec.h"

/* Programs that set up an environment and run what stands behind "--". */
static const char *const wrappers[] = {"op",        "doppler",   "infisical", "mise",   "chamber",
                                       "aws-vault", "vault-env", "dotenv",    "varlock"};
static const char *const shells[] = {"sh", "bash", "zsh", "dash", "fish"};

/* Packages that only connect a client to another server: the server is what they are given. */
struct bridge {
    const char *subject;
    const char *name;
    const char *url_options[4]; /* the URL stands behind one of these; none: it is a plain word */
    const char *line_option;    /* a command line does */
};

static const struct bridge bridges[] = {
    {.subject = "pkg:npm/mcp-remote", .name = "mcp-remote"},
    {.subject = "pkg:pypi/mcp-proxy", .name = "mcp-proxy"},
    {.subject = "pkg:npm/mcp-proxy", .name = "mcp-proxy"},
    {.subject = "pkg:pypi/mcp-proxy-for-aws", .name = "mcp-proxy-for-aws"},
    {.subject = "pkg:npm/supergateway",
     .name = "supergateway",
     .url_options = {"--sse", "--streamableHttp"},
     .line_option = "--stdio"},
    {.subject = "pkg:npm/%40smithery/cli", .name = "@smithery/cli"},
};

/* What runs files given to it, though it is a package itself. */
static const char *const script_packages[] = {"pkg:npm/tsx", "pkg:npm/ts-node", "pkg:npm/nodemon"};

static bool is_one_of(const char *const *names, size_t count, const char *name)
{
    for (size_t i = 0; i < count; i++) {
        if (strcmp(names[i], name) == 0)
            return true;
    }
    return false;
}

/* ---- the environment ---- */

bool launch_is_registry_variable(const char *name, size_t size)
{
    static const char *const names[] = {
        "npm_config_registry", "npm_config_userconfig", "uv_index",      "uv_index_url",
        "uv_default_index",    "uv_extra_index_url",    "pip_index_url", "pip_extra_index_url",
        "uv_find_links",       "bun_config_registry",   "uv_config_file"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        if (strlen(names[i]) == size && strncasecmp(names[i], name, size) == 0)
            return true;
    }
    return false;
}

/* ---- wrappers ---- */

static bool is_assignment(const char *word)
{
    const char *equals = strchr(word, '=');
    return equals != NULL && equals > word && memchr(word, '/', (size_t)(equals - word)) == NULL;
}

/* What is left of a command line, and what its wrappers changed. */
struct derivation {
    struct launch_words words;
    bool has_other_registry;
};

static void take_assignments(struct derivation *derivation)
{
    struct launch_words *words = &derivation->words;
    for (const char *word = NULL; (word = launch_words_peek(words)) != NULL && is_assignment(word);
         words->at++) {
        if (launch_is_registry_variable(word, strcspn(word, "=")))
            derivation->has_other_registry = true;
    }
}

/* env [-i] [NAME=VALUE...] COMMAND */
static bool take_env(struct derivation *derivation)
{
    static const struct launch_option options[] = {
        {"-i", LAUNCH_SWITCH}, {"-u", LAUNCH_VALUE}, {"-C", LAUNCH_VALUE}, {0}};
    const char *package = NULL;
    if (launch_words_skip(&derivation->words, &package, options) != LAUNCH_GAP_NONE)
        return false;
    take_assignments(derivation);
    return true;
}

/* sh -c "COMMAND ..." */
static bool take_shell(struct derivation *derivation)
{
    struct launch_words *words = &derivation->words;
    const char *word = launch_words_next(words);
    while (word != NULL && word[0] == '-' && strchr(word, 'c') == NULL)
        word = launch_words_next(words);
    const char *line = word != NULL && word[0] == '-' ? launch_words_next(words) : NULL;
    if (line == NULL || launch_words_peek(words) != NULL || !launch_words_split(words, line))
        return false;
    take_assignments(derivation);
    if (launch_words_peek(words) != NULL && strcmp(launch_words_peek(words), "exec") == 0)
        words->at++;
    return true;
}

static bool take_dashes(struct launch_words *words)
{
    for (const char *word = NULL; (word = launch_words_next(words)) != NULL;) {
        if (strcmp(word, "--") == 0)
            return true;
    }
    return false;
}

enum wrapping { NO_WRAPPER, TAKEN, OPAQUE };

/* Takes one wrapper off. */
static enum wrapping unwrap(struct derivation *derivation)
{
    char name[32];
    struct launch_words *words = &derivation->words;
    const char *command = launch_words_peek(words);
    if (command == NULL || !launch_program_name(name, command))
        return NO_WRAPPER;
    bool is_taken = false;
    words->at++;
    if (strcmp(name, "env") == 0) {
        is_taken = take_env(derivation);
    } else if (is_one_of(shells, sizeof shells / sizeof *shells, name)) {
        is_taken = take_shell(derivation);
    } else if (strcmp(name, "cmd") == 0) {
        const char *word = launch_words_next(words);
        is_taken = word != NULL && (strcmp(word, "/c") == 0 || strcmp(word, "/C") == 0);
    } else if (strcmp(name, "wsl") == 0) {
        is_taken = launch_words_peek(words) != NULL && launch_words_peek(words)[0] != '-';
    } else if (is_one_of(wrappers, sizeof wrappers / sizeof *wrappers, name)) {
        is_taken = take_dashes(words);
    } else {
        words->at--;
        return NO_WRAPPER;
    }
    return is_taken ? TAKEN : OPAQUE;
}

/* ---- repute's own programs ---- */

#define GROUP_CHARACTERS "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-"

static void read_group(struct launch *launch, struct launch_words *words)
{
    launch->gap = LAUNCH_GAP_OPTION;
    for (const char *word = NULL; (word = launch_words_next(words)) != NULL;) {
        const char *group = NULL;
        if (strcmp(word, "--group") == 0)
            group = launch_words_next(words);
        else if (strncmp(word, "--group=", 8) == 0)
            group = word + 8;
        /* Shown within a command to copy: nothing that a shell reads otherwise. */
        if (group == NULL || group[0] == '\0' || strlen(group) > TRUST_GROUP_NAME_SIZE_MAX ||
            group[strspn(group, GROUP_CHARACTERS)] != '\0')
            continue;
        (void)snprintf(launch->group, sizeof launch->group, "%s", group);
        launch->gap = LAUNCH_GAP_GUARDED;
        return;
    }
}

/* repute [--home DIR] guard --group NAME */
static bool is_own(struct launch *launch, struct launch_words *words)
{
    static const struct launch_option options[] = {
        {"--home", LAUNCH_VALUE}, {"--json", LAUNCH_SWITCH}, {"--plain", LAUNCH_SWITCH}, {0}};
    char name[32];
    const char *package = NULL;
    const char *command = launch_words_peek(words);
    if (command == NULL || !launch_program_name(name, command) || strncmp(name, "repute", 6) != 0)
        return false;
    const char *verb = NULL;
    words->at++;
    if (strcmp(name, "repute-guard") == 0) {
        verb = "guard";
    } else if (strcmp(name, "repute-mcp") == 0) {
        verb = "mcp";
    } else if (strcmp(name, "repute") == 0 &&
               launch_words_skip(words, &package, options) == LAUNCH_GAP_NONE) {
        verb = launch_words_next(words);
    }
    launch->gap = LAUNCH_GAP_PROGRAM;
    if (verb != NULL && strcmp(verb, "mcp") == 0)
        launch->gap = LAUNCH_GAP_OWN;
    if (verb != NULL && strcmp(verb, "guard") == 0)
        read_group(launch, words);
    return true;
}

/* ---- launchers ---- */

static void run_script(struct launch *launch, const char *script)
{
    bool is_remote = strncmp(script, "jsr:", 4) == 0 || strstr(script, "://") != NULL;
    launch->gap = LAUNCH_GAP_SOURCE;
    if (strncmp(script, "npm:", 4) == 0)
        launch_spec_npm(launch, script + 4);
    else if (!is_remote)
        launch_spec_script(launch, script);
}

static void run_spec(struct launch *launch, enum launch_runner runner, const char *spec)
{
    switch (runner) {
    case LAUNCH_RUN_NPM:
        launch_spec_npm(launch, spec);
        break;
    case LAUNCH_RUN_PYPI:
        launch_spec_pypi(launch, spec);
        break;
    case LAUNCH_RUN_IMAGE:
        launch_spec_image(launch, spec);
        break;
    case LAUNCH_RUN_GO:
        launch_spec_go(launch, spec);
        break;
    case LAUNCH_RUN_NUGET:
        launch_spec_nuget(launch, spec);
        break;
    case LAUNCH_RUN_SCRIPT:
        run_script(launch, spec);
        break;
    case LAUNCH_RUN_GAP:
        break;
    }
}

/* The words begin with a launcher; sets the subject, or the gap. */
static void run(struct launch *launch, struct launch_words *words, bool has_other_registry)
{
    const char *package = NULL;
    const struct launch_program *program = launch_program_find(words);
    launch->gap = program == NULL ? LAUNCH_GAP_PROGRAM : program->gap;
    if (program == NULL || program->runner == LAUNCH_RUN_GAP)
        return;
    launch->gap = launch_words_skip(words, &package, program->options);
    bool is_registry = program->runner == LAUNCH_RUN_NPM || program->runner == LAUNCH_RUN_PYPI;
    if (launch->gap == LAUNCH_GAP_NONE && is_registry && has_other_registry)
        launch->gap = LAUNCH_GAP_REGISTRY;
    if (launch->gap != LAUNCH_GAP_NONE)
        return;
    /* With --package and the like, the next word is only the program in it. */
    const char *spec = launch_words_next(words);
    if (package != NULL)
        spec = package;
    launch->gap = LAUNCH_GAP_OPTION;
    if (spec != NULL && spec[0] != '\0')
        run_spec(launch, program->runner, spec);
}

/* ---- bridges ---- */

static bool is_server(const char *subject, const char *server)
{
    size_t size = strlen(server);
    return strncmp(subject, server, size) == 0 && (subject[size] == '\0' || subject[size] == '@');
}

static bool is_url(const char *word)
{
    return strncmp(word, "https://", 8) == 0 || strncmp(word, "http://", 7) == 0;
}

static bool names_url(const struct bridge *bridge, const char *option, const char *word)
{
    if (bridge->url_options[0] == NULL)
        return is_url(word);
    for (size_t i = 0; i < 4 && bridge->url_options[i] != NULL; i++) {
        if (strcmp(bridge->url_options[i], option) == 0)
            return true;
    }
    return false;
}

/* What the bridge leads to. True: a command line, which the words now are. */
static bool cross(struct launch *launch, struct launch_words *words, const struct bridge *bridge)
{
    const char *before = "";
    *launch = (struct launch){.gap = LAUNCH_GAP_BRIDGE, .via = bridge->name};
    for (const char *word = NULL; (word = launch_words_next(words)) != NULL; before = word) {
        if (names_url(bridge, before, word)) {
            launch_spec_url(launch, word);
            return false;
        }
        if (bridge->line_option != NULL && strcmp(before, bridge->line_option) == 0)
            return launch_words_split(words, word);
    }
    return false;
}

static const struct bridge *find_bridge(const struct launch *launch)
{
    for (size_t i = 0; i < sizeof bridges / sizeof *bridges; i++) {
        if (is_server(launch->subject, bridges[i].subject))
            return &bridges[i];
    }
    return NULL;
}

/* `npx tsx FILE`: the package is an interpreter. */
static void look_behind_interpreter(struct launch *launch, struct launch_words *words)
{
    for (size_t i = 0; i < sizeof script_packages / sizeof *script_packages; i++) {
        if (!is_server(launch->subject, script_packages[i]))
            continue;
        const char *script = launch_words_next(words);
        *launch = (struct launch){.gap = LAUNCH_GAP_FILE, .via = launch->via};
        if (script != NULL)
            launch_spec_script(launch, script);
        return;
    }
}

/* ---- the whole ---- */

static void derive(struct launch *launch, struct derivation *derivation)
{
    struct launch_words *words = &derivation->words;
    for (unsigned turn = 0; turn < TRUST_SCAN_WRAPPERS_MAX; turn++) {
        enum wrapping wrapping = unwrap(derivation);
        if (wrapping == TAKEN)
            continue;
        launch->gap = LAUNCH_GAP_SHELL;
        if (wrapping == OPAQUE || is_own(launch, words))
            return;
        run(launch, words, derivation->has_other_registry);
        const struct bridge *bridge = find_bridge(launch);
        if (bridge == NULL) {
            look_behind_interpreter(launch, words);
            return;
        }
        if (!cross(launch, words, bridge))
            return;
    }
    launch->gap = LAUNCH_GAP_SHELL;
}

void launch_derive(struct launch *out_launch, const struct launch_line *line)
{
    struct derivation derivation = {.has_other_registry = line->has_other_registry};
    *out_launch = (struct launch){.gap = LAUNCH_GAP_EMPTY};
    bool has_command = line->command != NULL && line->command[0] != '\0';
    if (!has_command && line->url != NULL && line->url[0] != '\0')
        launch_spec_url(out_launch, line->url);
    if (!has_command)
        return;
    out_launch->gap = LAUNCH_GAP_SIZE;
    if (launch_words_init(&derivation.words, line))
        derive(out_launch, &derivation);
}

/* ---- what is said of a gap ---- */

struct saying {
    const char *name;
    const char *text;
    const char *next;
};

#define NAME_IT "start it from its package or image, or name its subject in a group of reputed.yaml"

static const struct saying sayings[] = {
    [LAUNCH_GAP_NONE] = {NULL, "", ""},
    [LAUNCH_GAP_GUARDED] = {"guarded", "protected: `repute guard` chooses among a group", ""},
    [LAUNCH_GAP_OWN] = {"own", "it is repute itself", ""},
    [LAUNCH_GAP_EMPTY] = {"no_command", "its entry has neither a command nor a URL",
                          "correct the entry, or take it out"},
    [LAUNCH_GAP_ENTRY] = {"entry", "its entry has members of a form that no client reads",
                          "correct the entry, or take it out"},
    [LAUNCH_GAP_FILE] = {"local_file", "it runs files of this host, which no package names",
                         NAME_IT},
    [LAUNCH_GAP_MODULE] = {"module", "the name of a Python module does not say its package",
                           "start it with uvx or pipx run and the name of its package"},
    [LAUNCH_GAP_PROGRAM] = {"program", "the name of a program does not say where it came from",
                            NAME_IT},
    [LAUNCH_GAP_CONTAINER] = {"container", "it runs in a container that was set up elsewhere",
                              "look at what that container or gateway runs"},
    [LAUNCH_GAP_IMAGE] = {"local_image", "its image has no publisher",
                          "use an image of a registry, by its digest"},
    [LAUNCH_GAP_SHELL] = {"shell", "code in its command line decides what runs",
                          "let the configuration start the server itself"},
    [LAUNCH_GAP_OPTION] = {"option",
                           "its command line has an option that is not known, or ends "
                           "before it names anything",
                           "write the package first, or name its subject in a group of "
                           "reputed.yaml"},
    [LAUNCH_GAP_REGISTRY] = {"other_registry", "it comes from a package registry of its own",
                             "name its subject in a group of reputed.yaml"},
    [LAUNCH_GAP_SOURCE] = {"source", "it comes from a place that no package URL names", NAME_IT},
    [LAUNCH_GAP_VARIABLE] = {"variable", "a variable of the client stands in its name",
                             "write the name out; keep variables for secrets"},
    [LAUNCH_GAP_BRIDGE] = {"bridge",
                           "it is a bridge to a server that the command line does not "
                           "give as a URL",
                           "configure the server's own URL or package"},
    [LAUNCH_GAP_SECRET] = {"secret_in_url",
                           "the path of its URL holds what looks like a secret, "
                           "which no subject may hold",
                           "send the secret in a header, if the server takes one"},
    [LAUNCH_GAP_HTTP] = {"plain_http", "http to another host has no protection on its way",
                         "use https"},
    [LAUNCH_GAP_NAME] = {"name", "its name has no canonical form", "check the spelling"},
    [LAUNCH_GAP_MANY] = {"packages",
                         "several packages are installed, any of which may be the "
                         "server",
                         "install one package by one command line"},
    [LAUNCH_GAP_SIZE] = {"size", "its command line is too long", NAME_IT},
};

const char *launch_gap_name(enum launch_gap gap)
{
    return sayings[gap].name;
}

const char *launch_gap_text(enum launch_gap gap)
{
    return sayings[gap].text;
}

const char *launch_gap_next(enum launch_gap gap)
{
    return sayings[gap].next;
}
