/* See splice.h. */
#include "wire/splice.h"

#include "base/assert.h"
#include "wire/json.h"
#include "wire/scan.h"

void splice_init(struct splice *splice, struct trust_bytes whole)
{
    assert(whole.size > 0);
    splice->whole = whole;
    splice->size = whole.size;
    splice->count = 0;
}

static void edit(struct splice *splice, const uint8_t *at, size_t cut, struct trust_bytes put)
{
    assert(splice->count < TRUST_WIRE_EDITS_MAX);
    assert(at >= splice->whole.data);
    assert(cut <= (size_t)(splice->whole.data + splice->whole.size - at));
    size_t place = splice->count++;
    for (; place > 0 && splice->edits[place - 1].at > at; place--)
        splice->edits[place] = splice->edits[place - 1];
    splice->edits[place] = (struct splice_edit){.at = at, .cut = cut, .put = put};
    splice->size += put.size;
    splice->size -= cut;
}

static void insert(struct splice *splice, const uint8_t *at, const char *text)
{
    edit(splice, at, 0, trust_bytes_text(text));
}

void splice_replace(struct splice *splice, struct trust_bytes span, struct trust_bytes value)
{
    edit(splice, span.data, span.size, value);
}

static bool is_edited(const struct splice *splice, const uint8_t *at)
{
    for (size_t i = 0; i < splice->count; i++) {
        if (splice->edits[i].at == at)
            return true;
    }
    return false;
}

static bool is_empty(struct trust_bytes object)
{
    struct scan scan = scan_init(object);
    scan.at++;
    scan_space(&scan);
    return scan_peek(&scan) == '}';
}

/* Everything up to the value of a new member: a comma if one was added before it to nothing. */
static void begin_member(struct splice *splice, const uint8_t *at, bool is_alone, const char *key)
{
    insert(splice, at, is_alone && is_edited(splice, at) ? ",\"" : "\"");
    insert(splice, at, key);
    insert(splice, at, "\":");
}

void splice_add_member(struct splice *splice, struct trust_bytes object, const char *key,
                       struct trust_bytes value)
{
    assert(json_kind(object) == JSON_KIND_OBJECT);
    const uint8_t *at = object.data + 1;
    bool is_alone = is_empty(object);
    begin_member(splice, at, is_alone, key);
    edit(splice, at, 0, value);
    if (!is_alone)
        insert(splice, at, ",");
}

/* A _meta with one member, where owner begins. */
static void add_meta(struct splice *splice, struct trust_bytes owner, const char *key,
                     struct trust_bytes value)
{
    const uint8_t *at = owner.data + 1;
    bool is_alone = is_empty(owner);
    begin_member(splice, at, is_alone, "_meta");
    insert(splice, at, "{\"");
    insert(splice, at, key);
    insert(splice, at, "\":");
    edit(splice, at, 0, value);
    insert(splice, at, is_alone ? "}" : "},");
}

/* A _meta with one member, in place of one that has none. */
static void replace_meta(struct splice *splice, struct trust_bytes meta, const char *key,
                         struct trust_bytes value)
{
    edit(splice, meta.data, meta.size, trust_bytes_text("{\""));
    insert(splice, meta.data, key);
    insert(splice, meta.data, "\":");
    edit(splice, meta.data, 0, value);
    insert(splice, meta.data, "}");
}

enum trust_error splice_set_meta(struct splice *splice, struct trust_bytes owner,
                                 struct trust_bytes meta, const char *key, struct trust_bytes value)
{
    assert(json_kind(owner) == JSON_KIND_OBJECT);
    if (meta.size == 0) {
        add_meta(splice, owner, key, value);
        return TRUST_OK;
    }
    if (json_kind(meta) != JSON_KIND_OBJECT) {
        replace_meta(splice, meta, key, value);
        return TRUST_OK;
    }
    struct trust_bytes old;
    enum trust_error error = json_find(&old, meta, key);
    if (error == TRUST_OK)
        splice_replace(splice, old, value);
    else if (error == TRUST_NO_FOUND)
        splice_add_member(splice, meta, key, value);
    else
        return error;
    return TRUST_OK;
}

void splice_write(const struct splice *splice, struct trust_writer *writer)
{
    const uint8_t *at = splice->whole.data;
    const uint8_t *end = at + splice->whole.size;
    for (size_t i = 0; i < splice->count; i++) {
        const struct splice_edit *next = &splice->edits[i];
        /* A replacement may have passed its own place, where more is put. */
        size_t kept = next->at > at ? (size_t)(next->at - at) : 0;
        trust_writer_put(writer, (struct trust_bytes){.data = at, .size = kept});
        trust_writer_put(writer, next->put);
        at += kept + next->cut;
    }
    trust_writer_put(writer, (struct trust_bytes){.data = at, .size = (size_t)(end - at)});
}
