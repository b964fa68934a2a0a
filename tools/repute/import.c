/*
 * `repute import FILE`: offers the records of a file to the node, through the same door as a
 * peer's. The exit code is 1 if any was refused.
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "repute/commands.h"
#include "repute/context.h"
#include "repute/dress.h"
#include "repute/input.h"
#include "repute/progress.h"

#define CONTENT_TYPE "application/vnd.repute.records"
/* Of the refused ones, in text: the counts say the rest. */
#define SHOWN_MAX 10
/* The one refusal that says nothing against the record: something can be done about it. */
#define STRANGERS "TRUST_NO_INTEREST"

static const struct output_field columns[] = {
    {"INDEX", "index", OUTPUT_AS_IT_IS},
    {"RECORD", "id", OUTPUT_AS_IT_IS},
    {"REFUSED", "code", OUTPUT_AS_IT_IS},
    {0},
};

static const struct output_field plain_fields[] = {
    {"accepted", "accepted", OUTPUT_AS_IT_IS},
    {"duplicate", "duplicate", OUTPUT_AS_IT_IS},
    {"refused", "refused_count", OUTPUT_AS_IT_IS},
    {0},
};

struct source {
    FILE *file;
    struct progress progress;
    uint64_t done;
};

static size_t give_piece(void *context, void *out_bytes, size_t size)
{
    struct source *source = context;
    size_t taken = fread(out_bytes, 1, size, source->file);
    if (ferror(source->file) != 0)
        return SIZE_MAX;
    source->done += taken;
    progress_set(&source->progress, source->done);
    return taken;
}

static json_int_t sum_counts(const json_t *answer)
{
    json_int_t sum = 0;
    const char *code = NULL;
    json_t *count = NULL;
    json_object_foreach(json_object_get(answer, "counts"), code, count)
    {
        sum += json_integer_value(count);
    }
    return sum;
}

static enum trust_error show_text(const struct output *output, const json_t *answer)
{
    const char *code = NULL;
    json_t *count = NULL;
    output_say(output, "accepted %" PRId64 ", already here %" PRId64 ", refused %" PRId64 "\n",
               (int64_t)json_integer_value(json_object_get(answer, "accepted")),
               (int64_t)json_integer_value(json_object_get(answer, "duplicate")),
               (int64_t)sum_counts(answer));
    json_object_foreach(json_object_get(answer, "counts"), code, count)
    {
        output_say(output, "  %" PRId64 " %s%s\n", (int64_t)json_integer_value(count), code,
                   strcmp(code, STRANGERS) == 0 ? ": nobody you trust vouches for the author" : "");
    }
    const json_t *refused = json_object_get(answer, "refused");
    json_t *rows = json_array();
    const struct dress dress = {.is_on = true};
    for (size_t i = 0; i < json_array_size(refused) && i < SHOWN_MAX; i++) {
        dress_digest(&dress, json_array_get(refused, i), "id");
        (void)json_array_append(rows, json_array_get(refused, i));
    }
    enum trust_error error = TRUST_OK;
    if (json_array_size(rows) > 0)
        error = output_list(output, rows, columns, "");
    json_decref(rows);
    if (json_object_get(json_object_get(answer, "counts"), STRANGERS) != NULL)
        output_say(output, "\nnext: `repute vouch KEY` for an author whose judgement you trust, "
                           "`repute publish`, then import again\n");
    return error;
}

static enum trust_error show(const struct output *output, json_t *answer)
{
    switch (output->form) {
    case OUTPUT_TEXT:
        return show_text(output, answer);
    case OUTPUT_PLAIN:
        (void)json_object_set_new(answer, "refused_count", json_integer(sum_counts(answer)));
        return output_object(output, answer, plain_fields);
    case OUTPUT_JSON:
        return output_json(output, answer);
    }
    return TRUST_OK;
}

static enum trust_error send_file(struct context *context, json_t **out_answer, FILE *file,
                                  uint64_t size)
{
    struct source source = {.file = file,
                            .progress = progress_begin(&context->output, "import", size)};
    const struct trust_http_request request = {
        .method = TRUST_REQUEST_POST,
        .path = "/v1/records",
        .type = CONTENT_TYPE,
        .source = give_piece,
        .source_size = size,
        .context = &source,
    };
    struct trust_reply reply = {0};
    enum trust_error error = context_send(context, &reply, &request);
    progress_end(&source.progress);
    if (error != TRUST_OK)
        return error;
    *out_answer = json_loadb((const char *)reply.body.data, reply.body.size, 0, NULL);
    if (*out_answer == NULL)
        return context_refuse(context, TRUST_FAIL_LIBRARY,
                              "are `repute` and `reputed` of one version?",
                              "the node's answer is no JSON");
    return TRUST_OK;
}

static enum trust_error run(struct context *context, const struct command_arguments *arguments)
{
    FILE *file = NULL;
    uint64_t size = 0;
    json_t *answer = NULL;
    enum trust_error error = input_open_regular(context, &file, &size, arguments->words[0]);
    if (error != TRUST_OK)
        return error;
    error = send_file(context, &answer, file, size);
    input_close(file);
    if (error != TRUST_OK)
        return error;
    if (sum_counts(answer) > 0)
        context->exit_code = FAILURE_EXIT_NO;
    error = show(&context->output, answer);
    json_decref(answer);
    return error;
}

const struct command import_command = {
    .name = "import",
    .words = "FILE",
    .summary = "offer the records of a file to the node",
    .more = "FILE is what `repute export` wrote; - reads standard input.\n",
    .least = 1,
    .most = 1,
    .run = run,
};
