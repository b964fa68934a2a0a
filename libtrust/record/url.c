/*
 * See url.h. Where RFC 3986 would keep two texts apart that one host can hardly serve apart
 * ("%40" and "@", "=" and "%3D" in a path), they are one here: both belong to the same host, so
 * nothing can be hijacked, and a reputation cannot be split.
 */
#include "record/url.h"

#include "record/charset.h"
#include "record/host.h"
#include "record/percent.h"

/* What stands bare in a path: of RFC 3986's pchar, what the alphabet of subjects has. */
#define PATH_SET                                                                                   \
    (TRUST_CHARSET_UNRESERVED | TRUST_CHARSET_COLON | TRUST_CHARSET_AT | TRUST_CHARSET_PLUS)

static size_t find_slash(struct trust_bytes text, size_t from)
{
    return trust_charset_find(text, from, '/');
}

static unsigned default_port(enum trust_url_scheme scheme)
{
    return scheme == TRUST_URL_HTTPS ? 443 : 80;
}

static size_t prefix_size(enum trust_url_scheme scheme)
{
    return scheme == TRUST_URL_HTTPS ? sizeof "https://" - 1 : sizeof "http://" - 1;
}

static bool is_dots(struct trust_bytes segment)
{
    return (segment.size == 1 && segment.data[0] == '.') ||
           (segment.size == 2 && segment.data[0] == '.' && segment.data[1] == '.');
}

/* path begins with a slash; each slash starts a segment. */
static bool is_path(struct trust_bytes path)
{
    for (size_t from = 0; from < path.size;) {
        size_t to = trust_charset_span(PATH_SET, path, from + 1);
        bool is_plain = to == path.size || path.data[to] == '/';
        if (!is_plain)
            to = find_slash(path, to);
        struct trust_bytes segment = trust_bytes_cut(path, from + 1, to);
        if (segment.size == 0 || is_dots(segment) ||
            (!is_plain && !trust_percent_is_normal(segment, PATH_SET)))
            return false;
        from = to;
    }
    return true;
}

bool trust_url_parse(struct trust_subject *out_subject, struct trust_bytes text,
                     enum trust_url_scheme scheme)
{
    size_t from = prefix_size(scheme);
    size_t slash = find_slash(text, from);
    enum trust_host_reach reach = TRUST_HOST_PRIVATE;
    if (!trust_host_parse(&reach, trust_bytes_cut(text, from, slash), default_port(scheme)) ||
        !is_path(trust_bytes_cut(text, slash, text.size)))
        return false;
    if (scheme == TRUST_URL_HTTP && reach != TRUST_HOST_LOOPBACK)
        return false;
    bool is_public = reach == TRUST_HOST_PUBLIC;
    *out_subject =
        (struct trust_subject){.text = text,
                               .server = text,
                               .form = is_public ? TRUST_SUBJECT_URL : TRUST_SUBJECT_LOOPBACK};
    return true;
}

/* Drops the last segment of the path that begins at writer->data + root, if there is one. */
static void drop_segment(struct trust_writer *writer, size_t root)
{
    while (writer->size > root) {
        if (writer->data[--writer->size] == '/')
            return;
    }
}

/* Appends path with its dot segments resolved and without a trailing slash. */
static bool canonical_path(struct trust_writer *writer, struct trust_bytes path)
{
    size_t root = writer->size;
    for (size_t from = 0; from < path.size;) {
        size_t to = find_slash(path, from + 1);
        struct trust_bytes segment = trust_bytes_cut(path, from + 1, to);
        from = to;
        if (segment.size == 0 && to == path.size)
            continue;
        size_t start = writer->size;
        trust_writer_put(writer, trust_bytes_text("/"));
        if (segment.size == 0 || !trust_percent_normalise(writer, segment, PATH_SET) ||
            trust_writer_has_overflowed(writer))
            return false;
        struct trust_bytes written =
            trust_bytes_cut(trust_writer_bytes(writer), start + 1, writer->size);
        if (!is_dots(written))
            continue;
        bool is_parent = written.size == 2;
        writer->size = start;
        if (is_parent)
            drop_segment(writer, root);
    }
    return true;
}

bool trust_url_canonical(struct trust_writer *writer, struct trust_bytes rest,
                         enum trust_url_scheme scheme)
{
    size_t slash = find_slash(rest, 0);
    trust_writer_put(writer, trust_bytes_text(scheme == TRUST_URL_HTTPS ? "https://" : "http://"));
    return trust_host_canonical(writer, trust_bytes_cut(rest, 0, slash), default_port(scheme)) &&
           canonical_path(writer, trust_bytes_cut(rest, slash, rest.size));
}
