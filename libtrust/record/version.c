/* See version.h. */
#include "record/version.h"

#include "record/charset.h"

/* True if the x at index stands alone between dots, among the numbers of "1.2.x-rc.1", which end at
 * the first hyphen or plus. */
static bool is_wildcard(struct trust_bytes version, size_t index)
{
    size_t end = index + 1;
    bool is_last = end == version.size ||
                   trust_charset_has(TRUST_CHARSET_DOT | TRUST_CHARSET_HYPHEN | TRUST_CHARSET_PLUS,
                                     version.data[end]);
    bool is_first = index == 0 || version.data[index - 1] == '.';
    struct trust_bytes before = trust_bytes_cut(version, 0, index);
    return is_first && is_last && trust_charset_find(before, 0, '-') == index &&
           trust_charset_find(before, 0, '+') == index;
}

bool trust_version_is_exact(struct trust_bytes version)
{
    for (size_t i = 0; i < version.size; i++) {
        if ((version.data[i] | 0x20) == 'x' && is_wildcard(version, i))
            return false;
    }
    return !trust_charset_is_word(version, "latest");
}
