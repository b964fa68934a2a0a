/* Asserting a list of effects, kind by kind: "STORE 5, COUNT". For the tests of the ledger. */
#ifndef EXPECT_H
#define EXPECT_H

#include <stdio.h>

#include "fixture.h"

/* Includes cmocka's assert: include <cmocka.h> before. */
static inline void assert_effects(const struct trust_effects *effects, const char *expected)
{
    static const char *const names[] = {
        [TRUST_EFFECT_STORE] = "STORE",     [TRUST_EFFECT_ERASE] = "ERASE",
        [TRUST_EFFECT_COUNT] = "COUNT",     [TRUST_EFFECT_ERASE_AUTHOR] = "ERASE_AUTHOR",
        [TRUST_EFFECT_IGNORE] = "IGNORE",   [TRUST_EFFECT_VOID] = "VOID",
        [TRUST_EFFECT_SILENCE] = "SILENCE", [TRUST_EFFECT_REVOKE] = "REVOKE",
    };
    char text[256] = "";
    size_t size = 0;
    for (uint32_t i = 0; i < effects->count; i++) {
        const struct trust_effect *effect = &effects->items[i];
        bool has_record = effect->kind == TRUST_EFFECT_STORE || effect->kind == TRUST_EFFECT_ERASE;
        int written = has_record ? snprintf(text + size, sizeof text - size, "%s%s %u@%llu",
                                            i == 0 ? "" : ", ", names[effect->kind],
                                            effect->id.bytes[0], (unsigned long long)effect->seq)
                                 : snprintf(text + size, sizeof text - size, "%s%s",
                                            i == 0 ? "" : ", ", names[effect->kind]);
        size += (size_t)written;
    }
    assert_string_equal(text, expected);
}

#endif
