/* See jcs.h. */
#include "wire/jcs.h"

#include "base/limits.h"
#include "wire/jcs_number.h"
#include "wire/json.h"

/* An object or array that is open. */
struct level {
    bool is_object;
    bool is_first; /* nothing of it has been written */
    size_t start;  /* of its members */
    size_t next;   /* one to be written */
    size_t end;
    struct json_walk walk; /* of an array */
};

struct work {
    struct trust_writer *writer;
    struct jcs_member *members;
    size_t count;
    size_t used;
    unsigned depth;
    struct level levels[TRUST_WIRE_DEPTH_MAX];
};

size_t jcs_count_members(struct trust_bytes text)
{
    size_t count = 0;
    for (size_t i = 0; i < text.size; i++)
        count += text.data[i] == ':';
    return count;
}

/* Greater for what sorts later by UTF-16: the units of characters above U+FFFF are surrogates,
 * which come before U+E000. */
static uint32_t rank_of(uint32_t character)
{
    return character >= 0xe000 && character <= 0xffff ? character + 0x110000 : character;
}

/* Both keys decode without an error: check_key has seen them. 0 at the end. */
static uint64_t next_rank(struct trust_bytes *raw)
{
    uint32_t character = 0;
    return json_take_character(raw, &character) == TRUST_OK ? UINT64_C(1) + rank_of(character) : 0;
}

/* Below, equal or above zero. */
static int compare(const struct jcs_member *left, const struct jcs_member *right)
{
    struct trust_bytes a = left->key;
    struct trust_bytes b = right->key;
    for (;;) {
        uint64_t rank_a = next_rank(&a);
        uint64_t rank_b = next_rank(&b);
        if (rank_a != rank_b)
            return rank_a < rank_b ? -1 : 1;
        if (rank_a == 0)
            return 0;
    }
}

static void swap(struct jcs_member *a, struct jcs_member *b)
{
    struct jcs_member held = *a;
    *a = *b;
    *b = held;
}

static void sift_down(struct jcs_member *members, size_t root, size_t count)
{
    for (size_t child = 2 * root + 1; child < count; child = 2 * root + 1) {
        if (child + 1 < count && compare(&members[child], &members[child + 1]) < 0)
            child++;
        if (compare(&members[root], &members[child]) >= 0)
            return;
        swap(&members[root], &members[child]);
        root = child;
    }
}

/* Heap sort: in place, and no order of keys that a stranger chooses makes it slow. */
static void sort(struct jcs_member *members, size_t count)
{
    for (size_t root = count / 2; root > 0; root--)
        sift_down(members, root - 1, count);
    for (size_t end = count; end > 1; end--) {
        swap(&members[0], &members[end - 1]);
        sift_down(members, 0, end - 1);
    }
}

static void put(struct work *work, const char *text)
{
    trust_writer_put(work->writer, trust_bytes_text(text));
}

/* Puts the members of object behind those of the objects around it, sorted. */
static enum trust_error gather(struct work *work, struct trust_bytes object)
{
    size_t start = work->used;
    struct json_walk walk = json_walk_object(object);
    struct jcs_member member;
    while (json_next_member(&walk, &member.key, &member.value)) {
        struct trust_bytes rest = member.key;
        uint32_t character;
        enum trust_error error = TRUST_OK;
        while (error == TRUST_OK)
            error = json_take_character(&rest, &character);
        if (error != TRUST_NO_FOUND)
            return error;
        if (work->used == work->count)
            return TRUST_NO_ROOM;
        work->members[work->used++] = member;
    }
    if (walk.error != TRUST_OK)
        return walk.error;
    sort(work->members + start, work->used - start);
    for (size_t i = start + 1; i < work->used; i++) {
        if (compare(&work->members[i - 1], &work->members[i]) == 0)
            return TRUST_NO_DUPLICATE;
    }
    return TRUST_OK;
}

static enum trust_error open_level(struct work *work, struct trust_bytes value, bool is_object)
{
    if (work->depth == TRUST_WIRE_DEPTH_MAX)
        return TRUST_NO_RANGE;
    size_t start = work->used;
    enum trust_error error = is_object ? gather(work, value) : TRUST_OK;
    if (error != TRUST_OK)
        return error;
    put(work, is_object ? "{" : "[");
    work->levels[work->depth++] = (struct level){.is_object = is_object,
                                                 .is_first = true,
                                                 .start = start,
                                                 .next = start,
                                                 .end = work->used,
                                                 .walk = json_walk_array(value)};
    return TRUST_OK;
}

static enum trust_error begin_value(struct work *work, struct trust_bytes value)
{
    enum trust_error error = TRUST_OK;
    switch (json_kind(value)) {
    case JSON_KIND_NONE:
        return TRUST_NO_SYNTAX;
    case JSON_KIND_NULL:
    case JSON_KIND_BOOL:
        trust_writer_put(work->writer, value);
        break;
    case JSON_KIND_NUMBER:
        return jcs_put_number(work->writer, value);
    case JSON_KIND_STRING:
        put(work, "\"");
        error = json_put_raw(work->writer,
                             (struct trust_bytes){.data = value.data + 1, .size = value.size - 2});
        put(work, "\"");
        break;
    case JSON_KIND_ARRAY:
        return open_level(work, value, false);
    case JSON_KIND_OBJECT:
        return open_level(work, value, true);
    }
    return error;
}

static void put_comma(struct work *work, struct level *level)
{
    if (!level->is_first)
        put(work, ",");
    level->is_first = false;
}

static enum trust_error close_level(struct work *work, const struct level *level)
{
    put(work, level->is_object ? "}" : "]");
    work->used = level->start;
    work->depth--;
    return TRUST_OK;
}

static enum trust_error next_member(struct work *work, struct level *level)
{
    if (level->next == level->end)
        return close_level(work, level);
    struct jcs_member member = work->members[level->next++];
    put_comma(work, level);
    put(work, "\"");
    enum trust_error error = json_put_raw(work->writer, member.key);
    put(work, "\":");
    return error == TRUST_OK ? begin_value(work, member.value) : error;
}

static enum trust_error next_item(struct work *work, struct level *level)
{
    struct trust_bytes item;
    if (json_next_item(&level->walk, &item)) {
        put_comma(work, level);
        return begin_value(work, item);
    }
    return level->walk.error == TRUST_OK ? close_level(work, level) : level->walk.error;
}

enum trust_error jcs_write(struct trust_writer *writer, struct jcs_member *members,
                           size_t members_count, struct trust_bytes value)
{
    struct work work = {.writer = writer, .members = members, .count = members_count};
    enum trust_error error = json_check(value);
    if (error == TRUST_OK)
        error = begin_value(&work, json_trim(value));
    while (error == TRUST_OK && work.depth > 0) {
        struct level *level = &work.levels[work.depth - 1];
        error = level->is_object ? next_member(&work, level) : next_item(&work, level);
    }
    if (error == TRUST_OK && trust_writer_has_overflowed(writer))
        return TRUST_NO_ROOM;
    return error;
}
