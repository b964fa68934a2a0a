/* See health_lines.h. */
#include "node/api/health_lines.h"

#include <stdarg.h>
#include <stdio.h>

#include "base/assert.h"

/* A store this full is said before it is too late to do anything. */
#define NEARLY_FULL_PCT 90
/* A link that was restarted so often has a reason. */
#define RESTARTS_MANY 3

struct lines {
    struct health_line *lines;
    uint32_t count;
};

static void add(struct lines *lines, const struct health_line *line, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
static void add(struct lines *lines, const struct health_line *line, const char *format, ...)
{
    assert(lines->count < HEALTH_LINES_MAX);
    struct health_line *added = &lines->lines[lines->count++];
    *added = *line;
    va_list arguments;
    va_start(arguments, format);
    (void)vsnprintf(added->text, sizeof added->text, format, arguments);
    va_end(arguments);
}

static void look_at_store(struct lines *lines, const struct health_facts *facts)
{
    if (facts->fault != TRUST_OK)
        add(lines,
            &(struct health_line){.code = "store_fault",
                                  .level = HEALTH_ERROR,
                                  .next = facts->fault == TRUST_NO_ROOM
                                              ? "make room on the disk; it goes on by itself"
                                              : "look at the log, then run reputed --verify"},
            "the store cannot write: %s (%s)", trust_error_text(facts->fault),
            trust_error_name(facts->fault));
    if (facts->damaged > 0)
        add(lines,
            &(struct health_line){.code = "records_damaged",
                                  .level = HEALTH_ERROR,
                                  .next = "check the disk; peers are asked for them again"},
            "%llu stored %s damaged and set aside", (unsigned long long)facts->damaged,
            facts->damaged == 1 ? "record was" : "records were");
    if (facts->limit_size > 0 && facts->record_size >= facts->limit_size / 100 * NEARLY_FULL_PCT)
        add(lines,
            &(struct health_line){.code = "store_nearly_full",
                                  .level = HEALTH_WARN,
                                  .next = "raise store.limit in reputed.yaml"},
            "records take %llu of %llu bytes", (unsigned long long)facts->record_size,
            (unsigned long long)facts->limit_size);
    if (facts->unscored > 0)
        add(lines,
            &(struct health_line){.code = "unscored",
                                  .level = HEALTH_WARN,
                                  .next = "vouch for fewer keys, or mute some"},
            "%llu %s found no room in the scores", (unsigned long long)facts->unscored,
            facts->unscored == 1 ? "record" : "records");
}

static void look_at_link(struct lines *lines, const struct health_facts *facts)
{
    if (!facts->link_runs)
        add(lines,
            &(struct health_line){.code = "link_down",
                                  .level = HEALTH_ERROR,
                                  .next = "it is restarted by itself; if it stays, see the log"},
            "the link process does not run");
    else if (facts->link_restarts >= RESTARTS_MANY)
        add(lines,
            &(struct health_line){
                .code = "link_restarts", .level = HEALTH_WARN, .next = "see the log for why"},
            "the link process was restarted %lu times", (unsigned long)facts->link_restarts);
    if (facts->peers_skewed > 0)
        add(lines,
            &(struct health_line){.code = "clock_skew",
                                  .level = HEALTH_WARN,
                                  .next = "check this machine's clock (timedatectl), then theirs"},
            "%lu %s another time than this machine", (unsigned long)facts->peers_skewed,
            facts->peers_skewed == 1 ? "peer has" : "peers have");
    if (facts->clock_has_leapt)
        add(lines,
            &(struct health_line){.code = "clock_jumped",
                                  .level = HEALTH_WARN,
                                  .next = "check the clock (timedatectl); a right one is believed "
                                          "after a day, or when peers have the same"},
            "this machine's clock went weeks ahead at once: nothing is dropped for its age");
    if (facts->uplink_is_down)
        add(lines,
            &(struct health_line){.code = "uplink_down",
                                  .level = HEALTH_WARN,
                                  .next = "check this machine's network"},
            "most servers fail at once: nothing is charged to them");
}

/* Whatever else is missing, this one may be a mistake that is not noticed otherwise. */
static void look_at_operator(struct lines *lines, const struct health_facts *facts)
{
    if (facts->former_operators > 0)
        add(lines,
            &(struct health_line){.code = "operator_changed",
                                  .level = HEALTH_WARN,
                                  .next = "put the former key back into keys/operator.pub or "
                                          "operator:; if it was meant, reputed --new-operator"},
            "the operator %s: all records are kept, also those of %lu former %s",
            facts->has_operator ? "changed" : "key is gone", (unsigned long)facts->former_operators,
            facts->former_operators == 1 ? "one" : "ones");
}

/* From an empty node to one that helps: only the first step that is missing is shown. */
static void look_at_trust(struct lines *lines, const struct health_facts *facts)
{
    if (!facts->has_operator)
        add(lines,
            &(struct health_line){.code = "no_operator",
                                  .level = HEALTH_WARN,
                                  .next = facts->former_operators > 0
                                              ? "put keys/operator.pub back, then start it again"
                                              : "run repute init"},
            "nobody's web of trust is computed: there is no operator key");
    else if (facts->is_revoked)
        add(lines,
            &(struct health_line){.code = "operator_revoked",
                                  .level = HEALTH_ERROR,
                                  .next = "move keys/ away, run repute init, and restart the node"},
            "the operator key was revoked: nothing that it signs from now on counts");
    else if (facts->peers_known == 0)
        add(lines,
            &(struct health_line){.code = "no_peers",
                                  .level = HEALTH_INFO,
                                  .next = "repute peers join INVITE, or repute peers add KEY"},
            "no peers: only your own records count");
    else if (facts->peers_up == 0)
        add(lines,
            &(struct health_line){.code = "peers_down",
                                  .level = HEALTH_WARN,
                                  .next = "repute peers list shows each peer's state"},
            "none of %lu peers is connected", (unsigned long)facts->peers_known);
    else if (!facts->has_vouch)
        add(lines,
            &(struct health_line){.code = "no_vouch",
                                  .level = HEALTH_INFO,
                                  .next = "repute raters list --seen, then repute vouch KEY"},
            "peers, but no vouch: their records have no weight for you");
    if (!facts->has_groups)
        add(lines,
            &(struct health_line){.code = "no_groups",
                                  .level = HEALTH_INFO,
                                  .next = "name your servers under groups in reputed.yaml"},
            "no servers are configured");
}

static void look_at_servers(struct lines *lines, const struct health_facts *facts)
{
    if (facts->withheld > 0)
        add(lines,
            &(struct health_line){
                .code = "withheld", .level = HEALTH_WARN, .next = "repute quarantine list"},
            "%lu %s withheld from agents", (unsigned long)facts->withheld,
            facts->withheld == 1 ? "server is" : "servers are");
    if (facts->withheld_by_file > 0)
        add(lines,
            &(struct health_line){.code = "withheld_by_file",
                                  .level = HEALTH_WARN,
                                  .next =
                                      "repute quarantine list; release or ban each (rule file)"},
            "%lu %s withheld that the store had lost or never had",
            (unsigned long)facts->withheld_by_file,
            facts->withheld_by_file == 1 ? "server is" : "servers are");
    if (facts->withheld_damaged > 0)
        add(lines,
            &(struct health_line){.code = "withheld_damaged",
                                  .level = HEALTH_ERROR,
                                  .next = "compare `withheld.damaged` in the home with "
                                          "repute quarantine list"},
            "the file `withheld` was damaged: what it withheld may be selected");
    if (facts->audit_is_damaged)
        add(lines,
            &(struct health_line){.code = "audit_damaged",
                                  .level = HEALTH_ERROR,
                                  .next = "repute quarantine history --verify; compare audit.log "
                                          "with a copy"},
            "lines of the audit log were changed or are missing");
    if (facts->held_back > 0)
        add(lines,
            &(struct health_line){
                .code = "held_back", .level = HEALTH_WARN, .next = "repute quarantine list"},
            "the rate cap turned %llu %s into suspicion", (unsigned long long)facts->held_back,
            facts->held_back == 1 ? "quarantine" : "quarantines");
    if (facts->breakers_open > 0)
        add(lines,
            &(struct health_line){
                .code = "breakers_open", .level = HEALTH_INFO, .next = "repute breakers list"},
            facts->breakers_open == 1 ? "the breaker of %lu server is open"
                                      : "the breakers of %lu servers are open",
            (unsigned long)facts->breakers_open);
}

static void look_at_manifests(struct lines *lines, const struct health_facts *facts)
{
    char held[80] = "";
    if (facts->manifests_changed == 0)
        return;
    if (facts->changes_held > 0)
        (void)snprintf(held, sizeof held, " (%lu of them %s not suspect: too many would be)",
                       (unsigned long)facts->changes_held, facts->changes_held == 1 ? "is" : "are");
    add(lines,
        &(struct health_line){.code = "manifests_changed",
                              .level = HEALTH_WARN,
                              .next = "repute pins diff SERVER, then pins accept or pins reject"},
        "%lu %s other tools than were approved%s", (unsigned long)facts->manifests_changed,
        facts->manifests_changed == 1 ? "server of a group offers" : "servers of groups offer",
        held);
}

static void look_at_api(struct lines *lines, const struct health_facts *facts)
{
    if (facts->api_is_crowded)
        add(lines,
            &(struct health_line){
                .code = "api_crowded",
                .level = HEALTH_WARN,
                .next = "the log names the user (api_crowded); ss -xp shows the programs"},
            "too many connections on a socket: some were closed for others");
}

/* Worst first, in the order found within a level: the lines are few. */
static void sort(struct lines *lines)
{
    for (uint32_t i = 1; i < lines->count; i++) {
        struct health_line line = lines->lines[i];
        uint32_t at = i;
        for (; at > 0 && lines->lines[at - 1].level < line.level; at--)
            lines->lines[at] = lines->lines[at - 1];
        lines->lines[at] = line;
    }
}

uint32_t health_lines_find(struct health_line out_lines[HEALTH_LINES_MAX],
                           const struct health_facts *facts)
{
    struct lines lines = {.lines = out_lines};
    look_at_store(&lines, facts);
    look_at_link(&lines, facts);
    look_at_operator(&lines, facts);
    look_at_trust(&lines, facts);
    look_at_servers(&lines, facts);
    look_at_manifests(&lines, facts);
    look_at_api(&lines, facts);
    sort(&lines);
    return lines.count;
}

const char *health_level_name(enum health_level level)
{
    switch (level) {
    case HEALTH_INFO:
        return "info";
    case HEALTH_WARN:
        return "warn";
    case HEALTH_ERROR:
        return "error";
    }
    return "error";
}
