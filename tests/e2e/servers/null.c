/*
 * An MCP server that costs next to nothing, for measurements and for thousands of kills: it looks
 * for the id and the method of each line, and answers from fixed text.
 *
 * usage: null_server [FILE [hang|large]]
 *
 * Each line with tools/call is appended to FILE before it is answered, in one write; with hang it
 * is never answered, with large by 3 MiB of text.
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

#define LARGE_SIZE (3u << 20)

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

static void answer_at_large(const char *line)
{
    static const char begin[] = "{\"content\":[{\"type\":\"text\",\"text\":\"";
    static const char end[] = "\"}]}";
    static char text[LARGE_SIZE + sizeof begin + sizeof end];
    memcpy(text, begin, sizeof begin - 1);
    memset(text + sizeof begin - 1, 'x', LARGE_SIZE);
    memcpy(text + sizeof begin - 1 + LARGE_SIZE, end, sizeof end);
    answer(line, text);
}

static void call(const char *line, size_t size, int file, const char *mood)
{
    if (file >= 0 && write(file, line, size) != (ssize_t)size)
        abort();
    if (strcmp(mood, "large") == 0)
        answer_at_large(line);
    else if (strcmp(mood, "hang") != 0)
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
            call(line, (size_t)size, file, count > 2 ? words[2] : "");
        else
            answer(line, strstr(line, "\"tools/list\"") != NULL ? TOOLS : GREETING);
    }
    free(line);
    return 0;
}
