/*
 * Ids as people type them: a server in any spelling that has a canonical form, a key or its pet
 * name. What is no id is refused with exit code 2 before the node is asked.
 */
#ifndef REPUTE_IDS_H
#define REPUTE_IDS_H

#include "trust/key.h"
#include "trust/subject.h"

#include "repute/context.h"

/* The agent that the command line is. Each command is a connection of its own, which the node would
 * otherwise count as another agent. */
#define IDS_AGENT "repute"

/* Refused: TRUST_NO_SUBJECT. */
TRUST_MUST_USE enum trust_error
ids_subject(struct context *context, char out_subject[TRUST_SUBJECT_TEXT_SIZE], const char *typed);

/* A key, or the pet name of one, which only the node knows. Refused: TRUST_NO_KEY. */
TRUST_MUST_USE enum trust_error ids_key(struct context *context, char out_key[TRUST_KEY_TEXT_SIZE],
                                        const char *typed, enum trust_key_use use);

/* 64 hex digits, upper case allowed. what names the option. Refused: TRUST_NO_SYNTAX. */
TRUST_MUST_USE enum trust_error ids_check_hash(struct context *context, const char *what,
                                               const char *typed);

/* before, the escaped id, behind: "/v1/servers/", id, "/explain". */
void ids_path(char out_path[CONTEXT_PATH_SIZE], const char *before, const char *id,
              const char *behind);

#endif
