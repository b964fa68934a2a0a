/* See suggest.h. */
#include "host/suggest.h"

#include <ctype.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "base/assert.h"

static size_t least(size_t a, size_t b)
{
    return a < b ? a : b;
}

static bool is_same(char a, char b)
{
    return tolower((unsigned char)a) == tolower((unsigned char)b);
}

/* Three rows of the dynamic programme are enough for swaps of neighbours. */
static size_t distance(const char *a, size_t a_size, const char *b, size_t b_size)
{
    size_t rows[3][TRUST_SUGGEST_SIZE_MAX + 1];
    assert(b_size <= TRUST_SUGGEST_SIZE_MAX);
    for (size_t j = 0; j <= b_size; j++)
        rows[0][j] = j;
    for (size_t i = 1; i <= a_size; i++) {
        size_t *now = rows[i % 3];
        const size_t *last = rows[(i - 1) % 3];
        const size_t *before = rows[(i + 1) % 3];
        now[0] = i;
        for (size_t j = 1; j <= b_size; j++) {
            now[j] = least(last[j], now[j - 1]) + 1;
            now[j] = least(now[j], last[j - 1] + !is_same(a[i - 1], b[j - 1]));
            if (i > 1 && j > 1 && is_same(a[i - 1], b[j - 2]) && is_same(a[i - 2], b[j - 1]))
                now[j] = least(now[j], before[j - 2] + 1);
        }
    }
    return rows[a_size % 3][b_size];
}

const char *trust_suggest(const char *word, const char *const *known, size_t known_count)
{
    size_t word_size = strlen(word);
    if (word_size == 0 || word_size > TRUST_SUGGEST_SIZE_MAX)
        return NULL;
    size_t allowed = word_size / 3;
    allowed = allowed < 1 ? 1 : least(allowed, 3);
    const char *best = NULL;
    size_t best_distance = allowed + 1;
    for (size_t i = 0; i < known_count; i++) {
        size_t size = strlen(known[i]);
        if (size > TRUST_SUGGEST_SIZE_MAX)
            continue;
        size_t edits = distance(word, word_size, known[i], size);
        if (edits < best_distance) {
            best_distance = edits;
            best = known[i];
        }
    }
    return best;
}
