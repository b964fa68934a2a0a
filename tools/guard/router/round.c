/* See round.h. */
#include "guard/router/round.h"

#include <stdlib.h>

void round_free(struct round *round)
{
    if (round == NULL)
        return;
    for (uint32_t i = 0; i < round->item_count; i++) {
        free(round->items[i].key);
        free(round->items[i].answer);
    }
    free(round->state);
    free(round);
}
