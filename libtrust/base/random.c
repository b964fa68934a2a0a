/* See random.h. */
#include "base/random.h"

#include "base/assert.h"

uint64_t trust_random_mix(uint64_t value)
{
    value += UINT64_C(0x9e3779b97f4a7c15);
    value = (value ^ value >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
    value = (value ^ value >> 27) * UINT64_C(0x94d049bb133111eb);
    return value ^ value >> 31;
}

struct trust_random trust_random_init(uint64_t seed)
{
    struct trust_random random;
    for (int i = 0; i < 4; i++) {
        random.state[i] = trust_random_mix(seed);
        seed += UINT64_C(0x9e3779b97f4a7c15);
    }
    return random;
}

static inline uint64_t rotate(uint64_t x, int bits)
{
    return x << bits | x >> (64 - bits);
}

uint64_t trust_random_next(struct trust_random *random)
{
    uint64_t *s = random->state;
    uint64_t result = rotate(s[1] * 5, 7) * 9;
    uint64_t shifted = s[1] << 17;
    s[2] ^= s[0];
    s[3] ^= s[1];
    s[1] ^= s[2];
    s[0] ^= s[3];
    s[2] ^= shifted;
    s[3] = rotate(s[3], 45);
    return result;
}

uint64_t trust_random_below(struct trust_random *random, uint64_t bound)
{
    assert(bound > 0);
    __extension__ typedef unsigned __int128 wide;
    wide product = (wide)trust_random_next(random) * bound;
    if ((uint64_t)product < bound) {
        uint64_t threshold = (0 - bound) % bound;
        while ((uint64_t)product < threshold)
            product = (wide)trust_random_next(random) * bound;
    }
    return (uint64_t)(product >> 64);
}
