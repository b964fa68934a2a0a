/*
 * Reading is strict: each field in its place, once, in one spelling. So a draft that was read and
 * written again is the same file, and what is shown is what will be signed.
 */
#include "repute/draft.h"

#include <stdio.h>
#include <string.h>

#include "base/assert.h"
#include "base/bytes.h"
#include "base/date.h"
#include "base/line.h"
#include "base/reader.h"
#include "record/encode.h"
#include "record/register.h"
#include "repute/words.h"

#define FIRST_LINE "repute-draft 1\n"

/* ---- draft and record ---- */

static struct trust_bytes manifest_of(const struct draft *draft)
{
    return draft->has_manifest
               ? (struct trust_bytes){.data = draft->manifest, .size = sizeof draft->manifest}
               : (struct trust_bytes){0};
}

void draft_record(struct trust_record *out_record, const struct draft *draft,
                  const struct trust_key *author, uint64_t seq)
{
    struct trust_record record = {
        .kind = draft->kind,
        .author = *author,
        .seq = seq,
        .expires = seq / 1000 + draft->life_s,
    };
    switch (draft->kind) {
    case TRUST_KIND_VOUCH:
        record.vouch = draft->vouch;
        break;
    case TRUST_KIND_RATING:
        record.rating = draft->rating;
        record.rating.subject = trust_bytes_text(draft->subject);
        record.rating.manifest = manifest_of(draft);
        break;
    case TRUST_KIND_FLAG:
        record.flag = draft->flag;
        record.flag.subject = trust_bytes_text(draft->subject);
        record.flag.manifest = manifest_of(draft);
        record.flag.rule = trust_bytes_text(draft->rule);
        break;
    case TRUST_KIND_ALIAS:
        record.alias = (struct trust_alias){.first = trust_bytes_text(draft->subject),
                                            .second = trust_bytes_text(draft->second),
                                            .state = draft->alias_state};
        break;
    case TRUST_KIND_REVOCATION:
        break;
    }
    *out_record = record;
}

static void copy_text(char *out_text, size_t size, struct trust_bytes text)
{
    assert(text.size < size);
    memcpy(out_text, text.data, text.size);
    out_text[text.size] = '\0';
}

static void copy_manifest(struct draft *draft, struct trust_bytes manifest)
{
    draft->has_manifest = manifest.size == sizeof draft->manifest;
    if (draft->has_manifest)
        memcpy(draft->manifest, manifest.data, manifest.size);
}

void draft_from_record(struct draft *out_draft, const struct trust_record *record)
{
    struct draft draft = {.kind = record->kind};
    switch (record->kind) {
    case TRUST_KIND_VOUCH:
        draft.vouch = record->vouch;
        break;
    case TRUST_KIND_RATING:
        draft.rating = record->rating;
        copy_text(draft.subject, sizeof draft.subject, record->rating.subject);
        copy_manifest(&draft, record->rating.manifest);
        break;
    case TRUST_KIND_FLAG:
        draft.flag = record->flag;
        copy_text(draft.subject, sizeof draft.subject, record->flag.subject);
        copy_text(draft.rule, sizeof draft.rule, record->flag.rule);
        copy_manifest(&draft, record->flag.manifest);
        break;
    case TRUST_KIND_ALIAS:
        draft.alias_state = record->alias.state;
        copy_text(draft.subject, sizeof draft.subject, record->alias.first);
        copy_text(draft.second, sizeof draft.second, record->alias.second);
        break;
    case TRUST_KIND_REVOCATION:
        break;
    }
    *out_draft = draft;
}

static struct trust_record anonymous_record(const struct draft *draft)
{
    static const struct trust_key nobody = {{0}};
    struct trust_record record;
    draft_record(&record, draft, &nobody, draft->created_s * 1000);
    return record;
}

enum trust_error draft_check(const struct draft *draft)
{
    uint8_t body[TRUST_RECORD_SIZE_MAX - TRUST_SIGNATURE_SIZE];
    struct trust_writer writer = trust_writer_init(body, sizeof body);
    const struct trust_record record = anonymous_record(draft);
    return trust_record_encode(&writer, &record);
}

void draft_id(char out_id[DRAFT_ID_SIZE], const struct draft *draft)
{
    struct trust_register place;
    const struct trust_record record = anonymous_record(draft);
    trust_register_init(&place, &record);
    (void)snprintf(out_id, DRAFT_ID_SIZE, "%02x%02x%02x%02x", place.digest[0], place.digest[1],
                   place.digest[2], place.digest[3]);
}

bool draft_is_same_place(const struct draft *a, const struct draft *b)
{
    struct trust_register first;
    struct trust_register second;
    const struct trust_record records[] = {anonymous_record(a), anonymous_record(b)};
    trust_register_init(&first, &records[0]);
    trust_register_init(&second, &records[1]);
    return trust_register_compare(&first, &second) == 0;
}

/* ---- writing ---- */

static void put(struct trust_writer *writer, const char *name, const char *value)
{
    trust_line_put_text(writer, name);
    trust_line_put_text(writer, " ");
    trust_line_put_text(writer, value);
    trust_line_put_text(writer, "\n");
}

static void put_number(struct trust_writer *writer, const char *name, uint64_t number)
{
    trust_line_put_text(writer, name);
    trust_line_put_text(writer, " ");
    trust_line_put_number(writer, number);
    trust_line_put_text(writer, "\n");
}

static void put_hex(struct trust_writer *writer, const char *name, struct trust_bytes bytes)
{
    trust_line_put_text(writer, name);
    trust_line_put_text(writer, " ");
    if (bytes.size == 0)
        trust_line_put_text(writer, "-");
    else
        trust_line_put_hex(writer, bytes);
    trust_line_put_text(writer, "\n");
}

static void put_vouch(struct trust_writer *writer, const struct trust_vouch *vouch)
{
    char key[TRUST_KEY_TEXT_SIZE];
    char scopes[WORDS_SCOPES_SIZE];
    char strength[16];
    trust_key_encode(key, &vouch->subject, TRUST_KEY_OPERATOR);
    words_put_scopes(scopes, vouch->scopes);
    (void)snprintf(strength, sizeof strength, "%d", vouch->strength);
    put(writer, "key", key);
    put(writer, "scope", scopes);
    put(writer, "strength", strength);
}

static void put_rating(struct trust_writer *writer, const struct draft *draft)
{
    put(writer, "subject", draft->subject);
    put_hex(writer, "manifest", manifest_of(draft));
    put(writer, "category", words_categories[draft->rating.category - 1]);
    put_number(writer, "value", draft->rating.value);
    put_number(writer, "calls", draft->rating.calls);
    put(writer, "origin", words_origins[draft->rating.origin - 1]);
}

static void put_flag(struct trust_writer *writer, const struct draft *draft)
{
    put(writer, "subject", draft->subject);
    put_hex(writer, "manifest", manifest_of(draft));
    put(writer, "severity", words_severities[draft->flag.severity]);
    put(writer, "class", words_classes[draft->flag.class_ - 1]);
    put(writer, "rule", draft->rule);
    put_hex(writer, "output",
            (struct trust_bytes){.data = draft->flag.output_digest,
                                 .size = sizeof draft->flag.output_digest});
}

void draft_encode(struct trust_writer *writer, const struct draft *draft)
{
    char created[TRUST_DATE_SIZE];
    trust_date_encode(created, draft->created_s);
    trust_line_put_text(writer, FIRST_LINE);
    put(writer, "kind", words_kind(draft->kind));
    put(writer, "created", created);
    put_number(writer, "life", draft->life_s);
    switch (draft->kind) {
    case TRUST_KIND_VOUCH:
        put_vouch(writer, &draft->vouch);
        break;
    case TRUST_KIND_RATING:
        put_rating(writer, draft);
        break;
    case TRUST_KIND_FLAG:
        put_flag(writer, draft);
        break;
    case TRUST_KIND_ALIAS:
        put(writer, "first", draft->subject);
        put(writer, "second", draft->second);
        put_number(writer, "state", draft->alias_state);
        break;
    case TRUST_KIND_REVOCATION:
        break;
    }
    assert(!trust_writer_has_overflowed(writer));
}

/* ---- reading ---- */

/* The value of the next line, which must begin with name and a blank; after a refusal, empty. */
static struct trust_bytes take(struct trust_reader *reader, const char *name)
{
    size_t left = trust_reader_left(reader);
    const uint8_t *newline = left == 0 ? NULL : memchr(reader->at, '\n', left);
    if (newline == NULL) {
        reader->failed = true;
        return (struct trust_bytes){0};
    }
    struct trust_bytes line = trust_reader_take(reader, (size_t)(newline - reader->at));
    (void)trust_reader_take(reader, 1);
    size_t size = strlen(name);
    bool is_it =
        line.size > size + 1 && memcmp(line.data, name, size) == 0 && line.data[size] == ' ';
    if (!is_it || memchr(line.data, '\0', line.size) != NULL) {
        reader->failed = true;
        return (struct trust_bytes){0};
    }
    return (struct trust_bytes){.data = line.data + size + 1, .size = line.size - size - 1};
}

static void take_text(struct trust_reader *reader, const char *name, char *out_text, size_t size)
{
    struct trust_bytes value = take(reader, name);
    reader->failed = reader->failed || value.size >= size;
    if (!reader->failed)
        copy_text(out_text, size, value);
}

static uint64_t take_number(struct trust_reader *reader, const char *name, uint64_t most)
{
    struct trust_reader value = trust_reader_init(take(reader, name));
    uint64_t number = trust_line_take_number(&value);
    reader->failed = reader->failed || !trust_reader_is_done(&value) || number > most;
    return reader->failed ? 0 : number;
}

static int take_strength(struct trust_reader *reader)
{
    struct trust_bytes value = take(reader, "strength");
    bool is_negative = value.size > 1 && value.data[0] == '-';
    if (is_negative)
        value = (struct trust_bytes){.data = value.data + 1, .size = value.size - 1};
    struct trust_reader digits = trust_reader_init(value);
    uint64_t number = trust_line_take_number(&digits);
    if (!trust_reader_is_done(&digits) || number > 1000 || (is_negative && number == 0))
        reader->failed = true;
    return reader->failed ? 0 : is_negative ? -(int)number : (int)number;
}

static size_t take_word(struct trust_reader *reader, const char *name, const char *const *table)
{
    size_t place = 0;
    if (!words_find(&place, table, take(reader, name)))
        reader->failed = true;
    return place;
}

static void take_manifest(struct trust_reader *reader, struct draft *draft)
{
    struct trust_bytes value = take(reader, "manifest");
    draft->has_manifest = !trust_bytes_equal(value, trust_bytes_text("-"));
    if (draft->has_manifest && !trust_line_hex(draft->manifest, sizeof draft->manifest, value))
        reader->failed = true;
}

static void take_vouch(struct trust_reader *reader, struct trust_vouch *vouch)
{
    char scopes[WORDS_SCOPES_SIZE] = "";
    char again[WORDS_SCOPES_SIZE];
    if (trust_key_decode(&vouch->subject, take(reader, "key"), TRUST_KEY_OPERATOR) != TRUST_OK)
        reader->failed = true;
    take_text(reader, "scope", scopes, sizeof scopes);
    if (!words_take_scopes(&vouch->scopes, scopes))
        reader->failed = true;
    words_put_scopes(again, vouch->scopes);
    reader->failed = reader->failed || strcmp(again, scopes) != 0;
    vouch->strength = (int16_t)take_strength(reader);
}

static void take_rating(struct trust_reader *reader, struct draft *draft)
{
    take_text(reader, "subject", draft->subject, sizeof draft->subject);
    take_manifest(reader, draft);
    draft->rating.category =
        (enum trust_category)(take_word(reader, "category", words_categories) + 1);
    draft->rating.value = (uint16_t)take_number(reader, "value", TRUST_RATING_WITHDRAWN);
    draft->rating.calls = (uint32_t)take_number(reader, "calls", TRUST_RATING_CALLS_MAX);
    draft->rating.origin = (enum trust_origin)(take_word(reader, "origin", words_origins) + 1);
}

static void take_flag(struct trust_reader *reader, struct draft *draft)
{
    take_text(reader, "subject", draft->subject, sizeof draft->subject);
    take_manifest(reader, draft);
    draft->flag.severity = (enum trust_severity)take_word(reader, "severity", words_severities);
    draft->flag.class_ = (enum trust_class)(take_word(reader, "class", words_classes) + 1);
    take_text(reader, "rule", draft->rule, sizeof draft->rule);
    if (!trust_line_hex(draft->flag.output_digest, sizeof draft->flag.output_digest,
                        take(reader, "output")))
        reader->failed = true;
}

static void take_alias(struct trust_reader *reader, struct draft *draft)
{
    take_text(reader, "first", draft->subject, sizeof draft->subject);
    take_text(reader, "second", draft->second, sizeof draft->second);
    draft->alias_state = (uint8_t)take_number(reader, "state", 1);
}

static void take_fields(struct trust_reader *reader, struct draft *draft)
{
    static const char *const kinds[] = {"vouch", "rating", "flag", "alias", NULL};
    draft->kind = (enum trust_kind)(take_word(reader, "kind", kinds) + TRUST_KIND_VOUCH);
    if (!trust_date_decode(&draft->created_s, take(reader, "created")))
        reader->failed = true;
    draft->life_s = take_number(reader, "life", TRUST_LIFE_S_MAX);
    switch (draft->kind) {
    case TRUST_KIND_VOUCH:
        take_vouch(reader, &draft->vouch);
        break;
    case TRUST_KIND_RATING:
        take_rating(reader, draft);
        break;
    case TRUST_KIND_FLAG:
        take_flag(reader, draft);
        break;
    case TRUST_KIND_ALIAS:
        take_alias(reader, draft);
        break;
    case TRUST_KIND_REVOCATION:
        break;
    }
}

enum trust_error draft_decode(struct draft *out_draft, struct trust_bytes text)
{
    struct draft draft = {0};
    struct trust_reader reader = trust_reader_init(text);
    struct trust_bytes first = trust_reader_take(&reader, sizeof FIRST_LINE - 1);
    if (!trust_bytes_equal(first, trust_bytes_text(FIRST_LINE)))
        return TRUST_NO_SYNTAX;
    take_fields(&reader, &draft);
    if (!trust_reader_is_done(&reader))
        return TRUST_NO_SYNTAX;
    enum trust_error error = draft_check(&draft);
    if (error == TRUST_OK)
        *out_draft = draft;
    return error;
}
