/* See recall.h. */
#include "guard/router/recall.h"

#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#include "base/limits.h"
#include "guard/router/text.h"
#include "wire/jcs.h"

/* The longest growth: 1e20, four bytes, becomes 21 digits. */
#define CANONICAL_FACTOR 6

static const char domain[] = "repute-recall-1";

void recall_close(struct recall *recall)
{
    free(recall->entries);
    *recall = (struct recall){0};
}

static void update(crypto_generichash_state *state, struct trust_bytes bytes)
{
    uint64_t size = bytes.size;
    crypto_generichash_update(state, (const uint8_t *)&size, sizeof size);
    if (bytes.size > 0)
        crypto_generichash_update(state, bytes.data, bytes.size);
}

static void update_arguments(crypto_generichash_state *state, struct trust_bytes arguments)
{
    size_t count = jcs_count_members(arguments);
    if (arguments.size == 0 || count > TRUST_GUARD_RECALL_MEMBERS_MAX) {
        update(state, arguments);
        return;
    }
    size_t room = CANONICAL_FACTOR * arguments.size;
    uint8_t *canonical = text_memory(room);
    struct jcs_member *members = (struct jcs_member *)text_memory(count * sizeof *members);
    struct trust_writer writer = trust_writer_init(canonical, room);
    enum trust_error error = jcs_write(&writer, members, count, arguments);
    update(state, error == TRUST_OK ? trust_writer_bytes(&writer) : arguments);
    free(members);
    free(canonical);
}

struct recall_digest recall_digest(struct trust_bytes tool, struct trust_bytes arguments)
{
    crypto_generichash_state state;
    crypto_generichash_init(&state, NULL, 0, RECALL_DIGEST_SIZE);
    update(&state, trust_bytes_text(domain));
    update(&state, tool);
    /* No arguments and none in an empty object are the same call. */
    update_arguments(&state, arguments.size == 0 ? trust_bytes_text("{}") : arguments);
    struct recall_digest digest;
    crypto_generichash_final(&state, digest.bytes, sizeof digest.bytes);
    return digest;
}

static struct recall_entry *entry_at(const struct recall *recall, size_t i)
{
    return &recall->entries[(recall->first + i) % TRUST_GUARD_RECALL_MAX];
}

static void drop_first(struct recall *recall)
{
    recall->first = (recall->first + 1) % TRUST_GUARD_RECALL_MAX;
    recall->count--;
}

void recall_add(struct recall *recall, const struct recall_digest *digest, uint64_t now_ms)
{
    if (recall->entries == NULL)
        recall->entries =
            (struct recall_entry *)text_memory(TRUST_GUARD_RECALL_MAX * sizeof *recall->entries);
    if (recall->count == TRUST_GUARD_RECALL_MAX)
        drop_first(recall);
    *entry_at(recall, recall->count++) =
        (struct recall_entry){.digest = *digest, .until_ms = now_ms + TRUST_GUARD_RECALL_MS};
}

bool recall_has(struct recall *recall, const struct recall_digest *digest, uint64_t now_ms)
{
    while (recall->count > 0 && entry_at(recall, 0)->until_ms <= now_ms)
        drop_first(recall);
    for (size_t i = 0; i < recall->count; i++) {
        if (memcmp(entry_at(recall, i)->digest.bytes, digest->bytes, sizeof digest->bytes) == 0)
            return true;
    }
    return false;
}
