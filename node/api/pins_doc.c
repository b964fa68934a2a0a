/* See pins_doc.h. */
#include "node/api/pins_doc.h"

#include "trust/subject.h"

#include "engine/servers.h"
#include "node/core.h"

static void put_sight(struct api_doc *doc, const struct trust_sight *sight)
{
    api_doc_text(doc, "state", trust_manifest_state_name((enum trust_manifest_state)sight->state));
    api_doc_count(doc, "tools", sight->tools);
    api_doc_time(doc, "since", sight->since);
    api_doc_time(doc, "seen", sight->seen);
    api_doc_count(doc, "agents", sight->agent_count);
}

static void put_manifest(struct api_doc *doc, const struct trust_sight *sight)
{
    api_doc_hex(doc, "manifest",
                (struct trust_bytes){.data = sight->manifest, .size = sizeof sight->manifest});
}

bool pins_doc_put(struct api_doc *doc, struct core *core, uint32_t server)
{
    char subject[TRUST_SUBJECT_TEXT_SIZE];
    const struct trust_sights *sights = trust_engine_sights(core->engine, server);
    const struct trust_sight *worst = sights == NULL ? NULL : trust_sights_worst(sights);
    if (worst == NULL)
        return false;
    (void)trust_engine_server_subject(core->engine, subject, server);
    api_doc_open_object(doc, NULL);
    api_doc_text(doc, "subject", subject);
    put_manifest(doc, worst);
    put_sight(doc, worst);
    api_doc_flag(doc, "held_back", trust_engine_holds_change(core->engine, server));
    api_doc_open_array(doc, "sights");
    for (uint32_t i = 0; i < TRUST_SIGHTS_MAX; i++) {
        const struct trust_sight *sight = &sights->sights[i];
        if (sight->state == TRUST_MANIFEST_NONE)
            continue;
        api_doc_open_object(doc, NULL);
        put_manifest(doc, sight);
        put_sight(doc, sight);
        api_doc_flag(doc, "accepted", sight->is_accepted);
        api_doc_close_object(doc);
    }
    api_doc_close_array(doc);
    api_doc_close_object(doc);
    return true;
}

void pins_doc_member(struct api_doc *doc, struct core *core, bool is_watched, uint32_t server)
{
    const struct trust_sights *sights =
        is_watched ? trust_engine_sights(core->engine, server) : NULL;
    const struct trust_sight *worst = sights == NULL ? NULL : trust_sights_worst(sights);
    if (worst == NULL) {
        api_doc_null(doc, "pins");
        return;
    }
    api_doc_open_object(doc, "pins");
    put_sight(doc, worst);
    api_doc_flag(doc, "held_back", trust_engine_holds_change(core->engine, server));
    api_doc_close_object(doc);
}
