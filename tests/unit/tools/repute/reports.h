/* Reports as the tests write them, and their findings as lines. */
#ifndef TESTS_TOOLS_REPUTE_REPORTS_H
#define TESTS_TOOLS_REPUTE_REPORTS_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "repute/report.h"
#include "repute/words.h"

/* Reads a document in the notation of JSON with single quotes. */
static inline enum trust_error reports_read(struct report *out_report, enum report_format format,
                                            const char *quoted)
{
    size_t size = strlen(quoted);
    uint8_t *text = malloc(size + 1);
    assert_non_null(text);
    for (size_t i = 0; i < size; i++)
        text[i] = (uint8_t)(quoted[i] == '\'' ? '"' : quoted[i]);
    enum trust_error error =
        report_read(out_report, format, (struct trust_bytes){.data = text, .size = size});
    free(text);
    return error;
}

/* "draft high injection mcp-scan.x search pkg:npm/x 1": fate, severity, class, rule, server,
 * subject, count; "-" for what is not there. */
static inline void reports_line(char out_line[512], const struct finding *finding)
{
    (void)snprintf(out_line, 512, "%s %s %s %s %s %s %u", finding_fate_word(finding->fate),
                   words_severities[finding->severity], words_classes[finding->class_ - 1],
                   finding->rule[0] == '\0' ? "-" : finding->rule,
                   finding->server[0] == '\0' ? "-" : finding->server,
                   finding->subject[0] == '\0' ? "-" : finding->subject, finding->count);
}

/* Joins the findings and holds them against NULL-terminated lines. */
static inline void reports_expect(struct report *report, const char *const *lines)
{
    char line[512];
    size_t i = 0;
    finding_join(&report->findings);
    for (; i < report->findings.count && lines[i] != NULL; i++) {
        reports_line(line, &report->findings.items[i]);
        assert_string_equal(line, lines[i]);
    }
    assert_int_equal(report->findings.count, i);
    assert_null(lines[i]);
}

/* A report that is good: its findings, and on how many the scanner has a verdict. */
static inline void reports_check(enum report_format format, const char *quoted, uint32_t scanned,
                                 const char *const *lines)
{
    struct report report;
    enum trust_error error = reports_read(&report, format, quoted);
    if (error != TRUST_OK)
        fail_msg("%s", report.wrong);
    reports_expect(&report, lines);
    assert_int_equal(report.scanned, scanned);
    report_close(&report);
}

/* A report that is refused, and what is said of it. */
static inline void reports_refuse(enum report_format format, const char *quoted,
                                  enum trust_error wanted, const char *wrong)
{
    struct report report;
    assert_int_equal(reports_read(&report, format, quoted), wanted);
    assert_string_equal(report.wrong, wrong);
    report_close(&report);
}

#endif
