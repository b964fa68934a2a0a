/* See ledger_order.h. */
#include "record/ledger_order.h"

#include "base/assert.h"
#include "base/random.h"

static struct trust_ledger_slot *at(const struct trust_ledger *ledger, uint32_t link)
{
    return &ledger->slots[link - 1];
}

static uint64_t priority(const struct trust_ledger *ledger, uint32_t link)
{
    return trust_random_mix(ledger->seed.low ^ link);
}

int trust_order_compare(const struct trust_ledger_slot *slot,
                        const struct trust_ledger_floor *position)
{
    if (slot->seq != position->seq)
        return slot->seq < position->seq ? -1 : 1;
    return trust_register_compare(&slot->place, &position->place);
}

static struct trust_ledger_floor position_of(const struct trust_ledger_slot *slot)
{
    return (struct trust_ledger_floor){.seq = slot->seq, .place = slot->place};
}

void trust_order_add(struct trust_ledger *ledger, uint32_t *root, uint32_t slot)
{
    uint32_t added = slot + 1;
    struct trust_ledger_floor position = position_of(at(ledger, added));
    uint64_t own = priority(ledger, added);
    uint32_t *link = root;
    while (*link != 0 && priority(ledger, *link) > own) {
        struct trust_ledger_slot *node = at(ledger, *link);
        link = trust_order_compare(node, &position) > 0 ? &node->left : &node->right;
    }
    /* The subtree found is split around the position into the two sides of the new node. */
    uint32_t rest = *link;
    *link = added;
    uint32_t *below = &at(ledger, added)->left;
    uint32_t *above = &at(ledger, added)->right;
    while (rest != 0) {
        struct trust_ledger_slot *node = at(ledger, rest);
        int order = trust_order_compare(node, &position);
        assert(order != 0);
        uint32_t **side = order < 0 ? &below : &above;
        **side = rest;
        *side = order < 0 ? &node->right : &node->left;
        rest = **side;
    }
    *below = 0;
    *above = 0;
}

/* Replaces the node at a link by the merge of its two sides. */
static void unlink_at(struct trust_ledger *ledger, uint32_t *link)
{
    uint32_t left = at(ledger, *link)->left;
    uint32_t right = at(ledger, *link)->right;
    while (left != 0 && right != 0) {
        if (priority(ledger, left) > priority(ledger, right)) {
            *link = left;
            link = &at(ledger, left)->right;
            left = *link;
        } else {
            *link = right;
            link = &at(ledger, right)->left;
            right = *link;
        }
    }
    *link = left != 0 ? left : right;
}

void trust_order_remove(struct trust_ledger *ledger, uint32_t *root, uint32_t slot)
{
    struct trust_ledger_floor position = position_of(&ledger->slots[slot]);
    uint32_t *link = root;
    while (*link != slot + 1) {
        assert(*link != 0);
        struct trust_ledger_slot *node = at(ledger, *link);
        link = trust_order_compare(node, &position) > 0 ? &node->left : &node->right;
    }
    unlink_at(ledger, link);
}

uint32_t trust_order_least(const struct trust_ledger *ledger, uint32_t root)
{
    assert(root != 0);
    while (at(ledger, root)->left != 0)
        root = at(ledger, root)->left;
    return root - 1;
}

uint32_t trust_order_greatest(const struct trust_ledger *ledger, uint32_t root)
{
    assert(root != 0);
    while (at(ledger, root)->right != 0)
        root = at(ledger, root)->right;
    return root - 1;
}

bool trust_order_find(const struct trust_ledger *ledger, uint32_t *out_slot, uint32_t root,
                      const struct trust_ledger_floor *position)
{
    uint32_t found = 0;
    while (root != 0) {
        const struct trust_ledger_slot *node = at(ledger, root);
        if (trust_order_compare(node, position) >= 0) {
            found = root;
            root = node->left;
        } else {
            root = node->right;
        }
    }
    if (found == 0)
        return false;
    *out_slot = found - 1;
    return true;
}
