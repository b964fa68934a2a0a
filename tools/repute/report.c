/*
 * See report.h. A pass over the text counts what the parser would build before it builds anything:
 * "[[[[..." costs a byte in the file and hundreds in memory.
 */
#include "repute/report.h"

#include <stdio.h>
#include <string.h>

#include "base/bytes.h"
#include "repute/report_part.h"

const char *const report_formats[] = {"auto", "mcp-scan", "agent-scan", "cisco", "sarif", NULL};

/* ---- the text ---- */

struct scan {
    size_t at;
    size_t line;
    size_t line_start;
    uint32_t depth;
    uint32_t containers;
    uint32_t values;
    bool is_in_text;
};

/* What is over its bound, or NULL. */
static const char *step(struct scan *scan, uint8_t c)
{
    if (c == '\n') {
        scan->line++;
        scan->line_start = scan->at + 1;
    }
    if (scan->is_in_text) {
        scan->at += c == '\\';
        scan->is_in_text = c != '"';
        return NULL;
    }
    scan->is_in_text = c == '"';
    if (c == '[' || c == '{') {
        scan->depth++;
        scan->containers++;
    }
    if ((c == ']' || c == '}') && scan->depth > 0)
        scan->depth--;
    scan->values += c == ',' || c == '[' || c == '{';
    if (scan->depth > REPORT_DEPTH_MAX)
        return "nested too deeply";
    if (scan->containers > REPORT_CONTAINERS_MAX || scan->values > REPORT_VALUES_MAX)
        return "too many values";
    return NULL;
}

static enum trust_error check_bounds(struct report *report, struct trust_bytes text)
{
    struct scan scan = {.line = 1};
    if (text.size > REPORT_SIZE_MAX) {
        (void)snprintf(report->wrong, sizeof report->wrong, "longer than %zu bytes",
                       REPORT_SIZE_MAX);
        return TRUST_NO_SIZE;
    }
    for (; scan.at < text.size; scan.at++) {
        const char *wrong = step(&scan, text.data[scan.at]);
        if (wrong == NULL)
            continue;
        (void)snprintf(report->wrong, sizeof report->wrong, "%zu:%zu: %s", scan.line,
                       scan.at - scan.line_start + 1, wrong);
        return TRUST_NO_SIZE;
    }
    return TRUST_OK;
}

/* The parser's own message would quote the report. */
static const char *describe(enum json_error_code code)
{
    if (code == json_error_premature_end_of_input)
        return "it ends too early";
    if (code == json_error_end_of_input_expected)
        return "more stands behind its end";
    if (code == json_error_invalid_utf8)
        return "not UTF-8";
    if (code == json_error_null_character)
        return "a NUL in a text";
    if (code == json_error_duplicate_key)
        return "a member that is there twice";
    if (code == json_error_numeric_overflow)
        return "a number that is too large";
    return "no JSON";
}

static enum trust_error parse(struct report *report, json_t **out_document, struct trust_bytes text)
{
    json_error_t error;
    enum trust_error verdict = check_bounds(report, text);
    if (verdict != TRUST_OK)
        return verdict;
    *out_document = json_loadb((const char *)text.data, text.size, JSON_REJECT_DUPLICATES, &error);
    if (*out_document != NULL)
        return TRUST_OK;
    if (json_error_code(&error) == json_error_out_of_memory)
        return TRUST_FAIL_MEMORY;
    (void)snprintf(report->wrong, sizeof report->wrong, "%d:%d: %s", error.line, error.column,
                   describe(json_error_code(&error)));
    return TRUST_NO_SYNTAX;
}

/* ---- the formats ---- */

/* Whether each value of an object is a result of agent-scan for the path that is its key. */
static bool is_by_path(json_t *document)
{
    const char *path = NULL;
    json_t *result = NULL;
    json_object_foreach(document, path, result)
    {
        if (json_object_get(result, "path") == NULL && json_object_get(result, "servers") == NULL)
            return false;
    }
    return json_object_size(document) > 0;
}

static enum report_format recognise(json_t *document)
{
    const json_t *first = json_array_get(document, 0);
    if (json_object_get(document, "runs") != NULL)
        return REPORT_SARIF;
    if (json_object_get(document, "scan_path_responses") != NULL)
        return REPORT_AGENT_SCAN;
    if (json_object_get(document, "scan_results") != NULL)
        return REPORT_CISCO;
    if (json_object_get(document, "results") != NULL &&
        json_object_get(document, "totalScanned") != NULL)
        return REPORT_MCP_SCAN;
    if (json_object_get(first, "status") != NULL && json_object_get(first, "findings") != NULL)
        return REPORT_CISCO;
    return is_by_path(document) ? REPORT_AGENT_SCAN : REPORT_AUTO;
}

static enum trust_error read_as(struct report *report, json_t *document)
{
    switch (report->format) {
    case REPORT_AUTO:
        return report_wrong(report, NULL, "no report of a scanner that is known");
    case REPORT_MCP_SCAN:
        return report_mcp_scan_read(report, document);
    case REPORT_AGENT_SCAN:
        return report_agent_scan_read(report, document);
    case REPORT_CISCO:
        return report_cisco_read(report, document);
    case REPORT_SARIF:
        return report_sarif_read(report, document);
    }
    return TRUST_NO_TYPE;
}

enum trust_error report_read(struct report *out_report, enum report_format format,
                             struct trust_bytes text)
{
    static const uint8_t mark[] = {0xef, 0xbb, 0xbf};
    json_t *document = NULL;
    *out_report = (struct report){.format = format, .place = "the document"};
    if (text.size >= sizeof mark && memcmp(text.data, mark, sizeof mark) == 0)
        text =
            (struct trust_bytes){.data = text.data + sizeof mark, .size = text.size - sizeof mark};
    enum trust_error error = parse(out_report, &document, text);
    if (error != TRUST_OK)
        return error;
    if (format == REPORT_AUTO)
        out_report->format = recognise(document);
    error = read_as(out_report, document);
    if (error == TRUST_NO_ROOM)
        (void)snprintf(out_report->wrong, sizeof out_report->wrong, "more than %d findings",
                       FINDING_COUNT_MAX);
    json_decref(document);
    return error;
}

void report_close(struct report *report)
{
    finding_free(&report->findings);
}
