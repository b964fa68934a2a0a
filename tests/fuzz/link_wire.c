/*
 * Messages on the socketpair: what decodes is written again to the same header and body, and a body
 * that is a configuration is encoded again to the same bytes.
 */
#include "node/link_wire.h"

#include <string.h>

#include "base/assert.h"
#include "fuzz.h"

static void check_config(struct trust_bytes body)
{
    struct link_wire_config config;
    if (link_wire_decode_config(&config, body) != TRUST_OK)
        return;
    uint8_t again[LINK_WIRE_CONFIG_SIZE_MAX];
    size_t size = link_wire_encode_config(again, &config);
    /* A zero byte ends the address's text. */
    assert(size <= body.size);
    assert(memcmp(again, body.data, size) == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct link_wire message;
    if (link_wire_decode(&message, (struct trust_bytes){.data = data, .size = size}) != TRUST_OK)
        return 0;
    uint8_t header[LINK_WIRE_HEADER_SIZE];
    link_wire_header(header, &message);
    assert(memcmp(header, data, sizeof header) == 0);
    assert(message.body.size == size - sizeof header);
    check_config(message.body);
    return 0;
}
