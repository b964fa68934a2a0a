/* See facts.h. */
#include "score/facts.h"

#include "base/assert.h"

#define INDEX_BITS 29u
#define SEQ_MAX ((UINT64_C(1) << TRUST_FACT_SEQ_BITS) - 1)

void trust_facts_init(struct trust_facts *facts, struct trust_arena *arena,
                      const struct trust_facts_limits *limits)
{
    assert(limits->ratings < 1u << INDEX_BITS);
    assert(limits->flags < 1u << INDEX_BITS);
    *facts = (struct trust_facts){
        .slot_capacity = limits->slots,
        .rating_capacity = limits->ratings,
    };
    facts->slots = trust_arena_cut(arena, limits->slots, sizeof *facts->slots);
    facts->ratings = trust_arena_cut(arena, limits->ratings, sizeof *facts->ratings);
    facts->flags = trust_arena_cut(arena, limits->flags, sizeof *facts->flags);
    trust_pool_init(&facts->flag_pool, arena, limits->flags);
}

void trust_facts_set(struct trust_facts *facts, uint32_t slot, enum trust_fact_kind kind,
                     uint32_t index)
{
    assert(slot < facts->slot_capacity);
    assert(index < 1u << INDEX_BITS);
    facts->slots[slot] = (uint32_t)kind << INDEX_BITS | index;
}

static struct trust_rating_fact *rating_at(const struct trust_facts *facts, uint32_t slot)
{
    assert(trust_fact_kind(facts, slot) == TRUST_FACT_RATING);
    return &facts->ratings[trust_fact_index(facts, slot)];
}

static struct trust_flag_fact *flag_at(const struct trust_facts *facts, uint32_t slot)
{
    assert(trust_fact_kind(facts, slot) == TRUST_FACT_FLAG);
    return &facts->flags[trust_fact_index(facts, slot)];
}

static enum trust_error hold_target(struct trust_servers *servers, uint32_t *out_target,
                                    struct trust_bytes text, struct trust_bytes manifest)
{
    struct trust_subject subject;
    enum trust_error error = trust_subject_parse(&subject, text);
    if (error != TRUST_OK)
        return error;
    struct trust_named named = {
        .server = subject.server, .version = subject.version, .manifest = manifest};
    return trust_targets_hold(servers, out_target, &named);
}

static bool take_rating(struct trust_facts *facts, uint32_t *out_index)
{
    if (facts->first_free_rating != 0) {
        *out_index = facts->first_free_rating - 1;
        facts->first_free_rating = facts->ratings[*out_index].next;
    } else if (facts->fresh_ratings < facts->rating_capacity) {
        *out_index = facts->fresh_ratings++;
    } else {
        return false;
    }
    facts->rating_count++;
    return true;
}

static void give_rating(struct trust_facts *facts, uint32_t index)
{
    facts->ratings[index].next = facts->first_free_rating;
    facts->first_free_rating = index + 1;
    facts->rating_count--;
}

static void fill_rating(struct trust_rating_fact *fact, const struct trust_record *record)
{
    const struct trust_rating *rating = &record->rating;
    uint64_t seq = record->seq < SEQ_MAX ? record->seq : SEQ_MAX;
    uint32_t calls = rating->calls < TRUST_CALLS_FULL ? rating->calls : TRUST_CALLS_FULL;
    assert(rating->value <= TRUST_RATING_WITHDRAWN);
    fact->expires_s = trust_seconds(record->expires);
    fact->seq_low = (uint32_t)seq;
    fact->bits = (uint32_t)(seq >> 32) | (uint32_t)rating->value << 12 | calls << 22 |
                 (uint32_t)rating->category << 27;
}

enum trust_error trust_facts_add_rating(struct trust_facts *facts, struct trust_servers *servers,
                                        uint32_t slot, const struct trust_record *record,
                                        uint32_t author)
{
    uint32_t target = 0;
    uint32_t index = 0;
    enum trust_error error =
        hold_target(servers, &target, record->rating.subject, record->rating.manifest);
    if (error != TRUST_OK)
        return error;
    if (!take_rating(facts, &index)) {
        trust_targets_release(servers, target);
        return TRUST_NO_ROOM;
    }
    struct trust_rating_fact *fact = &facts->ratings[index];
    uint32_t *first = &servers->servers[servers->targets[target].server].first_rating;
    *fact = (struct trust_rating_fact){.author = author, .target = target, .next = *first};
    fill_rating(fact, record);
    if (*first != 0)
        rating_at(facts, *first - 1)->previous = slot + 1;
    *first = slot + 1;
    trust_facts_set(facts, slot, TRUST_FACT_RATING, index);
    return TRUST_OK;
}

static void fill_flag(struct trust_flag_fact *fact, const struct trust_record *record)
{
    const struct trust_flag *flag = &record->flag;
    fact->expires_s = trust_seconds(record->expires);
    fact->seq = record->seq < SEQ_MAX ? record->seq : SEQ_MAX;
    fact->severity = (uint8_t)flag->severity;
    fact->class_ = (uint8_t)flag->class_;
    fact->rule_size = (uint8_t)flag->rule.size;
}

enum trust_error trust_facts_add_flag(struct trust_facts *facts, struct trust_servers *servers,
                                      uint32_t slot, const struct trust_record *record,
                                      uint32_t author)
{
    const struct trust_flag *flag = &record->flag;
    uint32_t target = 0;
    uint32_t rule = 0;
    uint32_t index = 0;
    assert(flag->rule.size < TRUST_SCORE_RULE_SIZE);
    enum trust_error error = hold_target(servers, &target, flag->subject, flag->manifest);
    if (error != TRUST_OK)
        return error;
    if (!trust_texts_put(&servers->texts, &rule, flag->rule)) {
        trust_targets_release(servers, target);
        return TRUST_NO_ROOM;
    }
    if (!trust_pool_take(&facts->flag_pool, &index)) {
        trust_texts_give(&servers->texts, rule);
        trust_targets_release(servers, target);
        return TRUST_NO_ROOM;
    }
    struct trust_flag_fact *fact = &facts->flags[index];
    uint32_t *first = &servers->servers[servers->targets[target].server].first_flag;
    *fact =
        (struct trust_flag_fact){.author = author, .target = target, .next = *first, .rule = rule};
    fill_flag(fact, record);
    if (*first != 0)
        flag_at(facts, *first - 1)->previous = slot + 1;
    *first = slot + 1;
    trust_facts_set(facts, slot, TRUST_FACT_FLAG, index);
    return TRUST_OK;
}

static void remove_rating(struct trust_facts *facts, struct trust_servers *servers, uint32_t slot)
{
    struct trust_rating_fact *fact = rating_at(facts, slot);
    if (fact->previous != 0)
        rating_at(facts, fact->previous - 1)->next = fact->next;
    else
        servers->servers[servers->targets[fact->target].server].first_rating = fact->next;
    if (fact->next != 0)
        rating_at(facts, fact->next - 1)->previous = fact->previous;
    trust_targets_release(servers, fact->target);
    give_rating(facts, trust_fact_index(facts, slot));
}

static void remove_flag(struct trust_facts *facts, struct trust_servers *servers, uint32_t slot)
{
    struct trust_flag_fact *fact = flag_at(facts, slot);
    if (fact->previous != 0)
        flag_at(facts, fact->previous - 1)->next = fact->next;
    else
        servers->servers[servers->targets[fact->target].server].first_flag = fact->next;
    if (fact->next != 0)
        flag_at(facts, fact->next - 1)->previous = fact->previous;
    trust_texts_give(&servers->texts, fact->rule);
    trust_targets_release(servers, fact->target);
    trust_pool_give(&facts->flag_pool, trust_fact_index(facts, slot));
}

void trust_facts_remove(struct trust_facts *facts, struct trust_servers *servers, uint32_t slot)
{
    if (trust_fact_kind(facts, slot) == TRUST_FACT_RATING)
        remove_rating(facts, servers, slot);
    else
        remove_flag(facts, servers, slot);
    trust_facts_set(facts, slot, TRUST_FACT_NONE, 0);
}

void trust_facts_silence(struct trust_facts *facts, uint32_t slot, enum trust_silence silence)
{
    if (trust_fact_kind(facts, slot) == TRUST_FACT_FLAG) {
        flag_at(facts, slot)->silence = (uint8_t)silence;
        return;
    }
    struct trust_rating_fact *fact = rating_at(facts, slot);
    fact->bits = (fact->bits & ~(3u << 29)) | (uint32_t)silence << 29;
}

void trust_facts_ignore(struct trust_facts *facts, uint32_t slot, bool is_ignored)
{
    flag_at(facts, slot)->is_ignored = is_ignored;
}

struct trust_rating_view trust_facts_rating(const struct trust_facts *facts, uint32_t slot)
{
    const struct trust_rating_fact *fact = rating_at(facts, slot);
    return (struct trust_rating_view){
        .author = fact->author,
        .target = fact->target,
        .expires_s = fact->expires_s,
        .calls = fact->bits >> 22 & 31,
        .seq = (uint64_t)(fact->bits & 0xfff) << 32 | fact->seq_low,
        .value = fact->bits >> 12 & 1023,
        .category = (enum trust_category)(fact->bits >> 27 & 3),
        .silence = (enum trust_silence)(fact->bits >> 29 & 3),
    };
}

const struct trust_flag_fact *trust_facts_flag(const struct trust_facts *facts, uint32_t slot)
{
    return flag_at(facts, slot);
}

uint32_t trust_facts_server(const struct trust_facts *facts, const struct trust_servers *servers,
                            uint32_t slot)
{
    uint32_t target = trust_fact_kind(facts, slot) == TRUST_FACT_RATING
                          ? rating_at(facts, slot)->target
                          : flag_at(facts, slot)->target;
    return servers->targets[target].server;
}

uint32_t trust_facts_next_rating(const struct trust_facts *facts, uint32_t slot)
{
    return rating_at(facts, slot)->next;
}

uint32_t trust_facts_next_flag(const struct trust_facts *facts, uint32_t slot)
{
    return flag_at(facts, slot)->next;
}
