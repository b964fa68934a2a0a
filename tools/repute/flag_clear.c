/* `repute flag clear`: takes back a flag of your own, that of this server, class and rule. */
#include <string.h>

#include "base/bytes.h"
#include "record/recfile.h"
#include "record/verify.h"
#include "repute/command.h"
#include "repute/commands.h"
#include "repute/drafting.h"
#include "repute/flagging.h"
#include "repute/ids.h"
#include "repute/operator.h"

enum { CLASS, RULE, MANIFEST, EXPIRES, PUBLISH, PASSPHRASE_FILE };

static const struct command_option options[] = {
    [CLASS] = FLAGGING_CLASS_OPTION,
    [RULE] = FLAGGING_RULE_OPTION,
    [MANIFEST] = DRAFTING_MANIFEST_OPTION,
    [EXPIRES] = DRAFTING_EXPIRES_OPTION("180d"),
    [PUBLISH] = DRAFTING_PUBLISH_OPTION,
    [PASSPHRASE_FILE] = PASSPHRASE_OPTION,
    {0},
};

/* Whether the node holds the flag, in an export of one's own records. */
struct search {
    struct trust_recfile_reader reader;
    const struct draft *wanted;
    enum trust_error error;
    bool is_there;
};

static bool is_same_flag(const struct draft *a, const struct draft *b)
{
    return a->kind == b->kind && a->flag.class_ == b->flag.class_ &&
           strcmp(a->subject, b->subject) == 0 && strcmp(a->rule, b->rule) == 0 &&
           a->has_manifest == b->has_manifest &&
           (!a->has_manifest || memcmp(a->manifest, b->manifest, sizeof a->manifest) == 0);
}

static void compare(struct search *search, struct trust_bytes bytes)
{
    struct trust_record record;
    struct draft draft;
    if (trust_record_decode(&record, bytes) != TRUST_OK)
        return;
    draft_from_record(&draft, &record);
    if (is_same_flag(&draft, search->wanted) && draft.flag.severity != TRUST_SEVERITY_CLEARED)
        search->is_there = true;
}

static bool take_piece(void *context, struct trust_bytes piece)
{
    struct search *search = context;
    struct trust_bytes record;
    while ((search->error = trust_recfile_read(&search->reader, &record, &piece)) == TRUST_OK)
        compare(search, record);
    return search->error == TRUST_NO_FOUND;
}

/* A flag that was never set cannot be cleared; that is said where the node can tell, and no more:
 * it may have been published elsewhere. */
static void warn_of_none(struct context *context, const struct draft *draft)
{
    const struct failure before = context->failure;
    struct search search = {.wanted = draft};
    struct trust_network network;
    struct trust_key key;
    struct trust_reply reply;
    char text[TRUST_KEY_TEXT_SIZE];
    char path[CONTEXT_PATH_SIZE];
    enum trust_error error = operator_public(context, &key);
    if (error == TRUST_OK)
        error = context_network(context, &network);
    if (error == TRUST_OK) {
        trust_key_encode(text, &key, TRUST_KEY_OPERATOR);
        ids_path(path, "/v1/records?format=records&author=", text, "");
        trust_recfile_reader_init(&search.reader, &network);
        const struct trust_http_request request = {
            .path = path, .sink = take_piece, .context = &search};
        error = context_send(context, &reply, &request);
    }
    context->failure = before;
    if (error == TRUST_OK && trust_recfile_end(&search.reader) == TRUST_OK && !search.is_there)
        output_say(&context->output,
                   "note: the node holds no flag of yours with this class, rule and manifest\n");
}

static enum trust_error run(struct context *context, const struct command_arguments *arguments)
{
    const struct command_setting *values = arguments->values;
    struct draft draft = {
        .kind = TRUST_KIND_FLAG,
        .flag = {.severity = TRUST_SEVERITY_CLEARED,
                 .class_ = (enum trust_class)(values[CLASS].choice + 1)},
    };
    enum trust_error error = drafting_subject(context, draft.subject, arguments->words[0]);
    if (error == TRUST_OK)
        error = flagging_rule(context, &draft, &values[RULE]);
    if (error == TRUST_OK)
        error = drafting_manifest(context, &draft, &values[MANIFEST]);
    if (error != TRUST_OK)
        return error;
    if (context->output.form == OUTPUT_TEXT)
        warn_of_none(context, &draft);
    const struct drafting drafting = {.expires = &values[EXPIRES],
                                      .publish = &values[PUBLISH],
                                      .passphrase_file = &values[PASSPHRASE_FILE],
                                      .life_s = DRAFTING_HALF_YEAR_S};
    return drafting_finish(context, &draft, &drafting);
}

const struct command flag_clear_command = {
    .name = "flag clear",
    .words = "ID",
    .summary = "write a draft: a flag of yours is taken back",
    .more = "Class, rule and manifest name the flag: give them as they were given then. Other\n"
            "people's flags are theirs to clear.\n",
    .least = 1,
    .most = 1,
    .options = options,
    .run = run,
};
