/* See version.h. */
#include "record/version.h"

#include "record/charset.h"

bool trust_version_is_exact(struct trust_bytes version)
{
    if (trust_charset_is_word(version, "latest"))
        return false;
    /* The numbers of "1.2.x-rc.1" end at the first hyphen or plus. */
    size_t from = 0;
    for (size_t at = 0; at <= version.size; at++) {
        uint8_t c = at < version.size ? version.data[at] : '-';
        if (c != '.' && c != '-' && c != '+')
            continue;
        if (trust_charset_is_word(trust_bytes_cut(version, from, at), "x"))
            return false;
        if (c != '.')
            return true;
        from = at + 1;
    }
    return true;
}
