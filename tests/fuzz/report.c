/*
 * Reports of scanners, in the format that their members tell and in each of the others. Whatever
 * comes in, what becomes a draft can be signed.
 */
#include "repute/report.h"

#include <string.h>

#include "base/assert.h"
#include "base/bytes.h"
#include "fuzz.h"
#include "repute/draft.h"

static void check_draft(const struct finding *finding)
{
    struct draft draft = {.kind = TRUST_KIND_FLAG, .created_s = 1800000000, .life_s = 1};
    draft.flag.severity = finding->severity;
    draft.flag.class_ = finding->class_;
    memcpy(draft.subject, finding->subject, sizeof draft.subject);
    memcpy(draft.rule, finding->rule, sizeof draft.rule);
    enum trust_error error = draft_check(&draft);
    assert(error == TRUST_OK);
    assert(finding->severity != TRUST_SEVERITY_CLEARED);
}

static void check_report(struct report *report)
{
    size_t before = report->findings.count;
    uint64_t count = 0;
    finding_join(&report->findings);
    assert(report->findings.count <= before);
    for (size_t i = 0; i < report->findings.count; i++) {
        const struct finding *finding = &report->findings.items[i];
        count += finding->count;
        for (const char *at = finding->server; *at != '\0'; at++)
            assert(*at >= ' ' && *at <= '~');
        if (finding->fate == FINDING_TAKEN)
            check_draft(finding);
    }
    assert(count == before);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const struct trust_bytes text = {.data = data, .size = size};
    for (int format = REPORT_AUTO; format <= REPORT_SARIF; format++) {
        struct report report;
        enum trust_error error = report_read(&report, (enum report_format)format, text);
        if (error == TRUST_OK)
            check_report(&report);
        else
            assert(error < TRUST_OK || report.wrong[0] != '\0');
        report_close(&report);
    }
    return 0;
}
