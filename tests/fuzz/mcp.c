/*
 * Lines of a client that may be anything: the server goes on, says at most one thing to each but
 * the news of streams, and what it says is a message of one line. There is no node and no home.
 */
#include <stdlib.h>
#include <string.h>

#include "base/assert.h"
#include "fuzz.h"
#include "mcp/server.h"
#include "wire/message.h"

static void check(void *context, struct trust_bytes line)
{
    struct message message;
    unsigned *count = context;
    (*count)++;
    assert(memchr(line.data, '\n', line.size) == NULL);
    enum trust_error error = message_read(&message, line);
    assert(error == TRUST_OK);
    assert(message.kind != MESSAGE_REQUEST);
    assert(message.kind != MESSAGE_BATCH);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct view view;
    struct server *server = malloc(sizeof *server);
    unsigned count = 0;
    assert(server != NULL);
    enum trust_error error = view_open(&view, "/nonexistent");
    assert(error == TRUST_OK);
    server_init(server, &view, (struct reply){.send = check, .context = &count});
    const uint8_t *end = data + size;
    while (data < end) {
        const uint8_t *newline = memchr(data, '\n', (size_t)(end - data));
        const uint8_t *stop = newline != NULL ? newline : end;
        count = 0;
        if (stop > data)
            server_line(server, (struct trust_bytes){.data = data, .size = (size_t)(stop - data)});
        assert(count <= 1);
        data = newline != NULL ? newline + 1 : end;
    }
    server_tick(server, 1000);
    server_end(server);
    server_close(server);
    view_close(&view);
    free(server);
    return 0;
}
