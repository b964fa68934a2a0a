/*
 * Servers named by the URL they are reached at. One server has one text: no userinfo, query,
 * fragment, default port, dot segment, empty segment or trailing slash.
 */
#ifndef TRUST_RECORD_URL_H
#define TRUST_RECORD_URL_H

#include "trust/subject.h"

#include "base/writer.h"

enum trust_url_scheme {
    TRUST_URL_HTTPS,
    TRUST_URL_HTTP, /* on loopback only */
};

/* text begins with "https://" or "http://", as scheme says. */
bool trust_url_parse(struct trust_subject *out_subject, struct trust_bytes text,
                     enum trust_url_scheme scheme);

/* Appends the canonical form of a URL; rest is what follows "https://" or "http://". */
bool trust_url_canonical(struct trust_writer *writer, struct trust_bytes rest,
                         enum trust_url_scheme scheme);

#endif
