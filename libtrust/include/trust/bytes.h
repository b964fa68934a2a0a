/*
 * A borrowed view of bytes: valid as long as the buffer it points into. data may be NULL only when
 * size is 0.
 */
#ifndef TRUST_BYTES_H
#define TRUST_BYTES_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

struct trust_bytes {
    const uint8_t *data;
    size_t size; /* bytes */
};

#ifdef __cplusplus
}
#endif

#endif
