/*
 * See export.h. The store is read in short steps, as fast as the client takes the bytes; each
 * record's signature is checked anew, so that damage never leaves the house. A store that breaks
 * half-way breaks the connection: a cut file must not look whole.
 */
#include "node/api/export.h"

#include <stdlib.h>
#include <string.h>

#include "base/assert.h"
#include "base/bytes.h"
#include "node/api/api.h"
#include "node/api/body.h"
#include "node/api/record_doc.h"
#include "node/core.h"
#include "record/recfile.h"

/* About a millisecond of signature checks. */
#define STEP 24
#define FIRST_CAPACITY 16384

struct exporting {
    struct core *core;
    struct store_export cursor;
    bool is_ndjson;
    bool has_author;
    bool is_over;
    bool has_failed;
    struct trust_key author;
    char *pending; /* malloc'd: bytes that the client has not taken */
    size_t size;
    size_t taken;
    size_t capacity;
};

static void release(struct api_call *call)
{
    struct exporting *exporting = call->state;
    free(exporting->pending);
    free(exporting);
}

static void append(struct exporting *exporting, const void *bytes, size_t size)
{
    if (exporting->capacity - exporting->size < size) {
        size_t capacity = exporting->capacity == 0 ? FIRST_CAPACITY : exporting->capacity;
        while (capacity - exporting->size < size)
            capacity *= 2;
        char *pending = realloc(exporting->pending, capacity);
        exporting->has_failed = exporting->has_failed || pending == NULL;
        if (pending == NULL)
            return;
        exporting->pending = pending;
        exporting->capacity = capacity;
    }
    memcpy(exporting->pending + exporting->size, bytes, size);
    exporting->size += size;
}

static void append_line(struct exporting *exporting, struct trust_bytes record)
{
    char *text = NULL;
    size_t size = 0;
    struct api_doc doc = api_doc_init();
    record_doc_put(&doc, exporting->core, record);
    if (api_doc_take(&doc, &text, &size) != TRUST_OK) {
        exporting->has_failed = true;
        return;
    }
    append(exporting, text, size);
    append(exporting, "\n", 1);
    free(text);
}

static bool take(void *context, const struct trust_key *author, struct trust_bytes record)
{
    struct exporting *exporting = context;
    if (exporting->has_author && memcmp(author, &exporting->author, sizeof *author) != 0) {
        exporting->is_over = true;
        return true;
    }
    if (exporting->is_ndjson) {
        append_line(exporting, record);
        return true;
    }
    uint8_t framed[TRUST_RECORD_SIZE_MAX + 2];
    struct trust_writer writer = trust_writer_init(framed, sizeof framed);
    trust_recfile_write(&writer, record);
    append(exporting, framed, writer.size);
    return true;
}

static void step(struct exporting *exporting)
{
    exporting->size = 0;
    exporting->taken = 0;
    enum trust_error error =
        store_export_step(exporting->core->store, &exporting->cursor, STEP, take, exporting);
    if (error != TRUST_OK) {
        exporting->has_failed = true;
        log_write(&exporting->core->log, LOG_ERROR, "export", LOG_FIELDS(log_code("error", error)));
    }
    exporting->is_over = exporting->is_over || exporting->cursor.done;
}

static ssize_t produce(struct api_call *call, char *out_bytes, size_t size)
{
    struct exporting *exporting = call->state;
    while (exporting->taken == exporting->size && !exporting->is_over && !exporting->has_failed)
        step(exporting);
    if (exporting->has_failed)
        return API_STREAM_FAIL;
    size_t left = exporting->size - exporting->taken;
    if (left == 0)
        return API_STREAM_END;
    size_t given = left < size ? left : size;
    memcpy(out_bytes, exporting->pending + exporting->taken, given);
    exporting->taken += given;
    return (ssize_t)given;
}

static bool read_params(struct api_call *call, struct exporting *exporting)
{
    const char *format = api_request_param(&call->request, "format");
    const char *author = api_request_param(&call->request, "author");
    exporting->is_ndjson = format != NULL && strcmp(format, "ndjson") == 0;
    if (format != NULL && !exporting->is_ndjson && strcmp(format, "records") != 0) {
        api_refuse(call, TRUST_NO_RANGE, NULL, "format: not one of records, ndjson");
        return false;
    }
    if (author == NULL)
        return true;
    exporting->has_author = true;
    if (!api_check_key(call, &exporting->author, "author", author, TRUST_KEY_OPERATOR))
        return false;
    exporting->cursor.started = true;
    exporting->cursor.author = exporting->author;
    return true;
}

static void begin_file(struct exporting *exporting)
{
    uint8_t header[TRUST_RECFILE_HEADER_SIZE];
    struct trust_writer writer = trust_writer_init(header, sizeof header);
    trust_recfile_write_header(&writer, &exporting->core->network);
    append(exporting, header, sizeof header);
}

void export_records(struct api_call *call)
{
    struct exporting *exporting = calloc(1, sizeof *exporting);
    if (exporting == NULL) {
        api_refuse(call, TRUST_FAIL_MEMORY, NULL, "no memory to export");
        return;
    }
    exporting->core = call->core;
    call->state = exporting;
    call->release = release;
    if (!read_params(call, exporting))
        return;
    if (!exporting->is_ndjson)
        begin_file(exporting);
    api_answer_stream(
        call, exporting->is_ndjson ? "application/x-ndjson" : "application/vnd.repute.records",
        produce);
}
