/* See link_zap.h. */
#include "node/link_zap.h"

#include <sodium.h>
#include <stdio.h>
#include <string.h>
#include <zmq.h>

#include "base/assert.h"

#define FRAMES_MAX 8
#define FRAME_SIZE 256

/* Frames of a request, in order. */
enum frame {
    FRAME_VERSION,
    FRAME_REQUEST,
    FRAME_DOMAIN,
    FRAME_ADDRESS,
    FRAME_IDENTITY,
    FRAME_MECHANISM,
    FRAME_KEY,
    FRAME_COUNT,
};

struct request {
    uint8_t bytes[FRAMES_MAX][FRAME_SIZE];
    size_t sizes[FRAMES_MAX];
    size_t count;
    bool is_odd; /* more or longer frames than a request of ours has */
};

void *link_zap_open(void *context)
{
    void *socket = zmq_socket(context, ZMQ_REP);
    int linger = 0;
    if (socket == NULL)
        return NULL;
    if (zmq_setsockopt(socket, ZMQ_LINGER, &linger, sizeof linger) == 0 &&
        zmq_bind(socket, "inproc://zeromq.zap.01") == 0)
        return socket;
    (void)zmq_close(socket);
    return NULL;
}

/* Reads a whole request, however many frames it has; false: none waits. */
static bool receive(void *socket, struct request *out_request)
{
    *out_request = (struct request){0};
    int more = 1;
    while (more != 0) {
        uint8_t bytes[FRAME_SIZE];
        int size = zmq_recv(socket, bytes, sizeof bytes, ZMQ_DONTWAIT);
        if (size < 0)
            return false;
        if ((size_t)size > sizeof bytes || out_request->count == FRAMES_MAX) {
            out_request->is_odd = true;
        } else {
            memcpy(out_request->bytes[out_request->count], bytes, (size_t)size);
            out_request->sizes[out_request->count++] = (size_t)size;
        }
        size_t more_size = sizeof more;
        if (zmq_getsockopt(socket, ZMQ_RCVMORE, &more, &more_size) != 0)
            return false;
    }
    return true;
}

static bool is_text(const struct request *request, enum frame frame, const char *text)
{
    size_t size = strlen(text);
    return request->sizes[frame] == size && memcmp(request->bytes[frame], text, size) == 0;
}

/* A request of our domain for a CURVE key. */
static bool is_ours(const struct request *request)
{
    return !request->is_odd && request->count == FRAME_COUNT &&
           is_text(request, FRAME_VERSION, "1.0") &&
           is_text(request, FRAME_DOMAIN, LINK_ZAP_DOMAIN) &&
           is_text(request, FRAME_MECHANISM, "CURVE") && request->sizes[FRAME_KEY] == 32;
}

static void put(void *socket, const void *bytes, size_t size, int flags)
{
    /* The reply goes to our own process over inproc; it fails only when the context ends. */
    (void)zmq_send(socket, bytes, size, flags);
}

static void reply(void *socket, const struct request *request, const struct link_zap_result *result)
{
    char code[4];
    char user[65] = "";
    (void)snprintf(code, sizeof code, "%d", (int)result->answer);
    if (result->answer == LINK_LET_IN)
        (void)sodium_bin2hex(user, sizeof user, result->key.bytes, sizeof result->key.bytes);
    put(socket, "1.0", 3, ZMQ_SNDMORE);
    put(socket, request->bytes[FRAME_REQUEST],
        request->count > FRAME_REQUEST ? request->sizes[FRAME_REQUEST] : 0, ZMQ_SNDMORE);
    put(socket, code, 3, ZMQ_SNDMORE);
    put(socket, "", 0, ZMQ_SNDMORE);
    put(socket, user, strlen(user), ZMQ_SNDMORE);
    put(socket, "", 0, 0);
}

bool link_zap_answer(void *socket, struct link_zap_result *out_result, struct link_gate *gate,
                     uint64_t now_ms)
{
    struct request request;
    if (!receive(socket, &request))
        return false;
    struct link_zap_result result = {.answer = LINK_NEVER, .is_key = is_ours(&request)};
    if (result.is_key) {
        memcpy(result.key.bytes, request.bytes[FRAME_KEY], sizeof result.key.bytes);
        result.answer = link_gate_judge(gate, &result.key, now_ms);
    }
    reply(socket, &request, &result);
    *out_result = result;
    return true;
}
