/*
 * See history.h. The file is read twice, once to count and once to show, so that the newest entries
 * of a long log need no memory.
 */
#include "node/api/history.h"

#include <string.h>

#include "node/api/body.h"
#include "node/core.h"

struct listing {
    struct api_doc doc;
    const char *subject; /* only of this server; NULL: of all */
    uint64_t skip;       /* older entries that are passed over */
    uint64_t count;
};

static bool is_asked(const struct listing *listing, const struct audit_line *line)
{
    return listing->subject == NULL ||
           trust_bytes_equal(line->entry.subject, trust_bytes_text(listing->subject));
}

static void count(void *context, const struct audit_line *line)
{
    struct listing *listing = context;
    listing->count += is_asked(listing, line);
}

static void put_evidence(struct api_doc *doc, const struct trust_audit_entry *entry)
{
    api_doc_open_array(doc, "evidence");
    for (uint32_t i = 0; i < entry->evidence_count; i++)
        api_doc_hex(doc, NULL, (struct trust_bytes){.data = entry->evidence[i], .size = 32});
    api_doc_close_array(doc);
}

static const char *hook_name(enum trust_hook_result result)
{
    static const char *const names[] = {"none", "dry", "done", "failed"};
    return names[result];
}

static void put_entry(void *context, const struct audit_line *line)
{
    struct listing *listing = context;
    const struct trust_audit_entry *entry = &line->entry;
    if (!is_asked(listing, line))
        return;
    if (listing->skip > 0) {
        listing->skip--;
        return;
    }
    struct api_doc *doc = &listing->doc;
    struct trust_bytes manifest = {.data = entry->manifest, .size = sizeof entry->manifest};
    api_doc_open_object(doc, NULL);
    api_doc_count(doc, "seq", entry->seq);
    api_doc_time(doc, "time", entry->change.time);
    api_doc_bytes(doc, "actor", entry->actor);
    api_doc_bytes(doc, "subject", entry->subject);
    if (entry->has_manifest)
        api_doc_hex(doc, "manifest", manifest);
    else
        api_doc_null(doc, "manifest");
    api_doc_text(doc, "from", trust_quarantine_state_name(entry->change.from));
    api_doc_text(doc, "to", trust_quarantine_state_name(entry->change.to));
    api_doc_text(doc, "rule", trust_quarantine_rule_name(entry->change.rule));
    if (entry->reason_size > 0)
        api_doc_bytes(doc, "reason", (struct trust_bytes){entry->reason, entry->reason_size});
    else
        api_doc_null(doc, "reason");
    put_evidence(doc, entry);
    api_doc_count(doc, "ttl_s", entry->change.ttl_s);
    api_doc_flag(doc, "dry", entry->dry);
    api_doc_open_object(doc, "hooks");
    api_doc_text(doc, "nft", hook_name(entry->nft));
    api_doc_text(doc, "exec", hook_name(entry->exec));
    api_doc_close_object(doc);
    api_doc_flag(doc, "good", line->is_good);
    api_doc_close_object(doc);
}

static void put_check(struct api_doc *doc, const struct audit *audit,
                      const struct audit_check *check)
{
    api_doc_flag(doc, "verified", audit_is_whole(audit, check));
    api_doc_count(doc, "lines", check->entries);
    api_doc_count(doc, "segments", check->segments);
    api_doc_count(doc, "torn", check->torn);
    api_doc_count(doc, "damaged", check->damaged);
    if (check->damaged == 0)
        api_doc_null(doc, "first_damaged");
    else
        api_doc_count(doc, "first_damaged", check->first_damaged);
    api_doc_hex(doc, "head", (struct trust_bytes){.data = check->head, .size = sizeof check->head});
}

/* True with ?verify=1; any other value but 0 was refused. */
static bool read_query(struct api_call *call, struct listing *listing, uint64_t *out_limit,
                       uint64_t *out_verify)
{
    listing->subject = api_request_param(&call->request, "subject");
    return (listing->subject == NULL || api_check_subject(call, "subject", listing->subject)) &&
           api_check_count(call, "limit", TRUST_API_ROWS_MAX, out_limit) &&
           api_check_count(call, "verify", 1, out_verify);
}

void history_list(struct api_call *call)
{
    struct core *core = call->core;
    struct listing listing = {.count = 0};
    struct audit_check check;
    uint64_t limit = TRUST_API_ROWS_MAX;
    uint64_t verify = 0;
    if (!read_query(call, &listing, &limit, &verify))
        return;
    listing.doc = api_doc_init();
    enum trust_error error = audit_walk(core->audit.path, &check, count, &listing);
    listing.skip = listing.count > limit ? listing.count - limit : 0;
    if (error == TRUST_OK && verify != 0) {
        api_doc_open_object(&listing.doc, NULL);
        put_check(&listing.doc, &core->audit, &check);
    }
    api_doc_open_array(&listing.doc, verify != 0 ? "entries" : NULL);
    if (error == TRUST_OK)
        error = audit_walk(core->audit.path, &check, put_entry, &listing);
    api_doc_close_array(&listing.doc);
    if (verify != 0)
        api_doc_close_object(&listing.doc);
    if (error == TRUST_OK) {
        api_answer(call, &listing.doc);
        return;
    }
    api_doc_close(&listing.doc);
    /* The request was right, whatever is wrong with the file. */
    api_refuse(call, TRUST_FAIL_IO, "look at audit.log of the node's home",
               "the audit log does not read: %s", trust_error_text(error));
}
