/* A plain offer: three tools that every backend has, "read" (readOnlyHint), "same" (idempotentHint)
 * and "write" (neither), and what a test says of them. */
#ifndef OFFERING_H
#define OFFERING_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/bytes.h"
#include "guard/router/router.h"
#include "guard/router/text.h"
#include "wire/json.h"

#define RIG_TOOLS 3
#define RIG_INITIALIZED                                                                            \
    "{\"protocolVersion\":\"2025-06-18\",\"capabilities\":{\"tools\":{\"listChanged\":true},"      \
    "\"resources\":{},\"logging\":{}},\"serverInfo\":{\"name\":\"s\",\"version\":\"1\"}}"
#define RIG_TOOL_LIST "[{\"name\":\"read\"},{\"name\":\"same\"},{\"name\":\"write\"}]"

static const char *const rig_tools[RIG_TOOLS] = {"read", "same", "write"};
struct rig {
    struct router *r;
    struct trust_now now;
    struct text out;
    bool is_pinned;   /* the offer knows what to answer */
    bool is_learned;  /* some backend has told its tools */
    bool is_slow;     /* choices are made by the test */
    bool is_unjudged; /* so are judgements */
    uint64_t revision;
    enum offer_state states[ROUTER_BACKENDS_MAX][RIG_TOOLS];
    const char *discovered; /* the result of server/discover */
    const char *renamed;    /* the name of every tool on backend 1, a JSON string */
    const char *mapped;     /* its arguments there; "": the map does not fit */
    enum trust_error learn_error;
    const char *learn_fails; /* the part that learn_error is given for */
    char learned[256];
    const char *declared; /* what every structuredContent has to be; NULL: nothing is declared */
    uint32_t refused;     /* backends that the selection never gives */
    uint32_t held;        /* backends whose prompts and templates are withheld */
    uint32_t unlisted;    /* backends that list for the client what they did not list before */
    enum trust_reason reason;
    uint64_t retry_ms;
    uint32_t wait_ms;
    bool is_believed;
    uint64_t last_id[ROUTER_BACKENDS_MAX];
    uint64_t last_number[ROUTER_BACKENDS_MAX];
    uint64_t asked; /* the last request to the client */
    uint64_t choosing;
};

static inline struct trust_bytes rig_text(void *context, enum offer_text text)
{
    const struct rig *rig = context;
    const char *plain = "";
    if (text == OFFER_TEXT_DISCOVER)
        plain = rig->discovered == NULL ? "" : rig->discovered;
    else if (rig->is_pinned || rig->is_learned)
        plain = text == OFFER_TEXT_INITIALIZE ? RIG_INITIALIZED : RIG_TOOL_LIST;
    return trust_bytes_text(plain);
}

static inline uint64_t rig_revision(void *context)
{
    const struct rig *rig = context;
    return rig->revision;
}

static inline struct offer_route rig_route(void *context, struct trust_bytes tool, uint32_t backend)
{
    const struct rig *rig = context;
    struct offer_route route = {.state = OFFER_NOT_COVERED};
    for (int i = 0; i < RIG_TOOLS; i++) {
        if (trust_bytes_equal(tool, trust_bytes_text(rig_tools[i])))
            route =
                (struct offer_route){.state = rig->states[backend][i],
                                     .hints = {.is_read_only = i == 0, .is_idempotent = i == 1}};
    }
    if (backend == 1 && rig->renamed != NULL)
        route.name = trust_bytes_text(rig->renamed);
    route.has_map = backend == 1 && rig->mapped != NULL;
    route.has_output = rig->declared != NULL;
    return route;
}

static inline enum trust_error rig_map(void *context, struct trust_bytes *out_arguments,
                                       struct trust_bytes tool, uint32_t backend,
                                       struct trust_bytes arguments)
{
    const struct rig *rig = context;
    (void)tool;
    (void)backend;
    (void)arguments;
    *out_arguments = trust_bytes_text(rig->mapped);
    return rig->mapped[0] == '\0' ? TRUST_NO_RANGE : TRUST_OK;
}

static inline bool rig_conforms(void *context, struct trust_bytes tool, uint32_t backend,
                                struct trust_bytes content)
{
    const struct rig *rig = context;
    (void)tool;
    (void)backend;
    return trust_bytes_equal(content, trust_bytes_text(rig->declared));
}

static inline enum trust_error rig_learn(void *context, uint32_t backend, enum offer_part part,
                                         struct trust_bytes result)
{
    static const char *const parts[] = {"server", "tools", "prompts", "templates"};
    struct rig *rig = context;
    size_t used = strlen(rig->learned);
    snprintf(rig->learned + used, sizeof rig->learned - used, "%u:%s ", backend, parts[part]);
    assert_int_equal(json_kind(result), JSON_KIND_OBJECT);
    if (rig->learn_fails != NULL && strcmp(rig->learn_fails, parts[part]) == 0)
        return rig->learn_error;
    rig->is_learned = rig->is_learned || part == OFFER_TOOLS;
    return TRUST_OK;
}

static inline bool rig_withholds(void *context, enum offer_part part, uint32_t backend)
{
    const struct rig *rig = context;
    assert_true(part == OFFER_PROMPTS || part == OFFER_TEMPLATES);
    return (rig->held >> backend & 1) != 0;
}

static inline bool rig_lists_known(void *context, enum offer_part part, uint32_t backend,
                                   struct trust_bytes result)
{
    struct rig *rig = context;
    assert_true(part == OFFER_PROMPTS || part == OFFER_TEMPLATES);
    assert_int_equal(json_kind(result), JSON_KIND_OBJECT);
    bool is_known = (rig->unlisted >> backend & 1) == 0;
    rig->held |= is_known ? 0 : UINT32_C(1) << backend;
    return is_known;
}

static const struct offer_calls rig_offer = {.text = rig_text,
                                             .revision = rig_revision,
                                             .route = rig_route,
                                             .map_arguments = rig_map,
                                             .conforms = rig_conforms,
                                             .withholds = rig_withholds,
                                             .lists_known = rig_lists_known,
                                             .learn = rig_learn};

#endif
