/*
 * What may be shown of a word of a command line or of a URL. Keys and tokens stand there although
 * they should not: what an option names as one, what is assigned, what looks like one, and all of a
 * URL that does not name its server.
 */
#ifndef REPUTE_MASK_WORD_H
#define REPUTE_MASK_WORD_H

#include <stddef.h>

/* What stands in the place of what is not shown: an ellipsis. */
#define MASK_WORD_HIDDEN "\xe2\x80\xa6"

/*
 * How many bytes from the front of word may be shown; behind less than all of them an ellipsis
 * belongs. before: the word in front of it; NULL: it is the first. Both are UTF-8.
 */
size_t mask_word_shown(const char *word, const char *before);

#endif
