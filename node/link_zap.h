/*
 * Our own ZAP handler (RFC 27), bound before any other socket: only CURVE, only our domain, only
 * what the gate lets in. Whatever is not exactly that is refused.
 */
#ifndef LINK_ZAP_H
#define LINK_ZAP_H

#include <stdbool.h>
#include <stdint.h>

#include "trust/key.h"

#include "node/link_gate.h"

#define LINK_ZAP_DOMAIN "repute"

/* The handler's socket, or NULL (errno). */
void *link_zap_open(void *context);

/* Answers one waiting request; false: none waits. The key that was asked about is written to
 * out_key and the answer to out_answer; is_key says whether there was one. */
struct link_zap_result {
    struct trust_key key;
    enum link_answer answer;
    bool is_key;
};
bool link_zap_answer(void *socket, struct link_zap_result *out_result, struct link_gate *gate,
                     uint64_t now_ms);

#endif
