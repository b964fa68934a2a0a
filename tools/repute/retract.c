/*
 * `repute retract`: takes a record of your own back, by its id. A record cannot be unsaid; what it
 * set is set anew, to nothing. The record comes from the node, as bytes, and is read here.
 */
#include <sodium.h>
#include <string.h>

#include "base/bytes.h"
#include "record/recfile.h"
#include "record/verify.h"
#include "repute/command.h"
#include "repute/commands.h"
#include "repute/drafting.h"
#include "repute/ids.h"
#include "repute/operator.h"
#include "repute/publishing.h"

#define DIGITS_LEAST 8
#define DIGITS_MOST 64

enum { PASSPHRASE_FILE };

static const struct command_option options[] = {
    [PASSPHRASE_FILE] = PASSPHRASE_OPTION,
    {0},
};

/* Looks for one record in an export that comes piece by piece. */
struct search {
    struct trust_recfile_reader reader;
    struct trust_network network;
    const char *digits; /* of the id, its first at least */
    enum trust_error error;
    size_t found;
    uint8_t bytes[TRUST_RECORD_SIZE_MAX];
    size_t size;
};

static void compare(struct search *search, struct trust_bytes bytes)
{
    char hex[DIGITS_MOST + 1];
    struct trust_id id;
    trust_record_id(&id, bytes, &search->network);
    sodium_bin2hex(hex, sizeof hex, id.bytes, sizeof id.bytes);
    if (strncasecmp(hex, search->digits, strlen(search->digits)) != 0)
        return;
    search->found++;
    memcpy(search->bytes, bytes.data, bytes.size);
    search->size = bytes.size;
}

static bool take_piece(void *context, struct trust_bytes piece)
{
    struct search *search = context;
    struct trust_bytes record;
    while ((search->error = trust_recfile_read(&search->reader, &record, &piece)) == TRUST_OK)
        compare(search, record);
    return search->error == TRUST_NO_FOUND;
}

static enum trust_error check_digits(struct context *context, const char *digits)
{
    size_t size = strlen(digits);
    if (size >= DIGITS_LEAST && size <= DIGITS_MOST &&
        strspn(digits, "0123456789abcdefABCDEF") == size)
        return TRUST_OK;
    return context_misuse(
        context, TRUST_NO_SYNTAX, "`repute export --format ndjson` shows the ids of records",
        "\"%.80s\" is no id of a record: 64 hex digits, or the first 8 at least", digits);
}

static enum trust_error find(struct context *context, struct search *search)
{
    struct trust_key key;
    struct trust_reply reply;
    char text[TRUST_KEY_TEXT_SIZE];
    char path[CONTEXT_PATH_SIZE];
    enum trust_error error = operator_public(context, &key);
    if (error != TRUST_OK)
        return error;
    trust_key_encode(text, &key, TRUST_KEY_OPERATOR);
    ids_path(path, "/v1/records?format=records&author=", text, "");
    trust_recfile_reader_init(&search->reader, &search->network);
    const struct trust_http_request request = {.path = path, .sink = take_piece, .context = search};
    error = context_send(context, &reply, &request);
    if (error == TRUST_OK)
        error = trust_recfile_end(&search->reader);
    if (error != TRUST_OK)
        return context_refuse(context, error, NULL, "the node's export: %s",
                              trust_error_text(error));
    if (search->found == 0)
        return context_refuse(context, TRUST_NO_FOUND,
                              "`repute export --format ndjson --author KEY` shows what there is",
                              "the node holds no record of yours with this id");
    if (search->found > 1)
        return context_misuse(context, TRUST_NO_CONFLICT, "give more of its digits",
                              "%zu records of yours begin with these digits", search->found);
    return TRUST_OK;
}

/* What sets the record's register to nothing. */
static enum trust_error withdraw(struct context *context, struct draft *out_draft,
                                 const struct search *search)
{
    struct trust_record record;
    const struct trust_bytes bytes = {.data = search->bytes, .size = search->size};
    enum trust_error error = trust_record_decode(&record, bytes);
    if (error != TRUST_OK)
        return error;
    draft_from_record(out_draft, &record);
    switch (record.kind) {
    case TRUST_KIND_VOUCH:
        out_draft->vouch.strength = 0;
        break;
    case TRUST_KIND_RATING:
        out_draft->rating.value = TRUST_RATING_WITHDRAWN;
        break;
    case TRUST_KIND_FLAG:
        out_draft->flag.severity = TRUST_SEVERITY_CLEARED;
        break;
    case TRUST_KIND_ALIAS:
        out_draft->alias_state = 0;
        break;
    case TRUST_KIND_REVOCATION:
        return context_refuse(context, TRUST_NO_CONFLICT, NULL,
                              "a revocation cannot be taken back");
    }
    return TRUST_OK;
}

static enum trust_error run(struct context *context, const struct command_arguments *arguments)
{
    static const struct command_setting at_once = {.is_given = true};
    struct search search = {.digits = arguments->words[0]};
    struct draft draft;
    enum trust_error error = check_digits(context, search.digits);
    if (error == TRUST_OK)
        error = publishing_check_node(context, &search.network);
    if (error == TRUST_OK)
        error = find(context, &search);
    if (error == TRUST_OK)
        error = withdraw(context, &draft, &search);
    if (error != TRUST_OK)
        return error;
    const struct drafting drafting = {.publish = &at_once,
                                      .passphrase_file = &arguments->values[PASSPHRASE_FILE],
                                      .life_s = DRAFTING_HALF_YEAR_S};
    return drafting_finish(context, &draft, &drafting);
}

const struct command retract_command = {
    .name = "retract",
    .words = "RECORD",
    .summary = "take back a record of yours, and publish that",
    .more = "RECORD is its id: 64 hex digits, or the first 8 at least.\n",
    .least = 1,
    .most = 1,
    .options = options,
    .run = run,
};
