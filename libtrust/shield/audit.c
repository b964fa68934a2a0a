/* See audit.h. */
#include "shield/audit.h"

#include <string.h>

#include "base/assert.h"
#include "base/limits.h"
#include "base/line.h"

#define FORM "1"
#define FORM_WITH_REASON "2"
#define HASH_SIZE 32u

static const char *const hooks[] = {
    [TRUST_HOOK_NONE] = "none",
    [TRUST_HOOK_DRY] = "dry",
    [TRUST_HOOK_DONE] = "done",
    [TRUST_HOOK_FAILED] = "failed",
};

#define HOOK_COUNT (sizeof hooks / sizeof *hooks)

static bool is_word(struct trust_bytes word, const char *text)
{
    return trust_bytes_equal(word, trust_bytes_text(text));
}

static void put_word(struct trust_writer *writer, struct trust_bytes word)
{
    trust_line_put_text(writer, " ");
    trust_writer_put(writer, word);
}

static void put_name(struct trust_writer *writer, const char *name)
{
    put_word(writer, trust_bytes_text(name));
}

static void put_number(struct trust_writer *writer, uint64_t number)
{
    trust_line_put_text(writer, " ");
    trust_line_put_number(writer, number);
}

static void put_manifest(struct trust_writer *writer, const uint8_t manifest[HASH_SIZE],
                         bool has_manifest)
{
    trust_line_put_text(writer, has_manifest ? " " : " -");
    if (has_manifest)
        trust_line_put_hex(writer, (struct trust_bytes){.data = manifest, .size = HASH_SIZE});
}

static enum trust_quarantine_state take_state(struct trust_reader *reader)
{
    struct trust_bytes word = trust_line_take(reader);
    for (uint32_t i = 0; i <= TRUST_QUARANTINE_BANNED; i++) {
        if (is_word(word, trust_quarantine_state_name((enum trust_quarantine_state)i)))
            return (enum trust_quarantine_state)i;
    }
    reader->failed = true;
    return TRUST_QUARANTINE_OK;
}

static enum trust_quarantine_rule take_rule(struct trust_reader *reader)
{
    struct trust_bytes word = trust_line_take(reader);
    for (uint32_t i = 0; i <= TRUST_QUARANTINE_RULE_FILE; i++) {
        if (is_word(word, trust_quarantine_rule_name((enum trust_quarantine_rule)i)))
            return (enum trust_quarantine_rule)i;
    }
    reader->failed = true;
    return TRUST_QUARANTINE_RULE_NONE;
}

static enum trust_hook_result take_hook(struct trust_reader *reader)
{
    struct trust_bytes word = trust_line_take(reader);
    for (uint32_t i = 0; i < HOOK_COUNT; i++) {
        if (is_word(word, hooks[i]))
            return (enum trust_hook_result)i;
    }
    reader->failed = true;
    return TRUST_HOOK_NONE;
}

static bool take_dry(struct trust_reader *reader)
{
    struct trust_bytes word = trust_line_take(reader);
    bool is_dry = is_word(word, "dry");
    if (!is_dry && !is_word(word, "live"))
        reader->failed = true;
    return is_dry;
}

/* Printable and bounded; whether it names a server its reader asks record/subject. */
static struct trust_bytes take_subject(struct trust_reader *reader)
{
    struct trust_bytes word = trust_line_take(reader);
    if (word.size > TRUST_SUBJECT_SIZE_MAX)
        reader->failed = true;
    for (size_t i = 0; i < word.size; i++) {
        if (word.data[i] < '!' || word.data[i] > '~')
            reader->failed = true;
    }
    return word;
}

static bool is_actor_character(uint8_t c)
{
    bool is_letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    return is_letter || (c >= '0' && c <= '9') || c == '.' || c == '_' || c == '-';
}

static struct trust_bytes take_actor(struct trust_reader *reader)
{
    struct trust_bytes word = trust_line_take(reader);
    if (word.size > TRUST_AUDIT_ACTOR_SIZE_MAX)
        reader->failed = true;
    for (size_t i = 0; i < word.size; i++) {
        if (!is_actor_character(word.data[i]))
            reader->failed = true;
    }
    return word;
}

static bool take_manifest(uint8_t out_manifest[HASH_SIZE], struct trust_reader *reader)
{
    struct trust_bytes word = trust_line_take(reader);
    if (is_word(word, "-"))
        return false;
    if (!trust_line_hex(out_manifest, HASH_SIZE, word))
        reader->failed = true;
    return true;
}

static void take_evidence(struct trust_audit_entry *entry, struct trust_reader *reader)
{
    struct trust_bytes word = trust_line_take(reader);
    if (is_word(word, "-"))
        return;
    const size_t step = HASH_SIZE * 2 + 1; /* hex and its comma */
    size_t count = (word.size + 1) / step;
    if ((word.size + 1) % step != 0 || count == 0 || count > TRUST_AUDIT_EVIDENCE_MAX)
        reader->failed = true;
    for (size_t i = 0; i < count && !reader->failed; i++) {
        struct trust_bytes id = {.data = word.data + i * step, .size = step - 1};
        bool is_separated = i == 0 || word.data[i * step - 1] == ',';
        if (!is_separated || !trust_line_hex(entry->evidence[i], HASH_SIZE, id))
            reader->failed = true;
    }
    entry->evidence_count = (uint32_t)count;
}

static void put_evidence(struct trust_writer *writer, const struct trust_audit_entry *entry)
{
    assert(entry->evidence_count <= TRUST_AUDIT_EVIDENCE_MAX);
    if (entry->evidence_count == 0)
        put_name(writer, "-");
    for (uint32_t i = 0; i < entry->evidence_count; i++) {
        trust_line_put_text(writer, i == 0 ? " " : ",");
        trust_line_put_hex(writer,
                           (struct trust_bytes){.data = entry->evidence[i], .size = HASH_SIZE});
    }
}

void trust_audit_encode(struct trust_writer *writer, const struct trust_audit_entry *entry)
{
    assert(entry->reason_size <= sizeof entry->reason);
    trust_line_put_text(writer, entry->reason_size == 0 ? FORM : FORM_WITH_REASON);
    put_number(writer, entry->seq);
    put_number(writer, entry->change.time.ms);
    put_name(writer, trust_quarantine_state_name(entry->change.from));
    put_name(writer, trust_quarantine_state_name(entry->change.to));
    put_name(writer, trust_quarantine_rule_name(entry->change.rule));
    put_number(writer, entry->change.ttl_s);
    put_name(writer, entry->dry ? "dry" : "live");
    put_name(writer, hooks[entry->nft]);
    put_name(writer, hooks[entry->exec]);
    put_word(writer, entry->actor);
    put_word(writer, entry->subject);
    put_manifest(writer, entry->manifest, entry->has_manifest);
    put_evidence(writer, entry);
    if (entry->reason_size > 0) {
        trust_line_put_text(writer, " ");
        trust_line_put_escaped(writer, (struct trust_bytes){entry->reason, entry->reason_size});
    }
}

enum trust_error trust_audit_decode(struct trust_audit_entry *out_entry, struct trust_bytes line)
{
    if (line.size > TRUST_AUDIT_LINE_SIZE_MAX)
        return TRUST_NO_SYNTAX;
    struct trust_reader reader = trust_reader_init(line);
    struct trust_audit_entry entry = {0};
    struct trust_bytes form = trust_line_take(&reader);
    bool has_reason = is_word(form, FORM_WITH_REASON);
    if (!has_reason && !is_word(form, FORM))
        return TRUST_NO_SYNTAX;
    entry.seq = trust_line_take_number(&reader);
    entry.change.time.ms = trust_line_take_number(&reader);
    entry.change.from = take_state(&reader);
    entry.change.to = take_state(&reader);
    entry.change.rule = take_rule(&reader);
    entry.change.ttl_s = trust_line_take_number(&reader);
    entry.dry = take_dry(&reader);
    entry.nft = take_hook(&reader);
    entry.exec = take_hook(&reader);
    entry.actor = take_actor(&reader);
    entry.subject = take_subject(&reader);
    entry.has_manifest = take_manifest(entry.manifest, &reader);
    take_evidence(&entry, &reader);
    if (has_reason)
        entry.reason_size = trust_line_take_escaped(&reader, entry.reason, sizeof entry.reason);
    if (!trust_reader_is_done(&reader))
        return TRUST_NO_SYNTAX;
    *out_entry = entry;
    return TRUST_OK;
}

void trust_quarantine_encode(struct trust_writer *writer,
                             const struct trust_quarantine_saved *saved)
{
    const struct trust_quarantine *cell = &saved->cell;
    trust_line_put_text(writer, FORM);
    put_word(writer, saved->subject);
    put_manifest(writer, saved->manifest, saved->has_manifest);
    put_name(writer, trust_quarantine_state_name((enum trust_quarantine_state)cell->state));
    put_name(writer, trust_quarantine_rule_name((enum trust_quarantine_rule)cell->rule));
    put_number(writer, cell->since.ms);
    put_number(writer, cell->until.ms);
    put_number(writer, cell->seen.ms);
    put_number(writer, cell->excused.ms);
    put_number(writer, cell->times);
}

/* Three states end by themselves, three do not. */
static bool has_fitting_end(const struct trust_quarantine *cell)
{
    bool ends = cell->state == TRUST_QUARANTINE_SUSPECT ||
                cell->state == TRUST_QUARANTINE_QUARANTINED ||
                cell->state == TRUST_QUARANTINE_RELEASED;
    return ends == (cell->until.ms != 0);
}

enum trust_error trust_quarantine_decode(struct trust_quarantine_saved *out_saved,
                                         struct trust_bytes line)
{
    if (line.size > TRUST_QUARANTINE_LINE_SIZE_MAX)
        return TRUST_NO_SYNTAX;
    struct trust_reader reader = trust_reader_init(line);
    struct trust_quarantine_saved saved = {0};
    if (!is_word(trust_line_take(&reader), FORM))
        return TRUST_NO_SYNTAX;
    saved.subject = take_subject(&reader);
    saved.has_manifest = take_manifest(saved.manifest, &reader);
    saved.cell.state = (uint8_t)take_state(&reader);
    saved.cell.rule = (uint8_t)take_rule(&reader);
    saved.cell.since.ms = trust_line_take_number(&reader);
    saved.cell.until.ms = trust_line_take_number(&reader);
    saved.cell.seen.ms = trust_line_take_number(&reader);
    saved.cell.excused.ms = trust_line_take_number(&reader);
    uint64_t times = trust_line_take_number(&reader);
    if (!trust_reader_is_done(&reader) || times > UINT32_MAX || !has_fitting_end(&saved.cell))
        return TRUST_NO_SYNTAX;
    saved.cell.times = (uint32_t)times;
    *out_saved = saved;
    return TRUST_OK;
}
