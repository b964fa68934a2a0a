/*
 * `repute flag import`: what a scanner found, as drafts of flags. A flag says class, severity and
 * the name of a rule, and carries the digest of the report; the scanner's words stay in the report.
 *
 * A report has no say in what it may claim: the subject is that of the server as it is started or
 * called, or the one that the operator names, and the table of its format says what each rule may
 * weigh at most.
 */
#include <errno.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/bytes.h"
#include "repute/command.h"
#include "repute/commands.h"
#include "repute/drafting.h"
#include "repute/input.h"
#include "repute/report.h"
#include "repute/shelf.h"
#include "repute/terminal.h"
#include "repute/words.h"

enum { SUBJECT, SERVER, FORMAT, MANIFEST, EXPIRES, REVIEW };

static const struct command_option options[] = {
    [SUBJECT] = {.name = "subject",
                 .kind = COMMAND_TEXT,
                 .shown = "ID",
                 .about = "the server that the report is about, where it does not say so itself"},
    [SERVER] = {.name = "server",
                .kind = COMMAND_TEXT,
                .shown = "NAME",
                .about = "only what the report says of the server that it calls so"},
    [FORMAT] = {.name = "format",
                .kind = COMMAND_CHOICE,
                .shown = "F",
                .about = "auto (the default), mcp-scan, agent-scan, cisco or sarif",
                .choices = report_formats},
    [MANIFEST] = DRAFTING_MANIFEST_OPTION,
    [EXPIRES] = DRAFTING_EXPIRES_OPTION("180d"),
    [REVIEW] = {.name = "review", .about = "show the findings, and ask before drafts are written"},
    {0},
};

static const struct output_field columns[] = {
    {"BECOMES", "verdict", OUTPUT_AS_IT_IS},
    {"DRAFT", "draft", OUTPUT_AS_IT_IS},
    {"SEVERITY", "severity", OUTPUT_AS_IT_IS},
    {"CLASS", "class", OUTPUT_AS_IT_IS},
    {"RULE", "rule", OUTPUT_AS_IT_IS},
    {"COUNT", "count", OUTPUT_AS_IT_IS},
    {"SERVER", "server", OUTPUT_AS_IT_IS},
    {"SUBJECT", "subject", OUTPUT_AS_IT_IS},
    {0},
};

/* The next step for what was left out and could be taken in; NULL: none. */
static const char *advise(enum finding_fate fate)
{
    switch (fate) {
    case FINDING_NO_SUBJECT:
        return "no_subject: name the server with --subject ID, and --server NAME if there are more";
    case FINDING_LOCAL:
        return "local: give the id that others know the server by with --subject ID";
    case FINDING_NO_VERSION:
        return "no_version: pin the version that is started, or name it with --subject ID@VERSION";
    case FINDING_RULE_NAME:
        return "rule_name: the rule's name is a text; write that one with `repute flag --rule`";
    case FINDING_UNSCANNED:
        return "unscanned: the scanner could not look there, which is no verdict; scan again";
    case FINDING_TAKEN:
    case FINDING_CONFIGURATION:
    case FINDING_NOT_SERVER:
    case FINDING_NOTICE:
    case FINDING_SUPPRESSED:
        return NULL;
    }
    return NULL;
}

/* ---- the file ---- */

struct file {
    uint8_t *bytes;
    size_t size;
};

/* All of it, or one byte more than a report may have. */
static enum trust_error read_all(struct context *context, struct file *out_file, FILE *stream,
                                 const char *path)
{
    size_t room = 1u << 16;
    struct file file = {.bytes = malloc(room)};
    while (file.bytes != NULL && file.size <= REPORT_SIZE_MAX) {
        size_t taken = fread(file.bytes + file.size, 1, room - file.size, stream);
        file.size += taken;
        if (taken == 0)
            break;
        if (file.size < room)
            continue;
        room *= 2;
        uint8_t *bytes = realloc(file.bytes, room);
        if (bytes == NULL)
            free(file.bytes);
        file.bytes = bytes;
    }
    if (file.bytes == NULL)
        return TRUST_FAIL_MEMORY;
    if (ferror(stream) != 0) {
        int code = errno;
        free(file.bytes);
        return input_refuse(context, path, code);
    }
    *out_file = file;
    return TRUST_OK;
}

static enum trust_error read_file(struct context *context, struct file *out_file, const char *path)
{
    FILE *stream = NULL;
    enum trust_error error = input_open(context, &stream, path);
    if (error != TRUST_OK)
        return error;
    error = read_all(context, out_file, stream, path);
    input_close(stream);
    return error;
}

static enum trust_error refuse_report(struct context *context, const struct report *report,
                                      enum trust_error error, const char *path)
{
    const char *next = NULL;
    if (error < TRUST_OK)
        return error;
    if (error == TRUST_NO_SIZE || error == TRUST_NO_ROOM)
        next = "scan fewer servers at a time";
    else if (error == TRUST_NO_VERSION)
        next = "let the tool write SARIF 2.1.0";
    else if (error == TRUST_NO_SYNTAX)
        next = "give what the scanner wrote on standard output alone, without its log";
    else if (error == TRUST_NO_TYPE)
        next = "name the scanner with --format";
    return context_refuse(context, error, next, "%s: %s", path, report->wrong);
}

/* ---- which server ---- */

/* Keeps what is about the server of this name. */
static enum trust_error choose_server(struct context *context, struct findings *findings,
                                      const char *typed)
{
    char name[FINDING_SERVER_SIZE];
    size_t kept = 0;
    finding_name_server(name, typed);
    for (size_t i = 0; i < findings->count; i++) {
        if (strcmp(findings->items[i].server, name) == 0)
            findings->items[kept++] = findings->items[i];
    }
    if (kept == 0)
        return context_refuse(context, TRUST_NO_FOUND, "without --server all are shown",
                              "the report says nothing of a server \"%s\"", name);
    findings->count = kept;
    return TRUST_OK;
}

static bool has_place(const struct finding *finding)
{
    return finding->fate == FINDING_TAKEN || finding->fate == FINDING_NO_SUBJECT ||
           finding->fate == FINDING_LOCAL || finding->fate == FINDING_NO_VERSION;
}

/* One id or one manifest cannot be that of two servers. */
static enum trust_error check_one_server(struct context *context, const struct findings *findings,
                                         const char *option)
{
    const struct finding *first = NULL;
    for (size_t i = 0; i < findings->count; i++) {
        const struct finding *finding = &findings->items[i];
        if (!has_place(finding))
            continue;
        if (first == NULL)
            first = finding;
        if (strcmp(first->server, finding->server) != 0 ||
            strcmp(first->subject, finding->subject) != 0)
            return context_misuse(context, TRUST_NO_CONFLICT, "choose one with --server NAME",
                                  "%s is about one server, and the report is about \"%s\" and "
                                  "\"%s\" at least",
                                  option, first->server, finding->server);
    }
    return TRUST_OK;
}

static enum trust_error name_subject(struct context *context, struct findings *findings,
                                     const char *typed)
{
    char subject[TRUST_SUBJECT_TEXT_SIZE];
    enum trust_error error = drafting_subject(context, subject, typed);
    if (error == TRUST_OK)
        error = check_one_server(context, findings, "--subject");
    if (error != TRUST_OK)
        return error;
    for (size_t i = 0; i < findings->count; i++) {
        struct finding *finding = &findings->items[i];
        if (!has_place(finding))
            continue;
        finding->fate = FINDING_TAKEN;
        memcpy(finding->subject, subject, sizeof subject);
    }
    return TRUST_OK;
}

static enum trust_error settle(struct context *context, struct report *report,
                               const struct command_setting *values)
{
    enum trust_error error = TRUST_OK;
    if (values[SERVER].is_given)
        error = choose_server(context, &report->findings, values[SERVER].text);
    if (error == TRUST_OK && values[MANIFEST].is_given)
        error = check_one_server(context, &report->findings, "--manifest");
    if (error == TRUST_OK && values[SUBJECT].is_given)
        error = name_subject(context, &report->findings, values[SUBJECT].text);
    if (error == TRUST_OK)
        finding_join(&report->findings);
    return error;
}

/* ---- drafts ---- */

struct import {
    struct context *context;
    struct report report;
    struct draft model; /* manifest, digest, life and date, which all drafts share */
    json_t *rows;
};

static struct draft make_draft(const struct import *import, const struct finding *finding)
{
    struct draft draft = import->model;
    draft.flag.severity = finding->severity;
    draft.flag.class_ = finding->class_;
    memcpy(draft.subject, finding->subject, sizeof draft.subject);
    memcpy(draft.rule, finding->rule, sizeof draft.rule);
    return draft;
}

static json_t *text_or_null(const char *text)
{
    return text[0] == '\0' ? json_null() : json_string(text);
}

static enum trust_error add_row(struct import *import, const struct finding *finding)
{
    bool has_severity = finding->severity != TRUST_SEVERITY_CLEARED;
    json_t *row = json_pack(
        "{s:s,s:n,s:o,s:s,s:o,s:I,s:o,s:o}", "verdict", finding_fate_word(finding->fate), "draft",
        "severity", has_severity ? json_string(words_severities[finding->severity]) : json_null(),
        "class", words_classes[finding->class_ - 1], "rule", text_or_null(finding->rule), "count",
        (json_int_t)finding->count, "server", text_or_null(finding->server), "subject",
        text_or_null(finding->subject));
    return json_array_append_new(import->rows, row) == 0 ? TRUST_OK : TRUST_FAIL_MEMORY;
}

/* All rows, and all drafts held against the rules of records before the first is written. */
static enum trust_error prepare(struct import *import, size_t *out_drafts)
{
    size_t drafts = 0;
    for (size_t i = 0; i < import->report.findings.count; i++) {
        const struct finding *finding = &import->report.findings.items[i];
        enum trust_error error = add_row(import, finding);
        if (error != TRUST_OK)
            return error;
        if (finding->fate != FINDING_TAKEN)
            continue;
        const struct draft draft = make_draft(import, finding);
        error = draft_check(&draft);
        if (error != TRUST_OK)
            return context_refuse(import->context, error, NULL,
                                  "%s of %s cannot be said in a record: %s", finding->rule,
                                  finding->subject, trust_error_text(error));
        drafts++;
    }
    *out_drafts = drafts;
    return TRUST_OK;
}

static enum trust_error check_room(struct context *context, size_t drafts)
{
    struct shelf shelf;
    enum trust_error error = shelf_open(context, &shelf);
    if (error != TRUST_OK)
        return error;
    size_t held = shelf.count;
    shelf_close(&shelf);
    if (held + drafts <= SHELF_DRAFTS_MAX)
        return TRUST_OK;
    return context_refuse(context, TRUST_NO_ROOM,
                          "publish or drop drafts, or take one server at a time with --server",
                          "%zu drafts and the %zu there are make more than %d", drafts, held,
                          SHELF_DRAFTS_MAX);
}

static enum trust_error write_drafts(struct import *import)
{
    const struct findings *findings = &import->report.findings;
    for (size_t i = 0; i < findings->count && findings->items[i].fate == FINDING_TAKEN; i++) {
        char id[DRAFT_ID_SIZE];
        bool replaced = false;
        const struct draft draft = make_draft(import, &findings->items[i]);
        enum trust_error error = shelf_put(import->context, &replaced, id, &draft);
        if (error != TRUST_OK)
            return error;
        if (json_object_set_new(json_array_get(import->rows, i), "draft", json_string(id)) != 0)
            return TRUST_FAIL_MEMORY;
    }
    return TRUST_OK;
}

/* The findings stand on standard output, or beside it where that is for a program. */
static enum trust_error review(struct import *import, size_t drafts)
{
    struct context *context = import->context;
    char prompt[64];
    char line[16];
    size_t size = 0;
    struct output shown = context->output;
    if (shown.form != OUTPUT_TEXT)
        shown = (struct output){.form = OUTPUT_TEXT, .out = shown.err, .err = shown.err};
    enum trust_error error = output_list(&shown, import->rows, columns, "no findings");
    if (error != TRUST_OK)
        return error;
    (void)snprintf(prompt, sizeof prompt, "Write %zu draft%s? [y/N] ", drafts,
                   drafts == 1 ? "" : "s");
    error = terminal_confirm(line, &size, sizeof line, prompt);
    if (error == TRUST_NO_FOUND)
        return context_misuse(context, TRUST_NO_OPTION,
                              "leave it out: drafts are published by nobody but you",
                              "--review: there is no terminal to ask");
    if (error < TRUST_OK)
        return error;
    if (error == TRUST_OK && (strcmp(line, "y") == 0 || strcmp(line, "yes") == 0))
        return TRUST_OK;
    return context_refuse(context, TRUST_NO_CONFLICT, NULL, "no draft is written");
}

/* ---- what came of it ---- */

static size_t count_fate(const struct findings *findings, enum finding_fate fate)
{
    size_t count = 0;
    for (size_t i = 0; i < findings->count; i++)
        count += findings->items[i].fate == fate;
    return count;
}

/* Every finding that could be a flag is one, and the scanner saw all that it was asked to see. */
static bool is_whole(const struct report *report)
{
    for (size_t i = 0; i < report->findings.count; i++) {
        if (advise(report->findings.items[i].fate) != NULL)
            return false;
    }
    return report->scanned > 0;
}

static void say_next(const struct import *import, size_t drafts)
{
    const struct output *output = &import->context->output;
    const struct report *report = &import->report;
    for (int fate = FINDING_NO_SUBJECT; fate <= FINDING_SUPPRESSED; fate++) {
        const char *advice = advise((enum finding_fate)fate);
        if (advice != NULL && count_fate(&report->findings, (enum finding_fate)fate) > 0)
            output_say(output, "%s\n", advice);
    }
    if (report->scanned == 0)
        output_say(output, "The report has no verdict on any server: that is no clean one.\n");
    if (drafts > 0)
        output_say(output, "next: `repute publish` signs and sends all drafts\n");
}

static enum trust_error show(struct import *import, size_t drafts)
{
    const struct output *output = &import->context->output;
    const struct report *report = &import->report;
    char hex[65];
    if (!is_whole(report))
        import->context->exit_code = FAILURE_EXIT_NO;
    if (output->form != OUTPUT_JSON) {
        enum trust_error error = output_list(output, import->rows, columns, "no findings");
        output_say(output, "\n%zu drafts, %zu left out\n", drafts, report->findings.count - drafts);
        say_next(import, drafts);
        return error;
    }
    (void)sodium_bin2hex(hex, sizeof hex, import->model.flag.output_digest, 32);
    json_t *document = json_pack(
        "{s:s,s:s,s:I,s:I,s:I,s:I,s:O}", "format", report_formats[report->format], "output", hex,
        "scanned", (json_int_t)report->scanned, "drafts", (json_int_t)drafts, "left_out",
        (json_int_t)(report->findings.count - drafts), "unscanned",
        (json_int_t)count_fate(&report->findings, FINDING_UNSCANNED), "findings", import->rows);
    if (document == NULL)
        return TRUST_FAIL_MEMORY;
    enum trust_error error = output_json(output, document);
    json_decref(document);
    return error;
}

/* ---- the whole ---- */

static enum trust_error make_model(struct context *context, struct draft *out_model,
                                   const struct command_setting *values, struct trust_bytes text)
{
    struct draft model = {.kind = TRUST_KIND_FLAG,
                          .created_s = context_now_ms() / 1000,
                          .life_s = values[EXPIRES].is_given
                                        ? values[EXPIRES].whole / DRAFTING_SECOND_MS
                                        : DRAFTING_HALF_YEAR_S};
    (void)crypto_generichash(model.flag.output_digest, sizeof model.flag.output_digest, text.data,
                             text.size, NULL, 0);
    enum trust_error error = drafting_manifest(context, &model, &values[MANIFEST]);
    if (error == TRUST_OK)
        *out_model = model;
    return error;
}

static enum trust_error draft_findings(struct import *import, bool wants_review)
{
    size_t drafts = 0;
    enum trust_error error = prepare(import, &drafts);
    if (error == TRUST_OK && drafts > 0)
        error = check_room(import->context, drafts);
    if (error == TRUST_OK && wants_review && drafts > 0)
        error = review(import, drafts);
    if (error == TRUST_OK)
        error = write_drafts(import);
    return error == TRUST_OK ? show(import, drafts) : error;
}

static enum trust_error run(struct context *context, const struct command_arguments *arguments)
{
    const struct command_setting *values = arguments->values;
    struct import import = {.context = context, .rows = json_array()};
    struct file file = {0};
    const char *path = arguments->words[0];
    enum trust_error error = import.rows == NULL ? TRUST_FAIL_MEMORY : TRUST_OK;
    if (error == TRUST_OK)
        error = read_file(context, &file, path);
    const struct trust_bytes text = {.data = file.bytes, .size = file.size};
    if (error == TRUST_OK)
        error = make_model(context, &import.model, values, text);
    if (error == TRUST_OK) {
        error = report_read(&import.report, (enum report_format)values[FORMAT].choice, text);
        if (error != TRUST_OK)
            error = refuse_report(context, &import.report, error, path);
    }
    if (error == TRUST_OK)
        error = settle(context, &import.report, values);
    if (error == TRUST_OK)
        error = draft_findings(&import, values[REVIEW].is_given);
    report_close(&import.report);
    free(file.bytes);
    json_decref(import.rows);
    return error;
}

const struct command flag_import_command = {
    .name = "flag import",
    .words = "FILE",
    .summary = "write drafts: what a scanner's report says about servers",
    .more = "FILE is the report of npm mcp-scan, Snyk agent-scan or Cisco mcp-scanner in JSON, or\n"
            "SARIF 2.1.0 of any tool; - reads standard input. Each finding about a server becomes\n"
            "one draft, as severe as its rule may be (docs/reference/scanners.md); nothing of the\n"
            "report's text goes along. What is left out is listed with the reason. The exit code\n"
            "is 1 if a finding could not be taken, or if the scanner could not look.\n",
    .least = 1,
    .most = 1,
    .options = options,
    .run = run,
};
