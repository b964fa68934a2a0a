/*
 * Names of the MCP registry: "mcp:namespace/name", optional "@version". The namespace is a reversed
 * domain and has no case; the name has.
 */
#ifndef TRUST_RECORD_REGISTRY_H
#define TRUST_RECORD_REGISTRY_H

#include "trust/subject.h"

#include "base/writer.h"

/* text begins with "mcp:" and has at most TRUST_SUBJECT_SIZE_MAX bytes. */
bool trust_registry_parse(struct trust_subject *out_subject, struct trust_bytes text);

/* Appends the canonical form of a name; name is what follows "mcp:". */
bool trust_registry_canonical(struct trust_writer *writer, struct trust_bytes name);

#endif
