/* See withheld.h. */
#include "board/withheld.h"

#include "base/date.h"
#include "base/limits.h"
#include "base/line.h"

void trust_withheld_encode(struct trust_writer *writer, const struct trust_withheld *withheld)
{
    trust_writer_put(writer, withheld->subject);
    trust_line_put_text(writer, withheld->has_manifest ? " " : " -");
    if (withheld->has_manifest)
        trust_line_put_hex(writer, (struct trust_bytes){.data = withheld->manifest,
                                                        .size = sizeof withheld->manifest});
    trust_line_put_text(writer, " ");
    trust_line_put_text(writer, trust_quarantine_state_name(withheld->state));
    char until[TRUST_DATE_SIZE] = "-";
    if (withheld->until.ms != 0)
        trust_date_encode(until, withheld->until.ms / 1000);
    trust_line_put_text(writer, " ");
    trust_line_put_text(writer, until);
    trust_line_put_text(writer, "\n");
}

static bool is_dash(struct trust_bytes word)
{
    return word.size == 1 && word.data[0] == '-';
}

static bool is_subject(struct trust_bytes word)
{
    if (word.size == 0 || word.size > TRUST_SUBJECT_SIZE_MAX)
        return false;
    for (size_t i = 0; i < word.size; i++) {
        if (word.data[i] < '!' || word.data[i] > '~')
            return false;
    }
    return true;
}

static bool find_state(enum trust_quarantine_state *out_state, struct trust_bytes word)
{
    for (uint32_t i = 0; i <= TRUST_QUARANTINE_BANNED; i++) {
        enum trust_quarantine_state state = (enum trust_quarantine_state)i;
        bool is_it = trust_bytes_equal(word, trust_bytes_text(trust_quarantine_state_name(state)));
        if (is_it && trust_quarantine_is_withheld(state)) {
            *out_state = state;
            return true;
        }
    }
    return false;
}

enum trust_error trust_withheld_decode(struct trust_withheld *out_withheld, struct trust_bytes line)
{
    struct trust_reader reader = trust_reader_init(line);
    struct trust_withheld withheld = {.subject = trust_line_take(&reader)};
    struct trust_bytes manifest = trust_line_take(&reader);
    struct trust_bytes state = trust_line_take(&reader);
    struct trust_bytes until = trust_line_take(&reader);
    if (!trust_reader_is_done(&reader) || !is_subject(withheld.subject))
        return TRUST_NO_SYNTAX;
    withheld.has_manifest = !is_dash(manifest);
    if (withheld.has_manifest &&
        !trust_line_hex(withheld.manifest, sizeof withheld.manifest, manifest))
        return TRUST_NO_SYNTAX;
    if (!find_state(&withheld.state, state))
        return TRUST_NO_SYNTAX;
    uint64_t until_s = 0;
    if (!is_dash(until) && (!trust_date_decode(&until_s, until) || until_s == 0))
        return TRUST_NO_SYNTAX;
    withheld.until.ms = until_s * 1000;
    *out_withheld = withheld;
    return TRUST_OK;
}

enum trust_quarantine_state trust_withheld_state(const struct trust_withheld *withheld,
                                                 struct trust_wall now)
{
    bool is_over = withheld->until.ms != 0 && withheld->until.ms <= now.ms;
    return is_over && withheld->state == TRUST_QUARANTINE_QUARANTINED
               ? TRUST_QUARANTINE_INVESTIGATING
               : withheld->state;
}
