/* A server in a home without a node, and what it answers. */
#ifndef TESTS_UNIT_TOOLS_MCP_RIG_H
#define TESTS_UNIT_TOOLS_MCP_RIG_H

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/bytes.h"
#include "mcp/server.h"

#define RIG_LINES_MAX 64

struct rig {
    char home[32];
    struct view view;
    struct server server;
    char *lines[RIG_LINES_MAX]; /* that left */
    size_t count;
    size_t taken;
};

static inline void rig_keep(void *context, struct trust_bytes line)
{
    struct rig *rig = context;
    assert_true(rig->count < RIG_LINES_MAX);
    rig->lines[rig->count++] = strndup((const char *)line.data, line.size);
}

/* config: text of reputed.yaml; NULL: none. */
static inline struct rig *rig_open(const char *config)
{
    struct rig *rig = calloc(1, sizeof *rig);
    assert_non_null(rig);
    (void)snprintf(rig->home, sizeof rig->home, "/tmp/mcp-XXXXXX");
    assert_non_null(mkdtemp(rig->home));
    if (config != NULL) {
        char path[64];
        (void)snprintf(path, sizeof path, "%s/reputed.yaml", rig->home);
        FILE *file = fopen(path, "w");
        assert_non_null(file);
        assert_true(fputs(config, file) >= 0);
        assert_int_equal(fclose(file), 0);
    }
    assert_int_equal(view_open(&rig->view, rig->home), TRUST_OK);
    server_init(&rig->server, &rig->view, (struct reply){.send = rig_keep, .context = rig});
    return rig;
}

static inline void rig_close(struct rig *rig)
{
    char path[64];
    server_close(&rig->server);
    view_close(&rig->view);
    for (size_t i = 0; i < rig->count; i++)
        free(rig->lines[i]);
    (void)snprintf(path, sizeof path, "%s/reputed.yaml", rig->home);
    (void)unlink(path);
    (void)rmdir(rig->home);
    free(rig);
}

static inline void rig_say(struct rig *rig, const char *line)
{
    server_line(&rig->server, trust_bytes_text(line));
}

/* The next line that left; NULL: none. */
static inline const char *rig_heard(struct rig *rig)
{
    return rig->taken < rig->count ? rig->lines[rig->taken++] : NULL;
}

/* The result of a tool, the caller's. */
static inline json_t *rig_call(struct rig *rig, const char *tool, const char *arguments)
{
    char line[2048];
    (void)snprintf(line, sizeof line,
                   "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tools/call\",\"params\":{\"name\":"
                   "\"%s\",\"arguments\":%s}}",
                   tool, arguments);
    rig->server.is_greeted = true;
    rig_say(rig, line);
    json_t *message = json_loads(rig_heard(rig), 0, NULL);
    json_t *result = json_incref(json_object_get(message, "result"));
    json_decref(message);
    assert_non_null(result);
    return result;
}

static inline const char *rig_text(const json_t *object, const char *name)
{
    return json_string_value(json_object_get(object, name));
}

/* The structured content; NULL: the arguments were refused. */
static inline const json_t *rig_content(const json_t *result)
{
    assert_string_equal(rig_text(json_array_get(json_object_get(result, "content"), 0), "type"),
                        "text");
    return json_object_get(result, "structuredContent");
}

/* What a refusal says. */
static inline const char *rig_refusal(const json_t *result)
{
    assert_true(json_is_true(json_object_get(result, "isError")));
    return rig_text(json_array_get(json_object_get(result, "content"), 0), "text");
}

#endif
