/*
 * An MCP server that costs next to nothing, for measurements and for thousands of kills: it looks
 * for the id and the method of each line, and answers from fixed text.
 *
 * usage: null_server [FILE [hang]]
 *
 * Each line with tools/call is appended to FILE before it is answered, in one write; with hang it
 * is never answered.
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>
#include <unistd.h>

#define ANSWER "{\"content\":[{\"type\":\"text\",\"text\":\"done\"}]}"
#define TOOLS                                                                                      \
    "{\"tools\":[{\"name\":\"look\",\"inputSchema\":{\"type\":\"object\"},"                        \
    "\"annotations\":{\"readOnlyHint\":true}},"                                                    \
    "{\"name\":\"change\",\"inputSchema\":{\"type\":\"object\"}}]}"
#define GREETING                                                                                   \
    "{\"protocolVersion\":\"2025-06-18\",\"capabilities\":{\"tools\":{}},"                         \
    "\"serverInfo\":{\"name\":\"null\",\"version\":\"1\"}}"

static void answer(const char *line, const char *result)
{
    const char *id = strstr(line, "\"id\":");
    if (id == NULL)
        return;
    id += strlen("\"id\":");
    (void)printf("{\"jsonrpc\":\"2.0\",\"id\":%.*s,\"result\":%s}\n", (int)strcspn(id, ",}\n"), id,
                 result);
    (void)fflush(stdout);
}

static void call(const char *line, size_t size, int file, int hangs)
{
    if (file >= 0 && write(file, line, size) != (ssize_t)size)
        abort();
    if (!hangs)
        answer(line, ANSWER);
}

int main(int count, char **words)
{
    char *line = NULL;
    size_t room = 0;
    ssize_t size = 0;
    int file = count > 1 ? open(words[1], O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0600) : -1;
    while ((size = getline(&line, &room, stdin)) > 0) {
        if (strstr(line, "\"tools/call\"") != NULL)
            call(line, (size_t)size, file, count > 2);
        else
            answer(line, strstr(line, "\"tools/list\"") != NULL ? TOOLS : GREETING);
    }
    free(line);
    return 0;
}
