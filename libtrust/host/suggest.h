/* "Did you mean": the nearest of some known words to one that is not known. */
#ifndef TRUST_HOST_SUGGEST_H
#define TRUST_HOST_SUGGEST_H

#include <stddef.h>

/* Words longer than this are not compared. */
#define TRUST_SUGGEST_SIZE_MAX 64

/*
 * The known word that takes the fewest edits from word: insert, delete, replace, swap neighbours
 * (optimal string alignment, Damerau 1964), case folded. At most a third of the word's length, at
 * least 1 and at most 3 edits; NULL if none is that near. Ties go to the earlier word.
 */
const char *trust_suggest(const char *word, const char *const *known, size_t known_count);

#endif
