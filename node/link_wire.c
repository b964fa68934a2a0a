/* See link_wire.h. */
#include "node/link_wire.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>

#include "base/assert.h"
#include "base/reader.h"
#include "base/writer.h"

static bool is_known(uint64_t type)
{
    return (type >= LINK_WIRE_CONFIG && type <= LINK_WIRE_JOIN) ||
           (type >= LINK_WIRE_STARTED && type <= LINK_WIRE_REFUSED);
}

enum trust_error link_wire_decode(struct link_wire *out_message, struct trust_bytes packet)
{
    if (packet.size < LINK_WIRE_HEADER_SIZE || packet.size > LINK_WIRE_SIZE_MAX)
        return TRUST_NO_SIZE;
    struct trust_reader reader = trust_reader_init(packet);
    if (trust_reader_take_be(&reader, 1) != LINK_WIRE_VERSION)
        return TRUST_NO_VERSION;
    uint64_t type = trust_reader_take_be(&reader, 1);
    uint64_t zeros = trust_reader_take_be(&reader, 2);
    uint64_t handle = trust_reader_take_be(&reader, 4);
    uint64_t size = trust_reader_take_be(&reader, 4);
    if (!is_known(type))
        return TRUST_NO_TYPE;
    if (zeros != 0 || size != packet.size - LINK_WIRE_HEADER_SIZE)
        return TRUST_NO_CANONICAL;
    *out_message = (struct link_wire){.type = (enum link_wire_type)type,
                                      .handle = (uint32_t)handle,
                                      .body = trust_reader_take(&reader, (size_t)size)};
    return TRUST_OK;
}

void link_wire_header(uint8_t out_header[LINK_WIRE_HEADER_SIZE], const struct link_wire *message)
{
    struct trust_writer writer = trust_writer_init(out_header, LINK_WIRE_HEADER_SIZE);
    trust_writer_put_be(&writer, LINK_WIRE_VERSION, 1);
    trust_writer_put_be(&writer, message->type, 1);
    trust_writer_put_be(&writer, 0, 2);
    trust_writer_put_be(&writer, message->handle, 4);
    trust_writer_put_be(&writer, message->body.size, 4);
    assert(!trust_writer_has_overflowed(&writer));
}

/* sendmsg takes what it only reads as writable. */
static void *writable(const uint8_t *data)
{
    return (void *)(uintptr_t)data;
}

enum link_wire_sent link_wire_send(int fd, const struct link_wire *message)
{
    uint8_t header[LINK_WIRE_HEADER_SIZE];
    link_wire_header(header, message);
    struct iovec parts[2] = {
        {.iov_base = header, .iov_len = sizeof header},
        {.iov_base = writable(message->body.data), .iov_len = message->body.size}};
    const struct msghdr packet = {.msg_iov = parts, .msg_iovlen = 2};
    ssize_t sent = 0;
    do {
        sent = sendmsg(fd, &packet, MSG_DONTWAIT | MSG_NOSIGNAL);
    } while (sent < 0 && errno == EINTR);
    if (sent >= 0)
        return LINK_WIRE_SENT;
    return errno == EAGAIN || errno == ENOBUFS ? LINK_WIRE_FULL : LINK_WIRE_GONE;
}

enum trust_error link_wire_receive(int fd, struct link_wire *out_message, uint8_t *buffer)
{
    ssize_t size = 0;
    do {
        size = recv(fd, buffer, LINK_WIRE_SIZE_MAX, MSG_DONTWAIT | MSG_TRUNC);
    } while (size < 0 && errno == EINTR);
    if (size < 0)
        return errno == EAGAIN ? TRUST_NO_FOUND : TRUST_NO_NODE;
    if (size == 0)
        return TRUST_NO_NODE;
    return link_wire_decode(out_message,
                            (struct trust_bytes){.data = buffer, .size = (size_t)size});
}

size_t link_wire_encode_config(uint8_t out_body[LINK_WIRE_CONFIG_SIZE_MAX],
                               const struct link_wire_config *config)
{
    struct trust_writer writer = trust_writer_init(out_body, LINK_WIRE_CONFIG_SIZE_MAX);
    trust_writer_put(&writer, (struct trust_bytes){config->secret, sizeof config->secret});
    trust_writer_put(&writer, (struct trust_bytes){config->key.bytes, sizeof config->key.bytes});
    trust_writer_put_be(&writer, config->newcomers, 1);
    trust_writer_put(&writer, trust_bytes_text(config->listen));
    assert(!trust_writer_has_overflowed(&writer));
    return writer.size;
}

enum trust_error link_wire_decode_config(struct link_wire_config *out_config,
                                         struct trust_bytes body)
{
    struct link_wire_config config = {0};
    struct trust_reader reader = trust_reader_init(body);
    struct trust_bytes secret = trust_reader_take(&reader, sizeof config.secret);
    struct trust_bytes key = trust_reader_take(&reader, sizeof config.key.bytes);
    uint64_t newcomers = trust_reader_take_be(&reader, 1);
    struct trust_bytes listen = trust_reader_take(&reader, trust_reader_left(&reader));
    if (reader.failed || newcomers > 1 || listen.size > TRUST_ENDPOINT_SIZE_MAX)
        return TRUST_NO_CANONICAL;
    memcpy(config.secret, secret.data, secret.size);
    memcpy(config.key.bytes, key.data, key.size);
    config.newcomers = newcomers == 1;
    if (listen.size > 0)
        memcpy(config.listen, listen.data, listen.size);
    *out_config = config;
    return TRUST_OK;
}
