/* Any bytes as a subject: what parses is exactly what canonical() leaves as it is, and what
 * canonical() makes is canonical. */
#include "trust/subject.h"

#include "base/assert.h"
#include "base/bytes.h"
#include "fuzz.h"

/* canonical() of a canonical text is that text, and it parses into parts that lie within. */
static void check_fixed_point(const char *text)
{
    char again[TRUST_SUBJECT_TEXT_SIZE];
    enum trust_error error = trust_subject_canonical(again, trust_bytes_text(text));
    assert(error == TRUST_OK);
    int difference = strcmp(again, text);
    assert(difference == 0);
    struct trust_subject subject;
    error = trust_subject_parse(&subject, trust_bytes_text(text));
    assert(error == TRUST_OK);
    assert(subject.server.data == (const uint8_t *)text);
    assert(subject.server.size > 0);
    assert(subject.server.size <= strlen(text));
    size_t parts = subject.server.size + (subject.version.size > 0 ? 1 : 0) + subject.version.size;
    assert(parts == strlen(text));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct trust_bytes text = {.data = data, .size = size};
    struct trust_subject subject;
    char canonical[TRUST_SUBJECT_TEXT_SIZE];
    bool parses = trust_subject_parse(&subject, text) == TRUST_OK;
    bool has_form = trust_subject_canonical(canonical, text) == TRUST_OK;
    assert(has_form || !parses);
    if (!has_form)
        return 0;
    bool is_same = trust_bytes_equal(text, trust_bytes_text(canonical));
    assert(parses == is_same);
    check_fixed_point(canonical);
    return 0;
}
