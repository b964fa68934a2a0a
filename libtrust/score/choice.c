/* See choice.h. */
#include "score/choice.h"

/* Below, insertion is faster: most servers have few ratings. */
#define FEW 24u

bool trust_choice_by_author(const struct trust_score_choice *a, const struct trust_score_choice *b)
{
    if (a->author != b->author)
        return a->author < b->author;
    if (a->order != b->order)
        return a->order < b->order;
    return a->slot < b->slot;
}

bool trust_choice_by_order(const struct trust_score_choice *a, const struct trust_score_choice *b)
{
    if (a->order != b->order)
        return a->order > b->order;
    if (a->author != b->author)
        return a->author < b->author;
    return a->slot < b->slot;
}

static void sort_few(struct trust_score_choice *choices, uint32_t count,
                     trust_choice_before *before)
{
    for (uint32_t i = 1; i < count; i++) {
        struct trust_score_choice choice = choices[i];
        uint32_t at = i;
        for (; at > 0 && before(&choice, &choices[at - 1]); at--)
            choices[at] = choices[at - 1];
        choices[at] = choice;
    }
}

/* Moves the choice at `at` down the heap of count choices whose root comes last. */
static void sift(struct trust_score_choice *choices, uint32_t at, uint32_t count,
                 trust_choice_before *before)
{
    struct trust_score_choice choice = choices[at];
    for (uint32_t child = 2 * at + 1; child < count; child = 2 * at + 1) {
        if (child + 1 < count && before(&choices[child], &choices[child + 1]))
            child++;
        if (!before(&choice, &choices[child]))
            break;
        choices[at] = choices[child];
        at = child;
    }
    choices[at] = choice;
}

void trust_choices_sort(struct trust_score_choice *choices, uint32_t count,
                        trust_choice_before *before)
{
    if (count <= FEW) {
        sort_few(choices, count, before);
        return;
    }
    for (uint32_t at = count / 2; at-- > 0;)
        sift(choices, at, count, before);
    for (uint32_t last = count; last-- > 1;) {
        struct trust_score_choice top = choices[0];
        choices[0] = choices[last];
        choices[last] = top;
        sift(choices, 0, last, before);
    }
}
