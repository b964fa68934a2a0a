/* A core around an engine of arrays (engine/rig.h), enough for what only reads the engine, and what
 * was written as text. */
#ifndef TESTS_UNIT_NODE_API_DESK_H
#define TESTS_UNIT_NODE_API_DESK_H

#include "engine/records.h"
#include "node/api/api.h"
#include "node/api/doc.h"
#include "node/core.h"

struct desk {
    struct rig *rig;
    struct trust_secret *me;
    struct core core;
    struct api api;
    char text[16384];
};

static inline struct desk *desk_open(void)
{
    struct trust_key key;
    struct desk *desk = calloc(1, sizeof *desk);
    assert_non_null(desk);
    desk->me = rig_secret(1);
    trust_secret_key(&key, desk->me);
    desk->rig = rig_open(&key, 1);
    desk->core.engine = desk->rig->engine;
    desk->core.network = desk->rig->network;
    desk->core.now = desk->rig->now;
    desk->core.api = &desk->api;
    desk->api.core = &desk->core;
    return desk;
}

static inline void desk_close(struct desk *desk)
{
    rig_close(desk->rig);
    trust_secret_close(desk->me);
    free(desk);
}

/* Signs, publishes and expects that it is accepted. */
static inline struct trust_signed desk_publish(struct desk *desk, struct trust_record record)
{
    struct trust_signed made = rig_sign(desk->rig, desk->me, record);
    assert_int_equal(rig_publish(desk->rig, &made), TRUST_OK);
    return made;
}

static inline const char *desk_text(struct desk *desk, struct api_doc *doc)
{
    char *text = NULL;
    size_t size = 0;
    assert_int_equal(api_doc_take(doc, &text, &size), TRUST_OK);
    assert_true(size < sizeof desk->text);
    memcpy(desk->text, text, size);
    desk->text[size] = '\0';
    free(text);
    return desk->text;
}

#endif
