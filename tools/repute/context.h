/*
 * What a running command has: where the instance's files are, how to say things, the way to the
 * node. Everything is opened when it is first asked for.
 */
#ifndef REPUTE_CONTEXT_H
#define REPUTE_CONTEXT_H

#include <jansson.h>
#include <stdint.h>

#include "trust/error.h"
#include "trust/record.h"

#include "client/request.h"
#include "host/config.h"
#include "host/home.h"
#include "repute/failure.h"
#include "repute/output.h"

struct context {
    struct output output;
    struct failure failure;
    enum failure_exit exit_code; /* of a command that did what it should: 0, or 1 for a "no" */
    struct trust_home home;
    bool is_home_given; /* by --home or REPUTE_HOME, rather than the user's or the system's */
    struct trust_requester *requester; /* NULL: not asked yet */
    bool has_config;
    struct trust_config config;
};

/* Room for a path of the API: context_ask takes no longer one. */
#define CONTEXT_PATH_SIZE TRUST_REQUEST_PATH_SIZE_MAX

void context_close(struct context *context);

/* ---- refusals: each returns its error, so that `return context_refuse(...)` ends a command ----
 */

/* next: the next step, a sentence without a full stop; NULL: none. */
enum trust_error context_refuse(struct context *context, enum trust_error error, const char *next,
                                const char *format, ...) __attribute__((format(printf, 4, 5)));

/* The same when what was typed is wrong: exit code 2. */
enum trust_error context_misuse(struct context *context, enum trust_error error, const char *next,
                                const char *format, ...) __attribute__((format(printf, 4, 5)));

/* ---- the node ---- */

/*
 * One exchange with the local API, on operator.sock or, where only that may be opened, agent.sock.
 * body may be NULL. On success out_answer, if not NULL, is the answer's document, which the caller
 * releases with json_decref. A refusal is noted as the node says it.
 */
TRUST_MUST_USE enum trust_error context_ask(struct context *context, json_t **out_answer,
                                            enum trust_request_method method, const char *path,
                                            const json_t *body);

/* The same for streams (trust_request with sink or source), and for other types and times. */
TRUST_MUST_USE enum trust_error context_send(struct context *context, struct trust_reply *out_reply,
                                             const struct trust_http_request *request);

/* ---- the instance ---- */

/* The configuration of the home; all defaults if there is no file. A broken one is refused with its
 * place, exit code 2. It stays the context's. */
TRUST_MUST_USE enum trust_error context_config(struct context *context,
                                               const struct trust_config **out_config);

/* The network that the configuration names. */
TRUST_MUST_USE enum trust_error context_network(struct context *context,
                                                struct trust_network *out_network);

/* Wall time in unix milliseconds. */
uint64_t context_now_ms(void);

#endif
