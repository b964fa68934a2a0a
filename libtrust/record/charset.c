/* See charset.h. */
#include "record/charset.h"

#define L TRUST_CHARSET_LOWER
#define U TRUST_CHARSET_UPPER
#define D TRUST_CHARSET_DIGIT

const uint16_t trust_charset[256] = {
    ['a'] = L,
    ['b'] = L,
    ['c'] = L,
    ['d'] = L,
    ['e'] = L,
    ['f'] = L,
    ['g'] = L,
    ['h'] = L,
    ['i'] = L,
    ['j'] = L,
    ['k'] = L,
    ['l'] = L,
    ['m'] = L,
    ['n'] = L,
    ['o'] = L,
    ['p'] = L,
    ['q'] = L,
    ['r'] = L,
    ['s'] = L,
    ['t'] = L,
    ['u'] = L,
    ['v'] = L,
    ['w'] = L,
    ['x'] = L,
    ['y'] = L,
    ['z'] = L,
    ['A'] = U,
    ['B'] = U,
    ['C'] = U,
    ['D'] = U,
    ['E'] = U,
    ['F'] = U,
    ['G'] = U,
    ['H'] = U,
    ['I'] = U,
    ['J'] = U,
    ['K'] = U,
    ['L'] = U,
    ['M'] = U,
    ['N'] = U,
    ['O'] = U,
    ['P'] = U,
    ['Q'] = U,
    ['R'] = U,
    ['S'] = U,
    ['T'] = U,
    ['U'] = U,
    ['V'] = U,
    ['W'] = U,
    ['X'] = U,
    ['Y'] = U,
    ['Z'] = U,
    ['0'] = D,
    ['1'] = D,
    ['2'] = D,
    ['3'] = D,
    ['4'] = D,
    ['5'] = D,
    ['6'] = D,
    ['7'] = D,
    ['8'] = D,
    ['9'] = D,
    ['-'] = TRUST_CHARSET_HYPHEN,
    ['.'] = TRUST_CHARSET_DOT,
    ['_'] = TRUST_CHARSET_UNDERSCORE,
    ['+'] = TRUST_CHARSET_PLUS,
    [':'] = TRUST_CHARSET_COLON,
    ['~'] = TRUST_CHARSET_TILDE,
    ['@'] = TRUST_CHARSET_AT,
};

size_t trust_charset_find_last(struct trust_bytes text, uint8_t c)
{
    for (size_t at = text.size; at > 0; at--) {
        if (text.data[at - 1] == c)
            return at - 1;
    }
    return text.size;
}
