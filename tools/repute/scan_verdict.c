/* See scan_verdict.h. */
#include "repute/scan_verdict.h"

#include <stdio.h>
#include <string.h>

#include "trust/subject.h"

#include "base/bytes.h"

static const char *const names[] = {
    [SCAN_WITHHELD] = "withheld", [SCAN_SUSPECT] = "suspect", [SCAN_FLAGGED] = "flagged",
    [SCAN_LOW] = "low",           [SCAN_RATED] = "rated",     [SCAN_UNKNOWN] = "unknown",
    [SCAN_GUARDED] = "guarded",   [SCAN_UNNAMED] = "unnamed",
};

bool scan_verdict_is_bad(enum scan_verdict verdict)
{
    return verdict <= SCAN_FLAGGED;
}

const char *scan_verdict_name(enum scan_verdict verdict)
{
    return names[verdict];
}

static const char *text_of(const json_t *object, const char *member)
{
    const char *text = json_string_value(json_object_get(object, member));
    return text == NULL ? "" : text;
}

/* ---- the verdict ---- */

static bool is_withheld(const char *quarantine)
{
    return strcmp(quarantine, "quarantined") == 0 || strcmp(quarantine, "investigating") == 0 ||
           strcmp(quarantine, "banned") == 0;
}

static enum scan_verdict judge(const json_t *server, const json_t *standing, double min_score)
{
    const char *quarantine = text_of(standing, "quarantine");
    const json_t *lower = json_object_get(standing, "lower");
    if (strcmp(text_of(server, "reason"), "guarded") == 0)
        return SCAN_GUARDED;
    if (!json_is_string(json_object_get(server, "subject")))
        return SCAN_UNNAMED;
    if (is_withheld(quarantine))
        return SCAN_WITHHELD;
    if (strcmp(quarantine, "suspect") == 0)
        return SCAN_SUSPECT;
    if (json_array_size(json_object_get(standing, "flags")) > 0)
        return SCAN_FLAGGED;
    if (!json_is_number(json_object_get(standing, "score")))
        return SCAN_UNKNOWN;
    return json_number_value(lower) < min_score ? SCAN_LOW : SCAN_RATED;
}

/* ---- why, and the next step ---- */

/* What only this host or network can reach: nobody signs anything about it. */
static bool is_local(const char *subject)
{
    struct trust_subject parsed;
    return trust_subject_parse(&parsed, trust_bytes_text(subject)) == TRUST_OK &&
           !trust_subject_is_signable(&parsed);
}

/* Only packages can name a version in a command line. */
static bool lacks_version(const json_t *server)
{
    return strncmp(text_of(server, "subject"), "pkg:", 4) == 0 &&
           !json_is_true(json_object_get(server, "pinned"));
}

static void say_unknown(struct scan_conclusion *conclusion, const char *subject, bool is_asked)
{
    if (is_local(subject)) {
        conclusion->text = "only this host or network reaches it, so that nobody can vouch for it";
    } else if (!is_asked) {
        conclusion->text = "nothing that a node left here speaks of it";
    } else {
        conclusion->text = "nobody whom you trust has rated it";
        (void)snprintf(conclusion->next, SCAN_NEXT_SIZE,
                       "when you know it, rate it: `repute help rate`");
    }
}

static void say(struct scan_conclusion *conclusion, const char *text, const char *before,
                const char *subject)
{
    conclusion->text = text;
    (void)snprintf(conclusion->next, SCAN_NEXT_SIZE, "%s: `repute explain %s`", before, subject);
}

void scan_verdict_conclude(struct scan_conclusion *out_conclusion, const json_t *server,
                           const json_t *standing, double min_score)
{
    const char *subject = text_of(server, "subject");
    *out_conclusion = (struct scan_conclusion){.verdict = judge(server, standing, min_score)};
    switch (out_conclusion->verdict) {
    case SCAN_WITHHELD:
        say(out_conclusion, "this node lets no agent have it",
            "take it out of the client, and see why", subject);
        break;
    case SCAN_SUSPECT:
        say(out_conclusion, "something about it is not settled yet", "look before you use it",
            subject);
        break;
    case SCAN_FLAGGED:
        say(out_conclusion, "it has findings against it", "look at them", subject);
        break;
    case SCAN_LOW:
        say(out_conclusion, "it may be worse than your policy asks for", "see why", subject);
        break;
    case SCAN_RATED:
        if (!lacks_version(server))
            break;
        out_conclusion->text = "its command line names no version";
        (void)snprintf(out_conclusion->next, SCAN_NEXT_SIZE,
                       "name one, so that what runs is what was rated");
        break;
    case SCAN_UNKNOWN:
        say_unknown(out_conclusion, subject, standing != NULL);
        break;
    case SCAN_GUARDED:
        out_conclusion->text = text_of(server, "text");
        (void)snprintf(out_conclusion->next, SCAN_NEXT_SIZE, "see them: `repute select --group %s`",
                       text_of(server, "group"));
        break;
    case SCAN_UNNAMED:
        out_conclusion->text = text_of(server, "text");
        (void)snprintf(out_conclusion->next, SCAN_NEXT_SIZE, "%s", text_of(server, "next"));
        break;
    }
}
