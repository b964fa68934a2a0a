/* Kind 3: a security finding about a server. */
#include "trust/flag.h"

#include "base/limits.h"
#include "record/body.h"
#include "record/charset.h"
#include "record/msgpack.h"

/* Names of scanner rules: nothing in them can carry a sentence to a language model. */
#define RULE_SET                                                                                   \
    (TRUST_CHARSET_ALNUM | TRUST_CHARSET_DOT | TRUST_CHARSET_UNDERSCORE | TRUST_CHARSET_HYPHEN)

static bool is_rule(struct trust_bytes rule)
{
    return rule.size >= 1 && rule.size <= TRUST_RULE_SIZE_MAX &&
           trust_charset_covers(RULE_SET, rule);
}

enum trust_error trust_flag_read(struct trust_record *out_record, struct trust_reader *reader,
                                 const struct trust_envelope *envelope)
{
    struct trust_bytes subject = trust_msgpack_take_str(reader);
    struct trust_bytes manifest = trust_msgpack_take_bin(reader);
    uint64_t severity = trust_msgpack_take_uint(reader);
    uint64_t class_ = trust_msgpack_take_uint(reader);
    struct trust_bytes rule = trust_msgpack_take_str(reader);
    struct trust_bytes digest = trust_msgpack_take_bin(reader);
    enum trust_error error = trust_body_end(reader, envelope);
    if (error != TRUST_OK)
        return error;
    error = trust_body_check_subject(subject);
    if (error != TRUST_OK)
        return error;
    if (!trust_body_is_optional(manifest))
        return TRUST_NO_RANGE;
    if (severity > TRUST_SEVERITY_CRITICAL)
        return TRUST_NO_RANGE;
    if (class_ < TRUST_CLASS_INJECTION || class_ > TRUST_CLASS_OTHER)
        return TRUST_NO_RANGE;
    if (!is_rule(rule) || digest.size != sizeof out_record->flag.output_digest)
        return TRUST_NO_RANGE;
    struct trust_flag *flag = &out_record->flag;
    flag->subject = subject;
    flag->manifest = manifest;
    flag->severity = (enum trust_severity)severity;
    flag->class_ = (enum trust_class)class_;
    flag->rule = rule;
    memcpy(flag->output_digest, digest.data, sizeof flag->output_digest);
    return TRUST_OK;
}

void trust_flag_write(struct trust_writer *writer, const struct trust_flag *flag)
{
    trust_msgpack_put_str(writer, flag->subject);
    trust_msgpack_put_bin(writer, flag->manifest);
    trust_msgpack_put_uint(writer, flag->severity);
    trust_msgpack_put_uint(writer, flag->class_);
    trust_msgpack_put_str(writer, flag->rule);
    trust_msgpack_put_bin(writer, (struct trust_bytes){.data = flag->output_digest,
                                                       .size = sizeof flag->output_digest});
}
