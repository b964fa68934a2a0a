/*
 * Parts of a whole as decimals that visibly sum: what is printed adds up to the printed total, to
 * the last digit.
 */
#ifndef REPUTE_SHARES_H
#define REPUTE_SHARES_H

#include <stddef.h>
#include <stdint.h>

#define SHARES_MAX 1024

/*
 * Rounds count shares, each 0 to 1, to thousandths by the largest remainder (A. Hamilton's method
 * of apportionment): each is off by less than one thousandth, and they sum to the returned total,
 * the rounded sum of the shares. Ties go to the earlier one.
 */
uint32_t shares_round(uint32_t *out_thousandths, const double *shares, size_t count);

#endif
