/* See hold.h. */
#include "guard/router/hold.h"

#include <stdlib.h>

#include "base/assert.h"

void hold_remove(struct hold *hold, uint32_t index)
{
    assert(index < hold->item_count);
    free(hold->items[index].raw_id);
    free(hold->items[index].params);
    hold->item_count--;
    for (uint32_t i = index; i < hold->item_count; i++)
        hold->items[i] = hold->items[i + 1];
}

void hold_free(struct hold *hold)
{
    if (hold == NULL)
        return;
    while (hold->item_count > 0)
        hold_remove(hold, hold->item_count - 1);
    free(hold->answer.data);
    free(hold);
}
