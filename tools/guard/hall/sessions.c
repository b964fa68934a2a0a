/* See sessions.h. */
#include "guard/hall/sessions.h"

#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#include "base/assert.h"
#include "wire/json.h"

#define DIGEST_OF_CLIENT 32

struct place {
    struct face_http face; /* first, so that one leads to the other */
    struct session session;
    uint32_t slot;
    uint64_t generation;
    uint8_t client[DIGEST_OF_CLIENT]; /* of a shared one: what its clients say of themselves */
    struct trust_mono busy;           /* when something of its clients was under way last */
    uint32_t watched;                 /* its items begin there... */
    bool is_watched;                  /* ...if it was there when they were made */
};

struct sessions {
    struct session_config config;
    void (*wake)(struct face_http_request *request);
    struct face_http_budget budget;
    struct place *places[SESSIONS_PLACES];
    uint64_t generation;
    uint8_t *key;
    bool is_ending;
};

/* ---- opening and closing ---- */

static struct place *place_of(const struct face_http *face)
{
    return (struct place *)(uintptr_t)face;
}

static enum trust_error open_place(struct sessions *sessions, uint32_t slot, bool is_shared,
                                   struct trust_now now)
{
    struct place *place = calloc(1, sizeof *place);
    if (place == NULL)
        return TRUST_FAIL_MEMORY;
    struct session_config config = sessions->config;
    face_http_open(&place->face, &sessions->budget, is_shared, sessions->wake);
    config.face = face_http_face(&place->face);
    enum trust_error error = session_open(&place->session, &config, now);
    if (error != TRUST_OK) {
        free(place);
        return error;
    }
    place->slot = slot;
    place->generation = ++sessions->generation;
    place->busy = now.mono;
    sessions->places[slot] = place;
    return TRUST_OK;
}

static void close_place(struct sessions *sessions, uint32_t slot)
{
    struct place *place = sessions->places[slot];
    session_close(&place->session);
    face_http_close(&place->face);
    free(place);
    sessions->places[slot] = NULL;
}

static void end_place(struct place *place, struct trust_now now)
{
    face_http_end(&place->face);
    session_end(&place->session, now);
}

static bool is_live(const struct place *place)
{
    return place != NULL && !place->session.is_ending;
}

enum trust_error sessions_new(struct sessions **out_sessions, const struct session_config *config,
                              void (*wake)(struct face_http_request *request), struct trust_now now)
{
    struct sessions *sessions = calloc(1, sizeof *sessions);
    if (sessions == NULL)
        return TRUST_FAIL_MEMORY;
    sessions->config = *config;
    sessions->wake = wake;
    sessions->key = sodium_malloc(FACE_SEAL_KEY_SIZE);
    enum trust_error error = sessions->key == NULL ? TRUST_FAIL_MEMORY : TRUST_OK;
    /* A group that cannot be served is said now, not to the first client. */
    if (error == TRUST_OK)
        error = open_place(sessions, 0, false, now);
    if (error != TRUST_OK) {
        sessions_free(sessions);
        return error;
    }
    close_place(sessions, 0);
    randombytes_buf(sessions->key, FACE_SEAL_KEY_SIZE);
    *out_sessions = sessions;
    return TRUST_OK;
}

void sessions_close(struct sessions *sessions)
{
    sessions->is_ending = true;
    for (uint32_t i = 0; i < SESSIONS_PLACES; i++) {
        if (sessions->places[i] != NULL)
            close_place(sessions, i);
    }
}

void sessions_free(struct sessions *sessions)
{
    if (sessions == NULL)
        return;
    sessions_close(sessions);
    sodium_free(sessions->key);
    free(sessions);
}

struct face_http_budget *sessions_budget(struct sessions *sessions)
{
    return &sessions->budget;
}

/* ---- finding ---- */

static uint32_t count_live(const struct sessions *sessions)
{
    uint32_t count = 0;
    for (uint32_t i = 0; i < SESSIONS_PLACES; i++)
        count += is_live(sessions->places[i]) ? 1 : 0;
    return count;
}

static bool may_make_room(const struct place *place, struct trust_mono now)
{
    return is_live(place) && face_http_is_idle(&place->face) &&
           (place->face.is_shared || now.ms - place->busy.ms >= TRUST_GUARD_SESSION_REST_MS);
}

/* Ends the one that has rested longest; false: none may go. */
static bool make_room(struct sessions *sessions, struct trust_now now)
{
    struct place *longest = NULL;
    for (uint32_t i = 0; i < SESSIONS_PLACES; i++) {
        struct place *place = sessions->places[i];
        if (place != NULL && may_make_room(place, now.mono) &&
            (longest == NULL || place->busy.ms < longest->busy.ms))
            longest = place;
    }
    if (longest == NULL)
        return false;
    end_place(longest, now);
    return true;
}

static enum face_verdict begin(struct sessions *sessions, struct place **out_place, bool is_shared,
                               struct trust_now now)
{
    if (sessions->is_ending)
        return FACE_ENDING;
    if (count_live(sessions) >= TRUST_GUARD_SESSIONS_MAX && !make_room(sessions, now))
        return FACE_SESSIONS_FULL;
    uint32_t slot = 0;
    while (slot < SESSIONS_PLACES && sessions->places[slot] != NULL)
        slot++;
    if (slot == SESSIONS_PLACES)
        return FACE_SESSIONS_FULL;
    if (open_place(sessions, slot, is_shared, now) != TRUST_OK)
        return FACE_BUSY;
    *out_place = sessions->places[slot];
    return FACE_FINE;
}

enum face_verdict sessions_begin(struct sessions *sessions, struct face_http **out_face,
                                 struct trust_now now)
{
    struct place *place = NULL;
    enum face_verdict verdict = begin(sessions, &place, false, now);
    if (verdict == FACE_FINE)
        *out_face = &place->face;
    return verdict;
}

enum face_verdict sessions_find(struct sessions *sessions, struct face_http **out_face,
                                struct trust_bytes name)
{
    struct face_seal_place found;
    if (name.data == NULL)
        return FACE_SESSION_MISSING;
    if (face_seal_open(&found, name, sessions->key) != TRUST_OK || found.slot >= SESSIONS_PLACES)
        return FACE_SESSION_UNKNOWN;
    struct place *place = sessions->places[found.slot];
    if (!is_live(place) || place->generation != found.generation || place->face.is_shared)
        return FACE_SESSION_UNKNOWN;
    *out_face = &place->face;
    return FACE_FINE;
}

/* Everything that a server is told of a client. */
static void digest_client(uint8_t out_digest[DIGEST_OF_CLIENT], const struct message *message)
{
    static const char *const names[] = {"io.modelcontextprotocol/protocolVersion",
                                        "io.modelcontextprotocol/clientInfo",
                                        "io.modelcontextprotocol/clientCapabilities"};
    crypto_generichash_state state;
    (void)crypto_generichash_init(&state, NULL, 0, DIGEST_OF_CLIENT);
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        struct trust_bytes value = {0};
        if (json_find(&value, message->meta, names[i]) != TRUST_OK)
            value = (struct trust_bytes){0};
        uint64_t size = value.size;
        (void)crypto_generichash_update(&state, (const uint8_t *)&size, sizeof size);
        if (size > 0)
            (void)crypto_generichash_update(&state, value.data, value.size);
    }
    (void)crypto_generichash_final(&state, out_digest, DIGEST_OF_CLIENT);
}

enum face_verdict sessions_share(struct sessions *sessions, struct face_http **out_face,
                                 const struct message *message, struct trust_now now)
{
    uint8_t client[DIGEST_OF_CLIENT];
    digest_client(client, message);
    for (uint32_t i = 0; i < SESSIONS_PLACES; i++) {
        struct place *place = sessions->places[i];
        if (is_live(place) && place->face.is_shared &&
            memcmp(place->client, client, sizeof client) == 0) {
            *out_face = &place->face;
            return FACE_FINE;
        }
    }
    struct place *place = NULL;
    enum face_verdict verdict = begin(sessions, &place, true, now);
    if (verdict != FACE_FINE)
        return verdict;
    memcpy(place->client, client, sizeof client);
    *out_face = &place->face;
    return FACE_FINE;
}

void sessions_name(const struct sessions *sessions, char out_name[FACE_SEAL_TEXT_SIZE],
                   const struct face_http *face)
{
    const struct place *place = place_of(face);
    const struct face_seal_place sealed = {.slot = place->slot, .generation = place->generation};
    uint8_t nonce[FACE_SEAL_NONCE_SIZE];
    randombytes_buf(nonce, sizeof nonce);
    face_seal_make(out_name, &sealed, sessions->key, nonce);
}

struct trust_bytes sessions_input(const struct face_http *face, const struct message *message)
{
    char name[TRUST_TOOL_NAME_SIZE_MAX];
    size_t size = 0;
    if (message->method != METHOD_TOOLS_CALL ||
        json_string_copy(name, sizeof name, &size, message->name) != TRUST_OK)
        return (struct trust_bytes){0};
    return catalogue_input(place_of(face)->session.catalogue,
                           (struct trust_bytes){.data = (const uint8_t *)name, .size = size});
}

void sessions_drop(struct sessions *sessions, struct face_http *face, struct trust_now now)
{
    (void)sessions;
    end_place(place_of(face), now);
}

/* ---- turning ---- */

uint32_t sessions_watch(struct sessions *sessions, struct pollfd *out_items)
{
    uint32_t count = 0;
    for (uint32_t i = 0; i < SESSIONS_PLACES; i++) {
        struct place *place = sessions->places[i];
        if (place == NULL)
            continue;
        place->watched = count;
        place->is_watched = true;
        count += session_watch(&place->session, out_items + count);
    }
    return count;
}

struct trust_mono sessions_deadline(const struct sessions *sessions)
{
    struct trust_mono due = {.ms = UINT64_MAX};
    for (uint32_t i = 0; i < SESSIONS_PLACES; i++) {
        const struct place *place = sessions->places[i];
        if (place == NULL)
            continue;
        struct trust_mono next = session_deadline(&place->session);
        if (next.ms < due.ms)
            due = next;
        uint64_t idle_ms = place->busy.ms + TRUST_GUARD_SESSION_IDLE_MS;
        if (is_live(place) && face_http_is_idle(&place->face) && idle_ms < due.ms)
            due.ms = idle_ms;
    }
    return due;
}

static void turn_place(struct sessions *sessions, uint32_t slot, const struct pollfd *items,
                       struct trust_now now)
{
    struct place *place = sessions->places[slot];
    session_turn(&place->session, place->is_watched ? items + place->watched : NULL, now);
    place->is_watched = false;
    if (!face_http_is_idle(&place->face))
        place->busy = now.mono;
    else if (is_live(place) && now.mono.ms - place->busy.ms >= TRUST_GUARD_SESSION_IDLE_MS)
        end_place(place, now);
    if (session_is_over(&place->session, now.mono))
        close_place(sessions, slot);
}

void sessions_turn(struct sessions *sessions, const struct pollfd *items, struct trust_now now)
{
    for (uint32_t i = 0; i < SESSIONS_PLACES; i++) {
        if (sessions->places[i] != NULL)
            turn_place(sessions, i, items, now);
    }
}

void sessions_end(struct sessions *sessions, struct trust_now now)
{
    sessions->is_ending = true;
    for (uint32_t i = 0; i < SESSIONS_PLACES; i++) {
        if (is_live(sessions->places[i]))
            end_place(sessions->places[i], now);
    }
}

void sessions_refresh(struct sessions *sessions, struct trust_now now)
{
    for (uint32_t i = 0; i < SESSIONS_PLACES; i++) {
        if (is_live(sessions->places[i]))
            session_refresh(&sessions->places[i]->session, now);
    }
}

bool sessions_are_over(const struct sessions *sessions)
{
    for (uint32_t i = 0; i < SESSIONS_PLACES; i++) {
        if (sessions->places[i] != NULL)
            return false;
    }
    return sessions->is_ending;
}
