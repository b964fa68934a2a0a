/*
 * A peer that a test plays: dials a node with a transport key of its own and does what it is told,
 * one command a line, and prints one line for each thing that happens.
 *
 *   play_peer key N                        prints the transport key number N, rpn1...
 *   play_peer dial ENDPOINT KEY N NETWORK  N "-": without CURVE
 *     hello [N]     says hello, with the key number N instead of its own
 *     push HEX...   pushes records
 *     raw HEX       sends these bytes as a frame
 *     parts COUNT   sends a message of so many parts
 *     prints: up, down, frame TYPE [REASON of a bye], refused CODE of the node's gate
 */
#include <poll.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>
#include <zmq.h>

#include "base/bytes.h"
#include "gossip/frame.h"
#include "record/msgpack.h"
#include "record/sodium.h"

#define LINE_SIZE 200000

struct player {
    void *context;
    void *dealer;
    void *monitor;
    struct trust_network network;
    struct trust_key key;
};

static void fail(const char *what)
{
    (void)fprintf(stderr, "play_peer: %s\n", what);
    exit(EXIT_FAILURE);
}

static void derive(struct trust_key *out_key, uint8_t out_secret[32], const char *number)
{
    memset(out_secret, 0, 32);
    out_secret[0] = 77;
    out_secret[1] = (uint8_t)strtoul(number, NULL, 10);
    if (crypto_scalarmult_base(out_key->bytes, out_secret) != 0)
        fail("no key");
}

static int print_key(const char *number)
{
    struct trust_key key;
    uint8_t secret[32];
    char text[TRUST_KEY_TEXT_SIZE];
    derive(&key, secret, number);
    trust_key_encode(text, &key, TRUST_KEY_NODE);
    return printf("%s\n", text) < 0;
}

static void say(const char *line)
{
    (void)printf("%s\n", line);
    (void)fflush(stdout);
}

static void send_frame(struct player *player, const struct trust_frame *frame)
{
    static uint8_t bytes[TRUST_FRAME_SIZE_MAX];
    struct trust_writer writer = trust_writer_init(bytes, sizeof bytes);
    trust_frame_encode(&writer, frame);
    if (trust_writer_has_overflowed(&writer))
        fail("frame too large");
    (void)zmq_send(player->dealer, bytes, writer.size, ZMQ_DONTWAIT);
}

static void hello(struct player *player, const char *number)
{
    struct timespec now;
    uint8_t secret[32];
    struct trust_frame frame = {.type = TRUST_FRAME_HELLO};
    (void)clock_gettime(CLOCK_REALTIME, &now);
    frame.hello = (struct trust_hello){.version_min = TRUST_GOSSIP_VERSION,
                                       .version_max = TRUST_GOSSIP_VERSION,
                                       .network = player->network,
                                       .frame_size_max = TRUST_FRAME_SIZE_MAX,
                                       .interest_max = 1000,
                                       .clock = {.ms = (uint64_t)now.tv_sec * 1000},
                                       .key = player->key};
    if (number != NULL)
        derive(&frame.hello.key, secret, number);
    send_frame(player, &frame);
}

static size_t unhex(uint8_t *out_bytes, size_t capacity, const char *text)
{
    size_t size = 0;
    if (sodium_hex2bin(out_bytes, capacity, text, strlen(text), NULL, &size, NULL) != 0)
        fail("not hex");
    return size;
}

static void push(struct player *player, char **rest)
{
    static uint8_t packed[TRUST_FRAME_SIZE_MAX];
    struct trust_writer writer = trust_writer_init(packed, sizeof packed);
    struct trust_frame frame = {.type = TRUST_FRAME_PUSH};
    for (char *word = strtok_r(NULL, " \n", rest); word != NULL;
         word = strtok_r(NULL, " \n", rest)) {
        uint8_t record[TRUST_RECORD_SIZE_MAX];
        size_t size = unhex(record, sizeof record, word);
        trust_list_put_record(&writer, (struct trust_bytes){record, size});
        frame.push.count++;
    }
    frame.push.packed = trust_writer_bytes(&writer);
    send_frame(player, &frame);
}

static void raw(struct player *player, const char *text)
{
    static uint8_t bytes[LINE_SIZE / 2];
    size_t size = text == NULL ? 0 : unhex(bytes, sizeof bytes, text);
    (void)zmq_send(player->dealer, bytes, size, ZMQ_DONTWAIT);
}

static void obey(struct player *player, char *line)
{
    char *rest = NULL;
    const char *verb = strtok_r(line, " \n", &rest);
    if (verb == NULL)
        return;
    if (strcmp(verb, "push") == 0) {
        push(player, &rest);
        return;
    }
    const char *word = strtok_r(NULL, " \n", &rest);
    if (strcmp(verb, "hello") == 0) {
        hello(player, word);
    } else if (strcmp(verb, "raw") == 0) {
        raw(player, word);
    } else if (strcmp(verb, "parts") == 0) {
        long count = word == NULL ? 0 : strtol(word, NULL, 10);
        for (long i = 1; i <= count; i++)
            (void)zmq_send(player->dealer, "part", 4,
                           i < count ? ZMQ_DONTWAIT | ZMQ_SNDMORE : ZMQ_DONTWAIT);
    } else {
        fail("unknown verb");
    }
}

static bool take_frame(struct player *player)
{
    static uint8_t bytes[TRUST_FRAME_SIZE_MAX];
    int size = zmq_recv(player->dealer, bytes, sizeof bytes, ZMQ_DONTWAIT);
    struct trust_frame frame;
    if (size < 0)
        return false;
    if (trust_frame_decode(&frame, (struct trust_bytes){bytes, (size_t)size}) != TRUST_OK)
        fail("the node sent no frame");
    char line[32];
    if (frame.type == TRUST_FRAME_BYE)
        (void)snprintf(line, sizeof line, "frame %u %u", (unsigned)frame.type,
                       (unsigned)frame.bye.reason);
    else
        (void)snprintf(line, sizeof line, "frame %u", (unsigned)frame.type);
    say(line);
    return true;
}

static bool take_event(struct player *player)
{
    uint8_t head[6];
    char address[512];
    if (zmq_recv(player->monitor, head, sizeof head, ZMQ_DONTWAIT) < 0)
        return false;
    (void)zmq_recv(player->monitor, address, sizeof address, 0);
    uint16_t event = 0;
    uint32_t value = 0;
    char line[32];
    memcpy(&event, head, sizeof event);
    memcpy(&value, head + sizeof event, sizeof value);
    (void)snprintf(line, sizeof line, "refused %u", (unsigned)value);
    if (event == ZMQ_EVENT_HANDSHAKE_FAILED_AUTH)
        say(line);
    else
        say(event == ZMQ_EVENT_HANDSHAKE_SUCCEEDED ? "up" : "down");
    return true;
}

static void dial(struct player *player, char **arguments)
{
    struct trust_key server;
    int zero = 0;
    int wait_ms = 100;
    if (trust_network_init(&player->network, arguments[3]) != TRUST_OK ||
        trust_key_decode(&server, trust_bytes_text(arguments[1]), TRUST_KEY_NODE) != TRUST_OK)
        fail("network or key");
    player->context = zmq_ctx_new();
    player->dealer = zmq_socket(player->context, ZMQ_DEALER);
    player->monitor = zmq_socket(player->context, ZMQ_PAIR);
    (void)zmq_setsockopt(player->dealer, ZMQ_LINGER, &zero, sizeof zero);
    (void)zmq_setsockopt(player->dealer, ZMQ_RECONNECT_IVL, &wait_ms, sizeof wait_ms);
    if (strcmp(arguments[2], "-") != 0) {
        uint8_t secret[32];
        derive(&player->key, secret, arguments[2]);
        (void)zmq_setsockopt(player->dealer, ZMQ_CURVE_SERVERKEY, server.bytes, 32);
        (void)zmq_setsockopt(player->dealer, ZMQ_CURVE_PUBLICKEY, player->key.bytes, 32);
        (void)zmq_setsockopt(player->dealer, ZMQ_CURVE_SECRETKEY, secret, 32);
    }
    if (zmq_socket_monitor(player->dealer, "inproc://events",
                           ZMQ_EVENT_HANDSHAKE_SUCCEEDED | ZMQ_EVENT_HANDSHAKE_FAILED_AUTH |
                               ZMQ_EVENT_DISCONNECTED) != 0 ||
        zmq_connect(player->monitor, "inproc://events") != 0 ||
        zmq_connect(player->dealer, arguments[0]) != 0)
        fail("dial");
}

int main(int argc, char **argv)
{
    static char line[LINE_SIZE];
    static struct player player;
    if (trust_sodium_start() != TRUST_OK)
        fail("sodium");
    if (argc == 3 && strcmp(argv[1], "key") == 0)
        return print_key(argv[2]);
    if (argc != 6 || strcmp(argv[1], "dial") != 0)
        fail("usage");
    dial(&player, argv + 2);
    (void)setvbuf(stdin, NULL, _IONBF, 0);
    for (;;) {
        zmq_pollitem_t items[] = {{.fd = STDIN_FILENO, .events = ZMQ_POLLIN},
                                  {.socket = player.dealer, .events = ZMQ_POLLIN},
                                  {.socket = player.monitor, .events = ZMQ_POLLIN}};
        (void)zmq_poll(items, 3, 1000);
        while (take_event(&player))
            continue;
        while (take_frame(&player))
            continue;
        if ((items[0].revents & ZMQ_POLLIN) == 0)
            continue;
        if (fgets(line, sizeof line, stdin) == NULL)
            return EXIT_SUCCESS;
        obey(&player, line);
    }
}
