/* Registers and authors that go without a record that pushes them out: trust_ledger_sweep,
 * trust_ledger_drop and trust_ledger_forget of ledger.h. */
#include <string.h>

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

static bool holds(const struct trust_ledger_view *view, const struct trust_id *id)
{
    for (uint32_t i = 0; i < view->id_count; i++) {
        if (memcmp(view->ids[i], id, sizeof *id) == 0)
            return true;
    }
    return false;
}

void trust_ledger_forget(struct trust_ledger *ledger, struct trust_effects *out_effects,
                         uint32_t author, uint64_t seq, const struct trust_id *id)
{
    trust_ledger_settle(ledger);
    out_effects->count = 0;
    struct trust_ledger_walk walk = trust_ledger_walk_init(author, seq, seq);
    uint32_t slot;
    while (trust_ledger_next_slot(ledger, &walk, &slot)) {
        struct trust_ledger_view view = trust_ledger_view(ledger, slot);
        if (view.kind == TRUST_KIND_REVOCATION || !holds(&view, id))
            continue;
        trust_effect_erase_all(out_effects, ledger, slot);
        trust_ledger_slot_leave(ledger, slot);
        return;
    }
}
