/* See shares.h. */
#include "repute/shares.h"

#include <stdbool.h>

#include "base/assert.h"

uint32_t shares_round(uint32_t *out_thousandths, const double *shares, size_t count)
{
    bool is_raised[SHARES_MAX] = {false};
    assert(count <= SHARES_MAX);
    double sum = 0;
    uint32_t given = 0;
    for (size_t i = 0; i < count; i++) {
        assert(shares[i] >= 0 && shares[i] <= 1);
        sum += shares[i];
        out_thousandths[i] = (uint32_t)(shares[i] * 1000);
        given += out_thousandths[i];
    }
    uint32_t total = (uint32_t)(sum * 1000 + 0.5);
    for (; given < total; given++) {
        size_t best = count;
        double most = -1;
        for (size_t i = 0; i < count; i++) {
            double rest = shares[i] * 1000 - (double)out_thousandths[i];
            if (!is_raised[i] && rest > most) {
                most = rest;
                best = i;
            }
        }
        assert(best < count);
        is_raised[best] = true;
        out_thousandths[best]++;
    }
    return total;
}
