/* See registry.h. */
#include "record/registry.h"

#include "base/limits.h"
#include "record/charset.h"
#include "record/version.h"

#define PREFIX_SIZE 4u /* "mcp:" */

#define NAMESPACE_SET                                                                              \
    (TRUST_CHARSET_LOWER | TRUST_CHARSET_DIGIT | TRUST_CHARSET_DOT | TRUST_CHARSET_HYPHEN)
#define NAME_SET                                                                                   \
    (TRUST_CHARSET_ALNUM | TRUST_CHARSET_DOT | TRUST_CHARSET_UNDERSCORE | TRUST_CHARSET_HYPHEN)
#define VERSION_SET (NAME_SET | TRUST_CHARSET_PLUS)

bool trust_registry_parse(struct trust_subject *out_subject, struct trust_bytes text)
{
    size_t slash = trust_charset_span(NAMESPACE_SET, text, PREFIX_SIZE);
    if (slash == PREFIX_SIZE || slash == text.size || text.data[slash] != '/')
        return false;
    size_t end = trust_charset_span(NAME_SET, text, slash + 1);
    if (end == slash + 1)
        return false;
    struct trust_bytes version = {0};
    if (end < text.size) {
        version = trust_bytes_cut(text, end + 1, text.size);
        if (text.data[end] != '@' || version.size == 0 || version.size > TRUST_VERSION_SIZE_MAX ||
            !trust_charset_covers(VERSION_SET, version) || !trust_version_is_exact(version))
            return false;
    }
    *out_subject = (struct trust_subject){.text = text,
                                          .server = trust_bytes_cut(text, 0, end),
                                          .version = version,
                                          .form = TRUST_SUBJECT_REGISTRY};
    return true;
}

bool trust_registry_canonical(struct trust_writer *writer, struct trust_bytes name)
{
    trust_writer_put(writer, trust_bytes_text("mcp:"));
    size_t at = 0;
    for (; at < name.size && name.data[at] != '/'; at++)
        trust_writer_put_be(writer, trust_charset_fold(name.data[at]), 1);
    trust_writer_put(writer, trust_bytes_cut(name, at, name.size));
    return true;
}
