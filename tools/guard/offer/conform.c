/*
 * See conform.h. A stack of values that are gone through, each against one node: a member is put on
 * top of its object, and what else has to accept a value on top of the value. Of anyOf, branches
 * that cannot fit are left out by a look at the value and its members; if one is left, it has to.
 */
#include "guard/offer/conform.h"

#include "base/limits.h"
#include "guard/offer/conform_value.h"
#include "wire/json.h"

#define STACK_MAX (2 * TRUST_WIRE_DEPTH_MAX)

struct frame {
    struct trust_bytes value;
    struct json_walk walk;
    uint64_t seen; /* properties, by their index */
    uint32_t count;
    uint16_t node;
    bool is_open; /* by itself it is possible; now what lies in it */
};

struct check {
    const struct conform *conform;
    size_t work; /* that is left */
    size_t depth;
    struct frame frames[STACK_MAX];
};

static void spend(struct check *check, size_t work)
{
    check->work -= work < check->work ? work : check->work;
}

static const struct conform_node *node_at(const struct check *check, uint16_t node)
{
    return &check->conform->nodes[node];
}

static void push(struct check *check, uint16_t node, struct trust_bytes value)
{
    if (node == CONFORM_ANY)
        return;
    if (check->depth == STACK_MAX) { /* schemas in a circle: nothing is certain */
        check->work = 0;
        return;
    }
    struct frame *frame = &check->frames[check->depth++];
    frame->value = value;
    frame->seen = 0;
    frame->count = 0;
    frame->node = node;
    frame->is_open = false;
}

/* The value alone, not what lies in it. With nothing left of the work, everything is possible. */
static bool is_possible(struct check *check, const struct conform_node *node,
                        struct trust_bytes value)
{
    spend(check, conform_value_work(node, value));
    return check->work == 0 || conform_value_is_possible(node, value);
}

/* The node of a member, which is noted as seen. */
static uint16_t member_node(struct check *check, const struct conform_node *node, uint64_t *seen,
                            struct trust_bytes key)
{
    const struct conform_property *properties = check->conform->properties + node->properties;
    bool is_plain = conform_value_is_plain(key);
    spend(check, (is_plain ? 1 : key.size) * (size_t)node->property_count);
    for (uint16_t i = 0; i < node->property_count && check->work > 0; i++) {
        bool is_it = is_plain && properties[i].is_plain
                         ? trust_bytes_equal(properties[i].key, key)
                         : conform_value_is_key(properties[i].key, key);
        if (!is_it)
            continue;
        if (i < CONFORM_REQUIRED_MAX)
            *seen |= UINT64_C(1) << i;
        return properties[i].node;
    }
    return node->additional;
}

/* ---- branches ---- */

/* Through what only points; CONFORM_ANY: into a circle, or to anything. */
static uint16_t follow(struct check *check, uint16_t node)
{
    for (int i = 0; i < TRUST_WIRE_DEPTH_MAX && node != CONFORM_ANY; i++) {
        spend(check, 1);
        uint16_t next = node_at(check, node)->ref;
        if (next == CONFORM_ANY)
            return node;
        node = next;
    }
    return CONFORM_ANY;
}

static bool is_member_possible(struct check *check, uint16_t node, struct trust_bytes value)
{
    node = follow(check, node);
    return node == CONFORM_ANY || is_possible(check, node_at(check, node), value);
}

/* By itself and by its members. */
static bool is_branch_possible(struct check *check, uint16_t branch, struct trust_bytes value)
{
    branch = follow(check, branch);
    if (branch == CONFORM_ANY)
        return true;
    const struct conform_node *node = node_at(check, branch);
    if (!is_possible(check, node, value))
        return false;
    if (json_kind(value) != JSON_KIND_OBJECT)
        return true;
    spend(check, value.size);
    struct json_walk walk = json_walk_object(value);
    struct trust_bytes key, member;
    uint64_t seen = 0;
    while (check->work > 0 && json_next_member(&walk, &key, &member))
        if (!is_member_possible(check, member_node(check, node, &seen, key), member))
            return false;
    return check->work == 0 || (node->required & ~seen) == 0;
}

/* False: no branch is possible. */
static bool choose_branch(struct check *check, const struct conform_node *node,
                          struct trust_bytes value)
{
    uint16_t only = CONFORM_ANY;
    uint32_t possible = 0;
    for (uint16_t i = 0; i < node->any_count && possible < 2 && check->work > 0; i++) {
        uint16_t branch = check->conform->links[node->any + i];
        if (!is_branch_possible(check, branch, value))
            continue;
        only = branch;
        possible++;
    }
    if (possible == 1)
        push(check, only, value);
    return possible > 0 || check->work == 0;
}

/* ---- one step ---- */

static bool open_frame(struct check *check, struct frame *frame)
{
    const struct conform_node *node = node_at(check, frame->node);
    struct trust_bytes value = frame->value;
    spend(check, 1);
    if (node->ref != CONFORM_ANY) {
        frame->node = node->ref;
        return true;
    }
    if (!is_possible(check, node, value))
        return false;
    enum json_kind kind = json_kind(value);
    frame->is_open = true;
    if (kind == JSON_KIND_OBJECT)
        frame->walk = json_walk_object(value);
    else if (kind == JSON_KIND_ARRAY)
        frame->walk = json_walk_array(value);
    else
        check->depth--;
    if (kind == JSON_KIND_OBJECT || kind == JSON_KIND_ARRAY)
        spend(check, value.size);
    for (uint16_t i = 0; i < node->all_count; i++)
        push(check, check->conform->links[node->all + i], value);
    return node->any_count == 0 || choose_branch(check, node, value);
}

static bool is_count_possible(const struct cover_range *range, uint32_t count)
{
    return !((double)count < range->low) && !((double)count > range->high);
}

static bool close_frame(struct check *check, const struct frame *frame,
                        const struct conform_node *node, enum cover_measure measure)
{
    check->depth--;
    return is_count_possible(&node->facts.ranges[measure], frame->count) &&
           (measure == COVER_OF_ARRAY || (node->required & ~frame->seen) == 0);
}

static bool advance_object(struct check *check, struct frame *frame)
{
    const struct conform_node *node = node_at(check, frame->node);
    struct trust_bytes key, value;
    if (!json_next_member(&frame->walk, &key, &value))
        return close_frame(check, frame, node, COVER_OF_OBJECT);
    frame->count++;
    push(check, member_node(check, node, &frame->seen, key), value);
    return true;
}

static bool advance_array(struct check *check, struct frame *frame)
{
    const struct conform_node *node = node_at(check, frame->node);
    struct trust_bytes value;
    if (!json_next_item(&frame->walk, &value))
        return close_frame(check, frame, node, COVER_OF_ARRAY);
    frame->count++;
    push(check, node->items, value);
    return true;
}

static bool step(struct check *check)
{
    struct frame *frame = &check->frames[check->depth - 1];
    if (!frame->is_open)
        return open_frame(check, frame);
    if (json_kind(frame->value) == JSON_KIND_OBJECT)
        return advance_object(check, frame);
    return advance_array(check, frame);
}

bool conform_accepts(const struct conform *conform, struct trust_bytes value)
{
    struct check check;
    if (value.size == 0)
        return false;
    if (conform->node_count == 0)
        return true;
    check.conform = conform;
    check.work = TRUST_CONFORM_WORK_MAX;
    check.depth = 0;
    push(&check, 0, value);
    while (check.depth > 0 && check.work > 0)
        if (!step(&check))
            return false;
    return true;
}
