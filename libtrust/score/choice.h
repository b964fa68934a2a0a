/* Sorting and finding choices, in place and without recursion. */
#ifndef TRUST_SCORE_CHOICE_H
#define TRUST_SCORE_CHOICE_H

#include "score/state.h"

typedef bool trust_choice_before(const struct trust_score_choice *a,
                                 const struct trust_score_choice *b);

/* By author, then by order, both ascending. */
bool trust_choice_by_author(const struct trust_score_choice *a, const struct trust_score_choice *b);
/* By order descending, then by author and slot ascending. */
bool trust_choice_by_order(const struct trust_score_choice *a, const struct trust_score_choice *b);

/* Heapsort (Williams 1964): n log n for whatever input strangers arrange. */
void trust_choices_sort(struct trust_score_choice *choices, uint32_t count,
                        trust_choice_before *before);

#endif
