/* See scan_file.h. The text of the file may hold secrets: it is wiped when its rows are made. */
#include "repute/scan_file.h"

#include <errno.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/limits.h"
#include "host/files.h"
#include "repute/clients_doc.h"
#include "repute/jsonc.h"

struct reading {
    const struct clients_place *place;
    json_t *path; /* of the place, as it is shown */
    json_t *servers;
    unsigned count;
    bool has_failed;
};

/* What became of a file. */
struct finding {
    const char *state;
    enum trust_error error;
    const char *text; /* static */
    const char *next;
    struct jsonc_fault fault; /* line 0: none */
};

/* A text of the system, which need not be UTF-8. */
static json_t *text_of_system(const char *text)
{
    json_t *value = json_string(text);
    if (value != NULL)
        return value;
    char *shown = strdup(text);
    for (char *at = shown; at != NULL && *at != '\0'; at++) {
        if (((unsigned char)*at & 0x80) != 0)
            *at = '?';
    }
    value = json_string(shown == NULL ? "" : shown);
    free(shown);
    return value;
}

/* ---- servers ---- */

static const char *text_or_null(const char *text)
{
    return text == NULL || text[0] == '\0' ? NULL : text;
}

static json_t *make_row(const struct reading *reading, const struct clients_server *server)
{
    struct launch launch;
    launch_derive(&launch, &server->line);
    if (server->is_odd)
        launch.gap = LAUNCH_GAP_ENTRY;
    const char *transport = server->line.command != NULL ? "stdio"
                            : server->line.url != NULL   ? "http"
                                                         : NULL;
    return json_pack("{s:s?,s:O,s:s?,s:s,s:s?,s:b,s:s?,s:b,s:s?,s:s?,s:s?,s:s?,s:s?}", "client",
                     reading->place->client, "file", reading->path, "project", server->project,
                     "name", server->name, "transport", transport, "enabled", !server->is_off,
                     "subject", text_or_null(launch.subject), "pinned", launch.is_pinned, "via",
                     launch.via, "group", text_or_null(launch.group), "reason",
                     launch_gap_name(launch.gap), "text", text_or_null(launch_gap_text(launch.gap)),
                     "next", text_or_null(launch_gap_next(launch.gap)));
}

static bool add_server(void *context, const struct clients_server *server)
{
    struct reading *reading = context;
    json_t *row = make_row(reading, server);
    reading->has_failed = json_array_append_new(reading->servers, row) != 0;
    reading->count++;
    return !reading->has_failed;
}

/* ---- the file ---- */

static bool is_link(const char *path)
{
    struct stat about;
    return lstat(path, &about) == 0 && S_ISLNK(about.st_mode);
}

/* Nothing has this path: also where a folder of it is a file. */
static bool is_missing(const char *path)
{
    struct stat about;
    return lstat(path, &about) != 0 && (errno == ENOENT || errno == ENOTDIR);
}

static struct finding unread(enum trust_error error, const char *path)
{
    struct finding finding = {
        .state = "unreadable", .error = error, .text = trust_error_text(error)};
    if (error == TRUST_NO_FOUND) {
        finding.state = "missing";
        finding.next = "give the path of a client's configuration";
    } else if (error == TRUST_NO_SIZE) {
        finding.state = "too_large";
        finding.text = "larger than 4 MiB";
    } else if (error == TRUST_NO_PERMISSION) {
        finding.next = "run it as the user whose file it is";
    } else if (error == TRUST_NO_FILE && is_link(path)) {
        finding.state = "link";
        finding.text = "a symbolic link, which is not followed";
        finding.next = "give the path of the file that it leads to";
    } else if (error == TRUST_NO_FILE) {
        finding.text = "not a regular file";
    }
    return finding;
}

static struct finding read_servers(struct reading *reading, uint8_t *text, size_t size)
{
    json_t *document = NULL;
    struct finding finding = {.state = "read"};
    finding.error = jsonc_read(&document, &finding.fault, text, size);
    if (finding.error != TRUST_OK) {
        finding.state = "broken";
        finding.text = finding.fault.text;
        finding.next = "correct it there; its client may not read it either";
        return finding;
    }
    finding.error = clients_doc_walk(document, reading->place->members, add_server, reading);
    json_decref(document);
    if (finding.error == TRUST_NO_TYPE) {
        finding.state = "broken";
        finding.text = "its servers are not members of an object";
        finding.next = "compare it with the client's manual";
    } else if (finding.error == TRUST_NO_ROOM) {
        finding.state = "partial";
        finding.text = "more than 1,024 servers: the others were not looked at";
    }
    return finding;
}

static json_t *make_error(const struct finding *finding)
{
    if (finding->error == TRUST_OK)
        return json_null();
    bool has_place = finding->fault.line > 0;
    json_t *error = json_pack("{s:s,s:s,s:n,s:n}", "code", trust_error_name(finding->error),
                              "message", finding->text, "line", "column");
    if (error != NULL && has_place) {
        (void)json_object_set_new(error, "line", json_integer(finding->fault.line));
        (void)json_object_set_new(error, "column", json_integer(finding->fault.column));
    }
    return error;
}

static json_t *make_file_row(const struct reading *reading, const struct finding *finding)
{
    return json_pack("{s:s?,s:s,s:O,s:s,s:i,s:o,s:s?}", "client", reading->place->client, "scope",
                     reading->place->scope, "path", reading->path, "state", finding->state,
                     "servers", (int)reading->count, "error", make_error(finding), "next",
                     finding->next);
}

enum trust_error scan_file_read(json_t *files, json_t *servers, const struct clients_place *place,
                                bool is_named)
{
    struct reading reading = {
        .place = place, .servers = servers, .path = text_of_system(place->path)};
    size_t size = 0;
    struct finding finding = {.error = TRUST_FAIL_MEMORY};
    uint8_t *text = malloc(TRUST_SCAN_FILE_SIZE_MAX);
    if (text == NULL || reading.path == NULL)
        goto out;
    enum trust_error error = trust_file_read(place->path, text, &size, TRUST_SCAN_FILE_SIZE_MAX);
    if (error == TRUST_NO_FILE && is_missing(place->path))
        error = TRUST_NO_FOUND;
    if (error == TRUST_NO_FOUND && !is_named) {
        finding.error = TRUST_OK;
        goto out;
    }
    finding = error == TRUST_OK ? read_servers(&reading, text, size) : unread(error, place->path);
    sodium_memzero(text, size);
    bool is_added = finding.error != TRUST_FAIL_MEMORY && !reading.has_failed &&
                    json_array_append_new(files, make_file_row(&reading, &finding)) == 0;
    finding.error = is_added ? TRUST_OK : TRUST_FAIL_MEMORY;
out:
    free(text);
    json_decref(reading.path);
    return finding.error;
}
