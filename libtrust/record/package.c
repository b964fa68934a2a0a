/*
 * See package.h. Which types have rules of their own is part of the protocol: two nodes that read
 * one text differently could not agree on its records.
 *
 *   npm       lower case as npm demands since 2014; an upper-case name is another, older package
 *             and is refused, never folded
 *   pypi      PEP 503: lower case, runs of "-", "_" and "." are one "-"
 *   oci       begins with its image registry, since the same path elsewhere is another image
 *   docker    refused: the oci form names the same image
 *   hosting   and registries without case (the table below): lower case
 */
#include "record/package.h"

#include "base/limits.h"
#include "record/charset.h"
#include "record/host.h"
#include "record/percent.h"
#include "record/version.h"

#define PREFIX_SIZE 4u /* "pkg:" */

/* What stands bare in a name or version: purl leaves the colon as it is. */
#define BARE_SET (TRUST_CHARSET_UNRESERVED | TRUST_CHARSET_COLON)
#define TYPE_SET                                                                                   \
    (TRUST_CHARSET_LOWER | TRUST_CHARSET_DIGIT | TRUST_CHARSET_DOT | TRUST_CHARSET_HYPHEN)
#define LOWER_ALNUM_SET (TRUST_CHARSET_LOWER | TRUST_CHARSET_DIGIT)
#define NPM_SET                                                                                    \
    (LOWER_ALNUM_SET | TRUST_CHARSET_HYPHEN | TRUST_CHARSET_DOT | TRUST_CHARSET_UNDERSCORE |       \
     TRUST_CHARSET_TILDE)
#define OCI_SET                                                                                    \
    (LOWER_ALNUM_SET | TRUST_CHARSET_HYPHEN | TRUST_CHARSET_DOT | TRUST_CHARSET_UNDERSCORE)
#define TAG_SET                                                                                    \
    (TRUST_CHARSET_ALNUM | TRUST_CHARSET_HYPHEN | TRUST_CHARSET_DOT | TRUST_CHARSET_UNDERSCORE)

static const char *const caseless_types[] = {"bitbucket", "cargo", "composer", "github",
                                             "gitlab",    "hex",   "nuget"};

/* A package URL cut at its separators. path is namespace and name. */
struct parts {
    struct trust_bytes type;
    struct trust_bytes path;
    struct trust_bytes version;
    bool has_version;
};

static bool split(struct parts *out_parts, struct trust_bytes rest)
{
    size_t slash = trust_charset_find(rest, 0, '/');
    if (slash == rest.size)
        return false;
    size_t last_slash = trust_charset_find_last(rest, '/');
    size_t at = trust_charset_find_last(rest, '@');
    /* The "@" of a scope stands before the last slash: it separates no version. */
    bool has_version = at != rest.size && at > last_slash;
    size_t end = has_version ? at : rest.size;
    *out_parts = (struct parts){.type = trust_bytes_cut(rest, 0, slash),
                                .path = trust_bytes_cut(rest, slash + 1, end),
                                .has_version = has_version};
    if (has_version)
        out_parts->version = trust_bytes_cut(rest, at + 1, rest.size);
    return true;
}

static bool is_type(struct trust_bytes type)
{
    return type.size > 0 && trust_charset_has(TRUST_CHARSET_LOWER, type.data[0]) &&
           trust_charset_covers(TYPE_SET, type) && !trust_charset_is_word(type, "docker");
}

static bool is_caseless(struct trust_bytes type)
{
    for (size_t i = 0; i < sizeof caseless_types / sizeof *caseless_types; i++) {
        if (trust_charset_is_word(type, caseless_types[i]))
            return true;
    }
    return false;
}

/* Cuts the next segment of path off at *at; false at the end. */
static bool next_segment(struct trust_bytes path, size_t *at, struct trust_bytes *out_segment)
{
    if (*at > path.size)
        return false;
    size_t to = trust_charset_find(path, *at, '/');
    *out_segment = trust_bytes_cut(path, *at, to);
    *at = to + 1;
    return true;
}

static bool is_segment(struct trust_bytes segment)
{
    return segment.size > 0 && !trust_bytes_equal(segment, trust_bytes_text(".")) &&
           !trust_bytes_equal(segment, trust_bytes_text("..")) &&
           trust_percent_is_normal(segment, BARE_SET);
}

static bool has_upper(struct trust_bytes segment)
{
    for (size_t i = 0; i < segment.size; i++) {
        if (segment.data[i] == '%')
            i += 2;
        else if (trust_charset_has(TRUST_CHARSET_UPPER, segment.data[i]))
            return true;
    }
    return false;
}

static bool is_plain_path(struct trust_bytes path, bool caseless)
{
    struct trust_bytes segment;
    for (size_t at = 0; next_segment(path, &at, &segment);) {
        if (!is_segment(segment) || (caseless && has_upper(segment)))
            return false;
    }
    return true;
}

static bool is_npm_name(struct trust_bytes name)
{
    return name.size > 0 && name.data[0] != '.' && name.data[0] != '_' &&
           trust_charset_covers(NPM_SET, name);
}

static bool is_npm_path(struct trust_bytes path)
{
    size_t slash = trust_charset_find_last(path, '/');
    if (slash == path.size)
        return is_npm_name(path);
    struct trust_bytes scope = trust_bytes_cut(path, 0, slash);
    return scope.size > 3 && memcmp(scope.data, "%40", 3) == 0 &&
           is_npm_name(trust_bytes_cut(scope, 3, scope.size)) &&
           is_npm_name(trust_bytes_cut(path, slash + 1, path.size));
}

static bool is_pypi_path(struct trust_bytes path)
{
    if (path.size == 0 || path.data[0] == '-' || path.data[path.size - 1] == '-')
        return false;
    for (size_t i = 0; i < path.size; i++) {
        bool is_double = path.data[i] == '-' && path.data[i - 1] == '-';
        if (is_double || !trust_charset_has(LOWER_ALNUM_SET | TRUST_CHARSET_HYPHEN, path.data[i]))
            return false;
    }
    return true;
}

static bool is_docker_hub_alias(struct trust_bytes host)
{
    return trust_charset_is_word(host, "index.docker.io") ||
           trust_charset_is_word(host, "registry-1.docker.io");
}

static bool is_oci_path(struct trust_bytes path)
{
    size_t at = 0;
    struct trust_bytes host;
    struct trust_bytes segment;
    enum trust_host_reach reach = TRUST_HOST_PRIVATE;
    if (!next_segment(path, &at, &host) || !trust_host_parse(&reach, host, 443) ||
        reach != TRUST_HOST_PUBLIC || is_docker_hub_alias(host))
        return false;
    unsigned count = 0;
    for (; next_segment(path, &at, &segment); count++) {
        if (segment.size == 0 || !trust_charset_covers(OCI_SET, segment) ||
            !trust_charset_has(LOWER_ALNUM_SET, segment.data[0]) ||
            !trust_charset_has(LOWER_ALNUM_SET, segment.data[segment.size - 1]))
            return false;
    }
    /* Docker Hub writes "library/" for names of one part. */
    return count >= (trust_charset_is_word(host, "docker.io") ? 2 : 1);
}

static bool is_path(struct trust_bytes type, struct trust_bytes path)
{
    if (trust_charset_is_word(type, "npm"))
        return is_npm_path(path);
    if (trust_charset_is_word(type, "pypi"))
        return is_pypi_path(path);
    if (trust_charset_is_word(type, "oci"))
        return is_oci_path(path);
    return is_plain_path(path, is_caseless(type));
}

static bool is_digest(struct trust_bytes version)
{
    if (version.size != 7 + 64 || memcmp(version.data, "sha256:", 7) != 0)
        return false;
    for (size_t i = 7; i < version.size; i++) {
        uint8_t c = version.data[i];
        if (!(trust_charset_has(TRUST_CHARSET_DIGIT, c) || (c >= 'a' && c <= 'f')))
            return false;
    }
    return true;
}

static bool is_version(struct trust_bytes type, struct trust_bytes version)
{
    bool is_oci = trust_charset_is_word(type, "oci");
    if (is_oci && is_digest(version))
        return true;
    if (version.size == 0 || version.size > TRUST_VERSION_SIZE_MAX ||
        !trust_percent_is_normal(version, BARE_SET) || !trust_version_is_exact(version))
        return false;
    if (is_oci)
        return trust_charset_covers(TAG_SET, version) && version.data[0] != '.' &&
               version.data[0] != '-';
    /* An npm version starts with a number; anything else is a tag that moves. */
    return !trust_charset_is_word(type, "npm") ||
           trust_charset_has(TRUST_CHARSET_DIGIT, version.data[0]);
}

bool trust_package_parse(struct trust_subject *out_subject, struct trust_bytes text)
{
    struct parts parts;
    if (!split(&parts, trust_bytes_cut(text, PREFIX_SIZE, text.size)) || !is_type(parts.type) ||
        !is_path(parts.type, parts.path) ||
        (parts.has_version && !is_version(parts.type, parts.version)))
        return false;
    size_t server = text.size - (parts.has_version ? parts.version.size + 1 : 0);
    *out_subject = (struct trust_subject){.text = text,
                                          .server = trust_bytes_cut(text, 0, server),
                                          .version = parts.version,
                                          .form = TRUST_SUBJECT_PACKAGE};
    return true;
}

static void fold(struct trust_writer *writer, size_t from)
{
    for (size_t i = from; i < writer->size; i++) {
        if (writer->data[i] == '%')
            i += 2;
        else
            writer->data[i] = trust_charset_fold(writer->data[i]);
    }
}

/* PEP 503, in place behind from. */
static void fold_pypi(struct trust_writer *writer, size_t from)
{
    fold(writer, from);
    size_t to = from;
    bool in_run = false;
    for (size_t i = from; i < writer->size; i++) {
        bool is_separator = trust_charset_has(
            TRUST_CHARSET_HYPHEN | TRUST_CHARSET_UNDERSCORE | TRUST_CHARSET_DOT, writer->data[i]);
        if (!(is_separator && in_run))
            writer->data[to++] = is_separator ? '-' : writer->data[i];
        in_run = is_separator;
    }
    writer->size = to;
}

/* The image registry; behind Docker Hub's also the "library" that it leaves out. */
static bool canonical_oci_host(struct trust_writer *writer, struct trust_bytes *path)
{
    size_t slash = trust_charset_find(*path, 0, '/');
    size_t start = writer->size;
    if (slash == path->size || !trust_host_canonical(writer, trust_bytes_cut(*path, 0, slash), 443))
        return false;
    struct trust_bytes host = trust_bytes_cut(trust_writer_bytes(writer), start, writer->size);
    bool is_short = trust_charset_find_last(*path, '/') == slash;
    trust_writer_put(writer, trust_bytes_text("/"));
    if (trust_charset_is_word(host, "docker.io") && is_short)
        trust_writer_put(writer, trust_bytes_text("library/"));
    *path = trust_bytes_cut(*path, slash + 1, path->size);
    return true;
}

static bool canonical_path(struct trust_writer *writer, struct trust_bytes path)
{
    struct trust_bytes segment;
    for (size_t at = 0; next_segment(path, &at, &segment);) {
        if (!trust_percent_normalise(writer, segment, BARE_SET))
            return false;
        if (at <= path.size)
            trust_writer_put(writer, trust_bytes_text("/"));
    }
    return true;
}

bool trust_package_canonical(struct trust_writer *writer, struct trust_bytes rest)
{
    struct parts parts;
    if (!split(&parts, rest))
        return false;
    trust_writer_put(writer, trust_bytes_text("pkg:"));
    trust_writer_put(writer, parts.type);
    fold(writer, 0);
    trust_writer_put(writer, trust_bytes_text("/"));
    size_t start = writer->size;
    if (trust_charset_is_word(parts.type, "oci") && !canonical_oci_host(writer, &parts.path))
        return false;
    if (!canonical_path(writer, parts.path))
        return false;
    if (trust_charset_is_word(parts.type, "pypi"))
        fold_pypi(writer, start);
    if (is_caseless(parts.type))
        fold(writer, start);
    if (!parts.has_version)
        return true;
    trust_writer_put(writer, trust_bytes_text("@"));
    return trust_percent_normalise(writer, parts.version, BARE_SET);
}
