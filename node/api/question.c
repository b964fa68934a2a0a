/* See question.h. */
#include "node/api/question.h"

#include "base/assert.h"
#include "base/bytes.h"
#include "node/api/body.h"

bool question_read(struct api_call *call, struct question *out_question)
{
    assert(call->request.segment_count > 2);
    const char *subject = call->request.segments[2];
    const char *manifest = api_request_param(&call->request, "manifest");
    *out_question = (struct question){.asked = {.subject = trust_bytes_text(subject)}};
    if (!api_check_subject(call, "id", subject))
        return false;
    if (manifest == NULL)
        return true;
    out_question->asked.manifest =
        (struct trust_bytes){.data = out_question->manifest, .size = sizeof out_question->manifest};
    return api_check_hex(call, "manifest", manifest, out_question->manifest,
                         sizeof out_question->manifest);
}
