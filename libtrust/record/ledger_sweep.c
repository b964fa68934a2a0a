/* Registers and authors that go without a record that pushes them out: trust_ledger_sweep and
 * trust_ledger_drop of ledger.h. */
#include "base/assert.h"
#include "record/ledger_author.h"
#include "record/ledger_effect.h"
#include "record/ledger_order.h"
#include "record/ledger_revoke.h"
#include "record/life.h"

/* Erasing a register takes two effects at most. */
#define EFFECTS_PER_REGISTER 2

/* Places end by seq alone, whatever the kind: a revocation is never asked about. */
static bool has_ended(uint64_t seq, struct trust_wall now)
{
    const struct trust_record record = {.kind = TRUST_KIND_RATING, .seq = seq};
    return trust_record_is_past_place(&record, now);
}

/* Returns false when the list is full before the class is done. */
static bool sweep_class(struct trust_ledger *ledger, struct trust_effects *effects,
                        struct trust_ledger_author *author, enum trust_register_class class_,
                        struct trust_wall now)
{
    while (author->roots[class_] != 0) {
        uint32_t least = trust_order_least(ledger, author->roots[class_]);
        if (!has_ended(ledger->slots[least].seq, now))
            break;
        if (effects->count + EFFECTS_PER_REGISTER > TRUST_EFFECTS_MAX)
            return false;
        trust_effect_erase_all(effects, ledger, least);
        trust_ledger_slot_leave(ledger, least);
    }
    /* What is below such a floor is past its own place as well. */
    if (has_ended(author->floors[class_].seq, now))
        author->floors[class_] = (struct trust_ledger_floor){0};
    return true;
}

uint32_t trust_ledger_sweep(struct trust_ledger *ledger, struct trust_effects *out_effects,
                            bool *out_is_over, uint32_t budget, struct trust_wall now)
{
    trust_ledger_settle(ledger);
    out_effects->count = 0;
    uint32_t done = 0;
    while (done < budget && ledger->sweep_author < ledger->author_pool.fresh) {
        struct trust_ledger_author *author = &ledger->authors[ledger->sweep_author];
        bool is_done = true;
        for (int class_ = 0; is_done && class_ < TRUST_REGISTER_CLASSES; class_++)
            is_done =
                sweep_class(ledger, out_effects, author, (enum trust_register_class)class_, now);
        if (!is_done)
            break;
        ledger->sweep_author++;
        done++;
    }
    *out_is_over = ledger->sweep_author >= ledger->author_pool.fresh;
    if (*out_is_over)
        ledger->sweep_author = 0;
    return done;
}

void trust_ledger_drop(struct trust_ledger *ledger, struct trust_effects *out_effects,
                       uint32_t author)
{
    trust_ledger_settle(ledger);
    out_effects->count = 0;
    struct trust_ledger_author *dropped = trust_ledger_author_at(ledger, author);
    if (dropped == NULL)
        return;
    uint32_t revocation = dropped->revocation;
    uint32_t spared_count = revocation == 0 ? 0 : 1;
    if (dropped->head.count == spared_count)
        return;
    trust_effect_erase_author(out_effects, author,
                              revocation == 0 ? NULL : &ledger->slots[revocation - 1]);
    trust_ledger_author_clear(ledger, dropped);
}
