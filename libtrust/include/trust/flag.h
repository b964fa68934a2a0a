/* A flag: a security finding about a server, made from a scanner's output or by hand. */
#ifndef TRUST_FLAG_H
#define TRUST_FLAG_H

#include <stdint.h>

#include "trust/bytes.h"

#ifdef __cplusplus
extern "C" {
#endif

enum trust_severity {
    TRUST_SEVERITY_CLEARED = 0,
    TRUST_SEVERITY_LOW = 1,
    TRUST_SEVERITY_MEDIUM = 2,
    TRUST_SEVERITY_HIGH = 3,
    TRUST_SEVERITY_CRITICAL = 4,
};

enum trust_class {
    TRUST_CLASS_INJECTION = 1,
    TRUST_CLASS_POISONING = 2,
    TRUST_CLASS_SHADOWING = 3,
    TRUST_CLASS_MALWARE = 4,
    TRUST_CLASS_EXFILTRATION = 5,
    TRUST_CLASS_VULNERABILITY = 6,
    TRUST_CLASS_EXPOSURE = 7,
    TRUST_CLASS_IMPERSONATION = 8,
    TRUST_CLASS_MANIFEST_CHANGED = 9,
    TRUST_CLASS_OTHER = 10,
};

struct trust_flag {
    struct trust_bytes subject;  /* canonical, signable */
    struct trust_bytes manifest; /* size 0 or 32 */
    enum trust_severity severity;
    enum trust_class class_;
    struct trust_bytes rule;   /* [A-Za-z0-9._-]{1,48} */
    uint8_t output_digest[32]; /* of the scanner's output; zeros: none */
};

#ifdef __cplusplus
}
#endif

#endif
