/* See revocation.h. */
#include "repute/revocation.h"

#include <string.h>

#include "base/writer.h"
#include "host/files.h"
#include "record/recfile.h"
#include "record/verify.h"

#define FILE_SIZE_MAX (TRUST_RECFILE_HEADER_SIZE + 2 + TRUST_RECORD_SIZE_MAX)

enum trust_error revocation_sign(struct trust_signed *out_signed, const struct trust_secret *secret,
                                 const struct trust_network *network, uint64_t seq,
                                 const struct trust_revocation *revocation)
{
    struct trust_record record = {
        .kind = TRUST_KIND_REVOCATION, .seq = seq, .revocation = *revocation};
    trust_secret_key(&record.author, secret);
    return trust_record_sign(out_signed, &record, secret, network);
}

enum trust_error revocation_store(struct context *context, const struct trust_signed *record,
                                  const struct trust_network *network)
{
    uint8_t bytes[FILE_SIZE_MAX];
    char path[TRUST_HOME_PATH_SIZE];
    struct trust_writer writer = trust_writer_init(bytes, sizeof bytes);
    trust_recfile_write_header(&writer, network);
    trust_recfile_write(&writer, (struct trust_bytes){.data = record->data, .size = record->size});
    trust_home_path(path, &context->home, TRUST_HOME_REVOCATION);
    enum trust_error error = trust_file_create(path, trust_writer_bytes(&writer), 0600);
    if (error != TRUST_OK)
        return context_refuse(context, error, NULL, "%s: %s", path, trust_error_text(error));
    return TRUST_OK;
}

/* The one record of the file's bytes, which must be a valid revocation. */
static enum trust_error read_record(struct trust_signed *out_record, struct trust_bytes bytes,
                                    const struct trust_network *network)
{
    struct trust_recfile_reader reader;
    struct trust_bytes record = {0};
    struct trust_verified verified;
    trust_recfile_reader_init(&reader, network);
    enum trust_error error = trust_recfile_read(&reader, &record, &bytes);
    if (error == TRUST_NO_FOUND)
        return TRUST_NO_SYNTAX;
    if (error == TRUST_OK)
        error = trust_record_verify(&verified, record, network);
    if (error == TRUST_OK && (verified.record.kind != TRUST_KIND_REVOCATION || bytes.size != 0))
        error = TRUST_NO_SYNTAX;
    if (error != TRUST_OK)
        return error;
    memcpy(out_record->data, record.data, record.size);
    out_record->size = record.size;
    return TRUST_OK;
}

enum trust_error revocation_load(struct context *context, struct trust_signed *out_record,
                                 const struct trust_network *network)
{
    uint8_t bytes[FILE_SIZE_MAX];
    char path[TRUST_HOME_PATH_SIZE];
    size_t size = 0;
    trust_home_path(path, &context->home, TRUST_HOME_REVOCATION);
    enum trust_error error = trust_file_read_secret(path, bytes, &size, sizeof bytes);
    if (error == TRUST_OK)
        error = read_record(out_record, (struct trust_bytes){.data = bytes, .size = size}, network);
    return error;
}
