/*
 * Package URLs: "pkg:type/namespace/name", optional "@version", in the canonical form of the purl
 * specification, with the name rules of the registries that MCP servers come from.
 */
#ifndef TRUST_RECORD_PACKAGE_H
#define TRUST_RECORD_PACKAGE_H

#include "trust/subject.h"

#include "base/writer.h"

/* text begins with "pkg:" and has at most TRUST_SUBJECT_SIZE_MAX bytes. */
bool trust_package_parse(struct trust_subject *out_subject, struct trust_bytes text);

/* Appends the canonical form of a package URL; rest is what follows "pkg:". */
bool trust_package_canonical(struct trust_writer *writer, struct trust_bytes rest);

#endif
