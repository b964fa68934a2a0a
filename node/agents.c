/* See agents.h. */
#include "node/agents.h"

#include "base/assert.h"
#include "base/limits.h"
#include "base/writer.h"

enum kind { KIND_USER, KIND_CONNECTION };

void agents_init(struct agents *agents, struct trust_siphash_key key)
{
    *agents = (struct agents){.key = key};
}

/* Two users within the time that an agent may be silent: both are here. */
static bool are_several(struct agents *agents, uint32_t uid, struct trust_mono now)
{
    bool is_recent = agents->has_called && now.ms < agents->last.ms + TRUST_AGENTS_USERS_MS;
    if (is_recent && agents->uid != uid)
        agents->several_until.ms = now.ms + TRUST_AGENTS_USERS_MS;
    agents->has_called = true;
    agents->last = now;
    agents->uid = uid;
    return now.ms < agents->several_until.ms;
}

uint64_t agents_number(struct agents *agents, const struct agents_caller *caller,
                       struct trust_mono now)
{
    uint8_t bytes[4 + 1 + 8];
    bool is_user = are_several(agents, caller->uid, now) || caller->connection == 0;
    enum kind kind = is_user ? KIND_USER : KIND_CONNECTION;
    struct trust_writer writer = trust_writer_init(bytes, sizeof bytes);
    trust_writer_put_be(&writer, caller->uid, 4);
    trust_writer_put_be(&writer, (uint64_t)kind, 1);
    if (kind == KIND_CONNECTION)
        trust_writer_put_be(&writer, caller->connection, 8);
    assert(!trust_writer_has_overflowed(&writer));
    return trust_siphash(&agents->key, trust_writer_bytes(&writer));
}
