/*
 * Subjects: which form a text has, and the one text of a server. Two texts for one server would
 * split its reputation, one text for two would let the second take the first's: so every form has
 * exactly one accepted spelling, and canonical() is the only place that bends what people type.
 */
#include "trust/subject.h"

#include <sodium.h>
#include <string.h>

#include "base/assert.h"
#include "base/limits.h"
#include "base/writer.h"
#include "record/charset.h"
#include "record/package.h"
#include "record/registry.h"
#include "record/url.h"

#define ARTIFACT_PREFIX "sha256:"
#define ARTIFACT_SIZE (sizeof ARTIFACT_PREFIX - 1 + 64)

/* Longest text that a person may type: what it is cut down from is bounded too. */
#define TYPED_SIZE_MAX 1024u

static_assert(TRUST_SUBJECT_TEXT_SIZE == TRUST_SUBJECT_SIZE_MAX + 1, "the text has a final NUL");

static bool begins(struct trust_bytes text, const char *prefix, size_t size)
{
    return text.size > size && memcmp(text.data, prefix, size) == 0;
}

/* text begins with its prefix. */
static bool parse_artifact(struct trust_subject *out_subject, struct trust_bytes text)
{
    if (text.size != ARTIFACT_SIZE)
        return false;
    for (size_t i = sizeof ARTIFACT_PREFIX - 1; i < text.size; i++) {
        uint8_t c = text.data[i];
        if (!(trust_charset_has(TRUST_CHARSET_DIGIT, c) || (c >= 'a' && c <= 'f')))
            return false;
    }
    *out_subject =
        (struct trust_subject){.text = text, .server = text, .form = TRUST_SUBJECT_ARTIFACT};
    return true;
}

static bool parse(struct trust_subject *out_subject, struct trust_bytes text)
{
    if (text.size > TRUST_SUBJECT_SIZE_MAX)
        return false;
    if (begins(text, "mcp:", 4))
        return trust_registry_parse(out_subject, text);
    if (begins(text, "pkg:", 4))
        return trust_package_parse(out_subject, text);
    if (begins(text, "https://", 8))
        return trust_url_parse(out_subject, text, TRUST_URL_HTTPS);
    if (begins(text, ARTIFACT_PREFIX, sizeof ARTIFACT_PREFIX - 1))
        return parse_artifact(out_subject, text);
    if (begins(text, "http://", 7))
        return trust_url_parse(out_subject, text, TRUST_URL_HTTP);
    return false;
}

enum trust_error trust_subject_parse(struct trust_subject *out_subject, struct trust_bytes text)
{
    return parse(out_subject, text) ? TRUST_OK : TRUST_NO_SUBJECT;
}

static bool canonical_artifact(struct trust_writer *writer, struct trust_bytes digest)
{
    trust_writer_put(writer, trust_bytes_text(ARTIFACT_PREFIX));
    for (size_t i = 0; i < digest.size; i++)
        trust_writer_put_be(writer, trust_charset_fold(digest.data[i]), 1);
    return true;
}

static bool canonical(struct trust_writer *writer, struct trust_bytes text)
{
    if (trust_charset_has_prefix(text, "mcp:"))
        return trust_registry_canonical(writer, trust_bytes_cut(text, 4, text.size));
    if (trust_charset_has_prefix(text, "pkg:"))
        return trust_package_canonical(writer, trust_bytes_cut(text, 4, text.size));
    if (trust_charset_has_prefix(text, "https://"))
        return trust_url_canonical(writer, trust_bytes_cut(text, 8, text.size), TRUST_URL_HTTPS);
    if (trust_charset_has_prefix(text, ARTIFACT_PREFIX))
        return canonical_artifact(writer, trust_bytes_cut(text, 7, text.size));
    if (trust_charset_has_prefix(text, "http://"))
        return trust_url_canonical(writer, trust_bytes_cut(text, 7, text.size), TRUST_URL_HTTP);
    return false;
}

enum trust_error trust_subject_canonical(char out_text[TRUST_SUBJECT_TEXT_SIZE],
                                         struct trust_bytes text)
{
    uint8_t scratch[TYPED_SIZE_MAX];
    struct trust_writer writer = trust_writer_init(scratch, sizeof scratch);
    if (text.size > TYPED_SIZE_MAX || !canonical(&writer, text) ||
        trust_writer_has_overflowed(&writer))
        return TRUST_NO_SUBJECT;
    struct trust_bytes written = trust_writer_bytes(&writer);
    struct trust_subject subject;
    if (!parse(&subject, written))
        return TRUST_NO_SUBJECT;
    memcpy(out_text, written.data, written.size);
    out_text[written.size] = '\0';
    return TRUST_OK;
}

bool trust_subject_is_signable(const struct trust_subject *subject)
{
    return subject->form != TRUST_SUBJECT_LOOPBACK;
}

void trust_subject_digest(uint8_t out_digest[32], const struct trust_subject *subject)
{
    int failed =
        crypto_generichash(out_digest, 32, subject->server.data, subject->server.size, NULL, 0);
    assert(failed == 0);
}
