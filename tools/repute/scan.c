/*
 * `repute scan [FILE...]`: the MCP servers that the clients of this host are configured to use, and
 * what is known of them. It only reads: their files, and what the local node says or has left.
 */
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "repute/clients.h"
#include "repute/commands.h"
#include "repute/context.h"
#include "repute/scan_file.h"
#include "repute/scan_show.h"
#include "repute/scan_standing.h"
#include "repute/scan_verdict.h"

enum { CLIENT };

static const struct command_option options[] = {
    [CLIENT] = {.name = "client",
                .kind = COMMAND_CHOICE,
                .shown = "NAME",
                .about = "only this client; with files: whose they are",
                .choices = clients_names},
    [CLIENT + 1] = {0},
};

/* ---- reading ---- */

static enum trust_error read_named(json_t *files, json_t *servers,
                                   const struct command_arguments *arguments, const char *client)
{
    enum trust_error error = TRUST_OK;
    for (size_t i = 0; i < arguments->word_count && error == TRUST_OK; i++) {
        struct clients_place place;
        clients_place_of(&place, arguments->words[i], client);
        error = scan_file_read(files, servers, &place, true);
    }
    return error;
}

static enum trust_error read_found(json_t *files, json_t *servers, const char *client)
{
    char here[PATH_MAX];
    const struct clients_inputs inputs = {
        .home = getenv("HOME"),
        .config_home = getenv("XDG_CONFIG_HOME"),
        .claude_home = getenv("CLAUDE_CONFIG_DIR"),
        .here = getcwd(here, sizeof here),
    };
    struct clients_place place;
    size_t position = 0;
    enum trust_error error = TRUST_OK;
    while (error == TRUST_OK && clients_next_place(&place, &position, &inputs, client))
        error = scan_file_read(files, servers, &place, false);
    return error;
}

/* ---- judging ---- */

/* Each subject once, in the order of the servers. */
static json_t *subjects_of(const json_t *servers)
{
    json_t *seen = json_object();
    json_t *subjects = json_array();
    for (size_t i = 0; i < json_array_size(servers); i++) {
        json_t *subject = json_object_get(json_array_get(servers, i), "subject");
        const char *text = json_string_value(subject);
        if (text == NULL || json_object_get(seen, text) != NULL)
            continue;
        (void)json_object_set(seen, text, subject);
        (void)json_array_append(subjects, subject);
    }
    json_decref(seen);
    return subjects;
}

/* The operator's threshold; where the configuration cannot be read, its default. */
static double min_score_of(struct context *context)
{
    const struct trust_config *config = NULL;
    if (context_config(context, &config) == TRUST_OK)
        return config->policy.min_score;
    context->failure = (struct failure){0};
    return 0.5;
}

static enum trust_error judge(json_t *server, const json_t *standing, json_t *counts,
                              double min_score)
{
    static const char *const members[] = {"status", "score",   "lower",      "severity",
                                          "flags",  "breaker", "quarantine", NULL};
    struct scan_conclusion conclusion;
    scan_verdict_conclude(&conclusion, server, standing, min_score);
    const char *name = scan_verdict_name(conclusion.verdict);
    int failed = 0;
    for (size_t i = 0; members[i] != NULL; i++) {
        json_t *value = json_object_get(standing, members[i]);
        failed |=
            value == NULL
                ? json_object_set_new(server, members[i],
                                      strcmp(members[i], "flags") == 0 ? json_array() : json_null())
                : json_object_set(server, members[i], value);
    }
    json_int_t count = json_integer_value(json_object_get(counts, name));
    failed |= json_object_set_new(server, "verdict", json_string(name));
    failed |= json_object_set_new(
        server, "text", conclusion.text == NULL ? json_null() : json_string(conclusion.text));
    failed |= json_object_set_new(
        server, "next", conclusion.next[0] == '\0' ? json_null() : json_string(conclusion.next));
    failed |= json_object_set_new(counts, name, json_integer(count + 1));
    return failed != 0 ? TRUST_FAIL_MEMORY : TRUST_OK;
}

static json_t *make_counts(void)
{
    json_t *counts = json_object();
    for (enum scan_verdict verdict = SCAN_WITHHELD; verdict < SCAN_VERDICT_COUNT; verdict++)
        (void)json_object_set_new(counts, scan_verdict_name(verdict), json_integer(0));
    return counts;
}

static enum trust_error judge_all(struct context *context, json_t *document)
{
    json_t *standing = NULL;
    const json_t *servers = json_object_get(document, "servers");
    json_t *counts = json_object_get(document, "counts");
    json_t *subjects = subjects_of(servers);
    enum trust_error error = scan_standing_find(context, &standing, subjects);
    json_decref(subjects);
    if (error != TRUST_OK)
        return error;
    const json_t *known = json_object_get(standing, "servers");
    double min_score = min_score_of(context);
    for (size_t i = 0; i < json_array_size(servers) && error == TRUST_OK; i++) {
        json_t *server = json_array_get(servers, i);
        const char *subject = json_string_value(json_object_get(server, "subject"));
        const json_t *row = subject == NULL ? NULL : json_object_get(known, subject);
        error = judge(server, row, counts, min_score);
    }
    (void)json_object_del(standing, "servers");
    if (error == TRUST_OK && json_object_update(document, standing) != 0)
        error = TRUST_FAIL_MEMORY;
    json_decref(standing);
    return error;
}

/* ---- the whole ---- */

/* Something bad was found, or not everything could be looked at. */
static bool has_findings(const json_t *document)
{
    const json_t *files = json_object_get(document, "files");
    const json_t *counts = json_object_get(document, "counts");
    for (size_t i = 0; i < json_array_size(files); i++) {
        if (!json_is_null(json_object_get(json_array_get(files, i), "error")))
            return true;
    }
    for (enum scan_verdict verdict = SCAN_WITHHELD; verdict < SCAN_VERDICT_COUNT; verdict++) {
        const json_t *count = json_object_get(counts, scan_verdict_name(verdict));
        if (scan_verdict_is_bad(verdict) && json_integer_value(count) > 0)
            return true;
    }
    return false;
}

static enum trust_error check_words(struct context *context,
                                    const struct command_arguments *arguments)
{
    for (size_t i = 0; i < arguments->word_count; i++) {
        if (strlen(arguments->words[i]) >= CLIENTS_PATH_SIZE)
            return context_misuse(context, TRUST_NO_SIZE, NULL, "a path is too long");
    }
    return TRUST_OK;
}

static enum trust_error run(struct context *context, const struct command_arguments *arguments)
{
    const struct command_setting *chosen = &arguments->values[CLIENT];
    const char *client = chosen->is_given ? clients_names[chosen->choice] : NULL;
    enum trust_error error = check_words(context, arguments);
    if (error != TRUST_OK)
        return error;
    json_t *document = json_pack("{s:[],s:[],s:o}", "files", "servers", "counts", make_counts());
    json_t *files = json_object_get(document, "files");
    json_t *servers = json_object_get(document, "servers");
    if (document == NULL)
        return TRUST_FAIL_MEMORY;
    error = arguments->word_count > 0 ? read_named(files, servers, arguments, client)
                                      : read_found(files, servers, client);
    if (error == TRUST_OK)
        error = judge_all(context, document);
    if (error == TRUST_OK && has_findings(document))
        context->exit_code = FAILURE_EXIT_NO;
    if (error == TRUST_OK)
        error = scan_show(&context->output, document);
    json_decref(document);
    return error;
}

const struct command scan_command = {
    .name = "scan",
    .words = "[FILE...]",
    .summary = "the servers that this host's MCP clients use, and what is known of them",
    .more = "Without FILE it reads the configurations of Claude Desktop, Claude Code, VS Code,\n"
            "Cursor and Windsurf in their usual places, and those of the working directory.\n"
            "It needs no node and no key, starts nothing, and shows no secret of these files.\n"
            "Exit code 1: a server is withheld, suspect or flagged, or a file was not read.\n",
    .most = COMMAND_WORDS_MAX,
    .options = options,
    .run = run,
};
