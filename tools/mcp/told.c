/* See told.h. */
#include "mcp/told.h"

bool told_is_new(struct told *told, struct trust_bytes id)
{
    const uint64_t hash[2] = {trust_siphash(&told->seeds[0], id),
                              trust_siphash(&told->seeds[1], id)};
    for (uint32_t i = 0; i < told->count; i++) {
        if (told->ids[i][0] == hash[0] && told->ids[i][1] == hash[1])
            return false;
    }
    told->ids[told->next][0] = hash[0];
    told->ids[told->next][1] = hash[1];
    told->next = (told->next + 1) % TRUST_MCP_TOLD_MAX;
    if (told->count < TRUST_MCP_TOLD_MAX)
        told->count++;
    return true;
}
