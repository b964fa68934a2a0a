/* See launch_spec.h. */
#include "repute/launch_spec.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

#include "base/bytes.h"
#include "base/writer.h"

#define COMMIT_DIGITS 40

/* A view of a part of a spec. */
struct part {
    const char *text;
    size_t size;
};

static struct part part_of(const char *from, const char *to)
{
    return (struct part){.text = from, .size = (size_t)(to - from)};
}

static struct part whole(const char *text)
{
    return part_of(text, text + strlen(text));
}

static bool begins(const char *text, const char *prefix)
{
    return strncasecmp(text, prefix, strlen(prefix)) == 0;
}

static bool has_variable(const char *spec)
{
    return strstr(spec, "${") != NULL || strchr(spec, '%') != NULL;
}

static bool is_path(const char *spec)
{
    bool has_drive = isalpha((unsigned char)spec[0]) && spec[1] == ':';
    return spec[0] == '.' || spec[0] == '/' || spec[0] == '~' || begins(spec, "file:") ||
           has_drive || strchr(spec, '\\') != NULL;
}

static struct trust_bytes bytes_of(struct part part)
{
    return (struct trust_bytes){.data = (const uint8_t *)part.text, .size = part.size};
}

/* prefix name, maybe @ version, in canonical form. */
static bool try(struct launch *launch, const char *prefix, struct part name, struct part version)
{
    uint8_t typed[1024];
    struct trust_writer writer = trust_writer_init(typed, sizeof typed);
    trust_writer_put(&writer, trust_bytes_text(prefix));
    trust_writer_put(&writer, bytes_of(name));
    if (version.size > 0) {
        trust_writer_put(&writer, trust_bytes_text("@"));
        trust_writer_put(&writer, bytes_of(version));
    }
    return !trust_writer_has_overflowed(&writer) &&
           trust_subject_canonical(launch->subject, trust_writer_bytes(&writer)) == TRUST_OK;
}

/* Without the version if that has no canonical form. */
static void set(struct launch *launch, const char *prefix, struct part name, struct part version)
{
    launch->gap = LAUNCH_GAP_NONE;
    if (version.size > 0 && try(launch, prefix, name, version))
        return;
    launch->is_pinned = false;
    if (!try(launch, prefix, name, (struct part){.text = "", .size = 0}))
        launch->gap = LAUNCH_GAP_NAME;
}

/* ---- sources: repositories instead of registries ---- */

static bool is_commit(struct part rev)
{
    return rev.size == COMMIT_DIGITS && strspn(rev.text, "0123456789abcdef") >= COMMIT_DIGITS;
}

/* A commit or what looks like a version: branches move, and their names are no versions. */
static bool is_revision(struct part rev)
{
    const char *text = rev.size > 0 && rev.text[0] == 'v' ? rev.text + 1 : rev.text;
    return rev.size > 0 && (is_commit(rev) || isdigit((unsigned char)*text));
}

/* path is "owner/name", maybe ".git", maybe "@rev" or "#rev". */
static void set_repository(struct launch *launch, const char *prefix, const char *path)
{
    const char *slash = strchr(path, '/');
    const char *end = path + strcspn(path, "@#?");
    struct part rev = {.text = "", .size = 0};
    launch->gap = LAUNCH_GAP_SOURCE;
    if (slash == NULL || slash == path || slash > end ||
        memchr(slash + 1, '/', (size_t)(end - slash - 1)) != NULL)
        return;
    if (*end == '@' || *end == '#')
        rev = part_of(end + 1, end + 1 + strcspn(end + 1, "#&?"));
    if (end - slash > 5 && strncmp(end - 4, ".git", 4) == 0)
        end -= 4;
    if (!is_revision(rev))
        rev.size = 0;
    launch->is_pinned = is_commit(rev);
    set(launch, prefix, part_of(path, end), rev);
}

/* "git+https://github.com/acme/x": the hosts that package URLs have a type for. */
static void set_source(struct launch *launch, const char *url)
{
    static const char *const schemes[] = {"https://", "http://", "ssh://git@", "git://", "git@"};
    static const char *const hosts[][2] = {
        {"github.com", "pkg:github/"},
        {"gitlab.com", "pkg:gitlab/"},
        {"bitbucket.org", "pkg:bitbucket/"},
    };
    if (begins(url, "git+"))
        url += 4;
    for (size_t i = 0; i < sizeof schemes / sizeof *schemes; i++) {
        if (begins(url, schemes[i])) {
            url += strlen(schemes[i]);
            break;
        }
    }
    launch->gap = LAUNCH_GAP_SOURCE;
    for (size_t i = 0; i < sizeof hosts / sizeof *hosts; i++) {
        size_t size = strlen(hosts[i][0]);
        if (begins(url, hosts[i][0]) && (url[size] == '/' || url[size] == ':'))
            set_repository(launch, hosts[i][1], url + size + 1);
    }
}

static bool is_source(const char *spec)
{
    return begins(spec, "git+") || begins(spec, "git@") || strstr(spec, "://") != NULL;
}

/* ---- registries ---- */

/* Of the characters of one version: no range, list or wildcard. */
static bool is_one_version(struct part version)
{
    for (size_t i = 0; i < version.size; i++) {
        if (!isalnum((unsigned char)version.text[i]) && strchr(".+-_", version.text[i]) == NULL)
            return false;
    }
    return version.size > 0 && isdigit((unsigned char)version.text[0]);
}

/* 1.2.3, maybe -rc.1 or +build: npm reads anything less as a range. */
static bool is_semver(struct part version)
{
    size_t at = 0;
    if (!is_one_version(version))
        return false;
    for (int number = 0; number < 3; number++) {
        size_t start = at;
        while (at < version.size && isdigit((unsigned char)version.text[at]))
            at++;
        if (at == start || (number < 2 && (at == version.size || version.text[at++] != '.')))
            return false;
    }
    return at == version.size || version.text[at] == '-' || version.text[at] == '+';
}

void launch_spec_npm(struct launch *launch, const char *spec)
{
    launch->gap = has_variable(spec) ? LAUNCH_GAP_VARIABLE : LAUNCH_GAP_FILE;
    if (has_variable(spec) || is_path(spec))
        return;
    if (begins(spec, "github:")) {
        set_repository(launch, "pkg:github/", spec + 7);
        return;
    }
    if (is_source(spec)) {
        set_source(launch, spec);
        return;
    }
    if (spec[0] != '@' && strchr(spec, '/') != NULL) {
        set_repository(launch, "pkg:github/", spec);
        return;
    }
    const char *at = spec[0] == '\0' ? NULL : strchr(spec + 1, '@');
    struct part version = whole(at == NULL ? "" : at + 1);
    if (version.size > 0 && (version.text[0] == 'v' || version.text[0] == '='))
        version = whole(version.text + 1);
    launch->is_pinned = is_semver(version);
    if (!launch->is_pinned)
        version.size = 0;
    set(launch, "pkg:npm/", at == NULL ? whole(spec) : part_of(spec, at), version);
}

/* "x @ git+https://...": what stands behind the name; NULL: the name alone. */
static const char *direct_reference(const char *spec)
{
    if (begins(spec, "git+") || begins(spec, "git@") || begins(spec, "http"))
        return is_source(spec) ? spec : NULL;
    const char *at = strchr(spec, '@');
    const char *from = at == NULL ? "" : at + 1 + strspn(at + 1, " ");
    return is_source(from) ? from : NULL;
}

void launch_spec_pypi(struct launch *launch, const char *spec)
{
    const char *name_end = spec + strcspn(spec, "[<>=!~@; ");
    const char *rest = name_end;
    struct part version = {.text = "", .size = 0};
    const char *source = direct_reference(spec);
    if (source != NULL) {
        set_source(launch, source);
        return;
    }
    launch->gap = has_variable(spec) ? LAUNCH_GAP_VARIABLE : LAUNCH_GAP_FILE;
    if (has_variable(spec) || is_path(spec) || strchr(spec, '/') != NULL)
        return;
    if (*rest == '[')
        rest += strcspn(rest, "]") + (strchr(rest, ']') != NULL);
    rest += strspn(rest, " ");
    if (*rest == '@')
        version = whole(rest + 1);
    else if (begins(rest, "=="))
        version = whole(rest + 2 + (rest[2] == '='));
    launch->is_pinned = is_one_version(version);
    if (!launch->is_pinned)
        version.size = 0;
    set(launch, "pkg:pypi/", part_of(spec, name_end), version);
}

void launch_spec_image(struct launch *launch, const char *spec)
{
    const char *digest = strchr(spec, '@');
    const char *end = digest == NULL ? spec + strlen(spec) : digest;
    const char *slash = memchr(spec, '/', (size_t)(end - spec));
    launch->gap = has_variable(spec) ? LAUNCH_GAP_VARIABLE : LAUNCH_GAP_IMAGE;
    if (has_variable(spec) || slash == NULL || begins(spec, "localhost/") ||
        begins(spec, "localhost:"))
        return;
    const char *last = slash;
    for (const char *at = slash; at < end; at++) {
        if (*at == '/')
            last = at;
    }
    const char *colon = memchr(last, ':', (size_t)(end - last));
    struct part version = {.text = "", .size = 0};
    if (digest != NULL)
        version = whole(digest + 1);
    else if (colon != NULL)
        version = part_of(colon + 1, end);
    launch->is_pinned = digest != NULL;
    /* The first part is a registry's host if it could be one; else Docker Hub's user. */
    bool has_host = memchr(spec, '.', (size_t)(slash - spec)) != NULL ||
                    memchr(spec, ':', (size_t)(slash - spec)) != NULL;
    if (begins(spec, "index.docker.io/")) {
        spec = slash + 1;
        has_host = false;
    }
    set(launch, has_host ? "pkg:oci/" : "pkg:oci/docker.io/",
        part_of(spec, colon == NULL ? end : colon), version);
}

void launch_spec_go(struct launch *launch, const char *spec)
{
    const char *at = strchr(spec, '@');
    const char *end = at == NULL ? spec + strlen(spec) : at;
    size_t host = strcspn(spec, "/@");
    launch->gap = has_variable(spec) ? LAUNCH_GAP_VARIABLE : LAUNCH_GAP_FILE;
    /* A path of a module begins with a host; anything else is of this host. */
    if (has_variable(spec) || is_path(spec) || spec[host] != '/' || memchr(spec, '.', host) == NULL)
        return;
    struct part version = whole(at == NULL ? "" : at + 1);
    launch->is_pinned =
        version.size > 0 && version.text[0] == 'v' && is_semver(whole(version.text + 1));
    if (!launch->is_pinned)
        version.size = 0;
    set(launch, "pkg:golang/", part_of(spec, end), version);
}

void launch_spec_nuget(struct launch *launch, const char *spec)
{
    const char *at = strchr(spec, '@');
    struct part version = whole(at == NULL ? "" : at + 1);
    launch->gap = has_variable(spec) ? LAUNCH_GAP_VARIABLE : LAUNCH_GAP_FILE;
    if (has_variable(spec) || is_path(spec))
        return;
    launch->is_pinned = is_semver(version);
    if (!launch->is_pinned)
        version.size = 0;
    set(launch, "pkg:nuget/", at == NULL ? whole(spec) : part_of(spec, at), version);
}

/* ---- files ---- */

void launch_spec_script(struct launch *launch, const char *path)
{
    static const char folder[] = "/node_modules/";
    const char *name = NULL;
    for (const char *at = path; (at = strstr(at, folder)) != NULL; at++)
        name = at + sizeof folder - 1;
    launch->gap = LAUNCH_GAP_FILE;
    if (name == NULL || name[0] == '.')
        return;
    const char *end = name + strcspn(name, "/");
    if (name[0] == '@' && *end == '/')
        end += 1 + strcspn(end + 1, "/");
    set(launch, "pkg:npm/", part_of(name, end), whole(""));
    if (launch->gap == LAUNCH_GAP_NAME)
        launch->gap = LAUNCH_GAP_FILE;
}

/* ---- URLs ---- */

/* Keys and ids that services put into paths are long and mixed; names of servers are not. */
static bool is_secret_like(struct part segment)
{
    int digits = 0;
    int uppers = 0;
    int lowers = 0;
    for (size_t i = 0; i < segment.size; i++) {
        unsigned char c = (unsigned char)segment.text[i];
        digits += isdigit(c) != 0;
        uppers += isupper(c) != 0;
        lowers += islower(c) != 0;
    }
    return segment.size >= 20 &&
           (digits >= 4 || (uppers >= 3 && lowers >= 3) || segment.size >= 64);
}

static bool has_secret(const char *path, const char *end)
{
    while (path < end) {
        const char *to = path + strcspn(path, "/?#");
        if (is_secret_like(part_of(path, to)))
            return true;
        path = to + 1;
    }
    return false;
}

void launch_spec_url(struct launch *launch, const char *url)
{
    bool is_http = begins(url, "http://");
    const char *host = strstr(url, "://");
    launch->gap = LAUNCH_GAP_NAME;
    if (host == NULL || (!is_http && !begins(url, "https://")))
        return;
    host += 3;
    const char *end = host + strcspn(host, "?#");
    const char *path = host + strcspn(host, "/?#");
    for (const char *at = host; at < path; at++) {
        if (*at == '@')
            host = at + 1;
    }
    if (strstr(url, "${") != NULL && strstr(url, "${") < end) {
        launch->gap = LAUNCH_GAP_VARIABLE;
        return;
    }
    if (has_secret(path, end)) {
        launch->gap = LAUNCH_GAP_SECRET;
        return;
    }
    set(launch, is_http ? "http://" : "https://", part_of(host, end), whole(""));
    if (launch->gap == LAUNCH_GAP_NAME && is_http)
        launch->gap = LAUNCH_GAP_HTTP;
}
