/*
 * `repute verify`: whether the records of a file are what they say, without a node. It reads the
 * record files of `repute export`, and single records in hex, one a line.
 */
#include <sodium.h>
#include <stdio.h>
#include <string.h>

#include "base/bytes.h"
#include "record/recfile.h"
#include "record/rechex.h"
#include "record/verify.h"
#include "repute/command.h"
#include "repute/commands.h"
#include "repute/input.h"

#define PIECE 65536u
#define LINE_SIZE (2 * TRUST_RECORD_SIZE_MAX + 64)
/* Refused records that are listed for people; the document has all. */
#define LISTED_MAX 1000

enum { NETWORK };

static const struct command_option options[] = {
    [NETWORK] = {.name = "network",
                 .kind = COMMAND_TEXT,
                 .shown = "NAME",
                 .about = "the network of the records; without this the configuration's",
                 .most = 64},
    {0},
};

struct checking {
    struct context *context;
    struct trust_network network;
    uint64_t now_s;
    struct trust_key author; /* of the last record, and whether its key is one */
    bool has_author;
    bool author_is_good;
    uint64_t valid;
    uint64_t refused;
};

/* ---- one record ---- */

static bool is_good_key(struct checking *checking, const struct trust_key *author)
{
    if (!checking->has_author || memcmp(&checking->author, author, sizeof *author) != 0) {
        checking->author = *author;
        checking->has_author = true;
        checking->author_is_good = trust_key_is_prime_order(author);
    }
    return checking->author_is_good;
}

static enum trust_error judge(struct checking *checking, struct trust_bytes bytes)
{
    struct trust_verified verified;
    struct trust_record record;
    enum trust_error error = trust_record_decode(&record, bytes);
    if (error == TRUST_OK && record.seq / 1000 > checking->now_s + TRUST_SKEW_S)
        error = TRUST_NO_TIME;
    if (error == TRUST_OK && !is_good_key(checking, &record.author))
        error = TRUST_NO_KEY;
    return error == TRUST_OK ? trust_record_verify(&verified, bytes, &checking->network) : error;
}

/* Rows go out as they come: a file may hold millions. */
static void print_row(struct checking *checking, const char *id, enum trust_error verdict)
{
    const struct output *output = &checking->context->output;
    const char *name = trust_error_name(verdict);
    switch (output->form) {
    case OUTPUT_JSON:
        (void)fprintf(output->out, "%s{\"id\":%s%s%s,\"verdict\":\"%s\"}",
                      checking->valid + checking->refused == 0 ? "[" : ",", id == NULL ? "" : "\"",
                      id == NULL ? "null" : id, id == NULL ? "" : "\"", name);
        break;
    case OUTPUT_PLAIN:
        (void)fprintf(output->out, "%s\t%s\n", id == NULL ? "-" : id, name);
        break;
    case OUTPUT_TEXT:
        if (verdict != TRUST_OK && checking->refused < LISTED_MAX)
            output_say(output, "%s  %s: %s\n", id == NULL ? "-" : id, name,
                       trust_error_text(verdict));
        break;
    }
    if (verdict == TRUST_OK)
        checking->valid++;
    else
        checking->refused++;
}

static void check(struct checking *checking, struct trust_bytes bytes)
{
    char hex[65];
    struct trust_id id;
    struct trust_record record;
    enum trust_error verdict = judge(checking, bytes);
    bool has_id = trust_record_decode(&record, bytes) == TRUST_OK;
    if (has_id) {
        trust_record_id(&id, bytes, &checking->network);
        sodium_bin2hex(hex, sizeof hex, id.bytes, sizeof id.bytes);
    }
    print_row(checking, has_id ? hex : NULL, verdict);
}

/* ---- the two kinds of files ---- */

static void pass_over(struct checking *checking, struct trust_recfile_reader *reader)
{
    print_row(checking, NULL, TRUST_NO_SIZE);
    trust_recfile_skip(reader);
}

static enum trust_error check_records(struct checking *checking, FILE *file,
                                      struct trust_bytes begun)
{
    uint8_t piece[PIECE];
    struct trust_recfile_reader reader;
    struct trust_bytes input = begun;
    trust_recfile_reader_init(&reader, &checking->network);
    for (;;) {
        struct trust_bytes record;
        enum trust_error error = TRUST_OK;
        do {
            error = trust_recfile_read(&reader, &record, &input);
            if (error == TRUST_OK)
                check(checking, record);
            else if (error == TRUST_NO_SIZE)
                pass_over(checking, &reader);
        } while (error == TRUST_OK || error == TRUST_NO_SIZE);
        if (error != TRUST_NO_FOUND)
            return error;
        size_t size = fread(piece, 1, sizeof piece, file);
        if (size == 0)
            return ferror(file) ? TRUST_FAIL_IO : trust_recfile_end(&reader);
        input = (struct trust_bytes){.data = piece, .size = size};
    }
}

static enum trust_error check_line(struct checking *checking, struct trust_bytes line)
{
    uint8_t bytes[TRUST_RECORD_SIZE_MAX];
    size_t size = 0;
    enum trust_error error = trust_rechex_read(bytes, &size, line);
    if (error == TRUST_OK)
        check(checking, (struct trust_bytes){.data = bytes, .size = size});
    else if (error == TRUST_NO_SIZE)
        print_row(checking, NULL, error);
    else
        return error;
    return TRUST_OK;
}

/* The bytes read already, then the rest of the file. */
static int next_byte(FILE *file, struct trust_bytes *begun)
{
    if (begun->size == 0)
        return getc(file);
    int byte = *begun->data++;
    begun->size--;
    return byte;
}

static enum trust_error check_hex(struct checking *checking, FILE *file, struct trust_bytes begun)
{
    uint8_t line[LINE_SIZE];
    size_t size = 0;
    bool is_blank = true;
    for (;;) {
        int byte = next_byte(file, &begun);
        if (byte == EOF && ferror(file))
            return TRUST_FAIL_IO;
        if (byte != EOF && byte != '\n') {
            if (size == sizeof line)
                return TRUST_NO_SYNTAX;
            line[size++] = (uint8_t)byte;
            is_blank = is_blank && (byte == ' ' || byte == '\t' || byte == '\r');
            continue;
        }
        enum trust_error error = TRUST_OK;
        if (!is_blank)
            error = check_line(checking, (struct trust_bytes){.data = line, .size = size});
        if (error != TRUST_OK || byte == EOF)
            return error;
        size = 0;
        is_blank = true;
    }
}

/* ---- the whole ---- */

static enum trust_error refuse_file(struct context *context, enum trust_error error,
                                    const char *path)
{
    if (error == TRUST_NO_NETWORK)
        return context_refuse(context, error, "give --network NAME",
                              "%s holds records of another network", path);
    if (error == TRUST_NO_SYNTAX)
        return context_refuse(context, error, "`repute export` writes such files",
                              "%s is no whole file of records, and no records in hex", path);
    return context_refuse(context, error, NULL, "%s: %s", path, trust_error_text(error));
}

static enum trust_error conclude(struct checking *checking, enum trust_error error,
                                 const char *path)
{
    const struct output *output = &checking->context->output;
    bool has_rows = checking->valid + checking->refused > 0;
    if (error != TRUST_OK && (!has_rows || output->form != OUTPUT_JSON || error < TRUST_OK))
        return refuse_file(checking->context, error, path);
    /* One document even so: what is behind the last whole record is its last row. */
    if (error != TRUST_OK)
        print_row(checking, NULL, error);
    if (output->form == OUTPUT_JSON)
        (void)fputs(has_rows ? "]\n" : "[]\n", output->out);
    uint64_t all = checking->valid + checking->refused;
    output_say(output, "%llu %s: %llu valid, %llu refused\n", (unsigned long long)all,
               all == 1 ? "record" : "records", (unsigned long long)checking->valid,
               (unsigned long long)checking->refused);
    if (checking->refused > 0)
        checking->context->exit_code = FAILURE_EXIT_NO;
    return TRUST_OK;
}

static enum trust_error check_file(struct checking *checking, const char *path)
{
    static const char magic[] = "RPTREC1\n";
    uint8_t begin[sizeof magic - 1];
    FILE *file = NULL;
    enum trust_error error = input_open(checking->context, &file, path);
    if (error != TRUST_OK)
        return error;
    size_t size = fread(begin, 1, sizeof begin, file);
    const struct trust_bytes begun = {.data = begin, .size = size};
    bool is_file = trust_bytes_equal(begun, trust_bytes_text(magic));
    if (is_file)
        error = check_records(checking, file, begun);
    else
        error = check_hex(checking, file, begun);
    /* A file of records without any says so in its head. */
    if (error == TRUST_OK && !is_file && checking->valid + checking->refused == 0)
        error = TRUST_NO_SYNTAX;
    input_close(file);
    return conclude(checking, error, path);
}

static enum trust_error run(struct context *context, const struct command_arguments *arguments)
{
    const struct command_setting *network = &arguments->values[NETWORK];
    struct checking checking = {.context = context, .now_s = context_now_ms() / 1000};
    enum trust_error error = network->is_given
                                 ? trust_network_init(&checking.network, network->text)
                                 : context_network(context, &checking.network);
    if (error == TRUST_NO_RANGE && network->is_given)
        return context_misuse(context, error, NULL,
                              "--network: lower-case letters, digits, dots and hyphens only");
    return error == TRUST_OK ? check_file(&checking, arguments->words[0]) : error;
}

const struct command verify_command = {
    .name = "verify",
    .words = "FILE",
    .summary = "check the records of a file, without a node",
    .more = "FILE is what `repute export` wrote, or records in hex, one a line; - reads standard\n"
            "input. Whether a record is expired or superseded is not asked.\n",
    .least = 1,
    .most = 1,
    .options = options,
    .run = run,
};
