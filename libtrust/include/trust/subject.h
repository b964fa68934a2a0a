/*
 * Subjects: the canonical ids of MCP servers.
 *
 * A subject is at most 200 bytes of [a-z0-9A-Z._~:/@%+-] in one of four forms: an MCP registry name
 * ("mcp:io.github.acme/search@1.4.2"), a package URL ("pkg:npm/%40acme/search@1.4.2"), an https URL
 * ("https://mcp.acme.dev/mcp"), or a local one (a URL of this host or network, or an artifact
 * "sha256:<64 hex>"). docs/reference/protocol.md gives each form. A subject is the only text of its
 * server, so two subjects are the same server exactly if their bytes up to the version are.
 */
#ifndef TRUST_SUBJECT_H
#define TRUST_SUBJECT_H

#include <stdbool.h>
#include <stdint.h>

#include "trust/bytes.h"
#include "trust/error.h"

#ifdef __cplusplus
extern "C" {
#endif

#define TRUST_SUBJECT_TEXT_SIZE 201 /* 200 bytes and the final NUL */

enum trust_subject_form {
    TRUST_SUBJECT_REGISTRY, /* mcp:namespace/name, optional @version */
    TRUST_SUBJECT_PACKAGE,  /* pkg:type/..., optional @version */
    TRUST_SUBJECT_URL,      /* https://... , never a version */
    TRUST_SUBJECT_LOOPBACK, /* a URL of this host or network ("http://[::1]:8080" too): never signed
                             */
    TRUST_SUBJECT_ARTIFACT, /* sha256:... */
};

/* A checked subject: views into the text that was checked. */
struct trust_subject {
    struct trust_bytes text;    /* whole */
    struct trust_bytes server;  /* text without its version: the server */
    struct trust_bytes version; /* behind the last @; size 0: none */
    enum trust_subject_form form;
};

/*
 * Checks that text is a canonical subject and splits it. Nothing is copied: out_subject borrows
 * text. TRUST_NO_SUBJECT: alphabet, length, form or not canonical.
 */
TRUST_API TRUST_MUST_USE enum trust_error trust_subject_parse(struct trust_subject *out_subject,
                                                              struct trust_bytes text);

/*
 * Brings what a person typed (upper-case hosts, default ports, trailing slashes, unescaped purl
 * scopes such as pkg:npm/@acme/x) into canonical form, NUL-terminated.
 * TRUST_NO_SUBJECT: it has no canonical form.
 */
TRUST_API TRUST_MUST_USE enum trust_error
trust_subject_canonical(char out_text[TRUST_SUBJECT_TEXT_SIZE], struct trust_bytes text);

/* True if a record may speak about it: every form but TRUST_SUBJECT_LOOPBACK. */
TRUST_API bool trust_subject_is_signable(const struct trust_subject *subject);

/* What the board and the node name the server by: BLAKE2b-256 of its text without version. */
TRUST_API void trust_subject_digest(uint8_t out_digest[32], const struct trust_subject *subject);

#ifdef __cplusplus
}
#endif

#endif
