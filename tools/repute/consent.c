/* See consent.h. */
#include "repute/consent.h"

#include <inttypes.h>
#include <sodium.h>
#include <stdio.h>
#include <string.h>

#include "base/bytes.h"
#include "record/statement.h"
#include "repute/operator.h"

/* A verb, a subject of 200 bytes, a number and a nonce, with line feeds between them. */
#define TEXT_SIZE 512
#define NUMBER_SIZE 24

/* What the node's challenge_check expects (docs/reference/api.md, POST /v1/nonces). */
static void make_text(char out_text[TEXT_SIZE], const struct consent_order *order,
                      const char *nonce)
{
    char argument[NUMBER_SIZE] = "-";
    if (order->seconds > 0)
        (void)snprintf(argument, sizeof argument, "%" PRIu64, order->seconds);
    (void)snprintf(out_text, TEXT_SIZE, "%s\n%s\n%s\n%.64s", order->verb, order->subject, argument,
                   nonce);
}

static enum trust_error ask_nonce(struct context *context, json_t **out_nonce)
{
    json_t *body = json_object();
    enum trust_error error =
        context_ask(context, out_nonce, TRUST_REQUEST_POST, "/v1/nonces", body);
    json_decref(body);
    if (error == TRUST_OK && json_string_length(json_object_get(*out_nonce, "nonce")) != 64) {
        json_decref(*out_nonce);
        error = context_refuse(context, TRUST_FAIL_LIBRARY,
                               "are `repute` and `reputed` of one version?",
                               "the node's nonce is none");
    }
    return error;
}

static enum trust_error sign(const struct consent_order *order, const struct trust_secret *secret,
                             const char *nonce)
{
    char text[TEXT_SIZE];
    uint8_t signature[TRUST_SIGNATURE_SIZE];
    char hex[2 * TRUST_SIGNATURE_SIZE + 1];
    make_text(text, order, nonce);
    enum trust_error error =
        trust_statement_sign(signature, secret, TRUST_PURPOSE_ORDER, trust_bytes_text(text));
    if (error != TRUST_OK)
        return error;
    (void)sodium_bin2hex(hex, sizeof hex, signature, sizeof signature);
    bool failed = json_object_set_new(order->body, "nonce", json_string(nonce)) != 0 ||
                  json_object_set_new(order->body, "signature", json_string(hex)) != 0;
    return failed ? TRUST_FAIL_MEMORY : TRUST_OK;
}

/* The nonce is asked for after the passphrase: it does not live long. */
static enum trust_error add_consent(struct context *context, const struct consent_order *order)
{
    struct trust_secret *secret = NULL;
    json_t *nonce = NULL;
    enum trust_error error = operator_open(context, &secret, order->passphrase_file);
    if (error != TRUST_OK)
        return error;
    error = ask_nonce(context, &nonce);
    if (error == TRUST_OK) {
        error = sign(order, secret, json_string_value(json_object_get(nonce, "nonce")));
        json_decref(nonce);
    }
    trust_secret_close(secret);
    return error;
}

enum trust_error consent_send(struct context *context, json_t **out_answer,
                              const struct consent_order *order)
{
    enum trust_error error =
        context_ask(context, out_answer, order->method, order->path, order->body);
    if (error != TRUST_NO_CHALLENGE)
        return error;
    context->failure = (struct failure){0};
    error = add_consent(context, order);
    return error == TRUST_OK
               ? context_ask(context, out_answer, order->method, order->path, order->body)
               : error;
}
